import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { Int16Matrix, Int32Matrix } from '../../src/core/int-matrix.js';
import { RandomStream } from '../../src/core/random.js';
import { TernaryMatrix, zerosOf } from '../../src/core/ternary-matrix.js';
import type { Kernels } from '../../src/kernels/kernels.js';
import { SampleList, StepList } from '../../src/kernels/lists.js';
import { referenceKernels } from '../../src/kernels/reference.js';
import { inMemoryOf, keepZeros, ternaryKernels, ternaryMatrix } from '../../src/kernels/ternary-kernels.js';
import { selectKernels } from '../../src/node/kernels/select.js';
import { PRESENT_BACKENDS } from '../rules/binary/problem.js';

function rowsOf(matrix: BitMatrix): number[][] {
  return Array.from({ length: matrix.rows }, (_, row) => {
    return [...(matrix instanceof TernaryMatrix ? matrix.values(row) : matrix.signs(row))];
  });
}

function listOf(...samples: number[]): SampleList {
  const list = new SampleList(Uint32Array.from(samples));
  list.count = samples.length;
  return list;
}

describe('a ternary matrix', () => {
  const rows = [
    [1, 0, -1],
    [0, 0, 1],
  ];

  it('is its values, and as a matrix of ±1 has +1 where it is 0', () => {
    const matrix = TernaryMatrix.fromValues(rows);
    expect(rowsOf(matrix)).toEqual(rows);
    expect([...matrix.signs(0), ...matrix.signs(1)]).toEqual([1, 1, -1, 1, 1, 1]);
    expect(zerosOf(matrix)?.signs(0)).toEqual(Int8Array.of(-1, 1, -1));
    expect(zerosOf(BitMatrix.fromSigns([[1]]))).toBeUndefined();
  });

  it('is copied, cut and put into the memory of kernels as a whole', () => {
    const matrix = TernaryMatrix.fromValues(rows);
    const copies = [matrix.copy(), matrix.rowRange(1, 2), inMemoryOf(selectKernels('wasm'), matrix)];
    matrix.zeros.words.fill(0);
    expect(copies.map(rowsOf)).toEqual([rows, [[1, 1, 1]], rows]);
    expect(ternaryMatrix(referenceKernels, 1, 2).values(0)).toEqual(Int8Array.of(-1, -1));
  });

  it('refuses other values and planes of other shapes', () => {
    expect(() => TernaryMatrix.fromValues([[1, 2]])).toThrowError(
      'values[0][1]: expected −1, 0 or +1, got 2',
    );
    expect(() => new TernaryMatrix(new BitMatrix(2, 3), new BitMatrix(2, 4))).toThrowError(
      'zeros: expected the shape [2, 3] of the signs, got [ 2, 4 ]',
    );
  });
});

describe.each(PRESENT_BACKENDS)('operations on matrices with zeros (%s)', (backend) => {
  const plain = selectKernels(backend);
  const kernels: Kernels = ternaryKernels(plain);

  it('multiply, and give 0 where the sum is 0, if the signs may be 0', () => {
    const inputs = TernaryMatrix.fromValues([
      [1, -1, 0],
      [0, 0, 1],
    ]);
    const weights = TernaryMatrix.fromValues([
      [1, 1, 1],
      [0, -1, -1],
    ]);
    const out = new Int32Matrix(2, 2);
    const ternary = ternaryMatrix(kernels, 2, 2);
    kernels.product(inputs, weights, out, ternary);
    expect([...out.values]).toEqual([0, 1, 1, -1]);
    expect(rowsOf(ternary)).toEqual([
      [0, 1],
      [1, -1],
    ]);
    const binary = kernels.bitMatrix(2, 2);
    kernels.product(inputs, weights, out, binary);
    expect(rowsOf(binary)).toEqual([
      [1, 1],
      [1, -1],
    ]);
    // No zeros in, zeros out: 1 − 1.
    const even = BitMatrix.fromSigns([[1, -1]]);
    kernels.product(
      even,
      BitMatrix.fromSigns([
        [1, 1],
        [1, -1],
      ]),
      new Int32Matrix(1, 2),
      ternary.rowRange(0, 1),
    );
    expect(rowsOf(ternary)[0]).toEqual([0, 1]);
  });

  it('pack the signs of integers of both sizes', () => {
    const out = ternaryMatrix(kernels, 2, 2);
    const expected = [
      [-1, 0],
      [1, 0],
    ];
    kernels.packSigns(new Int32Matrix(2, 2, Int32Array.of(-3, 0, 8, 0)), out);
    expect(rowsOf(out)).toEqual(expected);
    out.zeros.words.fill(1);
    kernels.packSigns(new Int16Matrix(2, 2, Int16Array.of(-3, 0, 8, 0)), out);
    expect(rowsOf(out)).toEqual(expected);
  });

  it('let groups vote: 0 for neither side, and a tie is 0 or, of ±1, +1', () => {
    const votes = TernaryMatrix.fromValues([[1, -1, 0, 0, 0, -1, 1, 1, -1, 0, 0, 0]]);
    const units = ternaryMatrix(kernels, 1, 4);
    kernels.packMajority(votes, 3, units);
    expect(rowsOf(units)).toEqual([[0, -1, 1, 0]]);
    const binary = kernels.bitMatrix(1, 4);
    kernels.packMajority(votes, 3, binary);
    expect(rowsOf(binary)).toEqual([[1, -1, 1, 1]]);
  });

  it('select no neuron of which nothing is desired, and leave pre-activations as they were', () => {
    const z = new Int32Matrix(2, 4, Int32Array.of(-1, -2, 1, 2, -1, -2, 1, 2));
    const desired = TernaryMatrix.fromValues([
      [0, 1, 0, -1],
      [0, 0, 1, 1],
    ]);
    const steps = StepList.withCapacity(6);
    kernels.selectNeurons(z, listOf(1, 0, 0), desired, Int32Array.of(0, 1), 2, steps);
    expect(steps.toArray()).toEqual([
      { sample: 0, neuron: 1, direction: 1 },
      { sample: 0, neuron: 3, direction: -1 },
      { sample: 0, neuron: 1, direction: 1 },
      { sample: 0, neuron: 3, direction: -1 },
    ]);
    expect([...z.values]).toEqual([-1, -2, 1, 2, -1, -2, 1, 2]);
  });

  it('step, and leave weights of 0 there when others are reinforced', () => {
    const visible = inMemoryOf(kernels, TernaryMatrix.fromValues([[0, 1, -1]]));
    const hidden = new Int16Matrix(1, 3, Int16Array.of(0, 2, -3));
    const steps = StepList.withCapacity(1);
    steps.push(0, 0, -1);
    const inputs = TernaryMatrix.fromValues([[0, 1, 1]]);
    expect(kernels.applySteps(hidden, visible, inputs, steps, 7)).toBe(1);
    expect([...hidden.values]).toEqual([0, 0, -5]);
    expect(rowsOf(visible)).toEqual([[0, 0, -1]]);
    hidden.values.set([2, 2, -7]);
    keepZeros(hidden, visible);
    expect([...hidden.values]).toEqual([0, 0, -7]);
    keepZeros(hidden, new BitMatrix(1, 3));
    expect([...hidden.values]).toEqual([0, 0, -7]);
  });

  it('are those of the kernels given where there are no zeros', () => {
    const random = RandomStream.named(1, 'no zeros');
    const [inputs, weights, desired] = [random.signs(5, 70), random.signs(12, 70), random.signs(3, 12)];
    const labels = Int32Array.of(0, 1, 2, 0, 1);
    const outcomes = [plain, kernels].map((which) => {
      const z = which.int32Matrix(5, 12);
      const activations = which.bitMatrix(5, 12);
      which.product(inputs, weights, z, activations);
      const units = which.bitMatrix(5, 4);
      which.packMajority(activations, 3, units);
      const steps = which.stepList(20);
      which.selectNeurons(z, listOf(0, 1, 2, 3, 4), desired, labels, 3, steps);
      const hidden = which.int16Matrix(12, 70);
      hidden.values.fill(1);
      const visible = which.bitMatrix(12, 70);
      which.packSigns(hidden, visible);
      const flips = which.applySteps(hidden, visible, inputs, steps, 7);
      return [z.values, activations.words, units.words, steps.toArray(), hidden.values, visible.words, flips];
    });
    expect(outcomes[1]).toEqual(outcomes[0]);
  });
});
