import { ArgumentError } from '../core/errors.js';
import type { Cell, Row } from '../core/row.js';
import { groupRows, numberOf, pick } from '../statistics/group-rows.js';
import { repeatedRows } from '../statistics/repeated-rows.js';
import { mean, standardDeviation } from '../statistics/sample.js';

/** Cells besides the seed that tell in a message which rows are meant. */
const NAMED_CELLS = 3;

/** Mean and sample standard deviation; `sd` is null where there is only one value. */
export interface Summary {
  readonly mean: number;
  readonly sd: number | null;
}

/**
 * Mean and standard deviation of a column over seeds.
 * @param rows - at least one
 * @throws ArgumentError when two rows have the same `seed`: they differ in something that the figure does not show
 * @throws ArgumentError for a cell that is no finite number
 */
export function overSeeds(rows: readonly Row[], column: string): Summary {
  const seeds = rows.map((row) => ('seed' in row ? row.seed : row));
  const repeated = rows.find((_, i) => seeds.indexOf(seeds[i]) < i);
  if (repeated !== undefined) {
    const twins = rows.filter((_, i) => seeds[i] === seeds[rows.indexOf(repeated)]);
    const expected = 'one row per seed at each point; keep one setting or show its column';
    throw repeatedRows('rows', expected, commonCells(twins, column), twins, [column]);
  }
  const values = rows.map((row) => numberOf(row, column));
  return { mean: mean(values), sd: standardDeviation(values) };
}

/** The mean over seeds where an axis is logarithmic. @throws ArgumentError as `overSeeds`, and for a mean of 0 or less */
export function positiveMean(rows: readonly Row[], column: string): number {
  const { mean: value } = overSeeds(rows, column);
  if (value > 0) return value;
  throw new ArgumentError(column, 'a mean over seeds above 0', value);
}

/** What rows of one point and seed have in common: the first cells, which say where, and the seed. */
function commonCells(rows: readonly Row[], value: string): Row {
  const common = Object.keys(rows[0]).filter(
    (column) => column !== value && column !== 'seed' && rows.every((row) => row[column] === rows[0][column]),
  );
  return pick(rows[0], [...common.slice(0, NAMED_CELLS), ...('seed' in rows[0] ? ['seed'] : [])]);
}

/** Rows by what a column holds, written as text, in order of first appearance. */
export function groupByText<R extends Row>(rows: readonly R[], column: string): [string, readonly R[]][] {
  return groupRows(rows, [column]).map(({ key, rows: own }) => [String(key[column]), own]);
}

/**
 * Rows by the number in a column, ascending.
 * @throws ArgumentError for a cell that is no finite number
 */
export function groupByNumber<R extends Row>(rows: readonly R[], column: string): [number, readonly R[]][] {
  return groupRows(rows, [column])
    .map(({ key, rows: own }): [number, readonly R[]] => [numberOf(key, column), own])
    .sort(([a], [b]) => a - b);
}

/**
 * Different values of a column: numbers ascending, anything else in order of first appearance.
 * @throws ArgumentError for two that a figure would show as one: 1 and '1', null and 'null'
 */
export function levels(rows: readonly Row[], column: string): Cell[] {
  const found = [...new Set(rows.map((row) => row[column]))];
  const shown = new Map<string, Cell>();
  for (const level of found) {
    const text = String(level);
    if (shown.has(text)) {
      const both = [shown.get(text), level];
      throw new ArgumentError(`rows.${column}`, 'values of one kind, which differ as texts', both);
    }
    shown.set(text, level);
  }
  return found.every((level) => typeof level === 'number')
    ? found.sort((a, b) => Number(a) - Number(b))
    : found;
}
