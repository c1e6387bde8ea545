import { describe, expect, it } from 'vitest';
import { sequenceRows, taskAccuracyRows } from '../../src/analysis/sequence-rows.js';
import type { SequenceRecord } from '../../src/experiments/record.js';
import { sampleRecord } from '../sample-record.js';

const identity = { rule: 'local-error', dataset: 'prototypes', layers: '4,2', seed: 1 };
const {
  epochs,
  selectedEpoch: _,
  trainAccuracy: __,
  validationAccuracy: ___,
  testAccuracy: ____,
  ...origin
} = sampleRecord;

/** The sequence in which row t holds the test accuracies after t tasks; those on validation samples are 1 more. */
function sequence(...accuracies: readonly (readonly number[])[]): SequenceRecord {
  return {
    ...origin,
    tasks: accuracies.map((ofStep, t) => ({
      task: t + 1,
      epochs,
      accuracies: ofStep.map((testAccuracy, j) => ({
        task: j + 1,
        validationAccuracy: testAccuracy + 1,
        testAccuracy,
      })),
    })),
  };
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
    expect(sequenceRows([sequence([80], [84, 70], [60, 68, 88])])).toEqual([
      {
        ...identity,
        tasks: 3,
        averageAccuracy: (60 + 68 + 88) / 3,
        learningAccuracy: (80 + 70 + 88) / 3,
        averageForgetting: (24 + 2) / 2,
        averageValidationAccuracy: (61 + 69 + 89) / 3,
        trainSeconds: sampleRecord.totals.trainMs / 1000,
      },
    ]);
  });

  it('count a task that got better as forgotten by less than nothing', () => {
    expect(sequenceRows([sequence([50], [60, 70])])).toMatchObject([{ averageForgetting: -10 }]);
  });

  it('know no forgetting of a single task, and no validation where there was none', () => {
    const [only] = sequence([75]).tasks;
    const bare = { ...sequence(), tasks: [{ ...only, accuracies: [{ task: 1, testAccuracy: 75 }] }] };
    expect(sequenceRows([bare])).toMatchObject([
      { averageAccuracy: 75, learningAccuracy: 75, averageForgetting: null, averageValidationAccuracy: null },
    ]);
    expect(taskAccuracyRows([bare])).toMatchObject([{ accuracy: 75, validationAccuracy: null }]);
  });
});
