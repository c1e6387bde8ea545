import type { RunRecord } from '../../src/records/record.js';
import { sampleRecord } from '../sample-record.js';
import { madeUpRun } from './made-up-run.js';

const BASE = { name: 'local-error', layers: [512, 512], initialDepth: 64, reinforcement: 0.5 };

/** Two tasks in turn: accuracy on the first when it was learned, on the first at the end, and on the second; validation 1 less. */
export type Accuracies = readonly [number, number, number];

/** A made-up run of two tasks in turn, for tests. */
export function sequence(rule: object, seed: number, accuracies: Accuracies, stream: object = {}): RunRecord {
  const run = madeUpRun({ rule: { ...BASE, ...rule }, seed });
  const config = { ...run.config, epochs: 30, tasks: { count: 2, ...stream } };
  return { ...run, config, architecture: '512,512', epochs: epochsOf(accuracies) };
}

/** An epoch for each of two tasks; validation accuracies are 1 less. */
export function epochsOf([learned, kept, second]: Accuracies): RunRecord['epochs'] {
  const tasks = (...tests: readonly number[]): object[] =>
    tests.map((testAccuracy, i) => ({ task: i + 1, testAccuracy, validationAccuracy: testAccuracy - 1 }));
  const [one, two] = sampleRecord.epochs;
  return [
    { ...one, tasks: tasks(learned) },
    { ...two, tasks: tasks(kept, second) },
  ] as RunRecord['epochs'];
}
