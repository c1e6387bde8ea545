import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { FeatureMatrix } from '../../src/data/dataset.js';
import { fitStandardizer, type Standardizer } from '../../src/data/standardize.js';

function rowsOf(rows: ReturnType<Standardizer['apply']>): number[][] {
  return Array.from({ length: rows.rows }, (_, row) => {
    const target = new Float32Array(rows.columns + 1);
    rows.copyRow(row, target, 1);
    return [...target.subarray(1)];
  });
}

describe('fitStandardizer', () => {
  // Feature 0: 1, 3 → mean 2, deviation 1; feature 1: always 5
  const train = new FeatureMatrix(2, 2, Float32Array.of(1, 5, 3, 5));

  it('standardizes each feature of vectors; what never varies becomes 0', () => {
    const standardizer = fitStandardizer(train, { kind: 'vector', size: 2 });
    expect(rowsOf(standardizer.apply(train))).toEqual([
      [-1, 0],
      [1, 0],
    ]);
    expect(rowsOf(standardizer.apply(new FeatureMatrix(1, 2, Uint8Array.of(6, 9))))).toEqual([[4, 0]]);
  });

  it('shares moments within a channel of images', () => {
    const shape = { kind: 'image', channels: 1, height: 1, width: 2 } as const;
    // 1 5 3 5: mean 3.5, variance (6.25 + 2.25 + 0.25 + 2.25)/4 = 2.75
    const deviation = Math.sqrt(2.75);
    const [first, second] = rowsOf(fitStandardizer(train, shape).apply(train));
    expect(first[0]).toBeCloseTo(-2.5 / deviation, 6);
    expect(first[1]).toBeCloseTo(1.5 / deviation, 6);
    expect(second[0]).toBeCloseTo(-0.5 / deviation, 6);
  });

  it('shares moments over the steps of a sequence', () => {
    const shape = { kind: 'sequence', steps: 2, of: { kind: 'vector', size: 1 } } as const;
    const image = { kind: 'image', channels: 1, height: 1, width: 2 } as const;
    expect(fitStandardizer(train, shape).moments).toEqual(fitStandardizer(train, image).moments);
  });

  it('takes packed data as it is, and only if it was fitted on such', () => {
    const bits = BitMatrix.fromSigns([[1, -1]]);
    const shape = { kind: 'vector', size: 2 } as const;
    expect(rowsOf(fitStandardizer(bits, shape).apply(bits))).toEqual([[1, -1]]);
    expect(() => fitStandardizer(bits, shape).apply(train)).toThrow(
      "features: expected packed ±1 rows, as in training, got 'real numbers'",
    );
  });

  it('passes on columns that are signs', () => {
    const mixed = new FeatureMatrix(2, 3, Float32Array.of(1, -1, 1, 3, 1, -1));
    const standardizer = fitStandardizer(mixed, { kind: 'vector', size: 3, signs: 2 });
    expect(rowsOf(standardizer.apply(mixed))).toEqual([
      [-1, -1, 1],
      [1, 1, -1],
    ]);
    const signs = new FeatureMatrix(2, 1, Float32Array.of(1, 1));
    expect(rowsOf(fitStandardizer(signs, { kind: 'vector', size: 1, signs: 1 }).apply(signs))).toEqual([
      [1],
      [1],
    ]);
  });
});
