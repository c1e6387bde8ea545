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

const ENCODERS: Readonly<Record<string, (content: readonly Row[] | FormattedTable, name: string) => string>> =
  {
    '.md': markdownTable,
    '.csv': csvTable,
    '.tex': (content, name) => latexTable(content, { label: labelOf(name) }),
    '.html': htmlTable,
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
export async function saveTable(content: SavedTable, file: string): Promise<string[]> {
  const { name, extension } = splitExtension(file, Object.keys(ENCODERS));
  const extensions = extension === undefined ? ['.md', '.csv', '.tex'] : [extension];
  const laidOut = content instanceof FormattedTable ? content : asRows('rows', content);
  const texts = extensions.map((each) => ENCODERS[each](laidOut, path.basename(name)));
  const files = extensions.map((each) => `${name}${each}`);
  for (const [i, each] of files.entries()) await writeFileAtomically(each, texts[i]);
  return savedFiles(files);
}

function csvTable(content: readonly Row[] | FormattedTable): string {
  const csv = table(content instanceof FormattedTable ? content.rows : content).toCSV();
  return csv.endsWith('\n') ? csv : `${csv}\n`;
}
