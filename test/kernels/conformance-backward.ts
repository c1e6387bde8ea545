import { it } from 'vitest';
import { type Agrees, BATCHES, ofSamples, SHAPES, WIDTHS } from './agreement.js';
import { randomIntegers, randomSubset } from './operands.js';

/** Shapes [B, K, N] of a backward product: tails of K and N around every boundary, and empty batches. */
const BACK_SHAPES: readonly (readonly [rows: number, neurons: number, columns: number])[] = [
  ...WIDTHS.slice(0, -1).flatMap((width) => [
    [3, width, 65] as const,
    [2, 33, width] as const,
    [1, width, 1] as const,
  ]),
  ...BATCHES.map((rows) => [rows, 70, 129] as const),
  [0, 5, 7],
];

/** What no table knows of packGates, packMajority and backProduct: cases made by hand. */
export function describeBackward(agrees: Agrees): void {
  it('packs gates', () => {
    for (const { rows, columns } of SHAPES) {
      for (const limit of [0, 1, 20, 2 ** 31 - 1]) {
        agrees(`gates ${rows} × ${columns} at ${limit}`, (place, random) => {
          const values = place.int32(
            randomIntegers(random, rows, columns, random.below(2) ? 30 : 2 ** 31 - 1),
          );
          if (random.below(2)) values.values[0] = -(2 ** 31);
          const gates = place.bits(random.signs(rows, columns));
          place.kernels.packGates(values, limit, gates);
          return { values: values.values, gates: gates.words };
        });
      }
    }
  });

  it('lets groups vote', () => {
    for (const groups of [1, 3, 31, 32, 33, 64, 65, 200]) {
      for (const groupSize of [1, 2, 5, 32, 63, 64, 65, 200]) {
        agrees(`majority of ${groups} × ${groupSize}`, (place, random) => {
          const rows = random.below(4);
          const activations = place.bits(random.signs(rows, groups * groupSize));
          const out = place.bits(random.signs(rows, groups));
          place.kernels.packMajority(activations, groupSize, out);
          return { activations: activations.words, out: out.words };
        });
      }
    }
  });

  it('multiplies backwards through the open gates', () => {
    for (const [rows, neurons, columns] of BACK_SHAPES) {
      for (const listing of ['all', 'some', 'none', 'twice'] as const) {
        agrees(`${listing} of ${rows} × ${neurons} × ${columns} backwards`, (place, random) => {
          const desired = place.bits(random.signs(rows, neurons));
          const gates = place.bits(random.signs(rows, neurons));
          const weights = place.bits(random.signs(neurons, columns));
          const all = Array.from({ length: rows }, (_, b) => b);
          const lists = {
            all,
            some: randomSubset(random, rows).reverse(),
            none: [],
            twice: [...all, ...all],
          };
          const samples = place.samples(lists[listing].length, lists[listing]);
          const out = place.int32(randomIntegers(random, rows, columns, 1e6));
          place.kernels.backProduct(desired, gates, weights, samples, out);
          const inputs = { desired: desired.words, gates: gates.words, weights: weights.words };
          return { ...inputs, ...ofSamples(samples), out: out.values };
        });
      }
    }
  });
}
