import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { type Shape, vector } from '../../src/core/shape.js';
import { createDataset } from '../../src/data/create-dataset.js';
import { type Dataset, FeatureMatrix } from '../../src/data/dataset.js';
import { behindColumns, cutIntoSteps, lastColumns, lastSteps } from '../../src/data/windows.js';
import { rowsOf } from './helpers.js';

/** Two samples to train, one to test: 0, 1, 2 … in rows. */
function counted(shape: Shape, columns: number): Dataset {
  const split = (first: number, rows: number) => ({
    features: new FeatureMatrix(
      rows,
      columns,
      Float32Array.from({ length: rows * columns }, (_, i) => first + i),
    ),
    labels: Int32Array.from({ length: rows }, (_, i) => i),
    featuresFile: 'made',
    labelsFile: 'made',
  });
  return createDataset({
    name: 'made',
    classes: ['a', 'b'],
    shape,
    train: split(0, 2),
    test: split(100, 1),
    files: [],
  });
}

const SEQUENCE = { kind: 'sequence', steps: 3, of: vector(2) } as const;

describe('samples as sequences', () => {
  it('are cut into pieces of equal size: numbers of numbers, pixels of pixels', () => {
    const numbers = cutIntoSteps(counted(vector(6), 6), 3);
    expect(numbers.shape).toEqual(SEQUENCE);
    expect(rowsOf(numbers.train.features)).toEqual([
      [0, 1, 2, 3, 4, 5],
      [6, 7, 8, 9, 10, 11],
    ]);
    const picture = { kind: 'image', channels: 1, height: 2, width: 4 } as const;
    const pixels = cutIntoSteps(counted(picture, 8), 4);
    expect(pixels.shape).toEqual({
      kind: 'sequence',
      steps: 4,
      of: { kind: 'image', channels: 1, height: 1, width: 2 },
    });
    expect(pixels.sha256).not.toBe(counted(picture, 8).sha256);
  });

  it.each([
    [vector(6), 6, 4, 'a divisor of the 6 numbers of a sample, got 4'],
    [vector(6, 2), 6, 3, 'none, as samples are more than one row of numbers: 6, got 3'],
    [{ kind: 'image', channels: 2, height: 1, width: 3 }, 6, 3, 'more than one row of numbers: 2×1×3, got 3'],
    [SEQUENCE, 6, 2, 'none, as samples are sequences already: 3 steps of 2, got 2'],
  ] as const)('are refused where they cannot be cut: %o', (shape, columns, steps, problem) => {
    expect(() => cutIntoSteps(counted(shape, columns), steps)).toThrow(problem);
    expect(() => cutIntoSteps(counted(shape, columns), steps)).toThrow('dataset.steps');
  });

  it('are shown from their last steps', () => {
    const whole = counted(SEQUENCE, 6);
    const last = lastSteps(whole, 2);
    expect(last.shape).toEqual({ ...SEQUENCE, steps: 2 });
    expect(rowsOf(last.train.features)).toEqual([
      [2, 3, 4, 5],
      [8, 9, 10, 11],
    ]);
    expect(rowsOf(last.test.features)).toEqual([[102, 103, 104, 105]]);
    expect(last.sha256).not.toBe(whole.sha256);
    expect(lastSteps(whole, 3).sha256).toBe(whole.sha256);
  });

  it.each([
    [SEQUENCE, 4, 'dataset.window: expected at most the 3 steps of made, got 4'],
    [vector(6), 2, 'dataset.window: expected none for data that is no sequence of made, got 2'],
  ])('are refused where the window does not fit: %o', (shape, window, problem) => {
    expect(() => lastSteps(counted(shape, 6), window)).toThrow(problem);
  });
});

describe('columns', () => {
  const bits = BitMatrix.fromSigns([
    [1, -1, -1, 1],
    [-1, -1, 1, 1],
  ]);
  const bytes = new FeatureMatrix(2, 3, Uint8Array.of(1, 2, 3, 4, 5, 6));

  it('are left out in front and put there again', () => {
    expect(rowsOf(lastColumns(bits, 3))).toEqual([
      [-1, -1, 1],
      [-1, 1, 1],
    ]);
    expect(lastColumns(bits, 4)).toBe(bits);
    const last = lastColumns(bytes, 2);
    expect([last.values instanceof Uint8Array, rowsOf(last)]).toEqual([
      true,
      [
        [2, 3],
        [5, 6],
      ],
    ]);
    expect(rowsOf(behindColumns(last, 1))).toEqual([
      [0, 2, 3],
      [0, 5, 6],
    ]);
    expect(rowsOf(behindColumns(lastColumns(bits, 2), 2))).toEqual([
      [-1, -1, -1, 1],
      [-1, -1, 1, 1],
    ]);
  });
});
