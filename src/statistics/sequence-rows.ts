import { ArgumentError } from '../core/errors.js';
import { largest } from '../core/extremes.js';
import type { Row } from '../core/row.js';
import type { RunRecord, TaskAccuracy } from '../records/record.js';
import { type RowOptions, type RunColumns, rowsOf } from '../records/rows.js';
import {
  checkNames,
  checkRows,
  describeKey,
  groupRows,
  numberOf,
  numberOrNull,
  type RowGroup,
} from './group-rows.js';
import { mean } from './sample.js';

/** What a network can do on one task of a sequence, after it has learned some. Accuracies in percent. */
export interface TaskAccuracyRow extends RunColumns {
  /** Tasks learned so far; of `taskEpochRows` epochs. */
  readonly step: number;
  /** Which task, from 1, at most `step`. */
  readonly task: number;
  /** On the task's test samples. */
  readonly accuracy: number;
  readonly validationAccuracy: number | null;
}

/**
 * The outcome of a sequence of T tasks, by what the field calls its measures. With a(t, j) the test accuracy on task j
 * after t tasks, in percent:
 *
 *     averageAccuracy     mean over all tasks j of a(T, j)
 *     learningAccuracy    mean over all tasks j of a(j, j): how well a task was known just after it was learned
 *     averageForgetting   mean over j < T of (best of a(j, j) … a(T − 1, j)) − a(T, j); null for a single task
 *
 * Chaudhry et al., arXiv:1801.10112 (forgetting); Riemer et al., arXiv:1810.11910 (learning accuracy).
 */
export interface SequenceRow extends Row {
  readonly tasks: number;
  readonly averageAccuracy: number;
  readonly learningAccuracy: number;
  readonly averageForgetting: number | null;
  /** As averageAccuracy, on validation samples: the one to choose by. */
  readonly averageValidationAccuracy: number | null;
}

/**
 * Accuracy on every task so far after every task of sequences, for `forgetting`. Options and errors as for `runRows`.
 * @throws ArgumentError for a run that is no sequence of tasks
 */
export function taskAccuracyRows(records: readonly RunRecord[], options: RowOptions = {}): TaskAccuracyRow[] {
  checkSequences(records);
  return rowsOf(records, options, ({ epochs }) =>
    afterEachTask(epochs).flatMap((tasks) =>
      tasks.map((task) => ({ step: tasks.length, ...measuredOf(task) })),
    ),
  );
}

/**
 * Accuracy on every task so far after every epoch that it was measured after: `step` counts epochs, so that `forgetting` draws them over all
 * time. Options and errors as for `taskAccuracyRows`.
 */
export function taskEpochRows(records: readonly RunRecord[], options: RowOptions = {}): TaskAccuracyRow[] {
  checkSequences(records);
  return rowsOf(records, options, ({ epochs }) =>
    epochs.flatMap(({ epoch, tasks = [] }) => tasks.map((task) => ({ step: epoch, ...measuredOf(task) }))),
  );
}

function checkSequences(records: readonly RunRecord[]): void {
  for (const { config, epochs } of records) {
    if (!epochs.some(({ tasks }) => tasks)) throw new ArgumentError('records', 'sequences of tasks', config);
  }
}

function measuredOf({ task, testAccuracy, validationAccuracy }: TaskAccuracy) {
  return { task, accuracy: testAccuracy, validationAccuracy: validationAccuracy ?? null };
}

/** Accuracies on all tasks so far after each task, also where they were measured after every epoch. */
function afterEachTask(epochs: RunRecord['epochs']): (readonly TaskAccuracy[])[] {
  const measured = epochs.flatMap(({ tasks }) => (tasks ? [tasks] : []));
  return measured.filter((tasks, i) => measured[i + 1]?.length !== tasks.length);
}

const MEASURED = ['step', 'task', 'accuracy', 'validationAccuracy'];

/**
 * The outcome of sequences, one row each.
 * @param rows - of `taskAccuracyRows`; rows that are the same in all other columns are of one sequence
 * @returns these columns and those of `SequenceRow`, in the order in which sequences come first
 * @throws ArgumentError when there are no rows, for a sequence that lacks a row or has another, for one with validation
 *   accuracies on some tasks only, and for another column called like one of `SequenceRow`
 */
export function sequenceRows(rows: readonly Row[]): SequenceRow[] {
  checkRows(rows);
  const identity = Object.keys(rows[0]).filter((column) => !MEASURED.includes(column));
  return groupRows(rows, identity).map((sequence) => {
    const outcome = outcomeOf(stepsOf(sequence));
    checkNames('rows', identity, outcome);
    return { ...sequence.key, ...outcome };
  });
}

/** The rows of a sequence, step by step, each on task 1, 2 … */
function stepsOf({ key, rows }: RowGroup): readonly (readonly Row[])[] {
  const tasks = largest(rows.map((row) => numberOf(row, 'step')));
  const steps = Array.from({ length: Math.max(1, Math.floor(tasks)) }, (_, i) =>
    Array.from({ length: i + 1 }, (_, j) => {
      const found = rows.filter(({ step, task }) => step === i + 1 && task === j + 1);
      if (found.length === 1) return found[0];
      throw misfit(`${found.length} of step ${i + 1}, task ${j + 1}`, key);
    }),
  );
  const wanted = new Set(steps.flat());
  const other = rows.find((row) => !wanted.has(row));
  if (other) throw misfit(`one of step ${other.step}, task ${other.task}`, key);
  return steps;
}

function misfit(received: string, key: Row): ArgumentError {
  return new ArgumentError(
    'rows',
    'one row for each task so far after each',
    `${received} for ${describeKey(key)}`,
  );
}

/** @param steps - rows on task 1, 2 … after each task */
function outcomeOf(steps: readonly (readonly Row[])[]): SequenceRow {
  const accuracies = steps.map((step) => step.map((row) => numberOf(row, 'accuracy')));
  const last = steps[steps.length - 1];
  const validation = last.flatMap((row) => numberOrNull(row, 'validationAccuracy') ?? []);
  if (validation.length > 0 && validation.length < last.length) {
    throw new ArgumentError('rows', 'validation accuracies on all tasks or none', `${validation.length}`);
  }
  return {
    tasks: steps.length,
    averageAccuracy: mean(accuracies[steps.length - 1]),
    learningAccuracy: mean(accuracies.map((step, i) => step[i])),
    averageForgetting: averageForgetting(accuracies),
    averageValidationAccuracy: validation.length > 0 ? mean(validation) : null,
  };
}

/** @param accuracies - of every step, on each task so far */
function averageForgetting(accuracies: readonly (readonly number[])[]): number | null {
  const before = accuracies.slice(0, -1);
  if (before.length === 0) return null;
  const last = accuracies[before.length];
  const best = (j: number): number => largest(before.slice(j).map((ofStep) => ofStep[j]));
  return mean(before.map((_, j) => best(j) - last[j]));
}
