import type { Network } from '../../layers/network.js';
import type { InputForm, LearnerState, MemoryBits } from '../rule.js';
import type { Parameter } from './parameters.js';

/**
 * A part of training in which every step is the same graph. Graphs are fed and give back `VALUES`. They may read any
 * parameter, and the signs of one that has them.
 */
export interface TrainingStage {
  /**
   * Bytes of the ONNX model of one step: `gradientName` of a parameter among its outputs updates that parameter by
   * its optimizer, `nextName` replaces it.
   */
  readonly training: Uint8Array;
  /** Bytes of the ONNX model that predicts. */
  readonly inference: Uint8Array;
  /**
   * Float additions and multiplications done in this stage.
   * @param samples - samples shown in this stage
   * @param steps - batches shown in this stage
   */
  floatOperations(samples: number, steps: number): number;
  /**
   * What `inference` predicts with, as plain data.
   * @param values - all parameters, copies that it may keep
   */
  network(values: LearnerState): Network;
}

/** Stages that follow one another at fixed epochs. */
export interface StageSchedule {
  /** Epochs after which the next stage begins; the last stage does not end. */
  readonly epochsPerStage: number;
  /**
   * The parameters and moments with which a stage begins.
   * @param stage - from 1
   * @param values - all parameters and moments as the stage before has left them; not mutated
   */
  enterStage(stage: number, values: LearnerState): LearnerState;
}

/** A network that `GraphLearner` can train: its initial values and its graphs. */
export interface GraphNetwork {
  /** Name of the rule, for messages. */
  readonly rule: string;
  /** What the network is shown. */
  readonly inputs: InputForm;
  /** For the message of a run that diverges. */
  readonly learningRate: number;
  /** All that steps read and change, with what training starts from. */
  readonly initial: readonly Parameter[];
  /** Number of trainable parameters. */
  readonly parameters: number;
  readonly memoryBits: MemoryBits;
  /** At least one. */
  readonly stages: readonly TrainingStage[];
  /** Absent where there is one stage only. */
  readonly schedule?: StageSchedule;
}
