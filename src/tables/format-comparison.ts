import type { Row } from '../core/row.js';
import { type AnyRows, asRows } from '../statistics/any-rows.js';
import type { ComparisonRow } from '../statistics/compare.js';
import { cellOf } from '../statistics/group-rows.js';
import { formatP, formatSigned } from './format-number.js';
import { FormattedTable } from './formatted-table.js';
import type { TextCell } from './text-table.js';

/** How a comparison is laid out. */
export interface ComparisonTableOptions {
  /** The `within` of the comparison: columns that name the rows. Default: none. */
  readonly within?: readonly string[];
  /** What was measured, a sentence without its full stop. Default: nothing. */
  readonly caption?: string;
}

/** Comparisons as `compare` gives them, or a table or frame made of them. */
export type ComparisonRows = readonly ComparisonRow[] | Exclude<AnyRows, readonly Row[]>;

const HEADINGS = ['difference', '95 % interval', 'd_z', 'p (t test)'];

/** Below it, after adjustment, a difference is set in bold. */
const SIGNIFICANCE_LEVEL = 0.05;

/**
 * Lays a comparison out, with p after Holm's adjustment. Differences whose adjusted p of the t test is below 0.05 are in
 * bold. Wilcoxon's test has a column where it can say anything: where its least p, 2/2^n, is below 0.05 after adjustment for as many
 * comparisons.
 * @param compared - of `compare`: rows, or an arquero table or danfojs data frame made of them
 * @throws ArgumentError when there are no rows
 */
export function formatComparison(
  compared: ComparisonRows,
  { within = [], caption = '' }: ComparisonTableOptions = {},
): FormattedTable {
  const comparisons = asRows('rows', compared) as readonly ComparisonRow[];
  const names = [...within, 'first', 'second'];
  const hasWilcoxon = canBeSignificant(comparisons);
  const body = comparisons.map((row) => [
    ...names.map((name) => ({ text: String(cellOf(row, name) ?? '') })),
    { text: String(row.n), isNumber: true },
    ...comparedCells(row),
    ...(hasWilcoxon ? [pCell(row.wilcoxonHolmP)] : []),
  ]);
  const explanation =
    'Mean difference first − second of n pairs, its 95 % interval by Student’s t, and Cohen’s d_z; p two-sided, adjusted by ' +
    'Holm’s method; bold: p of the t test below 0.05.';
  return new FormattedTable(
    {
      caption: caption ? `${caption}. ${explanation}` : explanation,
      headings: [...names, 'n', ...HEADINGS, ...(hasWilcoxon ? ['p (Wilcoxon)'] : [])],
      headColumns: names.length,
      body,
    },
    comparisons,
  );
}

function comparedCells(row: ComparisonRow): TextCell[] {
  const { meanDifference, low95, high95, effectSize, tTestHolmP } = row;
  const isBest = tTestHolmP !== null && tTestHolmP < SIGNIFICANCE_LEVEL;
  const interval = low95 === null || high95 === null ? '–' : `[${signed(low95)}, ${signed(high95)}]`;
  return [
    { text: signed(meanDifference), isNumber: true, isBest },
    { text: interval, isNumber: true },
    { text: effectSize === null ? '–' : formatSigned(effectSize, 1), isNumber: true },
    pCell(tTestHolmP),
  ];
}

function pCell(p: number | null): TextCell {
  return { text: p === null ? '–' : formatP(p), isNumber: true };
}

/** Whether Wilcoxon's test could find anything among so many pairs: five never can. */
function canBeSignificant(comparisons: readonly ComparisonRow[]): boolean {
  const tested = comparisons.filter(({ wilcoxonP }) => wilcoxonP !== null);
  return tested.some(({ n }) => (tested.length * 2) / 2 ** n < SIGNIFICANCE_LEVEL);
}

function signed(value: number): string {
  return formatSigned(value, 2);
}
