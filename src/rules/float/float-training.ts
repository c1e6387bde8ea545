import type { Network } from '../../layers/network.js';
import type { InputForm, LearnerState } from '../rule.js';
import type { Guide } from './guide.js';
import type { Parameter } from './parameter.js';
import type { Piece } from './pieces/piece.js';

/** A part of training in which every step is the same graph. */
export interface TrainingStage {
  /** What is trained, input side first. */
  readonly pieces: readonly Piece[];
  /** What predicts, where that is less. Default: `pieces`. */
  readonly inference?: readonly Piece[];
  /** What shows the network in training how. Default: nothing but labels. */
  readonly guide?: Guide | undefined;
  /**
   * What predicts, as plain data; absent where it is of none of the kinds there are.
   * @param values - all parameters, copies that it may keep
   */
  readonly network?: ((values: LearnerState) => Network) | undefined;
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

/** A network of floats and how it is trained, for `createFloatLearner`. */
export interface FloatTraining {
  /** Name of the rule, for messages. */
  readonly rule: string;
  /** What the network is shown. */
  readonly inputs: InputForm;
  /** For the message of a run that diverges. */
  readonly learningRate: number;
  /** Neurons of each hidden layer, input side first, for the description. */
  readonly hidden: readonly number[];
  /** The option that decides how large the network is. Default: `layers`, one entry for each layer. */
  readonly sizeOption?: string;
  /**
   * All that the pieces of any stage read, in the order in which it is stored. What is random at first is drawn from the
   * streams `RULE/NAME`.
   */
  readonly parameters: readonly Parameter[];
  /** At least one. Parameters are counted in the first, memory in the largest. */
  readonly stages: readonly TrainingStage[];
  /** Names of parameters that are kept as they are at the end of each task (per-task.ts), to predict with on that task. Default: none. */
  readonly perTask?: readonly string[];
  /** Absent where there is one stage only. */
  readonly schedule?: StageSchedule;
}
