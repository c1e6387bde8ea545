import type { LearnedTask, SequenceRecord, TaskAccuracy } from '../experiments/record.js';
import { type RowOptions, type RunIdentity, rowsOf } from './rows.js';
import { mean } from './sample.js';

/** What a network can do on one task of a sequence, after it has learned some. Accuracies in percent. */
export interface TaskAccuracyRow extends RunIdentity {
  /** Tasks learned so far. */
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
export interface SequenceRow extends RunIdentity {
  readonly tasks: number;
  readonly averageAccuracy: number;
  readonly learningAccuracy: number;
  readonly averageForgetting: number | null;
  /** As averageAccuracy, on validation samples: the one to choose by. */
  readonly averageValidationAccuracy: number | null;
  /** Time of training alone. */
  readonly trainSeconds: number;
}

/** Accuracy on every task so far after every task of sequences, for `forgetting`. Options and errors as for `runRows`. */
export function taskAccuracyRows(
  records: readonly SequenceRecord[],
  options: RowOptions = {},
): TaskAccuracyRow[] {
  return rowsOf(records, options, ({ tasks }) =>
    tasks.flatMap(({ task: step, accuracies }) =>
      accuracies.map(({ task, testAccuracy, validationAccuracy }) => ({
        step,
        task,
        accuracy: testAccuracy,
        validationAccuracy: validationAccuracy ?? null,
      })),
    ),
  );
}

/** The outcome of sequences, one row each. Options and errors as for `runRows`. */
export function sequenceRows(records: readonly SequenceRecord[], options: RowOptions = {}): SequenceRow[] {
  return rowsOf(records, options, ({ tasks, totals }) => {
    const { accuracies: last } = tasks[tasks.length - 1];
    return [
      {
        tasks: tasks.length,
        averageAccuracy: mean(last.map(({ testAccuracy }) => testAccuracy)),
        learningAccuracy: mean(tasks.map(({ accuracies }, i) => accuracies[i].testAccuracy)),
        averageForgetting: averageForgetting(tasks, last),
        averageValidationAccuracy: averageValidation(last),
        trainSeconds: totals.trainMs / 1000,
      },
    ];
  });
}

function averageForgetting(tasks: readonly LearnedTask[], last: readonly TaskAccuracy[]): number | null {
  const before = tasks.slice(0, -1);
  if (before.length === 0) return null;
  const best = (j: number): number =>
    Math.max(...before.slice(j).map(({ accuracies }) => accuracies[j].testAccuracy));
  return mean(before.map((_, j) => best(j) - last[j].testAccuracy));
}

function averageValidation(last: readonly TaskAccuracy[]): number | null {
  const values = last.flatMap(({ validationAccuracy }) => validationAccuracy ?? []);
  return values.length > 0 ? mean(values) : null;
}
