import { cellOf, describeKey, groupRows } from '../analysis/group-rows.js';
import { ArgumentError } from '../bits/errors.js';
import type { Cell, Row } from '../bits/row.js';

/** What is to be compared, see `ComparisonOptions`. */
interface Comparison {
  readonly between: string;
  readonly within: readonly string[];
  readonly baseline: Cell;
}

/** Rows that can be compared in pairs, and what cannot. */
export interface SameSeeds {
  readonly rows: Row[];
  /** Levels with a number of groups each: `sgd (2 of 20)`. Empty when nothing was left out. */
  readonly leftOut: readonly string[];
}

/**
 * Leaves out what cannot be compared with the baseline because it was run with other seeds, as long as a sweep is
 * not finished.
 */
export function withSameSeeds(rows: readonly Row[], { between, within, baseline }: Comparison): SameSeeds {
  const groups = groupRows(rows, within);
  const kept: Row[] = [];
  const leftOut = new Map<Cell, number>();
  for (const group of groups) {
    const levels = groupRows(group.rows, [between]);
    const wanted = levels.find(({ key }) => key[between] === baseline);
    for (const { key, rows: own } of levels) {
      const level = key[between];
      if (wanted && seedsOf(own) === seedsOf(wanted.rows)) kept.push(...own);
      else leftOut.set(level, (leftOut.get(level) ?? 0) + 1);
    }
  }
  return { rows: kept, leftOut: [...leftOut].map(([level, n]) => `${level} (${n} of ${groups.length})`) };
}

function seedsOf(rows: readonly Row[]): string {
  return JSON.stringify(rows.map((row) => cellOf(row, 'seed')).sort());
}

/** @throws ArgumentError when two rows are equal in all of these columns: they differ in something that is not shown */
export function checkDifferent(rows: readonly Row[], columns: readonly string[]): void {
  const repeated = groupRows(rows, columns).find((group) => group.rows.length > 1);
  if (!repeated) return;
  throw new ArgumentError(
    'rows',
    `one run for each ${columns.join(', ')}`,
    `${describeKey(repeated.key)} ${repeated.rows.length} times`,
  );
}
