import type { EpochRecord, TotalsRecord } from '../records/record.js';
import { booleanGates } from '../rules/cost.js';
import type { Learner, MemoryBits } from '../rules/rule.js';
import type { TaskData } from './task-data.js';

/** The part of a record's totals that is known before training. */
export type MemoryTotals = Pick<TotalsRecord, 'memoryBits' | 'modelBits' | 'activationBits' | 'dataBits'>;

/** What a run holds in training. */
export function memoryTotals(
  { model, activations }: MemoryBits,
  { train, inputForm }: Pick<TaskData, 'train' | 'inputForm'>,
): MemoryTotals {
  const dataBits = train.labels.length * train.inputs.columns * (inputForm === 'binarized' ? 1 : 32);
  return {
    memoryBits: model + activations + dataBits,
    modelBits: model,
    activationBits: activations,
    dataBits,
  };
}

/** What a run has cost. @param elapsedMs - time of the whole run */
export function totals(
  learner: Learner,
  data: TaskData,
  epochs: readonly EpochRecord[],
  elapsedMs: number,
): TotalsRecord {
  return {
    parameters: learner.parameters,
    ...memoryTotals(learner.memoryBits, data),
    booleanGates: booleanGates(learner.operations()),
    trainMs: epochs.reduce((sum, { trainMs }) => sum + trainMs, 0),
    elapsedMs,
  };
}
