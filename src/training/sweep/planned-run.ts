import type { DatasetRecord, RunRecord } from '../../records/record.js';
import { runKey } from '../../records/run-key.js';
import { configuredRule } from '../../rules/registry.js';
import type { TrainConfig } from '../config.js';
import { ruleIdentity } from '../rule-identity.js';
import { problemOf } from '../task-data.js';
import { describeFields, distinguishingFields } from './fields.js';
import type { RunDescription, Runner } from './runner.js';

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
  /** Work to compare runs by: parameters × training samples × epochs. */
  readonly cost: number;
}

/**
 * Plans every run once.
 * @throws as `Runner.describe`, for data that is missing, damaged or does not fit
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

/** What tells a run's setting from others, without its seeds. */
export function settingOf({ settings }: PlannedRun): ReadonlyMap<string, unknown> {
  return new Map([...settings].filter(([path]) => !/(^|\.)seed$/.test(path)));
}

function plannedRun(
  config: TrainConfig,
  settings: PlannedRun['settings'],
  { resolved, dataset }: RunDescription,
): PlannedRun {
  const rule = ruleIdentity(config);
  return {
    key: runKey(resolved, dataset.sha256, rule),
    config,
    resolved,
    rule,
    dataset,
    settings,
    cost: parameters(config, dataset) * dataset.trainSamples * config.epochs,
  };
}

function parameters({ rule, batchSize }: TrainConfig, dataset: DatasetRecord): number {
  return configuredRule(rule).describe(problemOf(dataset, batchSize)).parameters;
}
