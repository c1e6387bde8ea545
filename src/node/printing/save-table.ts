import path from 'node:path';
import { ArgumentError } from '../../core/errors.js';
import type { Row } from '../../core/row.js';
import { FormattedTable } from '../../tables/formatted-table.js';
import { table } from '../../tables/frames.js';
import { htmlTable } from '../../tables/html.js';
import { latexTable } from '../../tables/latex.js';
import { markdownTable } from '../../tables/markdown.js';
import { writeFileAtomically } from '../files/atomic-file.js';

type SavedTable = readonly Row[] | FormattedTable;

const ENCODERS: Readonly<Record<string, (content: SavedTable, name: string) => string>> = {
  '.md': markdownTable,
  '.csv': csvTable,
  '.tex': (content, name) => latexTable(content, { label: `tab:${name}` }),
  '.html': htmlTable,
};

/**
 * Writes a table in the format that the file's extension names, whole or not at all: `.md` and `.html` for reading,
 * `.tex` for a paper (booktabs; `\label{tab:NAME}` where it has a caption), `.csv` for computing: of a formatted table
 * the rows behind it, with every digit.
 * @param content - rows, or a formatted table
 * @param file - folders on the way are made; without an extension, `.md`, `.csv` and `.tex` are written
 * @throws ArgumentError when there are no rows, and for any other extension
 * @throws EnvironmentError when a file cannot be written
 */
export async function saveTable(content: SavedTable, file: string): Promise<void> {
  const { ext, name } = path.parse(file);
  const files = ext === '' ? ['.md', '.csv', '.tex'].map((extension) => `${file}${extension}`) : [file];
  const texts = files.map((each) => encoder(each)(content, name));
  for (const [i, each] of files.entries()) await writeFileAtomically(each, texts[i]);
}

function encoder(file: string): (content: SavedTable, name: string) => string {
  const { ext } = path.parse(file);
  if (Object.hasOwn(ENCODERS, ext)) return ENCODERS[ext];
  throw new ArgumentError(
    'file',
    `a name that ends in one of ${Object.keys(ENCODERS).join(', ')}, or in none`,
    file,
  );
}

function csvTable(content: SavedTable): string {
  const csv = table(content instanceof FormattedTable ? content.rows : content).toCSV();
  return csv.endsWith('\n') ? csv : `${csv}\n`;
}
