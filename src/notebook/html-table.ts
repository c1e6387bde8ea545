import { htmlTable } from '../tables/html.js';

/** What a danfojs DataFrame or Series offers, and all this file asks of one. */
export interface DataFrameLike {
  readonly columns: readonly unknown[];
  readonly index: readonly unknown[];
  /** Rows of cells; a Series has bare values instead. */
  readonly values: readonly unknown[];
}

/** What an arquero table offers, and all this file asks of one. */
export interface ColumnTableLike {
  columnNames(): string[];
  numRows(): number;
  objects(options: { limit: number }): Record<string, unknown>[];
}

/** Rows of a table shown in a notebook unless said otherwise. */
export const SHOWN_ROWS = 50;

/** Whether a value looks like a danfojs DataFrame or Series. */
export function isDataFrame(value: object): value is DataFrameLike {
  const frame = value as Partial<DataFrameLike>;
  return (
    Array.isArray(frame.columns) &&
    Array.isArray(frame.index) &&
    Array.isArray(frame.values) &&
    frame.index.length === frame.values.length &&
    typeof (value as { print?: unknown }).print === 'function'
  );
}

/** Whether a value looks like an arquero table. */
export function isColumnTable(value: object): value is ColumnTableLike {
  const table = value as Partial<ColumnTableLike>;
  return [table.columnNames, table.numRows, table.objects].every((part) => typeof part === 'function');
}

/** A data frame as an HTML table with its index, cut to `limit` rows, with a note of the rows left out. */
export function frameToHtml(frame: DataFrameLike, limit: number = SHOWN_ROWS): string {
  const rows = frame.values
    .slice(0, limit)
    .map((row, i) => [frame.index[i], ...(Array.isArray(row) ? row : [row])]);
  return shownRows(['', ...frame.columns.map(String)], rows, frame.values.length, 1);
}

/** An arquero table as an HTML table, cut to `limit` rows, with a note of the rows left out. */
export function tableToHtml(table: ColumnTableLike, limit: number = SHOWN_ROWS): string {
  const names = table.columnNames();
  const rows = table.objects({ limit }).map((row) => names.map((name) => row[name]));
  return shownRows(names, rows, table.numRows(), 0);
}

/** One line for clients that cannot show HTML. */
export function frameSummary(frame: DataFrameLike): string {
  return summary(frame.values.length, frame.columns.map(String));
}

/** One line for clients that cannot show HTML. */
export function tableSummary(table: ColumnTableLike): string {
  return summary(table.numRows(), table.columnNames());
}

function summary(rows: number, names: string[]): string {
  return `[table of ${rows} rows: ${names.join(', ')}]`;
}

function shownRows(headings: string[], rows: unknown[][], totalRows: number, headColumns: number): string {
  const left = totalRows - rows.length;
  const body = rows.map((row) =>
    row.map((value) => ({
      text: cellText(value),
      isNumber: typeof value === 'number' || typeof value === 'bigint',
    })),
  );
  const caption = left > 0 ? `${rows.length} of ${totalRows} rows shown, ${left} left out` : '';
  return htmlTable({ caption, headings, headColumns, body });
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (typeof value === 'number' && !Number.isInteger(value)) return String(Number(value.toPrecision(10)));
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
