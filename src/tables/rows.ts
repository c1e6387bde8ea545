import { ArgumentError } from '../core/errors.js';
import type { Cell, Row } from '../core/row.js';
import { checkRows } from '../statistics/group-rows.js';

/** Rows that all have the same columns, in the same order. */
export interface AlignedRows {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/**
 * Brings rows to one set of columns: those of the first row in its order, then what later rows add, as it comes. Cells are found by
 * their names, never by their place; what a row lacks is null.
 * @throws ArgumentError when there are no rows, and for a cell that is no text, number, truth value or null
 */
export function alignRows(rows: readonly Row[]): AlignedRows {
  checkRows(rows);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const aligned = rows.map((row, i) =>
    Object.fromEntries(columns.map((column) => [column, checkedCell(row[column], i, column)])),
  );
  return { columns, rows: aligned };
}

function checkedCell(cell: unknown, row: number, column: string): Cell {
  if (cell === undefined) return null;
  if (cell === null || ['string', 'number', 'boolean'].includes(typeof cell)) return cell as Cell;
  throw new ArgumentError(`rows[${row}].${column}`, 'a text, a number or null', cell);
}
