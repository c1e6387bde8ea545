import { ArgumentError } from '../core/errors.js';
import type { Row } from '../core/row.js';
import { describeKey, keyText, pick } from './group-rows.js';

/** What runs are measured by: that two rows differ in these is no reason why there are two. */
const MEASURED: ReadonlySet<string> = new Set([
  ...['testAccuracy', 'validationAccuracy', 'trainAccuracy', 'accuracy', 'loss'],
  ...['trainSeconds', 'trainMs', 'memoryMegabytes', 'booleanGates'],
  ...['flips', 'flipPercent', 'triggerPercent', 'boundPercent', 'weights', 'percent'],
]);

const SHOWN_LEVELS = 4;

/**
 * The error for rows where one is expected: it names the columns that make them differ.
 * @param argument - what the rows are called
 * @param expected - `one row for each rule, seed`
 * @param key - what they have in common
 * @param rows - at least two
 * @param shown - columns that are shown, which are no reason either
 */
export function repeatedRows(
  argument: string,
  expected: string,
  key: Row,
  rows: readonly Row[],
  shown: readonly string[] = [],
): ArgumentError {
  const place = describeKey(key);
  const reason = differenceOf(rows, [...Object.keys(key), ...shown]);
  return new ArgumentError(argument, `${expected} (${place && `for ${place} `}${reason})`, rows.length);
}

function differenceOf(rows: readonly Row[], known: readonly string[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const differing = columns.filter(
    (column) => !known.includes(column) && new Set(rows.map((row) => row[column])).size > 1,
  );
  const settings = differing.filter((column) => !MEASURED.has(column));
  if (settings.length > 0) {
    return `they differ in ${settings.map((column) => `\`${column}\`: ${levelsOf(rows, column)}`).join('; ')}`;
  }
  const same = rows.every(
    (row) => keyText(pick(row, Object.keys(row)), columns) === keyText(rows[0], columns),
  );
  return same
    ? 'they are the same in every column'
    : 'they differ in what was measured only: what was varied is no column; `columns` of runRows makes it one';
}

function levelsOf(rows: readonly Row[], column: string): string {
  const levels = [...new Set(rows.map((row) => row[column]))].map(String);
  return `${levels.slice(0, SHOWN_LEVELS).join(', ')}${levels.length > SHOWN_LEVELS ? ', …' : ''}`;
}
