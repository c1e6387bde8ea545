import { randomStreams } from '../../core/random.js';
import type { EpochRecord, TaskAccuracy } from '../../records/record.js';
import type { Learner } from '../../rules/rule.js';
import type { TrainConfig } from '../config.js';
import type { Pause } from '../interrupt.js';
import { accuracyOn } from '../run-epoch.js';
import { permutedTask, type TaskSamples } from './permuted-task.js';

/** What is kept of a task for when later ones are learned. */
type Measured = Omit<TaskSamples, 'train'>;

/** The tasks that a run learns in turn, each for the same number of epochs; one task where its configuration has none. */
export class TaskSequence {
  readonly #data: TaskSamples;
  readonly #seed: number;
  readonly #epochsPerTask: number;
  readonly #measured: Measured[] = [];
  #present: { readonly task: number; readonly samples: TaskSamples } | undefined;

  /** @param data - task 1 */
  constructor(
    { train, validation, test }: TaskSamples,
    { seed, epochs, tasks }: Pick<TrainConfig, 'seed' | 'epochs' | 'tasks'>,
  ) {
    this.#data = { train, ...(validation && { validation }), test };
    this.#seed = seed;
    this.#epochsPerTask = epochs / (tasks?.count ?? 1);
  }

  /** What is shown in an epoch, which counts from 1 through all tasks. */
  samplesAt(epoch: number): TaskSamples {
    const task = this.#taskAt(epoch);
    if (this.#present?.task !== task) this.#present = { task, samples: this.#samples(task) };
    return this.#present.samples;
  }

  /** Whether an epoch is the last of its task. */
  endsAt(epoch: number): boolean {
    return epoch % this.#epochsPerTask === 0;
  }

  /** What a network can do on each task so far; on the present one, what its epoch's record says. */
  async accuracies(learner: Learner, present: EpochRecord, pause: Pause): Promise<TaskAccuracy[]> {
    const accuracies: TaskAccuracy[] = [];
    const last = this.#taskAt(present.epoch);
    for (let task = 1; task < last; task++) {
      const { validation, test } = this.#measuredOf(task);
      const validationAccuracy = validation && (await accuracyOn(learner, validation));
      await pause();
      const testAccuracy = await accuracyOn(learner, test);
      await pause();
      accuracies.push(taskAccuracy(task, { validationAccuracy, testAccuracy }));
    }
    return [...accuracies, taskAccuracy(last, present)];
  }

  #taskAt(epoch: number): number {
    return Math.ceil(epoch / this.#epochsPerTask);
  }

  #samples(task: number): TaskSamples {
    const samples = permutedTask(this.#data, task, randomStreams(this.#seed));
    const { train: _, ...measured } = samples;
    this.#measured[task] = measured;
    return samples;
  }

  /** Made again where a run goes on from a checkpoint. */
  #measuredOf(task: number): Measured {
    const { train: _, ...measured } = this.#data;
    this.#measured[task] ??= permutedTask(measured, task, randomStreams(this.#seed));
    return this.#measured[task];
  }
}

/** Over all tasks, which have as many samples each: the share of all samples. */
export function overTasks(tasks: readonly TaskAccuracy[]): Omit<TaskAccuracy, 'task'> {
  const validation = tasks.flatMap(({ validationAccuracy }) => validationAccuracy ?? []);
  return {
    ...(validation.length > 0 && { validationAccuracy: mean(validation) }),
    testAccuracy: mean(tasks.map(({ testAccuracy }) => testAccuracy)),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function taskAccuracy(
  task: number,
  measured: { readonly validationAccuracy?: number | undefined; readonly testAccuracy: number },
): TaskAccuracy {
  const { validationAccuracy, testAccuracy } = measured;
  return { task, ...(validationAccuracy !== undefined && { validationAccuracy }), testAccuracy };
}
