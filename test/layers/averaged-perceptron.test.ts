import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { Int16Matrix } from '../../src/core/int-matrix.js';
import { RandomStream } from '../../src/core/random.js';
import { AveragedPerceptron, perceptronDigits } from '../../src/layers/averaged-perceptron.js';
import { OddDigits } from '../../src/layers/odd-digits.js';
import { selectKernels } from '../../src/node/kernels/select.js';
import { PRESENT_BACKENDS } from '../rules/binary/problem.js';

const kernels = selectKernels('reference');

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, x, i) => sum + x * b[i], 0);

const rowsOf = ({ rows, columns, values }: Int16Matrix): number[][] =>
  Array.from({ length: rows }, (_, c) => [...values.subarray(c * columns, (c + 1) * columns)]);

describe('odd integers as digits of ±1', () => {
  it.each(PRESENT_BACKENDS)('multiply as integers do (%s)', (backend) => {
    for (const [columns, digits] of [
      [1, 1],
      [31, 3],
      [64, 15],
      [130, 12],
    ]) {
      const random = RandomStream.named(columns, 'digits');
      const largest = 2 ** digits - 1;
      const weights = new Int16Matrix(3, columns);
      weights.values.forEach((_, i) => {
        weights.values[i] = 2 * random.below(largest + 1) - largest;
      });
      weights.values.set([largest], 0);
      weights.values.set([-largest], 2 * columns);
      const inputs = random.signs(5, columns);
      const odd = new OddDigits(selectKernels(backend), 3, columns, digits);
      // What was there before is gone.
      odd.set(new Int16Matrix(3, columns, new Int16Array(3 * columns).fill(largest)));
      odd.set(weights);
      const batch = odd.allocate(5);
      const expected = [0, 1, 2, 3, 4].map((b) => rowsOf(weights).map((row) => dot(row, inputs.signs(b))));
      expect([...odd.multiply(inputs, batch).values]).toEqual(expected.flat());
    }
  });
});

describe('the averaged perceptron, worked out by hand', () => {
  /*
   * Three classes on three neurons, one sample a batch. H starts at 1.
   *
   *   a = + + −, label 1:  ŷ = 1 1 1     class 0 by the tie: wrong. H1 += 2a, H0 −= 2a (the strongest other, by the tie)
   *      H = [−1 −1  3]
   *          [ 3  3 −1]
   *          [ 1  1  1]
   *   a = + − −, label 0:  ŷ = −3 1 −1   wrong. H0 += 2a, H1 −= 2a
   *      H = [ 1 −3  1]    U = Σ H = [0 −4 4]   Ū = 2⌊U/2⌋ + 1 = [1 −3 5]
   *          [ 1  5  1]              [4  8 0]                    [5  9 1]
   *          [ 1  1  1]              [2  2 2]                    [3  3 3]
   */
  const FIRST = BitMatrix.fromSigns([[1, 1, -1]]);
  const SECOND = BitMatrix.fromSigns([[1, -1, -1]]);
  const HIDDEN = [1, -3, 1, 1, 5, 1, 1, 1, 1];

  function trained(margin = 0) {
    const perceptron = new AveragedPerceptron(kernels, { classes: 3, neurons: 3, margin });
    const batch = perceptron.allocate(1);
    const wrong = [
      perceptron.update(FIRST, Int32Array.of(1), batch),
      perceptron.update(SECOND, Int32Array.of(0), batch),
    ];
    return { perceptron, batch, wrong };
  }

  it('steps towards the right class and away from the strongest other, and predicts with the sum', () => {
    const { perceptron, batch, wrong } = trained();
    expect(wrong).toEqual([1, 1]);
    expect([...perceptron.saveState()['perceptron/hidden']]).toEqual(HIDDEN);
    expect([...perceptron.saveState()['perceptron/sums']]).toEqual([0, -4, 4, 4, 8, 0, 2, 2, 2]);
    expect(rowsOf(perceptron.averages())).toEqual([
      [1, -3, 5],
      [5, 9, 1],
      [3, 3, 3],
    ]);
    expect([...perceptron.logits(FIRST, batch).values]).toEqual([-7, 13, 3]);
    expect([...perceptron.logits(SECOND, batch).values]).toEqual([-1, -5, -3]);
    // 2 + 2 steps of 3 weights; 2 batches of 9 sums
    expect(perceptron.changes).toEqual({ steps: 12, sums: 18 });
  });

  it('also steps on a right sample that leads by less than m·4K', () => {
    // Now ŷ = 3 −5 −1 for the second sample: it leads by 4, and 4K = 12.
    const steps = [1 / 3, 0.34].map((margin) => {
      const { perceptron, batch } = trained(margin);
      expect(perceptron.update(SECOND, Int32Array.of(0), batch)).toBe(0);
      return [...perceptron.saveState()['perceptron/hidden']];
    });
    // 0.34·12 = 4.08 is 4 as an integer; 0.4·12 = 4.8 is 5.
    expect(steps).toEqual([HIDDEN, HIDDEN]);
    const { perceptron, batch } = trained(0.4);
    perceptron.update(SECOND, Int32Array.of(0), batch);
    // Towards class 0, away from class 2, the strongest other.
    expect([...perceptron.saveState()['perceptron/hidden']]).toEqual([3, -5, -1, 1, 5, 1, -1, 3, 3]);
  });

  it('predicts with H before the first batch, which knows nothing', () => {
    const perceptron = new AveragedPerceptron(kernels, { classes: 3, neurons: 3, margin: 0 });
    expect([...perceptron.logits(FIRST, perceptron.allocate(1)).values]).toEqual([1, 1, 1]);
  });
});

describe('the averaged perceptron and a second implementation', () => {
  it.each([
    { neurons: 7, batchSize: 1, margin: 0 },
    { neurons: 33, batchSize: 6, margin: 1.5 },
    { neurons: 64, batchSize: 20, margin: 200 },
  ])('are the same on every backend: %o', ({ neurons, batchSize, margin }) => {
    const [classes, samples, epochs] = [4, 20, 200];
    const random = RandomStream.named(neurons, 'perceptron');
    const activations = random.signs(samples, neurons);
    const labels = Int32Array.from({ length: samples }, () => random.below(classes));
    // As it is in books: integers from 0, steps of ±a, sums of what it was after each batch.
    const w = Array.from({ length: classes }, () => new Array<number>(neurons).fill(0));
    const sums = w.map((row) => row.map(() => 0n));
    let counted = 0;
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (let start = 0; start < samples; start += batchSize) {
        const before = w.map((row) => [...row]);
        for (let b = start; b < Math.min(start + batchSize, samples); b++) {
          const a = activations.signs(b);
          const logits = before.map((row) => dot(row, a));
          const others = logits.map((logit, c) => (c === labels[b] ? Number.NEGATIVE_INFINITY : logit));
          const rival = others.indexOf(Math.max(...others));
          const isRight = logits.indexOf(Math.max(...logits)) === labels[b];
          if (isRight && logits[labels[b]] - logits[rival] >= margin * 2 * neurons) continue;
          a.forEach((sign, k) => {
            w[labels[b]][k] += sign;
            w[rival][k] -= sign;
          });
        }
        counted++;
        w.forEach((row, c) => {
          row.forEach((value, k) => {
            sums[c][k] += BigInt(value);
          });
        });
      }
    }
    const expected = sums.map((row) => row.map((sum) => 2n * sum + BigInt(counted)));
    const limit = 2n ** BigInt(perceptronDigits(neurons));
    const fits = (u: bigint, digits: bigint) => u >> digits < limit && -u >> digits < limit;
    let shift = 1n;
    while (!expected.flat().every((u) => fits(u, shift - 1n))) shift++;
    for (const backend of PRESENT_BACKENDS) {
      const perceptron = new AveragedPerceptron(selectKernels(backend), {
        classes,
        neurons,
        margin,
      });
      for (let epoch = 0; epoch < epochs; epoch++) {
        for (let start = 0; start < samples; start += batchSize) {
          const end = Math.min(start + batchSize, samples);
          const shown = activations.rowRange(start, end);
          perceptron.update(shown, labels.slice(start, end), perceptron.allocate(end - start));
        }
      }
      expect([...perceptron.saveState()['perceptron/hidden']]).toEqual(
        w.flat().map((value) => 2 * value + 1),
      );
      // BigInt's shift rounds down, also below 0.
      expect([...perceptron.averages().values]).toEqual(
        expected.flat().map((u) => Number(2n * (u >> shift) + 1n)),
      );
    }
    // Long enough for last digits to be left out.
    expect(shift).toBeGreaterThan(1n);
  });

  it('clips weights, and keeps as many digits as logits have room for', () => {
    expect([1, 2, 512, 513, 2048, 4096, 4097].map(perceptronDigits)).toEqual([15, 15, 15, 14, 13, 12, 11]);
    const perceptron = new AveragedPerceptron(kernels, {
      classes: 2,
      neurons: 1,
      margin: 1000,
    });
    const many = BitMatrix.fromSigns(new Array(20_000).fill([1]));
    perceptron.update(many, new Int32Array(20_000), perceptron.allocate(20_000));
    expect([...perceptron.saveState()['perceptron/hidden']]).toEqual([32767, -32767]);
  });
});
