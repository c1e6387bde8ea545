import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { vector } from '../../src/core/shape.js';
import { type BinarizerConfig, fitBinarizer } from '../../src/data/binarize.js';
import { anyMatrix, image, matrix } from './feature-matrices.js';
import { errorOf, rowsOf } from './helpers.js';

describe('every binarizer', () => {
  const configs: BinarizerConfig[] = [
    { kind: 'median', per: 'channel' },
    { kind: 'median', per: 'feature' },
    { kind: 'median', per: 'image' },
    { kind: 'thermometer', levels: 3, thresholds: 'even' },
    { kind: 'thermometer', levels: 3, thresholds: 'quantile' },
  ];

  it.each(configs)('keeps the bits past the last column 0 and treats each row by itself: %o', (config) => {
    fc.assert(
      fc.property(anyMatrix, (train) => {
        const binarizer = fitBinarizer(config, train, image(1, 1, train.columns));
        const bits = binarizer.apply(train);
        expect(bits.columns).toBe(binarizer.outputColumns);
        const repacked = BitMatrix.fromSigns(rowsOf(bits));
        expect(bits.words).toEqual(repacked.words);
        const last = binarizer.apply(train.rowRange(train.rows - 1, train.rows));
        expect(rowsOf(last)[0]).toEqual(rowsOf(bits)[train.rows - 1]);
      }),
      { numRuns: 25 },
    );
  });

  it('leaves the features as they are', () => {
    const train = matrix([
      [3, 1],
      [2, 9],
      [1, 4],
    ]);
    for (const config of configs) fitBinarizer(config, train, image(1, 1, 2)).apply(train);
    expect(rowsOf(train)).toEqual([
      [3, 1],
      [2, 9],
      [1, 4],
    ]);
  });

  it('lets bits pass', async () => {
    const bits = BitMatrix.fromSigns([[1, -1, 1]]);
    const binarizer = fitBinarizer({ kind: 'median', per: 'feature' }, bits, vector(3));
    expect(binarizer.apply(bits)).toBe(bits);
    expect(binarizer.outputColumns).toBe(3);
    expect((await errorOf(() => binarizer.apply(matrix([[1, 2, 3]])))).message).toBe(
      "features: expected bits, like those it was fitted on, got 'numbers'",
    );
  });

  const train = matrix([
    [1, 2],
    [3, 4],
  ]);
  const thermometer = (levels: number): BinarizerConfig => ({
    kind: 'thermometer',
    levels,
    thresholds: 'even',
  });
  it.each<[string, () => unknown]>([
    [
      "binarizer.per: expected feature or image for data without channels, got 'channel'",
      () => fitBinarizer({ kind: 'median', per: 'channel' }, train, vector(2)),
    ],
    [
      'binarizer.levels: expected an integer in [1, 256], got 0',
      () => fitBinarizer(thermometer(0), train, vector(2)),
    ],
    [
      'binarizer.levels: expected an integer in [1, 256], got 1.5',
      () => fitBinarizer(thermometer(1.5), train, vector(2)),
    ],
    [
      "binarizer.kind: expected median, as the data is binary already, got 'thermometer'",
      () => fitBinarizer(thermometer(2), new BitMatrix(2, 2), vector(2)),
    ],
    [
      "binarizer.kind: expected one of median, thermometer, got 'mean'",
      () => fitBinarizer({ kind: 'mean' } as unknown as BinarizerConfig, train, vector(2)),
    ],
    [
      "binarizer.thresholds: expected one of quantile, even, got 'odd'",
      () =>
        fitBinarizer(
          { kind: 'thermometer', levels: 2, thresholds: 'odd' } as unknown as BinarizerConfig,
          train,
          vector(2),
        ),
    ],
    [
      'trainFeatures: expected 3 columns, got 2',
      () => fitBinarizer({ kind: 'median', per: 'feature' }, train, vector(3)),
    ],
    [
      'trainFeatures.rows: expected an integer of at least 1, got 0',
      () => fitBinarizer({ kind: 'median', per: 'feature' }, train.rowRange(0, 0), vector(2)),
    ],
    [
      'features: expected 2 columns, got 3',
      () => fitBinarizer({ kind: 'median', per: 'feature' }, train, vector(2)).apply(matrix([[1, 2, 3]])),
    ],
    [
      "features: expected numbers, like those it was fitted on, got 'bits'",
      () => fitBinarizer({ kind: 'median', per: 'feature' }, train, vector(2)).apply(new BitMatrix(1, 2)),
    ],
  ])('refuses: %s', async (message, work) => {
    const error = await errorOf(work);
    expect([error.name, error.message]).toEqual(['ArgumentError', message]);
  });
});
