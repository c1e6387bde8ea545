import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ArgumentError, DataError } from '../core/errors.js';
import type { Row } from '../core/row.js';
import { writeFileAtomically } from '../node/files/atomic-file.js';
import { PACKAGE_ROOT } from '../node/files/folders.js';

/** Where rows are kept from which tables and figures are redrawn on any machine, without training. */
export const STORED_ROWS_FOLDER: string = path.join(PACKAGE_ROOT, 'notebooks', 'stored');

/**
 * The file of stored rows, `NAME.jsonl`: one row per line, as JSON.
 * @throws ArgumentError for a name that is more than that
 */
export function storedRowsFile(name: string, folder: string = STORED_ROWS_FOLDER): string {
  if (!/^\w[\w.-]*$/.test(name)) {
    throw new ArgumentError('name', 'letters, digits, points and hyphens', name);
  }
  return path.join(folder, `${name}.jsonl`);
}

/** Whether rows are stored under a name. */
export function hasStoredRows(name: string, folder?: string): boolean {
  return existsSync(storedRowsFile(name, folder));
}

/**
 * The rows that `keepRows` stored, cell by cell the same.
 * @param folder - default: `notebooks/stored` of this package
 * @throws DataError when there are none, and for a line that is no row or has other columns than the first
 */
export function loadStoredRows(name: string, folder?: string): Row[] {
  const file = storedRowsFile(name, folder);
  if (!existsSync(file))
    throw new DataError(file, 'does not exist; keepRows or `xnorlab table --keep` makes it');
  const lines = readFileSync(file, 'utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) throw new DataError(file, 'holds no rows');
  const rows = lines.map((line, i) => parseRow(line, `${file}:${i + 1}`));
  const columns = Object.keys(rows[0]).join(', ');
  const other = rows.findIndex((row) => Object.keys(row).join(', ') !== columns);
  if (other >= 0)
    throw new DataError(`${file}:${other + 1}`, `has other columns than the first row (${columns})`);
  return rows;
}

/**
 * Stores rows for `loadStoredRows`; what was stored under that name is replaced.
 * @param rows - at least one, all with the same columns in the same order
 * @param folder - made if need be. Default: `notebooks/stored` of this package
 * @returns the file
 * @throws ArgumentError for rows that could not be read back as they are
 * @throws EnvironmentError when they cannot be written
 */
export async function keepRows(name: string, rows: readonly Row[], folder?: string): Promise<string> {
  const file = storedRowsFile(name, folder);
  if (rows.length === 0) throw new ArgumentError('rows', 'at least one row', rows);
  const columns = Object.keys(rows[0]);
  for (const [i, row] of rows.entries()) checkRow(row, columns, `rows[${i}]`);
  await writeFileAtomically(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
}

function checkRow(row: Row, columns: readonly string[], argument: string): void {
  const own = Object.keys(row);
  if (own.join() !== columns.join()) {
    throw new ArgumentError(argument, `the columns ${columns.join(', ')}`, own.join(', '));
  }
  const wrong = columns.find((column) => !isCell(row[column]));
  if (wrong === undefined) return;
  throw new ArgumentError(`${argument}.${wrong}`, 'a text, a finite number or null', row[wrong]);
}

function parseRow(line: string, place: string): Row {
  const row = parseJson(line, place);
  if (typeof row !== 'object' || row === null || Array.isArray(row)) throw new DataError(place, 'is no row');
  const wrong = Object.entries(row).find(([, cell]) => !isCell(cell));
  if (wrong) throw new DataError(place, `has ${JSON.stringify(wrong[1])} in the column ${wrong[0]}`);
  return row as Row;
}

function parseJson(line: string, place: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (cause) {
    throw new DataError(place, 'is no JSON', { cause });
  }
}

function isCell(value: unknown): boolean {
  return value === null || typeof value === 'string' || Number.isFinite(value);
}
