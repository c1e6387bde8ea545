import path from 'node:path';
import type { Row } from '../../core/row.js';
import { type AnyRows, asRows } from '../../statistics/any-rows.js';
import { FormattedTable } from '../../tables/formatted-table.js';
import { table } from '../../tables/frames.js';
import { htmlTable } from '../../tables/html.js';
import { labelOf, latexTable } from '../../tables/latex.js';
import { markdownTable } from '../../tables/markdown.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import { savedFiles } from './saved-files.js';
import { splitExtension } from './split-extension.js';

/** What can be saved: rows, a table or frame of them, or a table that is laid out already. */
export type SavedTable = AnyRows | FormattedTable;

/** How tables are written. */
export interface SaveTableOptions {
  /**
   * In CSV, put an apostrophe before texts that a spreadsheet would take for a formula: those that begin with =, +, -, @, a tab or a
   * carriage return. Default false: every text as it is.
   */
  readonly defuseFormulas?: boolean | undefined;
}

type Encoder = (content: readonly Row[] | FormattedTable, name: string, options: SaveTableOptions) => string;

const ENCODERS: Readonly<Record<string, Encoder>> = {
  '.md': (content) => markdownTable(content),
  '.csv': (content, _, options) => csvTable(content, options),
  '.tex': (content, name) => latexTable(content, { label: labelOf(name) }),
  '.html': (content) => htmlTable(content),
};

/**
 * Writes a table in the format that the file's extension names, whole or not at all: `.md` and `.html` for reading,
 * `.tex` for a paper (booktabs; `\label{tab:NAME}` where it has a caption, a hyphen for what a label cannot hold), `.csv` for computing: of a formatted table
 * the rows behind it, with every digit.
 * @param content - rows, an arquero table, a danfojs data frame, or a formatted table
 * @param file - folders on the way are made; without an extension, `.md`, `.csv` and `.tex` are written
 * @returns the files written; as the value of a cell, links to them
 * @throws ArgumentError when there are no rows, and for any other extension
 * @throws EnvironmentError when a file cannot be written
 */
export async function saveTable(
  content: SavedTable,
  file: string,
  options: SaveTableOptions = {},
): Promise<string[]> {
  const { name, extension } = splitExtension(file, Object.keys(ENCODERS));
  const extensions = extension === undefined ? ['.md', '.csv', '.tex'] : [extension];
  const laidOut = content instanceof FormattedTable ? content : asRows('rows', content);
  const texts = extensions.map((each) => ENCODERS[each](laidOut, path.basename(name), options));
  const files = extensions.map((each) => `${name}${each}`);
  for (const [i, each] of files.entries()) await writeFileAtomically(each, texts[i]);
  return savedFiles(files);
}

function csvTable(content: readonly Row[] | FormattedTable, { defuseFormulas }: SaveTableOptions): string {
  const rows = content instanceof FormattedTable ? content.rows : content;
  const csv = table(defuseFormulas ? rows.map(defused) : rows).toCSV();
  return csv.endsWith('\n') ? csv : `${csv}\n`;
}

const FORMULA = /^[=+\-@\t\r]/;

function defused(row: Row): Row {
  const cells = Object.entries(row).map(([column, cell]) => [
    column,
    typeof cell === 'string' && FORMULA.test(cell) ? `'${cell}` : cell,
  ]);
  return Object.fromEntries(cells) as Row;
}
