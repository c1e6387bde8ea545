import { describe, expect, it } from 'vitest';
import { XnorlabError } from '../../../src/bits/errors.js';
import { randomStreams } from '../../../src/bits/random.js';
import { generatePrototypes } from '../../../src/datasets/prototypes.js';
import { parseTrainConfig, type TrainOptions } from '../../../src/experiments/config.js';
import { accuracyPercent } from '../../../src/experiments/model.js';
import { prepareData } from '../../../src/experiments/prepared-data.js';
import type { SequenceRecord } from '../../../src/experiments/record.js';
import { parseSequenceConfig, type SequenceOptions } from '../../../src/experiments/sequence/config.js';
import { permuteColumns } from '../../../src/experiments/sequence/permute-columns.js';
import { trainSequence } from '../../../src/experiments/sequence/train-sequence.js';
import { taskShape } from '../../../src/experiments/task-data.js';
import { type TrainProgress, train } from '../../../src/experiments/train.js';
import { selectKernels } from '../../../src/kernels/select.js';
import { configuredRule } from '../../../src/rules/catalog.js';
import type { LabelledInputs } from '../../../src/rules/rule.js';
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
const OPTIONS: SequenceOptions = {
  dataset: 'prototypes',
  rule: LOCAL_ERROR,
  epochs: 2,
  batchSize: 20,
  tasks: { count: 3 },
};

function learned(options: Partial<SequenceOptions> = {}): Promise<SequenceRecord> {
  return trainSequence({ ...OPTIONS, ...options }, { dataset: DATASET });
}

/** What is left of a record when times, and all that does not determine its numbers, are taken out. */
function timeless({ backend: _, config: __, ...record }: SequenceRecord): unknown {
  return JSON.parse(
    JSON.stringify(record, (key, value) => (key.endsWith('Ms') || key === 'startedAt' ? undefined : value)),
  );
}

describe('trainSequence', () => {
  it('records configuration, tasks, epochs and totals', async () => {
    const record = await learned();
    expect(record.config).toMatchObject({
      dataset: { name: 'prototypes' },
      binarizer: { kind: 'median', per: 'feature' },
      rule: { ...LOCAL_ERROR, initialDepth: 64 },
      epochs: 2,
      seed: 1,
      tasks: { count: 3, kind: 'permuted' },
    });
    expect(record).toMatchObject({ recordVersion: 1, seed: 1, dataset: { sha256: DATASET.sha256 } });
    expect(record.rule.name).toBe('local-error');
    expect(record.tasks.map(({ task }) => task)).toEqual([1, 2, 3]);
    expect(record.tasks.map(({ epochs }) => epochs.map(({ epoch }) => epoch))).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const measured = record.tasks.map(({ accuracies }) => accuracies.map(({ task }) => task));
    expect(measured).toEqual([[1], [1, 2], [1, 2, 3]]);
    for (const { epochs, accuracies } of record.tasks) {
      const { validationAccuracy, testAccuracy } = epochs[1];
      expect(accuracies[accuracies.length - 1]).toMatchObject({ validationAccuracy, testAccuracy });
    }
    // The bits of one task's training set
    expect(record.totals.dataBits).toBe(300 * 100);
  });

  it.each<TrainOptions['rule']>([
    { ...LOCAL_ERROR, groupSchedule: { patience: 1 } },
    { name: 'bep', layers: [30, 30], groupSize: 10 },
    { name: 'committee', layers: [30, 6] },
    { name: 'sgd', layers: [20] },
    { name: 'adam', layers: [20] },
    { name: 'qat', layers: [20] },
    { name: 'iterative', layers: [20], epochsPerStage: 1 },
  ])('learns one task as train does: %o', async (rule) => {
    const { tasks: _, ...options } = { ...OPTIONS, rule, epochs: 4, seed: 3 };
    const run = await train(options, { dataset: DATASET });
    await run.learner.dispose();
    const { tasks, totals } = await learned({ ...options, tasks: { count: 1 } });
    const numbers = ({ trainMs: _, elapsedMs: __, ...epoch }: object & Record<string, unknown>): object =>
      epoch;
    expect(tasks[0].epochs.map((epoch) => numbers({ ...epoch }))).toEqual(
      run.record.epochs.map((epoch) => numbers({ ...epoch })),
    );
    expect(tasks[0].accuracies).toEqual([
      { task: 1, validationAccuracy: run.record.validationAccuracy, testAccuracy: run.record.testAccuracy },
    ]);
    expect(totals.booleanGates).toBe(run.record.totals.booleanGates);
  });

  it('goes on with the same network, on inputs in another order', async () => {
    const config = parseTrainConfig({ dataset: 'prototypes', rule: LOCAL_ERROR, batchSize: 20 });
    const { task, description } = await prepareData(config, { dataset: DATASET });
    const streams = randomStreams(1);
    const context = { kernels: selectKernels('reference'), streams };
    const learner = await configuredRule(config.rule).createLearner(taskShape(description, 20), context);
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
    const { tasks } = await learned({ tasks: { count: 2 } });
    expect(tasks[1].accuracies.map(({ testAccuracy }) => testAccuracy)).toEqual([
      await accuracy(task.test),
      await accuracy(permuted(task.test)),
    ]);
  });

  it('forgets nothing of task 1 where nothing more is learned', async () => {
    const rule = { name: 'iterative', layers: [20], epochsPerStage: 1 } as const;
    const { tasks } = await learned({ rule });
    const first = tasks.map(({ accuracies }) => accuracies[0].testAccuracy);
    expect(first).toEqual([first[0], first[0], first[0]]);
    const other = (await learned()).tasks.map(({ accuracies }) => accuracies[0].testAccuracy);
    expect(new Set(other).size).toBeGreaterThan(1);
  });

  it('gives the same numbers on every backend and with every number of threads', async () => {
    expect(PRESENT_BACKENDS).toContain('reference');
    const expected = timeless(await learned({ backend: 'reference' }));
    for (const backend of PRESENT_BACKENDS) {
      for (const threads of [1, 2]) {
        const record = await trainSequence({ ...OPTIONS, backend }, { dataset: DATASET, threads });
        expect(timeless(record)).toEqual(expected);
      }
    }
    expect(timeless(await learned({ seed: 2 }))).not.toEqual(expected);
  });

  it('tells its progress, epochs and tasks', async () => {
    const seen: string[] = [];
    const progress: TrainProgress[] = [];
    await trainSequence(OPTIONS, {
      dataset: DATASET,
      onProgress: (state) => progress.push(state),
      onEpoch: ({ epoch }) => seen.push(`epoch ${epoch}`),
      onTask: ({ task }) => seen.push(`task ${task}`),
    });
    expect(seen.join(', ')).toBe(
      'epoch 1, epoch 2, task 1, epoch 3, epoch 4, task 2, epoch 5, epoch 6, task 3',
    );
    for (const state of progress) expect(state).toMatchObject({ epochs: 6, samples: 300 });
  });

  it('can be stopped by a signal, and by SIGINT, and leaves no listener behind', async () => {
    const controller = new AbortController();
    const listeners = process.listenerCount('SIGINT');
    const stop = (onTask: () => void): Promise<SequenceRecord> =>
      trainSequence(OPTIONS, { dataset: DATASET, signal: controller.signal, onTask });
    await expect(stop(() => process.emit('SIGINT'))).rejects.toThrow('training was interrupted');
    await expect(stop(() => controller.abort())).rejects.toThrow('training was interrupted');
    expect(process.listenerCount('SIGINT')).toBe(listeners);
  });

  it('has five permuted tasks if nothing else is asked for', () => {
    const { tasks, epochs } = parseSequenceConfig({ dataset: 'prototypes', rule: LOCAL_ERROR });
    expect({ tasks, epochs }).toEqual({ tasks: { count: 5, kind: 'permuted' }, epochs: 20 });
  });

  it('does without validation samples', async () => {
    const { validation: _, ...dataset } = DATASET;
    const { tasks } = await trainSequence(OPTIONS, { dataset });
    for (const accuracy of tasks[2].accuracies) expect(accuracy).not.toHaveProperty('validationAccuracy');
  });
});

describe('sequences that are refused', () => {
  it.each([
    [{ tasks: { count: 0 } }, 'tasks.count: expected a number of at least 1, got 0'],
    [{ tasks: { count: 1.5 } }, 'tasks.count: expected an integer, got 1.5'],
    [{ tasks: { kind: 'rotated' } }, "tasks.kind: expected permuted, got 'rotated'"],
    [{ tasks: { number: 3 } }, 'tasks: expected no key number, got { number: 3 }'],
    [{ modelSelection: 'last' }, /^value: expected no key modelSelection/],
    [{ epochs: 0 }, 'epochs: expected a number of at least 1, got 0'],
    [
      { rule: { ...LOCAL_ERROR, groupSize: 7 } },
      "rule.groupSize: expected a divisor of the layer's 30 neurons, got 7",
    ],
    [{ dataset: 'mnist' }, "dataset: expected prototypes, the data set handed in, got 'mnist'"],
  ])('%o', async (options, expected) => {
    const run = learned(options as Partial<SequenceOptions>);
    const error = await run.then(
      () => 'accepted',
      (reason: unknown) => (reason instanceof XnorlabError ? reason.message : String(reason)),
    );
    if (typeof expected === 'string') expect(error).toBe(expected);
    else expect(error).toMatch(expected);
  });
});
