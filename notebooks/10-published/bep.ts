import path from 'node:path';
import {
  FormattedTable,
  formatMean,
  formatSigned,
  keptRows,
  type Row,
  summarize,
  type TextCell,
} from 'xnorlab';
import { BEP_FIGURE_2, PUBLISHED_RUNS_OF_BEP } from './published.js';
import { verdictOf } from './verdicts.js';

const COMPARISON = path.join(__dirname, '..', '02-comparison', 'rows', 'comparison.jsonl');

const COLUMNS = ['dataset', 'rule', 'batchNorm', 'layers'];

/** The runs of the study `comparison`, which are of the protocol of BEP's figure 2. */
export function comparisonRuns(): readonly Row[] {
  return keptRows(COMPARISON);
}

/** The points of BEP's figure 2 that were run, beside ours. */
export function figure2Rows(runs: readonly Row[]): Row[] {
  if (runs.length === 0) return [];
  const ours = summarize(runs, { by: COLUMNS, value: 'testAccuracy' });
  return BEP_FIGURE_2.flatMap((row): Row[] => {
    const own = ours.find((each) => COLUMNS.every((column) => each[column] === row[column]));
    if (!own) return [];
    const { dataset, rule, batchNorm, layers } = row;
    const published = { published: row.testAccuracy, spread: null, runs: PUBLISHED_RUNS_OF_BEP };
    return [{ dataset, rule, batchNorm, layers, ...verdictOf(own, published) }];
  });
}

/**
 * The same as a table.
 * @param source - whose runs ours are, for the caption
 */
export function figure2Table(rows: readonly Row[], source: string): FormattedTable {
  const number = (text: string): TextCell => ({ text, isNumber: true });
  const body = rows.map((row): TextCell[] => [
    { text: String(row.dataset) },
    {
      text:
        row.batchNorm === null
          ? String(row.rule)
          : `qat ${row.batchNorm === 'true' ? 'with' : 'without'} batchNorm`,
    },
    { text: String(row.layers) },
    number(Number(row.published).toFixed(2)),
    number(formatMean(Number(row.mean), Number(row.standardDeviation))),
    number(formatSigned(Number(row.difference), 2)),
    number(formatSigned(Number(row.standardErrors), 1)),
    { text: String(row.verdict), isBest: row.verdict === 'agrees' },
  ]);
  const caption =
    `Test accuracy (%), published mean of 5 runs, ours mean ± standard deviation of 5 of ${source}. No spread is published: ` +
    'it is taken to be that of ours. Options are chosen on validation data for each size on both sides, and need not be the same.';
  const headings = ['data', 'rule', 'layers', 'published', 'ours', 'difference', 'in SE', 'verdict'];
  return new FormattedTable({ caption, headings, headColumns: 3, body }, rows);
}
