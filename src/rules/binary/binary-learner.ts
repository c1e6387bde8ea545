import { argmaxRows } from '../../core/argmax-rows.js';
import type { BitMatrix } from '../../core/bit-matrix.js';
import { checkInteger } from '../../core/check.js';
import type { Int32Matrix } from '../../core/int-matrix.js';
import { nextTurn } from '../../core/next-turn.js';
import { sizeOf } from '../../core/shape.js';
import type { Kernels } from '../../kernels/kernels.js';
import { addOperations, NO_OPERATIONS, type OperationCounts } from '../cost.js';
import { packedInputs } from '../packed-inputs.js';
import type {
  EpochObservation,
  EpochPlan,
  Inputs,
  LayerObservation,
  Learner,
  LearnerState,
  MemoryBits,
  Problem,
  RuleContext,
  RuleDescription,
} from '../rule.js';
import { InputNoisePart } from './input-noise-part.js';
import type { TrainingPart } from './part.js';

/** Rows that prediction takes at once: enough to keep the kernels busy, few enough to stay in the cache. */
const PREDICTION_ROWS = 500;

/** The buffers for one batch size: its samples, and what the network computes for them. */
interface SampleBatch<NetworkBatch> {
  readonly inputs: BitMatrix;
  readonly labels: Int32Array;
  readonly network: NetworkBatch;
}

/** Options of training that do not depend on the network. */
export interface BinaryTrainingOptions {
  /** p_r, in [0, 1]. */
  readonly reinforcement: number;
  /** Probability that an input bit is flipped when a training sample is shown; 0 for none. */
  readonly inputFlipProbability: number;
}

/**
 * What binary networks with hidden weights have in common in training: batches are gathered, shown and counted, and predictions are
 * argmax of the network's logits. What a batch does to the network is the subclass's; what can be added to any
 * network is a part (part.ts), told of batches and epochs here.
 *
 * Training accuracy is measured on what is shown, noise included; predictions are made without noise.
 *
 * @typeParam NetworkBatch - what the network computes for a batch, in memory that is allocated once for each size
 */
export abstract class BinaryLearner<NetworkBatch> implements Learner {
  readonly parameters: number;
  readonly memoryBits: MemoryBits;
  protected readonly kernels: Kernels;
  readonly #batches = new Map<number, SampleBatch<NetworkBatch>>();
  readonly #reinforcement: number;
  readonly #parts: TrainingPart[] = [];
  #samplesTrained = 0;
  /** acc of §4 step 6, a fraction. */
  #previousAccuracy = 0;

  /**
   * @param description - what the rule says of the problem
   * @throws ArgumentError for a problem of fewer than two classes
   */
  protected constructor(
    context: RuleContext,
    protected readonly problem: Problem,
    { reinforcement, inputFlipProbability }: BinaryTrainingOptions,
    { parameters, memoryBits }: RuleDescription,
  ) {
    checkInteger('classes', problem.classes, 2);
    this.kernels = context.kernels;
    this.parameters = parameters;
    this.memoryBits = memoryBits;
    this.#reinforcement = reinforcement;
    if (inputFlipProbability > 0) this.addPart(new InputNoisePart(inputFlipProbability, problem, context));
  }

  /** Adds a part, for construction only: the parts of a learner do not change. @returns the part */
  protected addPart<Part extends TrainingPart>(part: Part): Part {
    this.#parts.push(part);
    return part;
  }

  /** Samples shown in finished epochs. */
  protected get samplesTrained(): number {
    return this.#samplesTrained;
  }

  /** Rows that prediction takes at once, at least 1. */
  protected get predictionRows(): number {
    return PREDICTION_ROWS;
  }

  /** Memory for what the network computes for `rows` samples. */
  protected abstract allocate(rows: number): NetworkBatch;

  /** Starts an epoch. @param reinforcementScale - p_r·√(1 − acc), in [0, 1] */
  protected abstract beginEpoch(reinforcementScale: number): void;

  /**
   * Shows one batch and updates the network.
   * @param inputs - [B, N]
   * @param labels - B entries in [0, C)
   * @returns the number of samples that the network got wrong before the update
   */
  protected abstract trainBatch(inputs: BitMatrix, labels: Int32Array, batch: NetworkBatch): number;

  /** Ends an epoch in which `samples` were shown: one observation for each layer. */
  protected abstract endEpoch(samples: number): LayerObservation[];

  /** The logits that predictions are made from, [B, C]; overwrites the batch. */
  protected abstract logits(inputs: BitMatrix, batch: NetworkBatch): Int32Matrix;

  /** Copies out what the network changes while training. */
  protected abstract saveNetwork(): LearnerState;

  /** Returns to a state that `saveNetwork` gave. */
  protected abstract loadNetwork(state: LearnerState): void;

  /** `operations` without those of the parts. */
  protected abstract networkOperations(): OperationCounts;

  operations(): OperationCounts {
    return this.#parts.reduce(
      (sum, part) => addOperations(sum, part.operations?.() ?? NO_OPERATIONS),
      this.networkOperations(),
    );
  }

  /** Tells the parts how the epoch went. */
  afterValidation(accuracyPercent: number): void {
    for (const part of this.#parts) part.afterValidation?.(accuracyPercent);
  }

  async trainEpoch({ data, order, batchSize, afterBatch }: EpochPlan): Promise<EpochObservation> {
    const inputs = packedInputs(data.inputs);
    this.beginEpoch(this.#reinforcement * Math.sqrt(1 - this.#previousAccuracy));
    let wrong = 0;
    for (let start = 0; start < order.length; start += batchSize) {
      const rows = order.subarray(start, start + batchSize);
      const batch = this.#batch(rows.length);
      this.kernels.gatherRows(inputs, rows, batch.inputs);
      for (const part of this.#parts) part.beforeBatch?.(batch.inputs);
      for (let i = 0; i < rows.length; i++) batch.labels[i] = data.labels[rows[i]];
      wrong += this.trainBatch(batch.inputs, batch.labels, batch.network);
      const pause = afterBatch(start + rows.length);
      if (pause) await pause;
    }
    this.#previousAccuracy = 1 - wrong / order.length;
    this.#samplesTrained += order.length;
    const layers = this.endEpoch(order.length);
    for (const part of this.#parts) part.afterEpoch?.(order.length);
    return { trainAccuracy: 100 * this.#previousAccuracy, layers };
  }

  async predict(inputs: Inputs): Promise<Int32Array> {
    const bits = packedInputs(inputs);
    const predictions = new Int32Array(bits.rows);
    const most = this.predictionRows;
    for (let start = 0; start < bits.rows; start += most) {
      const rows = bits.rowRange(start, Math.min(start + most, bits.rows));
      predictions.set(argmaxRows(this.logits(rows, this.#batch(rows.rows).network)), start);
      await nextTurn();
    }
    return predictions;
  }

  saveState(): LearnerState {
    const progress = Float64Array.of(this.#samplesTrained, this.#previousAccuracy);
    return Object.assign({ progress }, ...this.#parts.map((part) => part.saveState()), this.saveNetwork());
  }

  loadState(state: LearnerState): void {
    [this.#samplesTrained, this.#previousAccuracy] = state.progress;
    this.loadNetwork(state);
    for (const part of this.#parts) part.loadState(state);
  }

  async dispose(): Promise<void> {
    this.#batches.clear();
  }

  #batch(rows: number): SampleBatch<NetworkBatch> {
    let batch = this.#batches.get(rows);
    if (!batch) {
      const inputs = this.kernels.bitMatrix(rows, sizeOf(this.problem.input));
      batch = { inputs, labels: new Int32Array(rows), network: this.allocate(rows) };
      this.#batches.set(rows, batch);
    }
    return batch;
  }
}
