import { mean, standardDeviation } from '../analysis/sample.js';
import { ArgumentError } from '../bits/errors.js';

/** Key of a row's column. */
export type Column<R> = keyof R & string;

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
export function overSeeds<R extends object>(rows: readonly R[], column: Column<R>): Summary {
  const seeds = rows.map((row) => ('seed' in row ? row.seed : row));
  const repeated = rows.find((_, i) => seeds.indexOf(seeds[i]) < i);
  if (repeated !== undefined) {
    throw new ArgumentError(
      'rows',
      'one row per seed at each point; keep one setting or show its column',
      repeated,
    );
  }
  const values = numbers(rows, column);
  return { mean: mean(values), sd: standardDeviation(values) };
}

/** Rows by what `key` says of them, in order of first appearance. */
export function groupBy<R, K>(rows: readonly R[], key: (row: R) => K): Map<K, R[]> {
  const groups = new Map<K, R[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}

/** Groups of rows in ascending order of a numeric key. */
export function groupByNumber<R>(rows: readonly R[], key: (row: R) => number): [number, R[]][] {
  return [...groupBy(rows, key)].sort(([a], [b]) => a - b);
}

/** Different values of a column: numbers ascending, anything else in order of first appearance. */
export function levels<R>(rows: readonly R[], column: Column<R>): unknown[] {
  const found = [...new Set(rows.map((row): unknown => row[column]))];
  return found.every((level) => typeof level === 'number')
    ? found.sort((a, b) => Number(a) - Number(b))
    : found;
}

/**
 * A column as numbers.
 * @throws ArgumentError for the first cell that is no finite number
 */
export function numbers<R>(rows: readonly R[], column: Column<R>): number[] {
  return rows.map((row) => {
    const value: unknown = row[column];
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw new ArgumentError(column, 'a finite number in every row', value);
  });
}

/**
 * What a row's series is called.
 * @throws ArgumentError when the row has no such column
 */
export function seriesName(row: object, series: string): string {
  const name = (row as Record<string, unknown>)[series];
  if (name === undefined) throw new ArgumentError('series', 'a column of every row', series);
  return String(name);
}
