import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { vector } from '../../src/core/shape.js';
import {
  type BinarizerConfig,
  binarizedShape,
  fitBinarizer,
  quantitiesOf,
  restoreBinarizer,
} from '../../src/data/binarize.js';
import { lowerQuantileRank } from '../../src/data/order-statistics.js';
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

describe('columns that are signs', () => {
  // A number, then the one-hot code of a category.
  const train = matrix([
    [10, 1, -1],
    [20, -1, 1],
    [30, -1, 1],
    [40, 1, -1],
  ]);
  const mixed = vector(3, 2);

  it('are one bit each behind the levels of numbers', () => {
    const config = { kind: 'thermometer', levels: 3, thresholds: 'quantile' } as const;
    const binarizer = fitBinarizer(config, train, mixed);
    // Quantiles 1/4, 2/4 and 3/4 of four values are the first three.
    expect([...(binarizer.thresholds ?? [])]).toEqual([10, 20, 30, 0, 0]);
    expect(binarizer.outputColumns).toBe(5);
    expect(binarizedShape(config, mixed)).toEqual(vector(5, 2));
    expect(rowsOf(binarizer.apply(train))).toEqual([
      [-1, -1, -1, 1, -1],
      [1, -1, -1, -1, 1],
      [1, 1, -1, -1, 1],
      [1, 1, 1, 1, -1],
    ]);
  });

  it('pass every binarizer, alone and beside many numbers', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom<BinarizerConfig>(
          { kind: 'median', per: 'feature' },
          { kind: 'thermometer', levels: 1, thresholds: 'quantile' },
          { kind: 'thermometer', levels: 5, thresholds: 'quantile' },
          { kind: 'thermometer', levels: 7, thresholds: 'even' },
        ),
        (numbers, signs, config) => {
          const rows = Array.from({ length: 6 }, (_, row) =>
            Array.from({ length: numbers + signs }, (_, c) => {
              const drawn = ((row + 1) * (c + 3) * 7919) % 101;
              return c < numbers ? drawn : drawn % 2 === 0 ? 1 : -1;
            }),
          );
          const features = matrix(rows);
          const binarizer = fitBinarizer(config, features, vector(numbers + signs, signs));
          const found = rowsOf(binarizer.apply(features));
          expect(found.map((row) => row.slice(-signs))).toEqual(rows.map((row) => row.slice(numbers)));
          const restored = restoreBinarizer({ ...binarizer }).apply(features);
          expect(restored.words).toEqual(BitMatrix.fromSigns(found).words);
          if (numbers === 0) return;
          const alone = matrix(rows.map((row) => row.slice(0, numbers)));
          const own = rowsOf(fitBinarizer(config, alone, vector(numbers)).apply(alone));
          expect(found.map((row) => row.slice(0, -signs))).toEqual(own);
        },
      ),
    );
  });

  it('have no median of a sample beside them', async () => {
    const error = await errorOf(() => fitBinarizer({ kind: 'median', per: 'image' }, train, mixed));
    expect(error.message).toBe(
      "binarizer.per: expected feature for data with columns of categories, got 'image'",
    );
  });

  it('are told from numbers by how many thresholds there are', () => {
    const config = { kind: 'thermometer', levels: 32, thresholds: 'quantile' } as const;
    const quantities = (inputColumns: number, thresholds: number): number | undefined =>
      quantitiesOf({ config, inputColumns }, thresholds);
    // 16 numbers; 3 numbers and 4 signs: 3 · 32 + 4; signs alone.
    expect([quantities(16, 512), quantities(7, 100), quantities(9, 9)]).toEqual([16, 3, 0]);
    expect([quantities(7, 101), quantities(7, 256), quantities(7, 6)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('quantile thresholds and those of the papers', () => {
  it('are at most one rank apart, and the same for one level', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 256 }), (count, bits) => {
        for (let i = 1; i <= bits; i++) {
          const published = Math.floor((i * (count - 1)) / (bits + 1));
          const ahead = lowerQuantileRank(count, i, bits + 1) - published;
          expect(ahead === 0 || (bits > 1 && ahead === 1)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});
