import type { RunDescription, RunPool } from '../../node/threads/run-pool.js';
import type { DatasetRecord, RunRecord } from '../../records/record.js';
import { runKey } from '../../records/run-key.js';
import { configuredRule } from '../../rules/catalog.js';
import type { TrainConfig } from '../config.js';
import { describeFields, distinguishingFields } from './fields.js';

/** What trains the runs of a sweep: a pool of threads, or something like it. */
export type Runner = Pick<RunPool, 'capacity' | 'describe' | 'run'>;

/** A run with everything that is known before it is trained. */
export interface PlannedRun {
  /** Its name in the store. */
  readonly key: string;
  readonly config: TrainConfig;
  /** The configuration as the record will hold it. */
  readonly resolved: object;
  readonly rule: RunRecord['rule'];
  readonly dataset: DatasetRecord;
  /** What tells it from the other runs of the sweep: values by path. */
  readonly settings: ReadonlyMap<string, unknown>;
  /** Work to compare runs by: weights × training samples × epochs. */
  readonly cost: number;
}

/**
 * Plans every run once: configurations that differ in their backend only are the same run.
 * @throws as `RunPool.describe`, for data that is missing, damaged or does not fit
 */
export async function planRuns(
  configs: readonly TrainConfig[],
  runner: Runner,
  signal: AbortSignal,
): Promise<PlannedRun[]> {
  const settings = distinguishingFields(configs);
  const planned = new Map<string, PlannedRun>();
  for (const [i, config] of configs.entries()) {
    const run = plannedRun(config, settings[i], await runner.describe(config, { signal }));
    if (!planned.has(run.key)) planned.set(run.key, run);
  }
  return [...planned.values()];
}

/** The same run with other epochs, which become one of its settings. */
export function withEpochs(run: PlannedRun, epochs: number): PlannedRun {
  const { config, settings, resolved, dataset } = run;
  return plannedRun({ ...config, epochs }, new Map([...settings, ['epochs', epochs]]), {
    resolved: { ...resolved, epochs },
    dataset,
  });
}

/** `rule.groupSize 15, seed 3`: what tells a run from the others, in one line. */
export function labelOf({ settings }: PlannedRun): string {
  return describeFields(settings);
}

function plannedRun(
  config: TrainConfig,
  settings: PlannedRun['settings'],
  { resolved, dataset }: RunDescription,
): PlannedRun {
  const { name, version } = configuredRule(config.rule);
  return {
    key: runKey(resolved, dataset.sha256, { name, version }),
    config,
    resolved,
    rule: { name, version },
    dataset,
    settings,
    cost: weights(config, dataset) * dataset.trainSamples * config.epochs,
  };
}

function weights({ rule: { layers } }: TrainConfig, { inputs }: DatasetRecord): number {
  const widths = [inputs, ...layers];
  return layers.reduce((sum, width, l) => sum + width * widths[l], 0);
}
