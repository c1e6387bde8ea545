import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { randomStreams } from '../../../src/core/random.js';
import type { RealRows } from '../../../src/rules/rule.js';
import { permuteColumns } from '../../../src/training/tasks/permute-columns.js';

const stream = randomStreams(1).stream('test');

function realRows(rows: readonly (readonly number[])[]): RealRows {
  return {
    rows: rows.length,
    columns: rows[0].length,
    copyRow: (row, target, offset) => target.set(rows[row], offset),
  };
}

describe('permuteColumns', () => {
  it('takes column c from column order[c]', () => {
    const bits = BitMatrix.fromSigns([
      [1, -1, -1, -1],
      [1, 1, -1, -1],
    ]);
    expect(permuteColumns(bits, Uint32Array.of(2, 3, 0, 1))).toEqual(
      BitMatrix.fromSigns([
        [-1, -1, 1, -1],
        [-1, -1, 1, 1],
      ]),
    );
  });

  it.each([1, 31, 32, 33, 64, 65, 130])('moves %i bits of a row as it would single ones', (columns) => {
    const bits = stream.signs(5, columns);
    const order = stream.permutation(columns);
    const one = Array.from({ length: 5 }, (_, row) => Array.from(order, (column) => bits.get(row, column)));
    expect(permuteColumns(bits, order)).toEqual(BitMatrix.fromSigns(one));
  });

  it('permutes real rows where they are written', () => {
    const permuted = permuteColumns(
      realRows([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      Uint32Array.of(2, 0, 1),
    ) as RealRows;
    const target = new Float32Array(5);
    permuted.copyRow(1, target, 1);
    expect([...target]).toEqual([0, 6, 4, 5, 0]);
    expect(permuted).toMatchObject({ rows: 2, columns: 3 });
  });

  it.each([[[0, 1]], [[0, 1, 1]], [[0, 1, 3]], [[0, 1, 2, 3]]])(
    'refuses the order %j of 3 columns',
    (order) => {
      expect(() => permuteColumns(new BitMatrix(1, 3), Uint32Array.from(order))).toThrow(
        /^order: expected each of 3 columns once, got Uint32Array/,
      );
    },
  );
});
