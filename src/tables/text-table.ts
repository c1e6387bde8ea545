import type { Cell, Row } from '../core/row.js';
import { alignRows } from './rows.js';

/** A cell as it is read; nothing in it is markup. */
export interface TextCell {
  readonly text: string;
  /** Numbers stand on the right. Default false. */
  readonly isNumber?: boolean;
  /** Set in bold. Default false. */
  readonly isBest?: boolean;
  /** Follows the text, never in bold. */
  readonly note?: string;
}

/** A table for people, before it takes the form of HTML, LaTeX or Markdown. */
export interface TextTable {
  /** Says what the cells are; empty for none. */
  readonly caption: string;
  readonly headings: readonly string[];
  /** How many of the first columns name the rows. */
  readonly headColumns: number;
  /** Rows of cells, one for each heading. */
  readonly body: readonly (readonly TextCell[])[];
}

/** What can be written as a table: plain rows, or cells made up already. */
export type Tabular = readonly Row[] | TextTable;

/**
 * Plain rows as they are, with every digit. A column for each name that occurs in any row; what a row lacks is shown as null is.
 * @throws ArgumentError when there are no rows
 */
export function textTable(tabular: Tabular): TextTable {
  if (!isRows(tabular)) return tabular;
  const { columns, rows } = alignRows(tabular);
  return {
    caption: '',
    headings: columns,
    headColumns: 0,
    body: rows.map((row) => columns.map((column) => textCell(row[column]))),
  };
}

/** Whether each column holds numbers, and is set to the right. */
export function areNumbers({ headings, body }: TextTable): boolean[] {
  return headings.map((_, column) => body.some((cells) => cells[column].isNumber));
}

/** `isArray` does not tell apart what is read-only. */
export function isRows(tabular: Tabular): tabular is readonly Row[] {
  return Array.isArray(tabular);
}

function textCell(cell: Cell): TextCell {
  return { text: cell === null ? '–' : String(cell), isNumber: typeof cell === 'number' };
}
