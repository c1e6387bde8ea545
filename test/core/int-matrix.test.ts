import { describe, expect, it } from 'vitest';
import { Int16Matrix, Int32Matrix } from '../../src/core/int-matrix.js';

for (const [name, Matrix, Values] of [
  ['Int16Matrix', Int16Matrix, Int16Array],
  ['Int32Matrix', Int32Matrix, Int32Array],
] as const) {
  describe(name, () => {
    it('starts as 0', () => {
      const matrix = new Matrix(2, 3);
      expect(matrix.values).toBeInstanceOf(Values);
      expect(Array.from(matrix.values)).toEqual([0, 0, 0, 0, 0, 0]);
      expect(new Matrix(0, 3).values).toHaveLength(0);
    });

    it('keeps rows one after the other', () => {
      const matrix = new Matrix(2, 3);
      matrix.values[1 * 3 + 2] = -7;
      expect([matrix.get(1, 2), matrix.get(1, 1)]).toEqual([-7, 0]);
    });

    it('rejects sizes, values and entries that are wrong', () => {
      const matrix = new Matrix(2, 3);
      expect(() => new Matrix(2, 0)).toThrow('columns: expected an integer of at least 1, got 0');
      expect(() => matrix.get(2, 0)).toThrow('row: expected an integer in [0, 1], got 2');
      expect(() => matrix.get(0, -1)).toThrow('column: expected an integer in [0, 2], got -1');
    });
  });
}

describe('integer matrices on values of the caller', () => {
  it('share them', () => {
    const values = Int32Array.of(1, 2, 3, 4);
    const matrix = new Int32Matrix(2, 2, values);
    values[3] = 9;
    expect(matrix.get(1, 1)).toBe(9);
  });

  it('reject another number of them', () => {
    expect(() => new Int16Matrix(2, 2, new Int16Array(5))).toThrow('values: expected 4 entries, got 5');
    expect(() => new Int32Matrix(-1, 2, new Int32Array(2))).toThrow(
      'rows: expected an integer of at least 0, got -1',
    );
  });
});
