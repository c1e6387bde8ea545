import type { Cell, Row } from '../core/row.js';
import { type ComparisonRow, compare } from './compare.js';
import { cellOf, groupRows } from './group-rows.js';

/** What is to be compared, see `ComparisonOptions`. */
export interface SeedComparison {
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
 * Test accuracies against the baseline, of what was run with its seeds; no effects where that is the baseline alone.
 * What was run with others, as long as a sweep is not finished, is left out.
 */
export function compareSameSeeds(
  rows: readonly Row[],
  pairing: SeedComparison,
): { readonly effects: readonly ComparisonRow[]; readonly leftOut: SameSeeds['leftOut'] } {
  const { between, baseline } = pairing;
  const { rows: kept, leftOut } = withSameSeeds(rows, pairing);
  const isAlone = kept.every((row) => row[between] === baseline);
  return { effects: isAlone ? [] : compare(kept, { ...pairing, value: 'testAccuracy' }), leftOut };
}

/**
 * A caption that tells what `compareSameSeeds` left out.
 * @param reason - `run with other seeds than the base`
 */
export function captionWithLeftOut(caption: string, reason: string, leftOut: SameSeeds['leftOut']): string {
  return leftOut.length === 0 ? caption : `${caption}. Left out, ${reason}: ${leftOut.join(', ')}`;
}

function withSameSeeds(rows: readonly Row[], { between, within, baseline }: SeedComparison): SameSeeds {
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
