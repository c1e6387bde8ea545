import { type ConfigColumns, configCell } from '../analysis/config-columns.js';
import { type RunRow, runRows } from '../analysis/rows.js';
import { ArgumentError } from '../bits/errors.js';
import type { Cell, Row } from '../bits/row.js';
import type { RunRecord } from '../experiments/record.js';

/**
 * Some columns of `runRows`, and fields of the configurations: null where a run has no such field.
 * @returns one row per run, sorted by its cells from the first column on
 * @throws ArgumentError when there are no runs
 */
export function reportRows(
  records: readonly RunRecord[],
  columns: readonly (keyof RunRow & string)[],
  fields: ConfigColumns,
): Row[] {
  if (records.length === 0) throw new ArgumentError('records', 'at least one run', records);
  return runRows(records)
    .map((row, i) => ({
      ...Object.fromEntries(columns.map((column) => [column, row[column]])),
      ...Object.fromEntries(
        Object.entries(fields).map(([column, path]) => [column, configCell(records[i].config, path)]),
      ),
    }))
    .sort(byCells);
}

/** From the first column on. */
function byCells(one: Row, other: Row): number {
  for (const column of Object.keys(one)) {
    const order = compareCells(one[column], other[column]);
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
