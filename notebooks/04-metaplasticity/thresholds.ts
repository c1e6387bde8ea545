import path from 'node:path';
import { type Cell, cellOf, checkChoice, configRow, type Row, type RunRecord } from 'xnorlab';

/** Its cells make the figures. */
export const NOTEBOOK = path.join(__dirname, '04-metaplasticity.ipynb');

export const LOCAL_ERROR = 'local-error';

export const COMMITTEE = 'committee';

/** What the sweep `metaplasticity` varies of local-error, and the setting that it starts from. */
export const BASE = {
  hiddenBits: 16,
  reinforcement: 0.5,
  initialDepth: 64,
  robustness: 0.25,
  flipThreshold: 0,
  batchSize: 100,
} as const;

export type Threshold = keyof typeof BASE;

export const THRESHOLDS = Object.keys(BASE) as readonly Threshold[];

/** Where the configuration of a run has them. */
export const THRESHOLD_FIELDS: Readonly<Record<Threshold, string>> = {
  hiddenBits: 'rule.hiddenBits',
  reinforcement: 'rule.reinforcement',
  initialDepth: 'rule.initialDepth',
  robustness: 'rule.robustness',
  flipThreshold: 'rule.flipThreshold',
  batchSize: 'batchSize',
};

/** The flip threshold of a run; none is one of 0. */
export function flipThresholdOf(row: Row): Cell {
  return cellOf(row, 'flipThreshold') ?? BASE.flipThreshold;
}

/**
 * Whether a run differs from the base in nothing but these.
 * @param compared - what is looked at. Default: all
 */
export function isBaseBut(
  run: Row,
  varied: readonly Threshold[],
  compared: readonly Threshold[] = THRESHOLDS,
): boolean {
  return compared.every((option) => varied.includes(option) || run[option] === BASE[option]);
}

/** @throws ArgumentError for the row of a run that is not of the sweep */
export function checkOfSweep(row: Row): void {
  checkChoice('rule', String(cellOf(row, 'rule')), [LOCAL_ERROR, COMMITTEE]);
  checkChoice('dataset', String(cellOf(row, 'dataset')), ['fashion-mnist']);
}

/** A run of local-error. */
export interface ThresholdRun {
  readonly record: RunRecord;
  readonly thresholds: Readonly<Record<Threshold, Cell>>;
}

/**
 * The runs of local-error in the sweep.
 * @throws ArgumentError for a run that is not of the sweep
 */
export function localErrorRuns(records: readonly RunRecord[]): ThresholdRun[] {
  for (const { rule, dataset } of records) checkOfSweep({ rule: rule.name, dataset: dataset.name });
  return records
    .filter(({ rule }) => rule.name === LOCAL_ERROR)
    .map((record) => {
      const thresholds = configRow(record.config, THRESHOLD_FIELDS);
      return { record, thresholds: { ...thresholds, flipThreshold: flipThresholdOf(thresholds) } };
    });
}
