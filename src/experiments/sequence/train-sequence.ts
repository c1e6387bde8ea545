import { type RandomStream, type RandomStreams, randomStreams } from '../../bits/random.js';
import { selectKernels } from '../../kernels/select.js';
import { configuredRule } from '../../rules/catalog.js';
import type { Learner } from '../../rules/rule.js';
import { interruptible, type Pause } from '../interrupt.js';
import { type PreparedData, prepareData, resolvedConfig } from '../prepared-data.js';
import {
  type EpochRecord,
  type LearnedTask,
  RECORD_VERSION,
  type SequenceRecord,
  type TaskAccuracy,
} from '../record.js';
import { accuracyOn, runEpoch } from '../run-epoch.js';
import { software } from '../software.js';
import { taskShape } from '../task-data.js';
import { totals } from '../totals.js';
import type { TrainHooks } from '../train.js';
import { parseSequenceConfig, type SequenceConfig, type SequenceOptions } from './config.js';
import { permutedTask, type TaskSamples } from './tasks.js';

/** What surrounds a sequence and does not change its result. All optional; epochs are counted through all tasks. */
export interface SequenceHooks
  extends Pick<
    TrainHooks,
    'dataDir' | 'download' | 'signal' | 'threads' | 'dataset' | 'onProgress' | 'onEpoch'
  > {
  /** Called after each task. */
  readonly onTask?: ((task: LearnedTask) => void) | undefined;
}

/**
 * Trains one network on a sequence of tasks, and measures after each what it can do on those so far.
 *
 * All tasks have the same classes and one output; nothing tells the network which task a sample is of, or that a new one
 * begins. Training of a task is that of `train`: a sequence of one task ends with the accuracies that `train` gives
 * for the same configuration. What a rule counts in epochs (`greedy`, `epochsPerStage`) it counts through all tasks.
 *
 * @throws ArgumentError for a configuration that is wrong or does not fit the data
 * @throws DataError for a data file that is missing or damaged
 * @throws InterruptedError when `signal` aborts or the process gets SIGINT
 */
export async function trainSequence(
  options: SequenceOptions,
  hooks: SequenceHooks = {},
): Promise<SequenceRecord> {
  const config = parseSequenceConfig(options);
  const kernels = selectKernels(config.backend, { threads: hooks.threads });
  return interruptible('training', hooks.signal, async (pause) => {
    const start = performance.now();
    const startedAt = new Date().toISOString();
    const prepared = await prepareData(config, hooks);
    const streams = randomStreams(config.seed);
    const rule = configuredRule(config.rule);
    const learner = await rule.createLearner(taskShape(prepared.description, config.batchSize), {
      kernels,
      streams,
    });
    try {
      const tasks = await learnTasks({ config, prepared, streams, learner, hooks, pause });
      const epochs = tasks.flatMap((task) => task.epochs);
      return {
        recordVersion: RECORD_VERSION,
        config: resolvedConfig(config, prepared),
        rule: { name: rule.name, version: rule.version },
        seed: config.seed,
        dataset: prepared.description,
        backend: { name: kernels.backend, description: kernels.description },
        software: software(),
        startedAt,
        tasks,
        totals: totals(learner, prepared.task, epochs, performance.now() - start),
      };
    } finally {
      await learner.dispose();
    }
  });
}

interface Sequence {
  readonly config: SequenceConfig;
  readonly prepared: PreparedData;
  readonly streams: RandomStreams;
  readonly learner: Learner;
  readonly hooks: SequenceHooks;
  readonly pause: Pause;
}

async function learnTasks(sequence: Sequence): Promise<LearnedTask[]> {
  const { config, prepared, streams, hooks, pause } = sequence;
  const order = streams.stream('training/order');
  const seen: Measured[] = [];
  const learned: LearnedTask[] = [];
  for (let task = 1; task <= config.tasks.count; task++) {
    const data = permutedTask(prepared.task, task, streams);
    await pause();
    const epochs = await learnTask(sequence, task, data, order);
    const { train: _, ...measured } = data;
    seen.push(measured);
    learned.push({ task, epochs, accuracies: await measure(sequence, seen) });
    hooks.onTask?.(learned[task - 1]);
  }
  return learned;
}

async function learnTask(
  { config, learner, hooks, pause }: Sequence,
  task: number,
  data: TaskSamples,
  order: RandomStream,
): Promise<EpochRecord[]> {
  const { batchSize, epochs: epochsPerTask, tasks } = config;
  const ofAll = { epochs: tasks.count * epochsPerTask, samples: data.train.labels.length };
  const records: EpochRecord[] = [];
  for (let i = 1; i <= epochsPerTask; i++) {
    const epoch = (task - 1) * epochsPerTask + i;
    const onSamples = (samplesShown: number): void => hooks.onProgress?.({ ...ofAll, epoch, samplesShown });
    const record = await runEpoch(learner, data, { epoch, batchSize, order, pause, onSamples });
    records.push(record);
    hooks.onEpoch?.(record);
  }
  return records;
}

/** What is kept of a task for when later ones are learned. */
type Measured = Omit<TaskSamples, 'train'>;

async function measure({ learner, pause }: Sequence, seen: readonly Measured[]): Promise<TaskAccuracy[]> {
  const accuracies: TaskAccuracy[] = [];
  for (const [i, { validation, test }] of seen.entries()) {
    const validationAccuracy = validation && (await accuracyOn(learner, validation));
    await pause();
    const testAccuracy = await accuracyOn(learner, test);
    await pause();
    accuracies.push({
      task: i + 1,
      ...(validationAccuracy !== undefined && { validationAccuracy }),
      testAccuracy,
    });
  }
  return accuracies;
}
