import { keyText, numberOf, type Row, summarize } from 'xnorlab';
import { PUBLISHED_RUNS } from './published.js';

/** How far apart, in standard errors of the difference, still counts as the same. */
const AGREEMENT = 2;

/** A published value beside ours. */
export interface Verdict extends Row {
  readonly published: number;
  /** Our runs. */
  readonly n: number;
  readonly mean: number;
  readonly standardDeviation: number | null;
  /** Ours − published. */
  readonly difference: number;
  /** The same in standard errors of the difference; null for a single run of ours. */
  readonly standardErrors: number | null;
  /** `agrees` within 2 standard errors, `above`, `below`; null for a single run. */
  readonly verdict: 'agrees' | 'above' | 'below' | null;
}

/** What is known of a published mean. */
export interface PublishedMean {
  readonly published: number;
  /** Population standard deviation of its runs; null where none is published, which then counts as that of ours. */
  readonly spread: number | null;
  readonly runs: number;
}

/**
 * Holds the mean of our runs against a published one. The standard error of the difference is √(s²/n + σ²/(m − 1)), s the standard
 * deviation of our n runs, σ the population standard deviation of the m published ones; without σ it is s·√(1/n + 1/m).
 */
export function verdictOf(
  {
    n,
    mean,
    standardDeviation,
  }: Readonly<Record<'n' | 'mean', number>> & { readonly standardDeviation: number | null },
  { published, spread, runs }: PublishedMean,
): Verdict {
  const difference = mean - published;
  const own = { published, n, mean, standardDeviation, difference };
  if (standardDeviation === null) return { ...own, standardErrors: null, verdict: null };
  const theirs = spread === null ? standardDeviation ** 2 / runs : spread ** 2 / (runs - 1);
  const standardErrors = difference / Math.sqrt(standardDeviation ** 2 / n + theirs);
  return { ...own, standardErrors, verdict: verdictOfErrors(standardErrors) };
}

/**
 * Holds a difference of ours, first − second, against the published one; errors of all four means add up in squares.
 * @param first - a verdict with the published `spread` of its runs
 */
export function verdictOfDifference(first: Row, second: Row): Row {
  const variance = (row: Row): readonly [ours: number, theirs: number] => [
    numberOf(row, 'standardDeviation') ** 2 / numberOf(row, 'n'),
    numberOf(row, 'spread') ** 2 / (PUBLISHED_RUNS - 1),
  ];
  const [[ours, theirs], [others, theirOthers]] = [variance(first), variance(second)];
  const published = numberOf(first, 'published') - numberOf(second, 'published');
  const mean = numberOf(first, 'mean') - numberOf(second, 'mean');
  const standardErrors = (mean - published) / Math.sqrt(ours + others + theirs + theirOthers);
  return {
    published,
    mean,
    error: Math.sqrt(ours + others),
    standardErrors,
    verdict: verdictOfErrors(standardErrors),
  };
}

function verdictOfErrors(standardErrors: number): 'agrees' | 'above' | 'below' {
  if (Math.abs(standardErrors) <= AGREEMENT) return 'agrees';
  return standardErrors > 0 ? 'above' : 'below';
}

/** Mean and spread of a column over runs, by the text of their cells in some columns. */
export function summariesBy(
  rows: readonly Row[],
  by: readonly string[],
  value: string,
): ReadonlyMap<
  string,
  { readonly n: number; readonly mean: number; readonly standardDeviation: number | null }
> {
  if (rows.length === 0) return new Map();
  return new Map(summarize(rows, { by, value }).map((summary) => [keyText(summary, by), summary]));
}
