import type { RunRecord } from '../experiments/record.js';

/** One cell of a row. */
export type Cell = string | number | null;

/** A flat row: what a data frame is made of. */
export type Row = Readonly<Record<string, Cell>>;

/** One row per epoch and run, for curves. Accuracies in percent; null where a rule has no such quantity. */
export interface EpochRow extends Row {
  readonly rule: string;
  readonly seed: number;
  readonly epoch: number;
  readonly trainAccuracy: number;
  readonly validationAccuracy: number | null;
  readonly testAccuracy: number;
  readonly loss: number | null;
  readonly flips: number | null;
  readonly trainMs: number;
}

/** One row per run, for comparison tables. */
export interface RunRow extends Row {
  readonly rule: string;
  readonly dataset: string;
  readonly layers: string;
  readonly seed: number;
  readonly epochs: number;
  readonly testAccuracy: number;
  readonly validationAccuracy: number | null;
  readonly trainAccuracy: number;
  readonly parameters: number;
  /** Held in training: model, activations and training set. */
  readonly memoryMegabytes: number;
  readonly booleanGates: number;
  /** Time of training alone. */
  readonly trainSeconds: number;
}

/** The epochs of runs, run after run. */
export function epochRows(records: readonly RunRecord[]): EpochRow[] {
  return records.flatMap(({ rule, seed, epochs }) =>
    epochs.map((epoch) => ({
      rule: rule.name,
      seed,
      epoch: epoch.epoch,
      trainAccuracy: epoch.trainAccuracy,
      validationAccuracy: epoch.validationAccuracy ?? null,
      testAccuracy: epoch.testAccuracy,
      loss: epoch.loss ?? null,
      flips: epoch.flips ?? null,
      trainMs: epoch.trainMs,
    })),
  );
}

/** The outcome of runs, one row each. */
export function runRows(records: readonly RunRecord[]): RunRow[] {
  return records.map((record) => ({
    rule: record.rule.name,
    dataset: record.dataset.name,
    layers: layerWidths(record),
    seed: record.seed,
    epochs: record.epochs.length,
    testAccuracy: record.testAccuracy,
    validationAccuracy: record.validationAccuracy ?? null,
    trainAccuracy: record.trainAccuracy,
    parameters: record.totals.parameters,
    memoryMegabytes: record.totals.memoryBits / 8e6,
    booleanGates: record.totals.booleanGates,
    trainSeconds: record.totals.trainMs / 1000,
  }));
}

function layerWidths({ config }: RunRecord): string {
  const { rule } = config as { rule?: { layers?: readonly number[] } };
  return rule?.layers?.join(',') ?? '';
}
