import type { Dataset } from '../data/dataset.js';
import type { Kernels } from '../kernels/kernels.js';
import type { RuleContext } from '../rules/rule.js';
import { parseTrainConfig, type TrainOptions } from '../training/config.js';
import { prepareDataset } from '../training/prepared-data.js';
import { type RunHooks, type TrainedRun, trainRun } from '../training/train-run.js';

/** What a run in a page computes with and is shown. */
export interface PageRun extends RunHooks {
  /** What `loadKernels` gave, or `referenceKernels`; of its own for each run at a time. */
  readonly kernels: Kernels;
  /** For float rules: `() => import('onnxruntime-web')`. Losses differ from Node's in the last digits. */
  readonly onnxRuntime?: RuleContext['onnxRuntime'];
  /** The set that `options.dataset` names. */
  readonly dataset: Dataset;
}

/** A page is built from a version of its own; the browser says in `node` that it is none. */
export const SOFTWARE = { xnorlab: 'bundled', commit: 'unknown', node: 'none' } as const;

/**
 * Trains one network in a page or a worker. Seed for seed the record is the one that Node gives, times and `software`
 * aside. Long work gives way to the page about twenty times a second.
 * @throws ArgumentError for a configuration that is wrong or does not fit the data
 * @throws InterruptedError when `signal` aborts
 */
export async function train(
  options: TrainOptions,
  { kernels, onnxRuntime, dataset, ...hooks }: PageRun,
): Promise<TrainedRun> {
  const config = parseTrainConfig(options);
  const host = { kernels, onnxRuntime, software: SOFTWARE };
  return trainRun(config, prepareDataset(config, dataset), host, hooks);
}
