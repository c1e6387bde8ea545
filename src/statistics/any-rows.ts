import { ArgumentError } from '../core/errors.js';
import type { Cell, Row } from '../core/row.js';
import { checkRows } from './group-rows.js';

/** What is used of an arquero table; any other object with these two methods is one, too. */
export interface ArqueroTable {
  columnNames(): string[];
  /** One object per row that the table shows: filtered, in its order. */
  objects(): object[];
}

/** What is used of a danfojs data frame. */
export interface DanfojsFrame {
  readonly columns: readonly string[];
  readonly dtypes: readonly string[];
  /** Row by row. */
  readonly values: unknown;
}

/** Rows in any of the forms in which they are worked with: plain rows, an arquero table, or a danfojs data frame. */
export type AnyRows = readonly Row[] | ArqueroTable | DanfojsFrame;

/**
 * Rows of whatever holds them. Plain rows come back as they are. Of tables and frames, missing (null, undefined, NaN) is
 * null and truth values are the texts `true` and `false`, as in rows of runs.
 * @param argument - what they are called in messages
 * @throws ArgumentError when there are none, for something else, and for a cell of a table or frame that is no text, number or truth value
 */
export function asRows(argument: string, given: AnyRows): readonly Row[] {
  const rows = plainRows(argument, given);
  checkRows(rows, argument);
  return rows;
}

function plainRows(argument: string, given: AnyRows): readonly Row[] {
  if (Array.isArray(given)) return given as readonly Row[];
  if (isArqueroTable(given)) {
    const columns = given.columnNames();
    return given.objects().map((cells, i) => {
      const named = cells as Readonly<Record<string, unknown>>;
      return rowOf(
        columns,
        columns.map((column) => named[column]),
        `${argument}[${i}]`,
      );
    });
  }
  if (isDanfojsFrame(given)) {
    return (given.values as unknown[][]).map((cells, i) => rowOf(given.columns, cells, `${argument}[${i}]`));
  }
  throw new ArgumentError(argument, 'rows, an arquero table or a danfojs data frame', given);
}

function isArqueroTable(given: unknown): given is ArqueroTable {
  const { columnNames, objects } = (given ?? {}) as Partial<ArqueroTable>;
  return typeof columnNames === 'function' && typeof objects === 'function';
}

function isDanfojsFrame(given: unknown): given is DanfojsFrame {
  const { columns, dtypes, values } = (given ?? {}) as Partial<DanfojsFrame>;
  return [columns, dtypes, values].every(Array.isArray) && (values as unknown[]).every(Array.isArray);
}

function rowOf(columns: readonly string[], cells: readonly unknown[], place: string): Row {
  return Object.fromEntries(columns.map((column, i) => [column, cellOf(cells[i], `${place}.${column}`)]));
}

function cellOf(value: unknown, place: string): Cell {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'boolean') return String(value);
  throw new ArgumentError(place, 'a text, a number, a truth value or null', value);
}
