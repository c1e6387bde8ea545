import { ArgumentError } from '../../core/errors.js';
import { randomStreams } from '../../core/random.js';
import type { LabelledInputs } from '../../rules/rule.js';
import type { TrainConfig } from '../config.js';
import { allRows, type ChosenRows, joinedSamples } from './joined-samples.js';
import { permutedTask, type TaskSamples } from './permuted-task.js';

/** What is kept of a task for when later ones are learned. */
export type Measured = Omit<TaskSamples, 'train'>;

/** What tasks are made of. */
export interface TaskSource {
  /** Task 1, or what all tasks are parts of. */
  readonly first: TaskSamples;
  /** Task 2, 3 … where each is a data set of its own. */
  readonly further: readonly TaskSamples[];
  /** C */
  readonly classes: number;
}

/** The tasks of a stream, each made when it is asked for; tasks count from 1. */
export interface TaskStream {
  readonly count: number;
  /** Whether tasks have test samples of their own; else those of all are the same. */
  readonly areMeasuredApart: boolean;
  training(task: number): LabelledInputs;
  measured(task: number): Measured;
}

type StreamConfig = Pick<TrainConfig, 'seed' | 'tasks'>;

/**
 * The tasks that a configuration asks for; one where it asks for none.
 * @throws ArgumentError for more tasks than there are classes or samples to divide among them
 */
export function taskStream(source: TaskSource, { seed, tasks }: StreamConfig): TaskStream {
  const { first } = source;
  const { train, ...measured } = first;
  if (!tasks) {
    return { count: 1, areMeasuredApart: false, training: () => train, measured: () => measured };
  }
  const { count, kind } = tasks;
  switch (kind) {
    case 'permuted': {
      const streams = randomStreams(seed);
      return {
        count,
        areMeasuredApart: true,
        training: (task) => permutedTask({ train }, task, streams).train,
        measured: (task) => permutedTask(measured, task, streams),
      };
    }
    case 'datasets': {
      const all = [first, ...source.further];
      if (all.length !== count) {
        throw new ArgumentError('prepared', `data of ${count} data sets`, `that of ${all.length}`);
      }
      return {
        count,
        areMeasuredApart: true,
        training: (task) => all[task - 1].train,
        measured(task) {
          const { train: _, ...rest } = all[task - 1];
          return rest;
        },
      };
    }
    case 'parts': {
      const total = train.labels.length;
      checkCount(count, total, 'training samples');
      const start = (task: number) => Math.floor((task * total) / count);
      return {
        count,
        areMeasuredApart: false,
        training: (task) => chosen(train, (row) => row >= start(task - 1) && row < start(task)),
        measured: () => measured,
      };
    }
    case 'classes': {
      const { classes } = source;
      checkCount(count, classes, 'classes');
      const taskOf = (label: number) => 1 + Math.floor((label * count) / classes);
      const ofTask = (samples: LabelledInputs, task: number) =>
        chosen(samples, (row) => taskOf(samples.labels[row]) === task);
      const { validation, test } = measured;
      return {
        count,
        areMeasuredApart: true,
        training: (task) => ofTask(train, task),
        measured: (task) => ({
          ...(validation && { validation: ofTask(validation, task) }),
          test: ofTask(test, task),
        }),
      };
    }
    default:
      return kind satisfies never;
  }
}

/**
 * Training samples of all tasks at once, an equal share of each: the upper bound that learning one after the other is held against. In
 * T epochs that follow each other every sample of every task is shown once.
 * @param epoch - from 1
 */
export function interleavedTraining(stream: TaskStream, epoch: number): LabelledInputs {
  const parts = Array.from({ length: stream.count }, (_, i): ChosenRows => {
    const of = stream.training(i + 1);
    return rowsWhere(of, (row) => row % stream.count === (epoch - 1) % stream.count);
  });
  return joinedSamples(parts);
}

/**
 * Training samples of a task, and with them the first of each class of every task before it.
 * @param perClass - how many of each class of each task
 */
export function replayedTraining(stream: TaskStream, task: number, perClass: number): LabelledInputs {
  const before = Array.from({ length: task - 1 }, (_, i) =>
    firstOfEachClass(stream.training(i + 1), perClass),
  );
  return joinedSamples([allRows(stream.training(task)), ...before]);
}

function firstOfEachClass(of: LabelledInputs, perClass: number): ChosenRows {
  const taken = new Map<number, number>();
  return rowsWhere(of, (row) => {
    const count = taken.get(of.labels[row]) ?? 0;
    taken.set(of.labels[row], count + 1);
    return count < perClass;
  });
}

function chosen(of: LabelledInputs, isWanted: (row: number) => boolean): LabelledInputs {
  return joinedSamples([rowsWhere(of, isWanted)]);
}

function rowsWhere(of: LabelledInputs, isWanted: (row: number) => boolean): ChosenRows {
  return { of, rows: allRows(of).rows.filter(isWanted) };
}

function checkCount(count: number, most: number, what: string): void {
  if (count <= most) return;
  throw new ArgumentError('tasks.count', `at most the ${most} ${what}`, count, ['tasks', 'count']);
}
