import type { z } from 'zod';
import type { BitMatrix } from '../core/bit-matrix.js';
import type { Int16Matrix } from '../core/int-matrix.js';
import type { Shape } from '../core/shape.js';
import type { StandardizedValues } from '../kernels/float-kernels.js';
import type { LayerContext, LayerObservation, LearnerState } from '../layers/layer.js';
import type { Network } from '../layers/network.js';
import type { OperationCounts } from './cost.js';
import type { OnnxRuntime } from './float/runtime.js';
import type { MemoryPart } from './memory-part.js';

export type { LayerObservation, LearnerState };

/** Rows of real numbers that are made on demand, so that a data set need not be held as floats. */
export interface RealRows {
  readonly rows: number;
  readonly columns: number;
  /** Writes row `row` to target[offset … offset + columns). */
  copyRow(row: number, target: Float32Array, offset: number): void;
  /** What the rows are made of, if they are standardized numbers: kernels make a batch of them at once. */
  readonly standardized?: StandardizedValues | undefined;
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
  /** Tasks learned one after the other, for rules that keep something of each. Default: one. */
  readonly tasks?: number | undefined;
}

/** What a rule needs from outside, the same for all rules. */
export interface RuleContext extends LayerContext {
  /**
   * Loads what runs the graphs of float rules: called when a learner of one is made, and by no other rule. Absent on
   * a host that has none.
   */
  readonly onnxRuntime?: (() => Promise<OnnxRuntime>) | undefined;
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

/** What one epoch of training did. */
export interface EpochObservation {
  /** Percent of the training samples classified rightly when they were shown, before the update they caused. */
  readonly trainAccuracy: number;
  /** Mean training loss, for rules that have one. */
  readonly loss?: number;
  /** One entry for each binary layer, input side first; absent for rules without hidden weights. */
  readonly layers?: readonly LayerObservation[];
}

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
  /**
   * For rules that keep something of each task: called after the last epoch of a task, before the network is measured on all so far, with
   * the task's training samples and its number, from 1. What it changes is part of the state. Nothing tells the others that a task has ended.
   */
  endTask?(data: LabelledInputs, task: number): Promise<void>;
  /**
   * Predicted class of every row. Changes nothing.
   * @param task - a task that has ended, from 1, which the rows are of: for rules that keep something of each, and are told. Default:
   *   nothing is known of that
   */
  predict(inputs: Inputs, task?: number): Promise<Int32Array>;
  /**
   * What it predicts with now, as plain data of its own: `predict` gives what that network gives. Absent where the network
   * is of none of the kinds there are; it is then used through its learner alone, and cannot be saved.
   */
  network?(): Network;
  /** Copies of H of every binary layer, input side first; absent for rules without hidden weights. */
  hiddenWeights?(): readonly Int16Matrix[];
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

/** What a rule is told of the run that it is part of, besides its options. */
export interface RunOutline {
  /** Epochs of all tasks together. */
  readonly epochs: number;
  /** Tasks learned one after the other; 1 where there is no sequence. */
  readonly tasks: number;
  /** Whether all tasks are shown all the time instead. Default: false. */
  readonly isInterleaved?: boolean;
}

/** What a configured rule makes of a problem, known without making it. */
export interface RuleDescription {
  /** The hidden layers in a few characters, input side first: `525,525`. Rows and tables show it. */
  readonly architecture: string;
  /** Trainable parameters. */
  readonly parameters: number;
  /** Most that training holds. */
  readonly memoryBits: MemoryBits;
  /**
   * Operations of showing one training sample that needs no correction, at the least: what `Learner.operations` counts
   * is this for every sample shown, and what corrections and options add.
   */
  readonly operationsPerSample: OperationCounts;
}

/** A class of errors. */
export type ErrorClass = abstract new (...parameters: never[]) => Error;

/**
 * What a rule's author writes: the name, the options, and how a learner is made from them. `registerRule` makes it known.
 * @typeParam Options - the schema of the options; may leave out `name`, which is added
 */
export interface RuleDefinition<Options extends z.ZodObject, Name extends string = string> {
  /** Small letters, digits and hyphens: `local-error`. */
  readonly name: Name;
  /** An integer of at least 1. Raised whenever the same configuration and seed would give another result. */
  readonly version: number;
  /**
   * The first version whose saved states mean what those of this one do: since then it has only rounded otherwise, or got
   * options. Default: `version`.
   */
  readonly stateVersion?: number;
  /** The rule's options with ranges, defaults and, each of them, a description. */
  readonly options: Options;
  /**
   * What options are called as flags of the command line, by path: `{ 'greedy.epochsPerLayer': 'epochs-per-layer' }`.
   * Default: the path in kebab case, `greedy-epochs-per-layer`.
   */
  readonly flags?: Readonly<Record<string, string>>;
  /**
   * Names of series that look the same in every figure, with the number of their style, in [0, 6] for a colour of
   * their own. Default: the rule's name, with a style that follows from it.
   */
  readonly styles?: Readonly<Record<string, number>>;
  /**
   * Bits that each number of a step becomes where data is a sequence of numbers and the configuration says no binarizer: a thermometer of
   * so many quantiles. Default: the median, as of all other data.
   */
  readonly thermometerLevels?: number;
  /**
   * Whether its learners are computed with `onnxRuntime` of the context, so that a host which lacks it says so before it
   * loads data. Default: false.
   */
  readonly needsOnnxRuntime?: boolean;
  /** Classes of errors that its learners throw, besides those of xnorlab: they come back whole from another thread. */
  readonly errors?: readonly ErrorClass[];
  /** What its learners are shown. */
  inputForm(config: z.output<Options>): InputForm;
  /**
   * What the schema cannot say: options that do not fit each other, or the run.
   * @throws ArgumentError that names the option as the run's configuration does: `rule.groupSize`, with the path
   *   `['rule', 'groupSize']`
   */
  check?(config: z.output<Options>, run: RunOutline): void;
  /** @throws ArgumentError when the configuration does not fit the problem */
  describe(config: z.output<Options>, problem: Problem): RuleDescription;
  /**
   * Memory that its learners take, by the options that decide on it, told by arithmetic: what does not fit is refused before it is made.
   * Default: what `describe` says of bits.
   */
  memory?(config: z.output<Options>, problem: Problem): readonly MemoryPart[];
  /** @throws ArgumentError when the configuration does not fit the problem */
  createLearner(config: z.output<Options>, problem: Problem, context: RuleContext): Promise<Learner>;
}

/** A learning rule with a checked configuration. */
export interface ConfiguredRule {
  readonly name: string;
  readonly version: number;
  /** The first version whose saved states mean the same. */
  readonly stateVersion: number;
  readonly inputForm: InputForm;
  /** Levels of the thermometer that sequences of numbers get by default; absent: the median. */
  readonly thermometerLevels?: number;
  /** Whether its learners are computed with `onnxRuntime` of the context. */
  readonly needsOnnxRuntime: boolean;
  /** SHA-256 of the file that the rule was loaded from, for rules of a user's file. */
  readonly sha256?: string;
  /** @throws ArgumentError when the options do not fit each other or the run */
  check(run: RunOutline): void;
  /** @throws ArgumentError when the configuration does not fit the problem */
  describe(problem: Problem): RuleDescription;
  /** Memory that a learner takes. @throws as `describe`, for a rule that says no more than that */
  memory(problem: Problem): readonly MemoryPart[];
  /** @throws ArgumentError when the configuration does not fit the problem */
  createLearner(problem: Problem, context: RuleContext): Promise<Learner>;
}
