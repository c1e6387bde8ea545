import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { createDataset, type DatasetParts } from '../../src/data/create-dataset.js';
import { FeatureMatrix } from '../../src/data/dataset.js';
import { limitTrain } from '../../src/data/limit-train.js';
import { bytesOf, errorOf, rowsOf } from './helpers.js';

const train = new FeatureMatrix(3, 2, Float32Array.of(1, 2, 3, 4, 5, 6));
const test = new FeatureMatrix(1, 2, Float32Array.of(7, 8));

function parts(change: Partial<DatasetParts> = {}): DatasetParts {
  return {
    name: 'tiny',
    classes: ['a', 'b'],
    shape: { kind: 'vector', size: 2 },
    train: { features: train, labels: [0, 1, 1], featuresFile: 'train.x', labelsFile: 'train.y' },
    test: { features: test, labels: [0], featuresFile: 'test.x', labelsFile: 'test.y' },
    files: [],
    ...change,
  };
}

describe('FeatureMatrix', () => {
  it('reads row-major and shares memory with its row ranges', () => {
    const rows = train.rowRange(1, 3);
    expect([rows.rows, rows.get(0, 0), rows.get(1, 1)]).toEqual([2, 3, 6]);
    expect(rows.values.buffer).toBe(train.values.buffer);
  });

  it('refuses sizes that do not fit and places outside', () => {
    expect(() => new FeatureMatrix(2, 2, new Uint8Array(3))).toThrow('values: expected 4 entries, got 3');
    expect(() => train.get(3, 0)).toThrow('row: expected an integer in [0, 2], got 3');
    expect(() => train.rowRange(2, 1)).toThrow('end: expected an integer in [2, 3], got 1');
  });
});

describe('createDataset', () => {
  it('hashes shape, classes, counts, features and labels, worked out here by hand', () => {
    const { sha256 } = createDataset(parts());
    const counts = '[["train",3,2,"float32"],["test",1,2,"float32"]]';
    const byHand = createHash('sha256')
      .update(`[["vector",2],2,${counts}]\n`)
      .update(bytesOf(train.values))
      .update(bytesOf(Int32Array.of(0, 1, 1)))
      .update(bytesOf(test.values))
      .update(bytesOf(Int32Array.of(0)))
      .digest('hex');
    expect(sha256).toBe(byHand);
  });

  it('changes its hash with any value, label or split, but not with names', () => {
    const { sha256 } = createDataset(parts());
    const other = { ...parts().test, labels: [1] };
    expect(createDataset(parts({ test: other })).sha256).not.toBe(sha256);
    expect(createDataset(parts({ validation: parts().test })).sha256).not.toBe(sha256);
    const features = new FeatureMatrix(1, 2, Float32Array.of(7, 9));
    expect(createDataset(parts({ test: { ...parts().test, features } })).sha256).not.toBe(sha256);
    expect(createDataset(parts({ name: 'other', classes: ['x', 'y'] })).sha256).toBe(sha256);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'refuses %s with file, row and column',
    async (value) => {
      const features = new FeatureMatrix(2, 2, Float32Array.of(1, 2, 3, value));
      const bad = { features, labels: [0, 1], featuresFile: 'bad.x', labelsFile: 'y', firstPosition: 10 };
      const error = await errorOf(() => createDataset(parts({ validation: bad })));
      expect(error.name).toBe('DataError');
      const place = 'row 11, column 1 (counted from 0)';
      expect(error.message).toBe(`bad.x: ${value} at ${place}: expected a finite number that fits float32`);
    },
  );

  it.each([2, -1, 0.5])('refuses label %s with file and position', async (label) => {
    const bad = { ...parts().train, labels: [0, label, 1] };
    const error = await errorOf(() => createDataset(parts({ train: bad })));
    const expected = 'expected a class number in [0, 1]';
    expect(error.message).toBe(`train.y: label ${label} at position 1 (counted from 0): ${expected}`);
  });

  it.each<[string, Partial<DatasetParts>]>([
    ['train.y: 2 labels for the 3 samples of train.x', { train: { ...parts().train, labels: [0, 1] } }],
    [
      'test.x: holds no samples',
      { test: { ...parts().test, features: new FeatureMatrix(0, 2, new Uint8Array(0)), labels: [] } },
    ],
    [
      'test.x: 3 features per sample, but train.x has 2',
      { test: { ...parts().test, features: new FeatureMatrix(1, 3, new Uint8Array(3)) } },
    ],
    [
      'test.x: only one of this file and train.x holds bits',
      { test: { ...parts().test, features: new BitMatrix(1, 2) } },
    ],
    [
      'train.y: all samples are of one class, expected two',
      { classes: ['a'], train: { ...parts().train, labels: [0, 0, 0] } },
    ],
    [
      'train.x: images of 1×1 pixel: one pixel has no picture in it; expected at least two pixels',
      { shape: { kind: 'image', channels: 2, height: 1, width: 1 } },
    ],
  ])('refuses: %s', async (message, change) => {
    const error = await errorOf(() => createDataset(parts(change)));
    expect([error.name, error.message]).toEqual(['DataError', message]);
  });
});

describe('limitTrain', () => {
  it('keeps the first samples and the other splits, and hashes what is left', () => {
    const whole = createDataset(parts());
    const limited = limitTrain(whole, 2);
    expect(rowsOf(limited.train.features)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect([...limited.train.labels]).toEqual([0, 1]);
    expect(limited.test).toBe(whole.test);
    expect(limited.sha256).not.toBe(whole.sha256);
    expect(limitTrain(whole, 3).sha256).toBe(whole.sha256);
  });

  it.each([0, 4, 1.5, Number.NaN])('refuses %s of 3 samples', async (samples) => {
    const error = await errorOf(() => limitTrain(createDataset(parts()), samples));
    expect(error.message).toBe(`samples: expected an integer in [1, 3], got ${samples}`);
  });
});
