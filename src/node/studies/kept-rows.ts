import { existsSync, readFileSync } from 'node:fs';
import { ArgumentError, DataError } from '../../core/errors.js';
import type { Row } from '../../core/row.js';
import { writeFileAtomically } from '../files/atomic-file.js';

/**
 * The rows that `keepRows` has written, cell by cell the same.
 * @param file - `rows/accuracies.jsonl`
 * @throws DataError when there is no such file, and for a line that is no row or has other columns than the first
 */
export function keptRows(file: string): Row[] {
  if (!existsSync(file))
    throw new DataError(file, 'does not exist; `xnorlab study --keep` or keepRows makes it');
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
 * Keeps rows in a file of their own, so that tables and figures can be made from them on any machine, without training:
 * one row per line, as JSON. What the file held before is replaced.
 * @param file - `rows/accuracies.jsonl`; its folder is made if need be
 * @param rows - at least one, all with the same columns in the same order
 * @throws ArgumentError for rows that could not be read back as they are
 * @throws EnvironmentError when they cannot be written
 */
export async function keepRows(file: string, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) throw new ArgumentError('rows', 'at least one row', rows);
  const columns = Object.keys(rows[0]);
  for (const [i, row] of rows.entries()) checkRow(row, columns, `rows[${i}]`);
  await writeFileAtomically(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
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
