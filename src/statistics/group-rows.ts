import { ArgumentError } from '../core/errors.js';
import type { Cell, Row } from '../core/row.js';

/** Cells that tell a row from others in a message: those of rows of runs say which run. */
const NAMED_CELLS = 4;

/** Rows that are equal in some columns. */
export interface RowGroup<R extends Row = Row> {
  /** What they are equal in: these columns only. */
  readonly key: Row;
  readonly rows: readonly R[];
}

/**
 * Rows put together by what they hold in some columns; groups and their rows in the order in which they come first.
 * @throws ArgumentError for a column that a row does not have
 */
export function groupRows<R extends Row>(rows: readonly R[], columns: readonly string[]): RowGroup<R>[] {
  const groups = new Map<string, { key: Row; rows: R[] }>();
  for (const row of rows) {
    const key = pick(row, columns);
    const id = keyText(key, columns);
    const group = groups.get(id);
    if (group) group.rows.push(row);
    else groups.set(id, { key, rows: [row] });
  }
  return [...groups.values()];
}

/** These columns of a row alone. @throws ArgumentError for a column that it does not have */
export function pick(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, cellOf(row, column)]));
}

/** Equal for rows that are equal in these columns, and for no others: the number 1 is not the text 1. */
export function keyText(row: Row, columns: readonly string[]): string {
  return JSON.stringify(columns.map((column) => cellOf(row, column)));
}

/** The cell of a row in a column. @throws ArgumentError when the row has no such column */
export function cellOf(row: Row, column: string): Cell {
  const cell = row[column];
  if (cell === undefined) throw new ArgumentError('column', `one of ${Object.keys(row).join(', ')}`, column);
  return cell;
}

/** The number of a row in a column. @throws ArgumentError when the row has no such column, or no finite number in it */
export function numberOf(row: Row, column: string): number {
  const cell = cellOf(row, column);
  if (typeof cell === 'number' && Number.isFinite(cell)) return cell;
  const first = Object.fromEntries(Object.entries(row).slice(0, NAMED_CELLS));
  throw new ArgumentError(column, `a finite number in the row of ${describeKey(first)}`, cell);
}

/** @throws ArgumentError when the row has no such column, or something else than a finite number or null in it */
export function numberOrNull(row: Row, column: string): number | null {
  return cellOf(row, column) === null ? null : numberOf(row, column);
}

/** `rule bep, seed 3`: for messages. */
export function describeKey(key: Row): string {
  return Object.entries(key)
    .map(([column, cell]) => `${column} ${cell}`)
    .join(', ');
}

/** @throws ArgumentError when there are no rows, or a promise of some */
export function checkRows(rows: readonly unknown[], argument = 'rows'): void {
  if (rows instanceof Promise) throw new ArgumentError(argument, 'rows', rows);
  if (rows.length === 0) throw new ArgumentError(argument, 'at least one row', rows);
}

/** @throws ArgumentError when a column to group by is called like one of the results */
export function checkNames(argument: string, columns: readonly string[], results: Row): void {
  const taken = columns.find((column) => column in results);
  if (taken === undefined) return;
  throw new ArgumentError(
    argument,
    `no column called like a result (${Object.keys(results).join(', ')})`,
    taken,
  );
}
