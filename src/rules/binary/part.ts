import type { BitMatrix } from '../../core/bit-matrix.js';
import type { LearnerState } from '../../layers/layer.js';
import type { OperationCounts } from '../cost.js';

/**
 * Something that is added to the training of a binary network without the rule knowing of it: noise on the inputs, a schedule, a
 * vote over epochs. A learner has a list of parts, empty by default; each minds its own state and operations. What it holds in memory belongs to
 * the rule's `describe`.
 */
export interface TrainingPart {
  /** Changes the inputs of a training batch, in place, before it is shown. */
  beforeBatch?(inputs: BitMatrix): void;
  /** Called when an epoch in which `samples` were shown has ended, after the network's own end of it. */
  afterEpoch?(samples: number): void;
  /** Called after each epoch with the accuracy on the validation samples in percent, if there are any. */
  afterValidation?(accuracyPercent: number): void;
  /** Operations done for it in all training so far. Default: none. */
  operations?(): OperationCounts;
  /** Copies its state out, under names that no other part and no network has. */
  saveState(): LearnerState;
  /** Returns to the part of a learner's state that `saveState` gave. */
  loadState(state: LearnerState): void;
}
