import type { EpochRecord, TaskAccuracy } from '../../records/record.js';
import type { LabelledInputs, Learner } from '../../rules/rule.js';
import type { TrainConfig } from '../config.js';
import type { Pause } from '../interrupt.js';
import { accuracyOn } from '../run-epoch.js';
import type { TaskSamples } from './permuted-task.js';
import {
  interleavedTraining,
  type Measured,
  replayedTraining,
  type TaskSource,
  type TaskStream,
  taskStream,
} from './task-streams.js';

/**
 * The tasks that a run learns in turn, each for the same number of epochs; one task where its configuration has none. What is shown
 * follows from the epoch alone, so that a run goes on from a checkpoint in the middle of a stream as if it had never stopped.
 */
export class TaskSequence {
  readonly #stream: TaskStream;
  readonly #epochsPerTask: number;
  readonly #config: NonNullable<TrainConfig['tasks']> | undefined;
  readonly #measured: Measured[] = [];
  #present: { readonly name: string; readonly training: LabelledInputs } | undefined;

  /** @throws ArgumentError for more tasks than the data can be divided into */
  constructor(source: TaskSource, config: Pick<TrainConfig, 'seed' | 'epochs' | 'tasks'>) {
    this.#stream = taskStream(source, config);
    this.#config = config.tasks;
    this.#epochsPerTask = config.epochs / this.#stream.count;
  }

  /** What is shown in an epoch, which counts from 1 through all tasks, and what the network is measured on after it. */
  samplesAt(epoch: number): TaskSamples {
    const task = this.taskAt(epoch);
    return { train: this.#trainingAt(epoch, task), ...this.#measuredOf(task) };
  }

  /** Which task is learned in an epoch, from 1. */
  taskAt(epoch: number): number {
    return Math.ceil(epoch / this.#epochsPerTask);
  }

  /** Whether an epoch is the last of its task. */
  endsAt(epoch: number): boolean {
    return epoch % this.#epochsPerTask === 0;
  }

  /** Whether the network is measured on all tasks so far after an epoch. */
  isMeasuredAt(epoch: number): boolean {
    return this.#stream.areMeasuredApart && (this.endsAt(epoch) || this.#config?.everyEpoch === true);
  }

  /** What a network can do on each task so far; on the present one, what its epoch's record says. */
  async accuracies(learner: Learner, present: EpochRecord, pause: Pause): Promise<TaskAccuracy[]> {
    const accuracies: TaskAccuracy[] = [];
    const last = this.taskAt(present.epoch);
    for (let task = 1; task < last; task++) {
      const { validation, test } = this.#measuredOf(task);
      const validationAccuracy = validation && (await accuracyOn(learner, validation, task));
      await pause();
      const testAccuracy = await accuracyOn(learner, test, task);
      await pause();
      accuracies.push(taskAccuracy(task, { validationAccuracy, testAccuracy }));
    }
    return [...accuracies, taskAccuracy(last, present)];
  }

  #trainingAt(epoch: number, task: number): LabelledInputs {
    const isInterleaved = this.#config?.order === 'interleaved';
    const name = isInterleaved ? `epoch ${epoch}` : `task ${task}`;
    if (this.#present?.name !== name) {
      const replayed = this.#config?.replay;
      this.#present = {
        name,
        training: isInterleaved
          ? interleavedTraining(this.#stream, epoch)
          : replayed
            ? replayedTraining(this.#stream, task, replayed)
            : this.#stream.training(task),
      };
    }
    return this.#present.training;
  }

  /** Made again where a run goes on from a checkpoint. */
  #measuredOf(task: number): Measured {
    this.#measured[task] ??= this.#stream.measured(task);
    return this.#measured[task];
  }
}

/** Over all tasks, each weighing the same. */
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
