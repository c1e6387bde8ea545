import type { EpochRecord, TotalsRecord } from '../records/record.js';
import { booleanGates } from '../rules/cost.js';
import type { Learner } from '../rules/rule.js';
import type { TaskData } from './task-data.js';

/** What a run has cost. @param elapsedMs - time of the whole run */
export function totals(
  learner: Learner,
  { train, inputForm }: TaskData,
  epochs: readonly EpochRecord[],
  elapsedMs: number,
): TotalsRecord {
  const { model, activations } = learner.memoryBits;
  const dataBits = train.labels.length * train.inputs.columns * (inputForm === 'binarized' ? 1 : 32);
  return {
    parameters: learner.parameters,
    memoryBits: model + activations + dataBits,
    modelBits: model,
    activationBits: activations,
    dataBits,
    booleanGates: booleanGates(learner.operations()),
    trainMs: epochs.reduce((sum, { trainMs }) => sum + trainMs, 0),
    elapsedMs,
  };
}
