import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { Float32Matrix } from '../../src/core/float-matrix.js';
import { Int16Matrix, Int32Matrix } from '../../src/core/int-matrix.js';
import { bytesText, matrixEntries } from '../../src/core/matrix-size.js';

describe('matrixEntries', () => {
  it('counts entries up to 4 GiB, by arithmetic alone', () => {
    expect(matrixEntries(46_341, 46_340, 46_340, 2)).toBe(46_341 * 46_340);
    expect(matrixEntries(2 ** 16, 2 ** 15, 2 ** 15, 2)).toBe(2 ** 31);
    expect(() => matrixEntries(46_400, 46_400, 46_400, 2)).toThrow(
      "shape: expected a matrix of at most 4.00 GiB, got '[46400, 46400], 4.01 GiB'",
    );
    expect(() => matrixEntries(1e9, 1e9, 1e9, 4)).toThrow(/^shape: expected a matrix of at most 4\.00 GiB/);
  });

  it('is asked by every matrix before it is made', () => {
    for (const make of [
      () => new Int16Matrix(2 ** 20, 2 ** 12),
      () => new Int32Matrix(2 ** 20, 2 ** 11),
      () => new Float32Matrix(2 ** 20, 2 ** 11),
      () => new BitMatrix(2 ** 24, 2 ** 12),
    ]) {
      expect(make).toThrow(/^shape: expected a matrix of at most 4\.00 GiB/);
    }
  });
});

describe('bytesText', () => {
  it.each([
    [1, '1 KiB'],
    [2 ** 18, '256 KiB'],
    [2 ** 20 + 1, '2 MiB'],
    [1.5 * 2 ** 30, '1.50 GiB'],
    [2 ** 60, '1073741824 GiB'],
  ])('%i', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });
});
