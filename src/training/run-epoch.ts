import type { RandomStream } from '../core/random.js';
import { accuracyPercent } from '../models/model.js';
import type { EpochRecord } from '../records/record.js';
import type { LabelledInputs, Learner } from '../rules/rule.js';
import { epochRecord } from './epoch-record.js';
import type { Pause } from './interrupt.js';
import type { TaskData } from './task-data.js';

/** How an epoch is run. */
export interface EpochOptions {
  /** What the record calls it. */
  readonly epoch: number;
  readonly batchSize: number;
  /** Draws the order in which samples are shown. */
  readonly order: RandomStream;
  readonly pause: Pause;
  /** Called now and then with the number of samples shown so far. */
  readonly onSamples: (samplesShown: number) => void;
  /** Called after each batch; what it returns is awaited before the next. Default: nothing. */
  readonly onBatch?: (samplesShown: number) => Promise<void> | undefined;
}

/** Shows a learner every training sample once, and measures it on validation and test samples. */
export async function runEpoch(
  learner: Learner,
  { train: data, validation, test }: Pick<TaskData, 'train' | 'validation' | 'test'>,
  { epoch, batchSize, order, pause, onSamples, onBatch }: EpochOptions,
): Promise<EpochRecord> {
  const start = performance.now();
  const observation = await learner.trainEpoch({
    data,
    order: order.permutation(data.labels.length),
    batchSize,
    afterBatch: (samplesShown) => {
      const pausing = pause();
      if (pausing) onSamples(samplesShown);
      const waiting = onBatch?.(samplesShown);
      return pausing && waiting ? pausing.then(() => waiting) : (waiting ?? pausing);
    },
  });
  const trainMs = performance.now() - start;
  const validationAccuracy = validation && (await accuracyOn(learner, validation));
  if (validationAccuracy !== undefined) learner.afterValidation?.(validationAccuracy);
  await pause();
  const testAccuracy = await accuracyOn(learner, test);
  await pause();
  const elapsedMs = performance.now() - start;
  return epochRecord(epoch, observation, { validationAccuracy, testAccuracy, trainMs, elapsedMs });
}

/** Percent of samples that a network in training classifies rightly. @param task - that they are of, where it has ended */
export async function accuracyOn(
  learner: Learner,
  { inputs, labels }: LabelledInputs,
  task?: number,
): Promise<number> {
  return accuracyPercent(await learner.predict(inputs, task), labels);
}
