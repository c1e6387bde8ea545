import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { Int32Matrix } from '../../src/core/int-matrix.js';
import { RandomStream } from '../../src/core/random.js';
import { SampleList } from '../../src/kernels/lists.js';
import { referenceKernels } from '../../src/kernels/reference.js';

const { packGates, packMajority, backProduct, product } = referenceKernels;

function int32(rows: number[][]): Int32Matrix {
  return new Int32Matrix(rows.length, rows[0].length, Int32Array.from(rows.flat()));
}

function sampleList(...samples: number[]): SampleList {
  const list = new SampleList(Uint32Array.from(samples));
  list.count = samples.length;
  return list;
}

describe('packGates', () => {
  it('opens where the value is at most the limit away from 0, and clears the tail', () => {
    const out = new BitMatrix(1, 6, Uint32Array.of(0xffffffff, 0xffffffff));
    const values = int32([[-3, -2, 0, 2, 3, -(2 ** 31)]]);
    packGates(values, 2, out);
    expect(Array.from(out.words)).toEqual([0b01110, 0]);
    packGates(values, 0, out);
    expect(Array.from(out.words)).toEqual([0b00100, 0]);
    packGates(values, 2 ** 31 - 1, out);
    expect(Array.from(out.words)).toEqual([0b11111, 0]);
  });
});

describe('packMajority', () => {
  it('lets groups vote by hand; a tie counts as +1', () => {
    const activations = BitMatrix.fromSigns([
      [1, -1, -1, -1, 1, 1],
      [1, 1, -1, -1, -1, -1],
    ]);
    const byThree = new BitMatrix(2, 2, new Uint32Array(4).fill(0xffffffff));
    packMajority(activations, 3, byThree);
    expect([0, 1].map((row) => [...byThree.signs(row)])).toEqual([
      [-1, 1],
      [1, -1],
    ]);
    expect(byThree.words[1]).toBe(0);
    const byTwo = new BitMatrix(2, 3);
    packMajority(activations, 2, byTwo);
    expect([0, 1].map((row) => [...byTwo.signs(row)])).toEqual([
      [1, -1, 1],
      [1, -1, -1],
    ]);
  });
});

describe('backProduct', () => {
  it('sums over the open gates by hand and leaves samples that are not listed', () => {
    const desired = BitMatrix.fromSigns([
      [1, -1, 1],
      [1, 1, 1],
    ]);
    const gates = BitMatrix.fromSigns([
      [1, 1, -1],
      [1, 1, 1],
    ]);
    const weights = BitMatrix.fromSigns([
      [1, 1],
      [1, -1],
      [-1, -1],
    ]);
    const out = int32([
      [7, 7],
      [7, 7],
    ]);
    backProduct(desired, gates, weights, sampleList(0), out);
    expect(Array.from(out.values)).toEqual([0, 2, 7, 7]);
    backProduct(desired, gates, weights, sampleList(1), out);
    expect(Array.from(out.values)).toEqual([0, 2, 1, -1]);
  });

  it('is the product with the transposed weights when all gates are open, and 0 when none is', () => {
    const random = RandomStream.named(2, 'transposed');
    const [desired, weights] = [random.signs(3, 70), random.signs(70, 33)];
    const transposed = new BitMatrix(33, 70);
    for (let k = 0; k < 70; k++) for (let n = 0; n < 33; n++) transposed.set(n, k, weights.get(k, n));
    const [out, expected] = [new Int32Matrix(3, 33), new Int32Matrix(3, 33)];
    const open = BitMatrix.fromSigns([0, 1, 2].map(() => new Array<number>(70).fill(1)));
    backProduct(desired, open, weights, sampleList(2, 0, 1), out);
    product(desired, transposed, expected);
    expect(out).toEqual(expected);
    backProduct(desired, new BitMatrix(3, 70), weights, sampleList(0, 1, 2), out);
    expect(out).toEqual(new Int32Matrix(3, 33));
  });
});
