import type { Row } from '../core/row.js';
import { type AnyRows, asRows } from './any-rows.js';
import { checkNames, groupRows, numberOf } from './group-rows.js';
import { mean, standardDeviation, tInterval } from './sample.js';

/** What a column holds in a group of rows, after the columns that tell the group from others. */
export interface SummaryRow extends Row {
  /** Rows in the group. */
  readonly n: number;
  readonly mean: number;
  /** Of the sample: n − 1 in the denominator. Null for a single row. */
  readonly standardDeviation: number | null;
  /** Lower end of the 95 % interval of the mean by Student's t: mean ± t₀.₉₇₅(n − 1)·s/√n. Null for a single row. */
  readonly low95: number | null;
  /** Upper end of it. */
  readonly high95: number | null;
  readonly min: number;
  readonly max: number;
}

/** What is summed up, and by which columns. */
export interface SummaryOptions {
  /** Columns whose cells make a group: everything that was varied, except for the seed. */
  readonly by: readonly string[];
  /** The column of numbers. */
  readonly value: string;
}

/**
 * The distribution of a column in each group of rows, such as test accuracy over seeds:
 * `summarize(runRows(records), { by: ['dataset', 'layers', 'rule'], value: 'testAccuracy' })`.
 * @param table - rows, an arquero table or a danfojs data frame
 * @returns one row per group, in the order in which groups come first; the order of rows within changes nothing
 * @throws ArgumentError when there are no rows, for a column that they lack, and a value that is no finite number
 */
export function summarize(table: AnyRows, { by, value }: SummaryOptions): SummaryRow[] {
  return groupRows(asRows('rows', table), by).map((group) => {
    const own = summaryOf(group.rows.map((row) => numberOf(row, value)));
    checkNames('by', by, own);
    return { ...group.key, ...own };
  });
}

function summaryOf(unsorted: readonly number[]): SummaryRow {
  // The order of the summands shows in the last digits of a sum.
  const values = [...unsorted].sort((a, b) => a - b);
  const [low95, high95] = tInterval(values) ?? [null, null];
  return {
    n: values.length,
    mean: mean(values),
    standardDeviation: standardDeviation(values),
    low95,
    high95,
    min: values[0],
    max: values[values.length - 1],
  };
}
