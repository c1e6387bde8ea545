import { ArgumentError } from '../core/errors.js';
import type { Row } from '../core/row.js';
import { architectureOf } from './architecture.js';
import { type ConfigColumns, configCells } from './config-columns.js';
import type { EpochRecord, LayerRecord, RunRecord } from './record.js';

/** What rows call the division that the files of a data set make. */
const OFFICIAL_PROTOCOL = 'official';

/** What every row says of its run. */
export interface RunColumns extends Row {
  readonly rule: string;
  readonly dataset: string;
  /** Widths, input side first: `525,525`. */
  readonly layers: string;
  readonly seed: number;
}

/** One row per run, for comparison tables. Accuracies in percent. */
export interface RunRow extends RunColumns {
  /** How training and test samples were divided: `official` as by the files of the set, or `holdout 10000` and the like. */
  readonly protocol: string;
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

/** One row per epoch and run, for curves. Accuracies in percent; null where a rule has no such quantity. */
export interface EpochRow extends RunColumns {
  readonly epoch: number;
  readonly trainAccuracy: number;
  readonly validationAccuracy: number | null;
  readonly testAccuracy: number;
  readonly loss: number | null;
  /** Changes of sign of visible weights. */
  readonly flips: number | null;
  /** The same in percent of the hidden weights: above 100 when a weight changes more than once on average. */
  readonly flipPercent: number | null;
  readonly trainMs: number;
}

/** One row per layer with hidden weights, epoch and run. */
export interface LayerRow extends RunColumns {
  readonly epoch: number;
  /** From 1, input side first. */
  readonly layer: number;
  /** Percent of the samples shown that triggered an update of this layer. */
  readonly triggerPercent: number;
  /** Changes of sign of visible weights. */
  readonly flips: number;
  /** The same in percent of the layer's weights: above 100 when a weight changes more than once on average. */
  readonly flipPercent: number;
  /** Percent of hidden weights at ±bound after the epoch. */
  readonly boundPercent: number;
}

/** One row per range of depth, layer, epoch and run. */
export interface DepthRow extends RunColumns {
  readonly epoch: number;
  /** From 1, input side first. */
  readonly layer: number;
  /** A power of two: the row counts the hidden weights with depth ≤ |h| < 2·depth after the epoch. */
  readonly depth: number;
  readonly weights: number;
  /** Percent of the layer's weights. */
  readonly percent: number;
}

/** What rows of runs hold besides what they always do. */
export interface RowOptions {
  /** More columns, by name: where in a run's configuration the cell is found. Default: none. */
  readonly columns?: ConfigColumns;
}

/**
 * The outcome of runs, one row each.
 *
 * `runRows(records, { columns: { groupSize: 'rule.groupSize' } })` has `groupSize` as a last column. A configuration
 * has its defaults filled in; a run whose configuration lacks the field gets null. Lists are joined by commas, and
 * truth values are the texts `true` and `false`.
 * @throws ArgumentError for a field that no run has, one with fields of its own, and a column that rows have anyway
 */
export function runRows(records: readonly RunRecord[], options: RowOptions = {}): RunRow[] {
  return rowsOf(records, options, (record) => [
    {
      protocol: record.dataset.protocol ?? OFFICIAL_PROTOCOL,
      epochs: record.epochs.length,
      testAccuracy: record.testAccuracy,
      validationAccuracy: record.validationAccuracy ?? null,
      trainAccuracy: record.trainAccuracy,
      parameters: record.totals.parameters,
      memoryMegabytes: record.totals.memoryBits / 8e6,
      booleanGates: record.totals.booleanGates,
      trainSeconds: record.totals.trainMs / 1000,
    },
  ]);
}

/** The epochs of runs, run after run. Options and errors as for `runRows`. */
export function epochRows(records: readonly RunRecord[], options: RowOptions = {}): EpochRow[] {
  return rowsOf(records, options, ({ epochs }) =>
    epochs.map((epoch) => ({
      epoch: epoch.epoch,
      trainAccuracy: epoch.trainAccuracy,
      validationAccuracy: epoch.validationAccuracy ?? null,
      testAccuracy: epoch.testAccuracy,
      loss: epoch.loss ?? null,
      flips: epoch.flips ?? null,
      flipPercent: epoch.flips === undefined ? null : (100 * epoch.flips) / hiddenWeights(epoch),
      trainMs: epoch.trainMs,
    })),
  );
}

/** What each epoch did to each layer; no rows for rules without hidden weights. Options and errors as for `runRows`. */
export function layerRows(records: readonly RunRecord[], options: RowOptions = {}): LayerRow[] {
  return rowsOf(records, options, ({ epochs }) =>
    layersOf(epochs).map(({ epoch, layer, weights, record }) => ({
      epoch,
      layer,
      triggerPercent: record.triggerPercent,
      flips: record.flips,
      flipPercent: (100 * record.flips) / weights,
      boundPercent: record.boundPercent,
    })),
  );
}

/**
 * How deep the hidden weights of each layer lie after each epoch, shallow ranges first; no rows for rules without
 * hidden weights. Options and errors as for `runRows`.
 */
export function depthRows(records: readonly RunRecord[], options: RowOptions = {}): DepthRow[] {
  return rowsOf(records, options, ({ epochs }) =>
    layersOf(epochs).flatMap(({ epoch, layer, weights, record }) =>
      record.depthHistogram.map((count, i) => ({
        epoch,
        layer,
        depth: 2 ** i,
        weights: count,
        percent: (100 * count) / weights,
      })),
    ),
  );
}

interface LayerOfEpoch {
  readonly epoch: number;
  readonly layer: number;
  readonly weights: number;
  readonly record: LayerRecord;
}

function layersOf(epochs: readonly EpochRecord[]): LayerOfEpoch[] {
  return epochs.flatMap(({ epoch, layers = [] }) =>
    layers.map((record, l) => ({
      epoch,
      layer: l + 1,
      weights: weightsOf(record),
      record,
    })),
  );
}

function hiddenWeights({ layers = [] }: EpochRecord): number {
  return layers.reduce((sum, layer) => sum + weightsOf(layer), 0);
}

/** Every hidden weight is in one range. */
function weightsOf({ depthHistogram }: LayerRecord): number {
  return depthHistogram.reduce((sum, count) => sum + count, 0);
}

/**
 * Rows of records, record after record: what they say of their run, what `ownRows` makes of it, added columns. Errors as
 * for `runRows`.
 */
export function rowsOf<Own extends Row>(
  records: readonly RunRecord[],
  { columns = {} }: RowOptions,
  ownRows: (record: RunRecord) => Own[],
): (RunColumns & Own)[] {
  const configs = records.map(({ config }) => config);
  const added = configCells(configs, columns);
  const rows = records.flatMap((record, i) => {
    const identity = runIdentity(record);
    return ownRows(record).map((own) => [{ ...identity, ...own }, added[i]] as const);
  });
  const taken = Object.keys(columns).find((column) => column in (rows[0]?.[0] ?? {}));
  if (taken !== undefined)
    throw new ArgumentError(`columns.${taken}`, 'a column that rows do not have anyway', taken);
  return rows.map(([row, cells]) => ({ ...row, ...cells }));
}

function runIdentity(record: RunRecord): RunColumns {
  const { rule, dataset, seed } = record;
  return { rule: rule.name, dataset: dataset.name, layers: architectureOf(record), seed };
}
