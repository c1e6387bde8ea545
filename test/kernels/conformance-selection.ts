import { expect, it } from 'vitest';
import type { BitMatrix } from '../../src/core/bit-matrix.js';
import type { Int32Matrix } from '../../src/core/int-matrix.js';
import { type Agrees, BATCHES, CLASSES, ofSamples, ofSteps, WIDTHS } from './agreement.js';
import { randomIndices, randomIntegers, randomSubset } from './operands.js';

/** What no table knows of findTriggers and selectNeurons: cases made by hand. */
export function describeSelection(agrees: Agrees): void {
  it('finds triggers', () => {
    for (const rows of [0, ...BATCHES]) {
      for (const classes of CLASSES) {
        for (const margin of [0, 1, 2, 50, 2 ** 31, Number.MAX_SAFE_INTEGER]) {
          for (const limit of [0, 1, 30, 2 ** 31 - 1]) {
            agrees(`triggers ${rows} × ${classes}, margin ${margin}, ±${limit}`, (place, random) => {
              const logits = place.int32(randomIntegers(random, rows, classes, limit));
              if (random.below(2)) logits.values.set(logits.values.map((z) => -Math.abs(z)));
              const labels = randomIndices(random, rows, classes);
              const triggers = place.samples(rows);
              triggers.count = Math.min(1, rows);
              const wrong = place.kernels.findTriggers(logits, labels, margin, triggers);
              return { wrong, logits: logits.values, labels, ...ofSamples(triggers) };
            });
          }
        }
      }
    }
  });

  it('selects only neurons of which something is desired', () => {
    for (const neurons of WIDTHS) {
      for (const share of ['some', 'all'] as const) {
        agrees(`select of ${neurons} where ${share} are undesired`, (place, random) => {
          const desired = place.bits(random.signs(4, neurons));
          const zeros = place.bits(random.signs(4, neurons));
          if (share === 'all') for (let k = 0; k < neurons; k++) zeros.set(0, k, 1);
          const desiredRows = share === 'all' ? new Int32Array(3) : randomIndices(random, 3, 4);
          const limit = [1, neurons, 2 ** 31 - 1][random.below(3)];
          const preActivations = place.int32(randomIntegers(random, 3, neurons, limit));
          const before = preActivations.values.slice();
          const samples = place.samples(3, [2, 0, 1]);
          const steps = place.steps(3 * neurons);
          place.kernels.selectNeurons(preActivations, samples, desired, desiredRows, 1, steps, zeros);
          if (share === 'all') expect(steps.count).toBe(0);
          for (const { sample, neuron } of steps.toArray()) {
            expect(zeros.get(desiredRows[sample], neuron)).toBe(-1);
          }
          expect(preActivations.values).toEqual(before);
          return { preActivations: preActivations.values, zeros: zeros.words, ...ofSteps(steps) };
        });
      }
    }
  });

  it('selects neurons', () => {
    const cases: [rows: number, neurons: number, groupSizes: number[]][] = [
      ...WIDTHS.map((neurons): [number, number, number[]] => [3, neurons, [1, neurons]]),
      ...BATCHES.map((rows): [number, number, number[]] => [rows, 60, [1, 3, 4, 20, 60]]),
      [100, 525, [35]],
    ];
    for (const [rows, neurons, groupSizes] of cases) {
      for (const groupSize of groupSizes) {
        for (const wrongness of ['some', 'all', 'none'] as const) {
          agrees(`select ${wrongness} of ${rows} × ${neurons} by ${groupSize}`, (place, random) => {
            const desired = place.bits(random.signs(10, neurons));
            const desiredRows = randomIndices(random, rows, 10);
            const limit = [1, 4, neurons, 2 ** 31 - 1][random.below(4)];
            const preActivations = place.int32(randomIntegers(random, rows, neurons, limit));
            if (wrongness !== 'some') makeWrong(preActivations, desired, desiredRows, wrongness === 'all');
            const samples = place.samples(rows, randomSubset(random, rows).reverse());
            const steps = place.steps((samples.count * neurons) / groupSize);
            place.kernels.selectNeurons(preActivations, samples, desired, desiredRows, groupSize, steps);
            if (wrongness === 'none') expect(steps.count).toBe(0);
            if (wrongness === 'all') expect(steps.count).toBe(steps.capacity);
            const inputs = { preActivations: preActivations.values, desired: desired.words, desiredRows };
            return { ...inputs, ...ofSamples(samples), ...ofSteps(steps) };
          });
        }
      }
    }
  });
}

/** Turns pre-activations so that their signs all differ from, or all are, the desired ones. */
function makeWrong(
  preActivations: Int32Matrix,
  desired: BitMatrix,
  desiredRows: Int32Array,
  isWrong: boolean,
): void {
  const { columns, values } = preActivations;
  values.forEach((z, i) => {
    const wanted = desired.get(desiredRows[Math.floor(i / columns)], i % columns);
    values[i] = Math.max(1, Math.abs(z)) * (isWrong ? -wanted : wanted);
  });
}
