import { describe, expect, it } from 'vitest';
import { ArgumentError } from '../../src/core/errors.js';
import type { RunRecord } from '../../src/records/record.js';
import { sequenceRows, taskAccuracyRows } from '../../src/statistics/sequence-rows.js';
import { sampleRecord } from '../sample-record.js';

const identity = { rule: 'local-error', dataset: 'prototypes', layers: '4,2', seed: 1 };

/**
 * The sequence in which row t holds the test accuracies after t tasks of two epochs each; those on validation samples
 * are 1 more.
 */
function sequence(...accuracies: readonly (readonly number[])[]): RunRecord {
  const [first, second] = sampleRecord.epochs;
  const epochs = accuracies.flatMap((ofStep) => {
    const tasks = ofStep.map((testAccuracy, j) => ({
      task: j + 1,
      validationAccuracy: testAccuracy + 1,
      testAccuracy,
    }));
    return [first, { ...second, tasks }];
  });
  return { ...sampleRecord, epochs };
}

function outcomes(...records: readonly RunRecord[]): object[] {
  return sequenceRows(taskAccuracyRows(records));
}

describe('rows of sequences', () => {
  it('hold the accuracy on every task so far after every task', () => {
    const rows = taskAccuracyRows([sequence([80], [70, 82])], { columns: { widths: 'rule.layers' } });
    expect(rows).toEqual([
      { ...identity, step: 1, task: 1, accuracy: 80, validationAccuracy: 81, widths: '4,2' },
      { ...identity, step: 2, task: 1, accuracy: 70, validationAccuracy: 71, widths: '4,2' },
      { ...identity, step: 2, task: 2, accuracy: 82, validationAccuracy: 83, widths: '4,2' },
    ]);
  });

  it('sum a sequence up in the measures of the field', () => {
    // Task 1 is best after task 2: 84, not the 80 it began with
    expect(outcomes(sequence([80], [84, 70], [60, 68, 88]))).toEqual([
      {
        ...identity,
        tasks: 3,
        averageAccuracy: (60 + 68 + 88) / 3,
        learningAccuracy: (80 + 70 + 88) / 3,
        averageForgetting: (24 + 2) / 2,
        averageValidationAccuracy: (61 + 69 + 89) / 3,
      },
    ]);
  });

  it('count a task that got better as forgotten by less than nothing', () => {
    expect(outcomes(sequence([50], [60, 70]))).toMatchObject([{ averageForgetting: -10 }]);
  });

  it('know no forgetting of a single task, and no validation where there was none', () => {
    const bare = sequence([75]).epochs.map((epoch) =>
      epoch.tasks ? { ...epoch, tasks: [{ task: 1, testAccuracy: 75 }] } : epoch,
    );
    const record = { ...sampleRecord, epochs: bare };
    expect(outcomes(record)).toMatchObject([
      { averageAccuracy: 75, learningAccuracy: 75, averageForgetting: null, averageValidationAccuracy: null },
    ]);
    expect(taskAccuracyRows([record])).toMatchObject([{ accuracy: 75, validationAccuracy: null }]);
  });

  it('tell sequences apart by all other columns, in whatever order their rows come', () => {
    const rows = taskAccuracyRows([sequence([80], [70, 82]), { ...sequence([60], [50, 62]), seed: 2 }]);
    const summed = sequenceRows(rows.toReversed());
    expect(summed).toMatchObject([
      { seed: 2, averageAccuracy: 56, averageForgetting: 10 },
      { seed: 1, averageAccuracy: 76, averageForgetting: 10 },
    ]);
  });

  it('are refused where a run is no sequence, a row is missing, and two sequences look alike', () => {
    const rows = taskAccuracyRows([sequence([80], [70, 82])]);
    expect(() => taskAccuracyRows([sampleRecord])).toThrow(ArgumentError);
    expect(() => taskAccuracyRows([sampleRecord])).toThrow(
      'records: expected sequences of tasks, got { rule: ',
    );
    expect(() => sequenceRows([])).toThrow('rows: expected at least one row');
    expect(() => sequenceRows(rows.slice(1))).toThrow(
      "rows: expected one row for each task so far after each, got '0 of step 1, task 1 for rule local-error, ",
    );
    expect(() => sequenceRows([...rows, ...rows])).toThrow("got '2 of step 1, task 1 for rule local-error, ");
    for (const place of [
      { step: 1, task: 2 },
      { step: 1.5, task: 1 },
      { step: 0, task: 0 },
    ]) {
      expect(() => sequenceRows([...rows, { ...rows[0], ...place }])).toThrow(
        `got 'one of step ${place.step}, task ${place.task} for rule local-error, `,
      );
    }
    expect(() => sequenceRows([{ ...rows[0], step: 0 }])).toThrow("got '0 of step 1, task 1 for ");
    const halfValidated = rows.map((row) => (row.task === 2 ? { ...row, validationAccuracy: null } : row));
    expect(() => sequenceRows(halfValidated)).toThrow(
      "rows: expected validation accuracies on all tasks or none, got '1'",
    );
    expect(() => sequenceRows(rows.map((row) => ({ ...row, tasks: 'permuted' })))).toThrow(
      'rows: expected no column called like a result (tasks, averageAccuracy, ',
    );
  });
});
