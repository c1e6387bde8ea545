import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histogramValuesAt, lowerQuantileRank, valuesAt } from '../../src/data/order-statistics.js';

describe('order statistics', () => {
  it('selects the same values as sorting does', () => {
    const numbers = fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(numbers, fc.array(fc.nat(), { maxLength: 6 }), (values, picks) => {
        const ranks = picks.map((pick) => pick % values.length).sort((a, b) => a - b);
        const sorted = Float32Array.from(values).sort();
        expect(valuesAt(Float32Array.from(values), ranks)).toEqual(
          ranks.map((rank) => sorted[rank] + 0 || sorted[rank]),
        );
      }),
    );
  });

  it('selects from sorted, reversed and constant values in reasonable time', () => {
    const size = 200_000;
    for (const fill of [(i: number) => i, (i: number) => size - i, () => 7, (i: number) => i % 2]) {
      const values = Float32Array.from({ length: size }, (_, i) => fill(i));
      const sorted = values.slice().sort();
      expect(valuesAt(values, [size / 4, size / 2])).toEqual([sorted[size / 4], sorted[size / 2]]);
    }
  });

  it('reads ranks off a histogram', () => {
    const histogram = new Uint32Array(512);
    histogram[256 + 3] = 2;
    histogram[256 + 200] = 1;
    expect(histogramValuesAt(histogram, 256, [0, 1, 2])).toEqual([3, 3, 200]);
  });

  it('takes the lower of two middle values and never rounds ranks', () => {
    expect([1, 2, 3, 4, 5].map((count) => lowerQuantileRank(count, 1, 2))).toEqual([0, 0, 1, 1, 2]);
    // 0.29 · 100 is 28.999… in floating point; in whole numbers it is 29.
    expect(lowerQuantileRank(100, 29, 100)).toBe(28);
  });
});
