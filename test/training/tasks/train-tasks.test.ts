import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ArgumentError } from '../../../src/core/errors.js';
import { randomStreams } from '../../../src/core/random.js';
import { generatePrototypes } from '../../../src/data/prototypes.js';
import { accuracyPercent } from '../../../src/models/model.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { prepareData } from '../../../src/node/prepare-data.js';
import { type BackendOption, type TrainHooks, train } from '../../../src/node/train.js';
import type { EpochRecord, RunRecord, TaskAccuracy } from '../../../src/records/record.js';
import { configuredRule } from '../../../src/rules/registry.js';
import type { LabelledInputs } from '../../../src/rules/rule.js';
import { parseTrainConfig, type TrainOptions } from '../../../src/training/config.js';
import { problemOf } from '../../../src/training/task-data.js';
import { permuteColumns } from '../../../src/training/tasks/permute-columns.js';
import type { TrainProgress } from '../../../src/training/train-run.js';
import { PRESENT_BACKENDS } from '../../rules/binary/problem.js';

const DATASET = generatePrototypes({
  features: 100,
  classes: 4,
  flipProbability: 0.3,
  trainSamples: 300,
  validationSamples: 100,
  testSamples: 100,
});
const LOCAL_ERROR = { name: 'local-error', layers: [30, 30], groupSize: 10 } as const;
const OPTIONS: TrainOptions = {
  dataset: 'prototypes',
  rule: LOCAL_ERROR,
  epochs: 6,
  batchSize: 20,
  tasks: { count: 3 },
};

async function learned(
  options: Partial<TrainOptions> & BackendOption = {},
  hooks: TrainHooks = {},
): Promise<RunRecord> {
  const { record, learner } = await train({ ...OPTIONS, ...options }, { dataset: DATASET, ...hooks });
  await learner.dispose();
  return record;
}

/** Accuracies on every task so far, task after task. */
function accuraciesOf({ epochs }: RunRecord): readonly (readonly TaskAccuracy[])[] {
  return epochs.flatMap(({ tasks }) => (tasks ? [tasks] : []));
}

/** What is left of a record when times, and all that does not determine its numbers, are taken out. */
function timeless({ backend: _, config: __, ...record }: RunRecord): unknown {
  return JSON.parse(
    JSON.stringify(record, (key, value) => (key.endsWith('Ms') || key === 'startedAt' ? undefined : value)),
  );
}

describe('training on a sequence of tasks', () => {
  it('records configuration, epochs, what is left of each task, and totals', async () => {
    const record = await learned();
    expect(record.config).toMatchObject({ epochs: 6, seed: 1, tasks: { count: 3, kind: 'permuted' } });
    expect(record.epochs.map(({ epoch, tasks = [] }) => [epoch, tasks.map(({ task }) => task)])).toEqual([
      [1, []],
      [2, [1]],
      [3, []],
      [4, [1, 2]],
      [5, []],
      [6, [1, 2, 3]],
    ]);
    for (const { tasks, validationAccuracy, testAccuracy } of record.epochs) {
      if (tasks) expect(tasks[tasks.length - 1]).toMatchObject({ validationAccuracy, testAccuracy });
    }
    expect(record.selectedEpoch).toBe(6);
    const last = record.epochs[5].tasks ?? [];
    const mean = (of: (task: TaskAccuracy) => number | undefined): number =>
      last.reduce((sum, task) => sum + Number(of(task)), 0) / 3;
    expect(record.testAccuracy).toBe(mean(({ testAccuracy }) => testAccuracy));
    expect(record.validationAccuracy).toBe(mean(({ validationAccuracy }) => validationAccuracy));
    // The bits of one task's training set
    expect(record.totals.dataBits).toBe(300 * 100);
  });

  it.each<TrainOptions['rule']>([
    { ...LOCAL_ERROR, greedy: { epochsPerLayer: 1 } },
    { name: 'bep', layers: [30, 30], groupSize: 10 },
    { name: 'committee', layers: [30, 6] },
    { name: 'sgd', layers: [20] },
    { name: 'adam', layers: [20] },
    { name: 'qat', layers: [20] },
    { name: 'iterative', layers: [20], epochsPerStage: 1 },
  ])('learns its first task as if it were the only one: %o', async (rule) => {
    const { tasks: _, ...single } = OPTIONS;
    const run = await train({ ...single, rule, epochs: 4, seed: 3 }, { dataset: DATASET });
    await run.learner.dispose();
    const sequence = await learned({ rule, epochs: 8, seed: 3, tasks: { count: 2 } });
    const epochs = sequence.epochs.slice(0, 4).map(({ tasks: _, ...epoch }) => epoch);
    expect(timeless({ ...sequence, epochs })).toMatchObject({
      epochs: (timeless(run.record) as RunRecord).epochs,
    });
    const { validationAccuracy, testAccuracy } = run.record;
    expect(accuraciesOf(sequence)[0]).toEqual([{ task: 1, validationAccuracy, testAccuracy }]);
  });

  it('goes on with the same network, on inputs in another order', async () => {
    const config = parseTrainConfig({ dataset: 'prototypes', rule: LOCAL_ERROR, batchSize: 20 });
    const { task, description } = await prepareData(config, { dataset: DATASET });
    const streams = randomStreams(1);
    const context = { kernels: selectKernels('reference'), streams };
    const learner = await configuredRule(config.rule).createLearner(problemOf(description, 20), context);
    const columns = streams.stream('sequence/task-2/permutation').permutation(100);
    const permuted = ({ inputs, labels }: LabelledInputs): LabelledInputs => ({
      inputs: permuteColumns(inputs, columns),
      labels,
    });
    const order = streams.stream('training/order');
    for (const data of [task.train, task.train, permuted(task.train), permuted(task.train)]) {
      const plan = { data, order: order.permutation(300), batchSize: 20, afterBatch: () => undefined };
      await learner.trainEpoch(plan);
    }
    const accuracy = async ({ inputs, labels }: LabelledInputs): Promise<number> =>
      accuracyPercent(await learner.predict(inputs), labels);
    const [, accuracies] = accuraciesOf(await learned({ tasks: { count: 2 }, epochs: 4 }));
    expect(accuracies.map(({ testAccuracy }) => testAccuracy)).toEqual([
      await accuracy(task.test),
      await accuracy(permuted(task.test)),
    ]);
  });

  it('forgets nothing of task 1 where nothing more is learned', async () => {
    const rule = { name: 'iterative', layers: [20], epochsPerStage: 1 } as const;
    const onFirst = (record: RunRecord): number[] =>
      accuraciesOf(record).map(([{ testAccuracy }]) => testAccuracy);
    const first = onFirst(await learned({ rule }));
    expect(first).toEqual([first[0], first[0], first[0]]);
    expect(new Set(onFirst(await learned())).size).toBeGreaterThan(1);
  });

  it('gives the same numbers on every backend and with every number of threads', async () => {
    expect(PRESENT_BACKENDS).toContain('reference');
    const expected = timeless(await learned({ backend: 'reference' }));
    for (const backend of PRESENT_BACKENDS) {
      for (const threads of [1, 2]) {
        expect(timeless(await learned({ backend }, { threads }))).toEqual(expected);
      }
    }
    expect(timeless(await learned({ seed: 2 }))).not.toEqual(expected);
  });

  it('goes on from a checkpoint in any task, and ends as if it had not been stopped', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-tasks-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const expected = timeless(await learned());
    for (const stopAfter of [1, 2, 3, 4, 5]) {
      const checkpoint = { file: path.join(folder, `${stopAfter}`) };
      const stop = new AbortController();
      const onEpoch = ({ epoch }: EpochRecord): void => {
        if (epoch === stopAfter) stop.abort();
      };
      const stopped = learned({}, { checkpoint, signal: stop.signal, onEpoch });
      await expect(stopped).rejects.toThrow('training was interrupted');
      const resumed: number[] = [];
      const record = await learned({}, { checkpoint, onResume: (epochs) => resumed.push(epochs.length) });
      expect(resumed).toEqual([stopAfter]);
      expect(timeless(record)).toEqual(expected);
    }
  });

  it('tells how far it is through all tasks', async () => {
    const progress: TrainProgress[] = [];
    await learned({ epochs: 300, batchSize: 1 }, { onProgress: (state) => progress.push(state) });
    expect(progress.length).toBeGreaterThan(0);
    for (const state of progress) expect(state).toMatchObject({ epochs: 300, samples: 300 });
  });

  it('has five permuted tasks if nothing else is asked for, and one where there is no talk of tasks', () => {
    const { tasks } = parseTrainConfig({ dataset: 'prototypes', rule: LOCAL_ERROR, tasks: {} });
    expect(tasks).toEqual({ count: 5, kind: 'permuted' });
    expect(parseTrainConfig({ dataset: 'prototypes', rule: LOCAL_ERROR })).not.toHaveProperty('tasks');
  });

  it('does without validation samples', async () => {
    const { validation: _, ...dataset } = DATASET;
    for (const accuracy of accuraciesOf(await learned({}, { dataset })).flat()) {
      expect(accuracy).not.toHaveProperty('validationAccuracy');
    }
  });
});

describe('sequences that are refused', () => {
  it.each([
    [{ tasks: { count: 1 } }, 'tasks.count: expected a number of at least 2, got 1'],
    [{ tasks: { count: 2.5 } }, 'tasks.count: expected an integer, got 2.5'],
    [
      { tasks: { kind: 'rotated' } },
      "tasks.kind: expected one of permuted, datasets, parts, classes, got 'rotated'",
    ],
    [{ tasks: { number: 3 } }, 'tasks: expected no key number, got { number: 3 }'],
    [{ epochs: 7 }, 'epochs: expected a multiple of the 3 tasks, got 7'],
    [
      { modelSelection: 'best-validation' },
      "modelSelection: expected last, as accuracies before are on other tasks, got 'best-validation'",
    ],
    [
      { rule: { ...LOCAL_ERROR, groupSchedule: { patience: 2 } } },
      'rule.groupSchedule: expected none, as it would compare accuracies on different tasks, got { patience: 2 }',
    ],
  ])('%o', async (options, expected) => {
    const error = await learned(options as Partial<TrainOptions>).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ArgumentError);
    expect((error as ArgumentError).message).toBe(expected);
  });
});
