import type { ColumnTable } from 'arquero';
import type { DataFrame } from 'danfojs-node';
import { ArgumentError } from '../core/errors.js';
import type { Cell, Row } from '../core/row.js';
import { loadDanfojs } from './danfojs.js';
import { alignRows } from './rows.js';

/** What a danfojs frame works with itself. A column of such a name would take its place, as each is a property of the frame. */
const OWN_PROPERTIES: ReadonlySet<string> = new Set([
  ...['index', 'columns', 'values', 'shape', 'dtypes', 'column', 'groupby', 'sortValues'],
  ...['constructor', 'toString', '__proto__'],
]);

/**
 * Rows as a danfojs-node data frame. A column for each name that occurs in any row; what a row lacks is missing. In a
 * column of numbers missing is NaN, which danfojs skips as pandas does; in others it is null.
 * @throws ArgumentError when there are no rows, for a cell that is no text, number, truth value or null, and for a column that would
 *   take the place of what the frame itself works with (`index`, `columns`, `values`, …)
 */
export function dataFrame(rows: readonly Row[]): DataFrame {
  const { columns, rows: aligned } = alignRows(rows);
  const taken = columns.find((column) => OWN_PROPERTIES.has(column) || column.startsWith('$'));
  if (taken !== undefined) {
    throw new ArgumentError('rows', 'columns of other names than a danfojs frame needs itself', taken);
  }
  const { DataFrame } = loadDanfojs();
  const values = columns.map((column) => aligned.map((row) => row[column]));
  const dtypes = values.map(typeOf);
  const data = values.map((cells, i) =>
    dtypes[i] === 'float32' ? cells.map((cell) => cell ?? Number.NaN) : cells,
  );
  const frame = Object.fromEntries(columns.map((column, i) => [column, data[i]]));
  return new DataFrame(frame, { columns: [...columns], dtypes });
}

/** By all cells of a column; danfojs itself would look at the first few. `float32` is its name for any number. */
function typeOf(cells: readonly Cell[]): string {
  const present = cells.filter((cell) => cell !== null);
  if (present.every((cell) => typeof cell === 'number')) {
    return present.length === cells.length && present.every(Number.isInteger) ? 'int32' : 'float32';
  }
  return present.length === cells.length && present.every((cell) => typeof cell === 'boolean')
    ? 'boolean'
    : 'string';
}

/**
 * Rows as an arquero table. A column for each name that occurs in any row; what a row lacks is null, which arquero skips.
 * @throws ArgumentError when there are no rows, or for a cell that is no text, number, truth value or null
 */
export function table(rows: readonly Row[]): ColumnTable {
  const { columns, rows: aligned } = alignRows(rows);
  // Loaded on first use: most programs need none.
  const arquero = require('arquero') as typeof import('arquero');
  return arquero.table(columns.map((column) => [column, aligned.map((row) => row[column])]));
}
