import type { z } from 'zod';
import type { BitMatrix } from '../core/bit-matrix.js';
import type { RandomStreams } from '../core/random.js';
import type { Shape } from '../core/shape.js';
import type { Kernels } from '../kernels/kernels.js';
import type { OperationCounts } from './cost.js';

/** Rows of real numbers that are made on demand, so that a data set need not be held as floats. */
export interface RealRows {
  readonly rows: number;
  readonly columns: number;
  /** Writes row `row` to target[offset … offset + columns). */
  copyRow(row: number, target: Float32Array, offset: number): void;
}

/** What a network is shown: packed ±1, or full-precision rows. One row is one sample. */
export type Inputs = BitMatrix | RealRows;

/** Inputs with their labels, integers in [0, classes), one for each row. */
export interface LabelledInputs {
  readonly inputs: Inputs;
  readonly labels: Int32Array;
}

/** The problem that a network is made for. */
export interface Problem {
  /** What the columns of the inputs mean; `sizeOf` says how many there are. */
  readonly input: Shape;
  /** Number of classes, at least 2. */
  readonly classes: number;
  /** Most samples shown at once during training. */
  readonly batchSize: number;
  /** Whether `afterValidation` will be called: rules that adapt to validation accuracy need that. */
  readonly hasValidation: boolean;
}

/** What a rule needs from outside, the same for all rules. */
export interface RuleContext {
  readonly kernels: Kernels;
  /** Where every random draw of the rule comes from. */
  readonly streams: RandomStreams;
}

/** One pass over training data. */
export interface EpochPlan {
  readonly data: LabelledInputs;
  /** The order in which samples are shown: row indices of `data`. Cut into batches of `batchSize`. */
  readonly order: Uint32Array;
  readonly batchSize: number;
  /**
   * Called after each batch with the number of samples shown so far. A returned promise is awaited before the
   * next batch; a throw ends the epoch.
   */
  afterBatch(samplesShown: number): Promise<void> | undefined;
}

/** What one epoch did to one binary layer. */
export interface LayerObservation {
  /** Share of the samples shown that triggered an update of this layer, in [0, 1]. */
  readonly triggerShare: number;
  /** Number of changes of sign of visible weights during the epoch. */
  readonly flips: number;
  /** Share of hidden weights at ±bound after the epoch, in [0, 1]. */
  readonly boundShare: number;
  /**
   * Histogram of metaplastic depth |h| after the epoch: entry i counts the weights with
   * 2^i ≤ |h| < 2^(i+1); 15 entries.
   */
  readonly depthHistogram: readonly number[];
}

/** What one epoch of training did. */
export interface EpochObservation {
  /** Percent of the training samples classified rightly when they were shown, before the update they caused. */
  readonly trainAccuracy: number;
  /** Mean training loss, for rules that have one. */
  readonly loss?: number;
  /** One entry for each binary layer, input side first; absent for rules without hidden weights. */
  readonly layers?: readonly LayerObservation[];
}

/** A snapshot of everything a learner changes while training: copies, owned by the caller. */
export type LearnerState = Readonly<Record<string, Int16Array | Uint32Array | Float32Array | Float64Array>>;

/** The number of bits that training holds in memory, by purpose (algorithms.md §8). */
export interface MemoryBits {
  /** Weights and what belongs to them: hidden weights, fixed classifiers, moments of an optimizer. */
  readonly model: number;
  /** Activations and error signals of one batch. */
  readonly activations: number;
}

/** A network in training. Made by a rule for one problem; holds the state, never changes its configuration. */
export interface Learner {
  /** Trainable parameters. */
  readonly parameters: number;
  readonly memoryBits: MemoryBits;
  /** Shows every sample of the plan once and updates the state in place. */
  trainEpoch(plan: EpochPlan): Promise<EpochObservation>;
  /**
   * For rules that adapt to validation accuracy: called after each epoch of training with the accuracy on the
   * validation samples in percent, if there are any. What it changes is part of the state.
   */
  afterValidation?(accuracyPercent: number): void;
  /** Predicted class of every row. Changes nothing. */
  predict(inputs: Inputs): Promise<Int32Array>;
  /** Operations done in all training that led to the present state. */
  operations(): OperationCounts;
  /** Copies the state out. */
  saveState(): LearnerState;
  /** Returns to a state that `saveState` of a learner of the same configuration and problem gave. */
  loadState(state: LearnerState): void;
  /** Frees what is held outside the garbage collector's reach. */
  dispose(): Promise<void>;
}

/** Which form of the inputs a configured rule is shown. */
export type InputForm = 'binarized' | 'full-precision';

/** A learning rule with a checked configuration. */
export interface ConfiguredRule {
  readonly name: string;
  /** Raised whenever the same configuration and seed would give another result. */
  readonly version: number;
  readonly inputForm: InputForm;
  /** @throws ArgumentError when the configuration does not fit the problem */
  createLearner(problem: Problem, context: RuleContext): Promise<Learner>;
}

/** What a rule's author writes: the name, the options, and how a learner is made from them. */
export interface RuleDefinition<Schema extends z.ZodType> {
  readonly name: string;
  readonly version: number;
  /** The rule's options with ranges, defaults and descriptions. */
  readonly schema: Schema;
  inputForm(config: z.output<Schema>): InputForm;
  createLearner(config: z.output<Schema>, problem: Problem, context: RuleContext): Promise<Learner>;
}

/** A definition bound to a configuration that has passed the definition's schema. */
export function configureRule<Schema extends z.ZodType>(
  rule: RuleDefinition<Schema>,
  config: z.output<Schema>,
): ConfiguredRule {
  return {
    name: rule.name,
    version: rule.version,
    inputForm: rule.inputForm(config),
    createLearner: (problem, context) => rule.createLearner(config, problem, context),
  };
}
