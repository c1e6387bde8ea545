import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Shape, vector } from '../../src/core/shape.js';
import { type BinarizerConfig, fitBinarizer } from '../../src/data/binarize.js';
import { anyMatrix, image, matrix, quantileBySorting } from './feature-matrices.js';
import { rowsOf } from './helpers.js';

describe('median', () => {
  it('per feature: strictly above the lower median of the column', () => {
    const train = matrix([
      [1, 5],
      [2, 5],
      [3, 0],
      [4, 9],
    ]);
    const binarizer = fitBinarizer({ kind: 'median', per: 'feature' }, train, vector(2));
    expect(binarizer.thresholds).toEqual(Float64Array.of(2, 5));
    expect(rowsOf(binarizer.apply(train))).toEqual([
      [-1, -1],
      [-1, -1],
      [1, -1],
      [1, 1],
    ]);
    expect([binarizer.inputColumns, binarizer.outputColumns]).toEqual([2, 2]);
  });

  it.each([Float32Array, Uint8Array])('per channel: one number for each channel (%o)', (Type) => {
    // Two channels of 1×2 pixels: channel 0 has 0 0 0 9, channel 1 has 1 2 3 4.
    const train = matrix(
      [
        [0, 0, 1, 2],
        [0, 9, 3, 4],
      ],
      Type,
    );
    const binarizer = fitBinarizer({ kind: 'median', per: 'channel' }, train, image(2, 1, 2));
    expect(binarizer.thresholds).toEqual(Float64Array.of(0, 0, 2, 2));
    expect(rowsOf(binarizer.apply(train))).toEqual([
      [-1, -1, -1, -1],
      [-1, 1, 1, 1],
    ]);
  });

  it.each([Float32Array, Uint8Array])('per channel of a sequence: one number for all steps (%o)', (Type) => {
    // Three steps of two numbers: the first is 1 2 3 4 5 6 over both samples, the second 10 … 60.
    const train = matrix(
      [
        [1, 10, 2, 20, 3, 30],
        [4, 40, 5, 50, 6, 60],
      ],
      Type,
    );
    const shape: Shape = { kind: 'sequence', steps: 3, of: vector(2) };
    const { thresholds } = fitBinarizer({ kind: 'median', per: 'channel' }, train, shape);
    expect(thresholds).toEqual(Float64Array.of(3, 30, 3, 30, 3, 30));
    const even: BinarizerConfig = { kind: 'thermometer', levels: 2, thresholds: 'even' };
    const steps = [1, 3.5, 10, 35];
    expect([...(fitBinarizer(even, train, shape).thresholds ?? [])]).toEqual([...steps, ...steps, ...steps]);
  });

  it('quantiles of a sequence are over its steps, too', () => {
    const train = matrix([
      [5, 10, 1, 20],
      [3, 40, 7, 30],
    ]);
    const config: BinarizerConfig = { kind: 'thermometer', levels: 3, thresholds: 'quantile' };
    const shape: Shape = { kind: 'sequence', steps: 2, of: vector(2) };
    // 1 3 5 7 and 10 20 30 40 by quarters
    const step = [1, 3, 5, 10, 20, 30];
    expect([...(fitBinarizer(config, train, shape).thresholds ?? [])]).toEqual([...step, ...step]);
  });

  it('per channel where channels come last', () => {
    const train = matrix([[0, 10, 2, 20, 4, 30]]);
    const shape: Shape = { kind: 'image', channels: 2, height: 1, width: 3, interleaved: 2 };
    const { thresholds } = fitBinarizer({ kind: 'median', per: 'channel' }, train, shape);
    expect(thresholds).toEqual(Float64Array.of(2, 20, 2, 20, 2, 20));
  });

  it.each([Float32Array, Uint8Array])('per image: of each sample alone (%o)', (Type) => {
    const train = matrix([[0, 0, 0, 0]], Type);
    const binarizer = fitBinarizer({ kind: 'median', per: 'image' }, train, image(1, 2, 2));
    expect(binarizer.thresholds).toBeUndefined();
    expect(
      rowsOf(
        binarizer.apply(
          matrix(
            [
              [1, 2, 3, 4],
              [7, 7, 7, 8],
            ],
            Type,
          ),
        ),
      ),
    ).toEqual([
      [-1, -1, 1, 1],
      [-1, -1, -1, 1],
    ]);
  });

  it('per feature equals sorting, for bytes and floats, and sets at most half of the training bits', () => {
    fc.assert(
      fc.property(anyMatrix, (train) => {
        const binarizer = fitBinarizer({ kind: 'median', per: 'feature' }, train, vector(train.columns));
        const columns = Array.from({ length: train.columns }, (_, c) => rowsOf(train).map((row) => row[c]));
        const medians = columns.map((column) => quantileBySorting(column, 1, 2));
        expect([...(binarizer.thresholds ?? [])]).toEqual(medians);
        const bits = rowsOf(binarizer.apply(train));
        expect(bits).toEqual(rowsOf(train).map((row) => row.map((x, c) => (x > medians[c] ? 1 : -1))));
        for (let c = 0; c < train.columns; c++) {
          expect(bits.filter((row) => row[c] === 1).length * 2).toBeLessThanOrEqual(train.rows);
        }
      }),
    );
  });
});

describe('thermometer', () => {
  it('even, for vectors: thresholds over the range of each feature', () => {
    const train = matrix([
      [0, 10],
      [8, 14],
      [4, 12],
    ]);
    const config: BinarizerConfig = { kind: 'thermometer', levels: 4, thresholds: 'even' };
    const binarizer = fitBinarizer(config, train, vector(2));
    expect(binarizer.thresholds).toEqual(Float64Array.of(0, 2, 4, 6, 10, 11, 12, 13));
    expect(binarizer.outputColumns).toBe(8);
    expect(rowsOf(binarizer.apply(matrix([[4, 12.5]])))).toEqual([[1, 1, -1, -1, 1, 1, 1, -1]]);
    // Values outside the training range are as if on its edge.
    expect(rowsOf(binarizer.apply(matrix([[-5, 99]])))).toEqual([[-1, -1, -1, -1, 1, 1, 1, 1]]);
  });

  it('even, for images: thresholds over the range of the channel', () => {
    const train = matrix(
      [
        [0, 10, 7, 7],
        [2, 4, 7, 7],
      ],
      Uint8Array,
    );
    const config: BinarizerConfig = { kind: 'thermometer', levels: 2, thresholds: 'even' };
    const binarizer = fitBinarizer(config, train, image(2, 1, 2));
    expect(binarizer.thresholds).toEqual(Float64Array.of(0, 5, 0, 5, 7, 7, 7, 7));
  });

  it('quantile: the lower quantiles of each feature', () => {
    const train = matrix([[1], [2], [3], [4], [5], [6], [7], [8]]);
    const config: BinarizerConfig = { kind: 'thermometer', levels: 3, thresholds: 'quantile' };
    const binarizer = fitBinarizer(config, train, vector(1));
    expect(binarizer.thresholds).toEqual(Float64Array.of(2, 4, 6));
    expect(rowsOf(binarizer.apply(matrix([[2], [2.5], [6.5]])))).toEqual([
      [-1, -1, -1],
      [1, -1, -1],
      [1, 1, 1],
    ]);
  });

  it('quantile equals sorting; its bits are a thermometer; one level is the median per feature', () => {
    fc.assert(
      fc.property(anyMatrix, fc.integer({ min: 1, max: 9 }), (train, levels) => {
        const config: BinarizerConfig = { kind: 'thermometer', levels, thresholds: 'quantile' };
        const binarizer = fitBinarizer(config, train, vector(train.columns));
        const rows = rowsOf(train);
        const expected = rows[0].flatMap((_, c) =>
          Array.from({ length: levels }, (_, i) =>
            quantileBySorting(
              rows.map((row) => row[c]),
              i + 1,
              levels + 1,
            ),
          ),
        );
        expect([...(binarizer.thresholds ?? [])]).toEqual(expected);
        const packed = binarizer.apply(train);
        const bits = rowsOf(packed);
        expect(bits).toEqual(
          rows.map((row) =>
            expected.map((threshold, o) => (row[Math.floor(o / levels)] > threshold ? 1 : -1)),
          ),
        );
        for (const row of bits) {
          row.forEach((bit, o) => {
            if (o % levels > 0) expect(bit).toBeLessThanOrEqual(row[o - 1]);
          });
        }
        if (levels === 1) {
          const median = fitBinarizer({ kind: 'median', per: 'feature' }, train, vector(train.columns));
          expect(median.thresholds).toEqual(binarizer.thresholds);
        }
      }),
      { numRuns: 50 },
    );
  });
});
