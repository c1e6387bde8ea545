import { ArgumentError } from '../bits/errors.js';
import type { Cell, Row } from './rows.js';

/**
 * Rows as a Markdown table; columns in the order of the first row's keys.
 * @throws ArgumentError when there are no rows
 */
export function markdownTable(rows: readonly Row[]): string {
  const [first] = rows;
  if (!first) throw new ArgumentError('rows', 'at least one row', rows);
  const columns = Object.keys(first);
  const lines = [
    columns,
    columns.map((column) => (typeof first[column] === 'number' ? '---:' : '---')),
    ...rows.map((row) => columns.map((column) => markdownCell(row[column]))),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function markdownCell(cell: Cell): string {
  if (cell === null) return '–';
  return String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ');
}
