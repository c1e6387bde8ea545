import path from 'node:path';
import { readSweep } from '../../src/node/sweep/read-sweep.js';
import type { RunRecord } from '../../src/records/record.js';
import { expandSweep } from '../../src/training/sweep/expand.js';
import { madeUpRun } from './made-up-run.js';

const INPUTS: Readonly<Record<string, number>> = { 'fashion-mnist': 784, mnist: 784, prototypes: 1000 };

/**
 * What sweeps of a study will leave, with test accuracies that only the seed tells apart: 70 and the seed.
 * @param files - beside the study
 */
export function madeUpSweep(folder: string, files: readonly string[]): RunRecord[] {
  const configs = files.flatMap((file) => expandSweep(readSweep(path.join(folder, file))));
  return configs.map(({ dataset: { name: dataset }, binarizer, batchSize, seed, tasks, ...config }) => {
    // All rules of the sweeps have them.
    const rule = { ...config.rule } as { readonly name: string; readonly layers: readonly number[] };
    const record = madeUpRun({
      dataset,
      rule,
      // What training fills in for images.
      binarizer: binarizer ?? { kind: 'median', per: 'channel' },
      batchSize,
      seed,
      testAccuracy: 70 + seed,
      parameters: parameters(rule.name, [INPUTS[dataset], ...rule.layers]),
    });
    return tasks ? withTasks(record, tasks.count) : record;
  });
}

/** A record of as many tasks, each learned in an epoch. */
function withTasks(record: RunRecord, count: number): RunRecord {
  const accuracies = Array.from({ length: count }, (_, i) => ({
    task: i + 1,
    validationAccuracy: 70,
    testAccuracy: 70 + record.seed,
  }));
  const [epoch] = record.epochs;
  return { ...record, epochs: accuracies.map((_, i) => ({ ...epoch, tasks: accuracies.slice(0, i + 1) })) };
}

/** Of hidden layers; of a committee, those of its perceptrons. */
function parameters(rule: string, sizes: readonly number[]): number {
  const products = sizes.slice(1).map((size, i) => size * sizes[i]);
  return rule === 'committee' ? products[0] : products.reduce((sum, product) => sum + product, 0);
}
