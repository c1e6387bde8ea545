import { keyText, type Row, type RunRecord, studyRows } from 'xnorlab';
import { LBES_ROWS, PUBLISHED_RUNS, type PublishedRow, SETTING_COLUMNS, TABLES } from './published.js';
import { summariesBy, type Verdict, verdictOf } from './verdicts.js';

/** Zeros wherever the published code has them, as a cell of a row. */
export const ALL_ZEROS = 'weights,activations,classifier';

/** How the runs of a published row are read: strictly binary, or with the zeros of the published code. */
export const READINGS = [
  { reading: 'strictly binary', zeros: null },
  { reading: 'with zeros', zeros: ALL_ZEROS },
] as const;

/** The rows that are kept of every run of this study. */
export function publishedRows(records: readonly RunRecord[]): Row[] {
  return studyRows(
    records,
    ['dataset', 'protocol', 'rule', 'layers', 'seed', 'testAccuracy', 'trainAccuracy'],
    {
      groupSize: 'rule.groupSize',
      robustness: 'rule.robustness',
      hiddenBits: 'rule.hiddenBits',
      trainClassifier: 'rule.trainClassifier',
      inputs: 'rule.inputs',
      limitTrain: 'dataset.limitTrain',
      zeros: 'rule.zeros',
    },
  );
}

/** A published row with both readings of ours. */
interface ComparedRow extends Row {
  readonly experiment: string;
  readonly reading: string;
  readonly trainMean: number | null;
}

export type Compared = PublishedRow & ComparedRow & Partial<Verdict>;

/** Every published row in each reading that was run; a row that was not run once, without a mean. */
export function comparedRows(runs: readonly Row[]): Compared[] {
  const rows = runs.map((row) => ({ ...row, dataset: TABLES[String(row.dataset)] ?? String(row.dataset) }));
  const by = [...SETTING_COLUMNS, 'zeros'];
  const tests = summariesBy(rows, by, 'testAccuracy');
  const trains = summariesBy(rows, by, 'trainAccuracy');
  return LBES_ROWS.flatMap((row) => {
    const found = READINGS.flatMap(({ reading, zeros }): Compared[] => {
      const key = keyText({ ...row, zeros }, by);
      const own = tests.get(key);
      if (!own) return [];
      const verdict = verdictOf(own, { ...row, runs: PUBLISHED_RUNS });
      return [{ ...row, ...verdict, reading, trainMean: trains.get(key)?.mean ?? null }];
    });
    return found.length > 0 ? found : [{ ...row, reading: 'not run', trainMean: null }];
  });
}
