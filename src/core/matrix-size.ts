import { checkInteger } from './check.js';
import { ArgumentError } from './errors.js';

/**
 * The most bytes of a matrix, on every backend: 4 GiB. A JavaScript engine makes no longer buffer (V8 of Node 20 ends the process where
 * native code asks for one), and WebAssembly has no more memory in all.
 */
export const MOST_MATRIX_BYTES: number = 2 ** 32;

/**
 * How many entries a matrix takes, judged by arithmetic before any of it is allocated.
 * @param rowEntries - entries of the array that a row takes
 * @throws ArgumentError for sizes out of range, and for a matrix of more than `MOST_MATRIX_BYTES`
 */
export function matrixEntries(rows: number, columns: number, rowEntries: number, entryBytes: number): number {
  checkInteger('rows', rows, 0);
  checkInteger('columns', columns, 1);
  const entries = rows * rowEntries;
  if (entries * entryBytes <= MOST_MATRIX_BYTES) return entries;
  const received = `[${rows}, ${columns}], ${bytesText(entries * entryBytes)}`;
  throw new ArgumentError('shape', `a matrix of at most ${bytesText(MOST_MATRIX_BYTES)}`, received);
}

/** An amount of memory in words: `4.00 GiB`, `12 MiB`. */
export function bytesText(bytes: number): string {
  if (bytes < 2 ** 20) return `${Math.ceil(bytes / 2 ** 10)} KiB`;
  if (bytes < 2 ** 30) return `${Math.ceil(bytes / 2 ** 20)} MiB`;
  return `${(bytes / 2 ** 30).toFixed(bytes < 2 ** 50 ? 2 : 0)} GiB`;
}
