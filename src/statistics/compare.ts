import { ArgumentError } from '../core/errors.js';
import { largest } from '../core/extremes.js';
import type { Cell, Row } from '../core/row.js';
import { type AnyRows, asRows } from './any-rows.js';
import { checkNames, groupRows } from './group-rows.js';
import { type Pair, pairRows } from './pair-rows.js';
import { mean, standardDeviation, tInterval, tTest } from './sample.js';
import { signedRankP } from './signed-rank.js';

/**
 * Two levels of a column, compared by the differences d = first − second of what is paired. What the number of pairs
 * or their spread leaves undefined is null: with one pair all but the means, with equal differences the t test.
 */
export interface ComparisonRow extends Row {
  readonly first: Cell;
  readonly second: Cell;
  /** Pairs. */
  readonly n: number;
  readonly firstMean: number;
  readonly secondMean: number;
  /** Mean of d; positive when `first` has the larger values. */
  readonly meanDifference: number;
  /** Lower end of the 95 % interval of the mean difference by Student's t: meanDifference ± t₀.₉₇₅(n − 1)·s(d)/√n. */
  readonly low95: number | null;
  /** Upper end of it. */
  readonly high95: number | null;
  /** Cohen's d_z = mean(d) / s(d), s with n − 1. */
  readonly effectSize: number | null;
  /** Two-sided p of the paired t test, t = √n·d_z with n − 1 degrees of freedom. */
  readonly tTestP: number | null;
  /** The same, adjusted by Holm's method for all comparisons of the call. */
  readonly tTestHolmP: number | null;
  /** Two-sided p of Wilcoxon's signed-rank test, exact; never below 2/2^n, 0.0625 for five pairs. */
  readonly wilcoxonP: number | null;
  /** The same, adjusted by Holm's method for all comparisons of the call. */
  readonly wilcoxonHolmP: number | null;
}

/** What is compared, and between which runs. */
export interface ComparisonOptions {
  /** The column whose levels are compared. */
  readonly between: string;
  /** The column that says which rows of two levels belong together. Default `seed`. */
  readonly pairedBy?: string;
  /** Columns in which compared rows are equal: everything else that was varied. Default: none. */
  readonly within?: readonly string[];
  /** The column of numbers. */
  readonly value: string;
  /** A level of `between` to compare each other one with, as `second`. Default: every level with every other. */
  readonly baseline?: Cell;
}

/**
 * Paired comparisons, such as of rules that were run with the same seeds:
 * `compare(runRows(records), { between: 'rule', within: ['dataset', 'layers'], value: 'testAccuracy' })`.
 *
 * All comparisons of one call are one family: Holm's method (Scandinavian Journal of Statistics 6, 1979) multiplies the
 * k-th smallest of m values of p by m − k + 1, keeps their order, and holds the probability of any false positive.
 * @param table - rows, an arquero table or a danfojs data frame
 * @returns one row per pair of levels in each group of equal `within` cells, in the order in which they come first
 * @throws ArgumentError when there are no rows or nothing to compare, for a column that rows lack, a value that is no
 *   finite number, levels that were not measured with the same seeds, and a seed that one level has twice
 */
export function compare(table: AnyRows, options: ComparisonOptions): ComparisonRow[] {
  const rows = asRows('rows', table);
  const { between, pairedBy = 'seed', within = [], value, baseline } = options;
  const levels = groupRows(rows, [between]).map(({ key }) => key[between]);
  if (baseline !== undefined && !levels.includes(baseline)) {
    throw new ArgumentError('baseline', `one of ${levels.join(', ')}`, baseline);
  }
  const comparisons = groupRows(rows, within).flatMap((group) => {
    const present = levels.filter((level) => group.rows.some((row) => row[between] === level));
    return pairsOf(present, baseline).map(([first, second]) => {
      const pairs = pairRows(group, { between, levels: [first, second], pairedBy, value });
      const own = comparison(first, second, pairs);
      checkNames('within', within, own);
      return { ...group.key, ...own };
    });
  });
  if (comparisons.length === 0) {
    throw new ArgumentError(
      'rows',
      `two levels of ${between} to compare${within.length > 0 ? ` for equal ${within.join(', ')}` : ''}`,
      levels,
    );
  }
  return withHolm(comparisons);
}

function pairsOf(levels: readonly Cell[], baseline: Cell | undefined): [Cell, Cell][] {
  if (baseline === undefined) {
    return levels.flatMap((first, i) => levels.slice(i + 1).map((second): [Cell, Cell] => [first, second]));
  }
  if (!levels.includes(baseline)) return [];
  return levels.filter((level) => level !== baseline).map((level) => [level, baseline]);
}

function comparison(first: Cell, second: Cell, pairs: readonly Pair[]): ComparisonRow {
  const differences = pairs.map(([a, b]) => a - b);
  const meanDifference = mean(differences);
  const spread = standardDeviation(differences);
  const [low95, high95] = tInterval(differences) ?? [null, null];
  const hasSpread = spread !== null && !isNegligible(spread, pairs.flat());
  return {
    first,
    second,
    n: pairs.length,
    firstMean: mean(pairs.map(([a]) => a)),
    secondMean: mean(pairs.map(([, b]) => b)),
    meanDifference,
    low95,
    high95,
    effectSize: hasSpread ? meanDifference / spread : null,
    tTestP: hasSpread ? tTest(differences).pValue : null,
    tTestHolmP: null,
    wilcoxonP: pairs.length > 1 ? signedRankP(differences) : null,
    wilcoxonHolmP: null,
  };
}

/** Whether a spread is nothing but rounding of the numbers whose differences it is of. */
function isNegligible(spread: number, values: readonly number[]): boolean {
  return spread <= 1e-12 * largest(values.map(Math.abs));
}

function withHolm(comparisons: readonly ComparisonRow[]): ComparisonRow[] {
  const tTest = holm(comparisons.map(({ tTestP }) => tTestP));
  const wilcoxon = holm(comparisons.map(({ wilcoxonP }) => wilcoxonP));
  return comparisons.map((row, i) => ({ ...row, tTestHolmP: tTest[i], wilcoxonHolmP: wilcoxon[i] }));
}

/** The family are the tests that could be made. */
function holm(values: readonly (number | null)[]): (number | null)[] {
  const family = values.filter((p) => p !== null);
  if (family.length === 0) return [...values];
  const padjust = require('@stdlib/stats-padjust') as typeof import('@stdlib/stats-padjust');
  const adjusted = padjust(family, 'holm').values();
  return values.map((p) => (p === null ? null : Number(adjusted.next().value)));
}
