import type { Cell, Row } from '../core/row.js';
import { cellOf } from './group-rows.js';

/**
 * Orders rows by their cells, as `compareCells` does, from the first of these columns on.
 * @throws ArgumentError for a column that a row does not have
 */
export function compareRows(one: Row, other: Row, columns: readonly string[]): number {
  for (const column of columns) {
    const order = compareCells(cellOf(one, column), cellOf(other, column));
    if (order !== 0) return order;
  }
  return 0;
}

/** Null first, then numbers by size, then texts; of widths, `525,525` is after `35,35` and before `35,35,35`. */
export function compareCells(one: Cell, other: Cell): number {
  const [a, b] = [sortKey(one), sortKey(other)];
  const i = a.findIndex((part, at) => part !== b[at]);
  if (i < 0) return 0;
  return a[i] < b[i] ? -1 : 1;
}

/** Kind of the cell, then numbers, the count of which comes first, or a text. */
function sortKey(cell: Cell): readonly (string | number)[] {
  if (cell === null) return [0];
  const numbers = String(cell).split(',').map(Number);
  if (numbers.some(Number.isNaN)) return [2, String(cell)];
  return [1, numbers.length, ...numbers];
}
