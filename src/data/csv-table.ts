import Papa from 'papaparse';
import { DataError } from '../core/errors.js';
import { checkHeader, rowLengthHint } from './csv-header.js';
import { decodeText } from './decode-text.js';
import { refuseForeignFormat } from './foreign-format.js';
import type { SourceFile } from './source-file.js';

/** A CSV file as text: a header and at least one row, each as long as the header. */
export interface CsvTable {
  readonly file: string;
  /** Column names, none empty, none twice. */
  readonly header: readonly string[];
  readonly rows: readonly CsvRow[];
}

/** One record of a CSV file. */
export interface CsvRow {
  /** The line it starts on, counted from 1 with the header; a quoted field may hold line breaks. */
  readonly line: number;
  /** One text per column. */
  readonly fields: readonly string[];
}

/**
 * Reads a comma-separated UTF-8 file with a header. Lines may end in any way. Blank lines are skipped.
 * @throws DataError when it is no UTF-8, a quote stays open, a row is shorter or longer than the header, the first line is no header
 *   (see `checkHeader`), or there are no rows
 */
export function parseCsvTable(source: SourceFile): CsvTable {
  const { file } = source;
  refuseForeignFormat(source, 'comma-separated text');
  const [header, ...rows] = parseRows(decodeText(source), file);
  if (!header) throw new DataError(file, 'is empty');
  const names = header.fields.map((name) => name.trim());
  checkHeader(names, file);
  if (rows.length === 0) throw new DataError(file, 'holds no samples: a header, but no rows');
  for (const { fields, line } of rows) {
    if (fields.length === names.length) continue;
    const problem = `line ${line}: ${fields.length} fields, but the header has ${names.length}`;
    throw new DataError(file, problem + rowLengthHint(names, fields));
  }
  return { file, header: names, rows };
}

function parseRows(text: string, file: string): CsvRow[] {
  // Fixed: left to guess, papaparse splits "1;5,2" differently from file to file, and takes the first line's end for all.
  const { data, errors } = Papa.parse<string[]>(text, { delimiter: ',', newline: '\n' });
  const rows: CsvRow[] = [];
  const lines: number[] = [];
  let line = 1;
  for (const fields of data) {
    lines.push(line);
    if (fields.length > 1 || fields[0].trim() !== '') rows.push({ line, fields });
    line += 1 + fields.reduce((breaks, field) => breaks + lineBreaks(field), 0);
  }
  const [error] = errors;
  if (error) throw new DataError(file, `line ${lines[error.row ?? 0] ?? 1}: ${error.message}`);
  return rows;
}

function lineBreaks(field: string): number {
  return field.includes('\n') ? field.split('\n').length - 1 : 0;
}
