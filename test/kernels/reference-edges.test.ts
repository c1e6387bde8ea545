import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { Int16Matrix, Int32Matrix } from '../../src/core/int-matrix.js';
import { RandomStream } from '../../src/core/random.js';
import { GeometricGaps } from '../../src/kernels/geometric-gaps.js';
import { SampleList, type Step, StepList } from '../../src/kernels/lists.js';
import { referenceKernels } from '../../src/kernels/reference.js';
import { randomIndices, randomIntegers } from './operands.js';

const { product, packGates, packMajority, backProduct, drawNeurons, reinforce } = referenceKernels;

/** Every row of a packed matrix, unpacked. */
function rowsOf(matrix: BitMatrix): number[][] {
  return Array.from({ length: matrix.rows }, (_, row) => [...matrix.signs(row)]);
}

const sign = (x: number): number => (x < 0 ? -1 : 1);

/*
 * Several rows whose ends meet the beginning of the next one: 64 columns fill their words, and with fewer the bits past
 * the end have to stay 0.
 */
describe.each([3, 32, 63, 64, 65, 130])('rows of %i columns, several of them', (columns) => {
  const random = () => RandomStream.named(4, `edges ${columns}`);

  it('get the signs of their products, if those are asked for', () => {
    const stream = random();
    const [inputs, weights] = [stream.signs(5, 9), stream.signs(columns, 9)];
    const out = new Int32Matrix(5, columns);
    const signs = new BitMatrix(5, columns, stream.signs(5, columns).words);
    product(inputs, weights, out, signs);
    const expected = BitMatrix.fromSigns(
      Array.from({ length: 5 }, (_, b) => Array.from({ length: columns }, (_, k) => sign(out.get(b, k)))),
    );
    expect(signs).toEqual(expected);
  });

  it('have gates that are open where |z| is at most the limit, and nothing past the end', () => {
    const stream = random();
    const z = randomIntegers(stream, 5, columns, 3);
    const gates = new BitMatrix(5, columns, stream.signs(5, columns).words);
    packGates(z, 1, gates);
    const expected = BitMatrix.fromSigns(
      Array.from({ length: 5 }, (_, b) =>
        Array.from({ length: columns }, (_, k) => (Math.abs(z.get(b, k)) <= 1 ? 1 : -1)),
      ),
    );
    expect(gates).toEqual(expected);
  });

  it('have majorities of their own neurons alone, and nothing past the end', () => {
    for (const groupSize of [1, 2, 3]) {
      const stream = random();
      const activations = stream.signs(5, groupSize * columns);
      const out = new BitMatrix(5, columns, stream.signs(5, columns).words);
      packMajority(activations, groupSize, out);
      const expected = rowsOf(activations).map((row) =>
        Array.from({ length: columns }, (_, j) =>
          sign(row.slice(j * groupSize, (j + 1) * groupSize).reduce((sum, a) => sum + a, 0)),
        ),
      );
      expect(out).toEqual(BitMatrix.fromSigns(expected));
    }
  });

  it('are multiplied backwards over their own gates alone', () => {
    const stream = random();
    const [desired, gates] = [stream.signs(5, columns), stream.signs(5, columns)];
    const weights = stream.signs(columns, 7);
    const samples = new SampleList(Uint32Array.of(0, 2, 3, 4));
    samples.count = 4;
    const out = new Int32Matrix(5, 7);
    backProduct(desired, gates, weights, samples, out);
    const expected = Array.from({ length: 5 }, (_, b) =>
      Array.from({ length: 7 }, (_, n) => {
        if (b === 1) return 0;
        let sum = 0;
        for (let k = 0; k < columns; k++)
          if (gates.get(b, k) === 1) sum += desired.get(b, k) * weights.get(k, n);
        return sum;
      }),
    );
    expect([...out.values]).toEqual(expected.flat());
  });
});

describe('neurons that are drawn', () => {
  it('are wrong ones of their own group and sample, each as likely: ⌊draw·count/2^32⌋', () => {
    const random = RandomStream.named(4, 'draws');
    for (const [rows, groups, groupSize] of [
      [1, 1, 1],
      [4, 3, 2],
      [5, 7, 10],
    ]) {
      const neurons = groups * groupSize;
      const z = randomIntegers(random, rows, neurons, 2);
      const desired = random.signs(3, neurons);
      const desiredRows = randomIndices(random, rows, 3);
      const samples = new SampleList(random.permutation(rows));
      samples.count = rows;
      const draws = Uint32Array.from({ length: rows * groups }, () => random.uint32());
      const steps = StepList.withCapacity(rows * groups);
      drawNeurons(z, samples, desired, desiredRows, groupSize, draws, steps);
      const expected: Step[] = [];
      let next = 0;
      for (const sample of samples.listed()) {
        for (let group = 0; group < groups; group++) {
          const draw = draws[next++] / 2 ** 32;
          const wrong = Array.from({ length: groupSize }, (_, i) => group * groupSize + i).filter(
            (k) => z.get(sample, k) * desired.get(desiredRows[sample], k) < 0,
          );
          if (wrong.length === 0) continue;
          const neuron = wrong[Math.floor(draw * wrong.length)];
          expected.push({ sample, neuron, direction: desired.get(desiredRows[sample], neuron) });
        }
      }
      expect(steps.toArray()).toEqual(expected);
    }
  });
});

describe('reinforcement', () => {
  it('passes a weight at a draw that equals the threshold: a gap is the number of thresholds ≤ u', () => {
    const hits = (draw: number): number => {
      // The first draw is the low word of s0 + s1.
      const gaps = new GeometricGaps(RandomStream.fromState([0, draw | 0, 0, 0]));
      gaps.setProbability(0.3);
      expect(RandomStream.fromState(Array.from(gaps.state)).uint32()).toBe(draw);
      return reinforce(new Int16Matrix(1, 1, Int16Array.of(1)), gaps, 7);
    };
    const threshold = Math.floor(0.3 * 2 ** 32);
    expect([threshold - 1, threshold].map(hits)).toEqual([1, 0]);
  });
});
