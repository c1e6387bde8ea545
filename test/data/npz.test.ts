import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { vector } from '../../src/core/shape.js';
import type { Dataset } from '../../src/data/dataset.js';
import { npzDataset } from '../../src/data/npz.js';
import type { StatedShape } from '../../src/data/shape-file.js';
import { bytesOf, errorOf, npyBytes, rowsOf } from './helpers.js';

const floats = (shape: readonly number[], first = 0): Uint8Array => {
  const size = shape.reduce((product, one) => product * one, 1);
  return npyBytes('<f4', shape, bytesOf(Float32Array.from({ length: size }, (_, i) => first + i)));
};
const bytes = (shape: readonly number[], values: readonly number[]): Uint8Array =>
  npyBytes('|u1', shape, Uint8Array.from(values));
const longs = (...values: number[]): Uint8Array =>
  npyBytes('<i8', [values.length], bytesOf(BigInt64Array.from(values, BigInt)));

const zipped = (arrays: Record<string, Uint8Array>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${name}.npy`, array])));

const load = (arrays: Record<string, Uint8Array>, stated?: StatedShape): Dataset =>
  npzDataset('own', { file: 'a.npz', bytes: zipped(arrays) }, stated);

const keras = {
  x_train: floats([3, 2]),
  y_train: longs(4, 7, 4),
  x_test: floats([2, 2], 100),
  y_test: longs(7, 4),
};

describe('an archive of NumPy', () => {
  it('has the arrays of Keras', () => {
    const data = load(keras);
    expect(data.shape).toEqual(vector(2));
    expect(data.classes).toEqual(['4', '7']);
    expect(rowsOf(data.train.features)).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
    expect([...data.train.labels, ...data.test.labels]).toEqual([0, 1, 0, 1, 0]);
    expect(rowsOf(data.test.features)).toEqual([
      [100, 101],
      [102, 103],
    ]);
    expect(data.validation).toBeUndefined();
    expect(data.files).toEqual(['a.npz']);
  });

  it('has validation samples, names in capitals, and arrays of other names', () => {
    const { x_train, y_train, x_test, y_test } = keras;
    const arrays = {
      X_train: x_train,
      y_train,
      X_val: floats([1, 2]),
      y_val: longs(4),
      X_test: x_test,
      y_test,
    };
    const data = load({ ...arrays, notes: longs(1) });
    expect(data.validation?.labels).toEqual(Int32Array.of(0));
  });

  it('has pictures of MedMNIST: grey ones without a channel, labels in a column', () => {
    const data = load({
      train_images: bytes([2, 2, 3], [...Array(12).keys()]),
      train_labels: bytes([2, 1], [0, 1]),
      val_images: bytes([1, 2, 3], [...Array(6).keys()]),
      val_labels: bytes([1, 1], [1]),
      test_images: bytes([1, 2, 3], [...Array(6).keys()]),
      test_labels: bytes([1, 1], [0]),
    });
    expect(data.shape).toEqual({ kind: 'image', channels: 1, height: 2, width: 3 });
    expect(data.train.features).toMatchObject({ values: Uint8Array.from(Array(12).keys()) });
    expect([data.train, data.validation, data.test].map((part) => part && [...part.labels])).toEqual([
      [0, 1],
      [1],
      [0],
    ]);
  });

  it.each([
    ['features', 'labels'],
    ['X', 'y'],
  ])('has a fifth of %s and %s held out', (x, y) => {
    const { train, test } = load({
      [x]: floats([10, 1]),
      [y]: longs(...Array.from({ length: 10 }, (_, i) => i % 2)),
    });
    const [kept, heldOut] = [train, test].map(({ features }) => rowsOf(features).flat());
    expect(heldOut).toHaveLength(2);
    expect([...kept, ...heldOut].sort((a, b) => a - b)).toEqual([...Array(10).keys()]);
    expect([...train.labels]).toEqual(kept.map((value) => value % 2));
  });

  it('holds what the user says that it does', () => {
    const shape = { kind: 'image', channels: 1, height: 2, width: 1 } as const;
    expect(load(keras, { shape }).shape).toEqual(shape);
    const packed = { ...keras, x_train: bytes([3, 1], [128, 64, 192]), x_test: bytes([2, 1], [0, 128]) };
    expect(rowsOf(load(packed, { shape: vector(2), packed: 'big' }).train.features)).toEqual([
      [1, -1],
      [-1, 1],
      [1, 1],
    ]);
  });
});

describe('an archive that is wrong is refused', () => {
  const { y_test: _, ...withoutLabels } = keras;
  const nan = npyBytes('<f4', [5, 1], bytesOf(Float32Array.of(0, 1, 2, Number.NaN, 4)));

  it.each<[string, Record<string, Uint8Array>, string]>([
    [
      'other names',
      { images: floats([3, 2]), classes: longs(1, 2, 3) },
      'a.npz: holds images, classes; expected x_train and y_train, or train_images and train_labels, or features and labels, or x and y',
    ],
    [
      'no arrays',
      {},
      'a.npz: holds no arrays; expected x_train and y_train, or train_images and train_labels, or features and labels, or x and y',
    ],
    ['no labels', withoutLabels, 'a.npz: has no array y_test; it holds x_train, y_train, x_test'],
    [
      'no test samples beside validation samples',
      { x_train: keras.x_train, y_train: keras.y_train, x_val: keras.x_test, y_val: keras.y_test },
      'a.npz: has no array x_test; it holds x_train, y_train, x_val, y_val',
    ],
    [
      'two names of one array',
      { ...keras, X_TRAIN: keras.x_train },
      'a.npz: holds two arrays whose names differ in case alone: X_TRAIN',
    ],
    [
      'objects',
      { ...keras, x_train: npyBytes('|O', [3], Buffer.from('x')) },
      'a.npz: x_train: element type O (Python objects), expected one of float32, float64, float16, uint8, int8, uint16, int16, uint32, int32, uint64, int64, bool',
    ],
    [
      'one-hot labels',
      { ...keras, y_train: bytes([3, 2], [1, 0, 0, 1, 1, 0]) },
      'a.npz: y_train: array of shape [3, 2], expected [n]: one class number per sample. Save labels.argmax(axis=1) if it is one-hot',
    ],
    [
      'too few labels',
      { ...keras, y_train: longs(4, 7) },
      'a.npz: y_train: 2 labels for the 3 samples of a.npz: x_train',
    ],
    [
      'too few labels for a fifth to be held out',
      { x: floats([6, 1]), y: longs(0, 1, 0, 1, 0) },
      'a.npz: y: 5 labels for the 6 samples of a.npz: x',
    ],
    [
      'NaN, where it stands in the file',
      { x: nan, y: longs(0, 1, 0, 1, 0) },
      'a.npz: x: NaN at row 3, column 0 (counted from 0): expected a finite number that fits float32',
    ],
    [
      'other samples for testing',
      { ...keras, x_test: floats([2, 3]) },
      'a.npz: x_test: samples are vector 3, but those of a.npz: x_train are vector 2',
    ],
  ])('%s', async (_, arrays, message) => {
    const error = await errorOf(() => load(arrays));
    expect([error.name, error.message]).toEqual(['DataError', message]);
  });

  it('for damage', async () => {
    const whole = zipped(keras);
    const truncated = { file: 'a.npz', bytes: whole.subarray(0, 200) };
    expect((await errorOf(() => npzDataset('own', truncated))).message).toMatch(
      /^a\.npz: is a damaged or truncated archive \(/,
    );
    const text = { file: 'a.npz', bytes: Buffer.from('hello') };
    expect((await errorOf(() => npzDataset('own', text))).message).toBe(
      'a.npz: is no archive of NumPy: it does not begin with PK',
    );
  });
});
