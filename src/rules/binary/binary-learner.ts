import { setImmediate as nextTurn } from 'node:timers/promises';
import { BitMatrix } from '../../bits/bit-matrix.js';
import { checkInteger } from '../../bits/check.js';
import { ArgumentError } from '../../bits/errors.js';
import type { Int32Matrix } from '../../bits/int-matrix.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { OperationCounts } from '../cost.js';
import type {
  EpochObservation,
  EpochPlan,
  Inputs,
  LayerObservation,
  Learner,
  LearnerState,
  MemoryBits,
  TaskShape,
} from '../rule.js';

/** Rows that prediction takes at once: enough to keep the kernels busy, few enough to stay in the cache. */
const PREDICTION_ROWS = 500;

/** The buffers for one batch size: its samples, and what the network computes for them. */
interface SampleBatch<NetworkBatch> {
  readonly inputs: BitMatrix;
  readonly labels: Int32Array;
  readonly network: NetworkBatch;
}

/**
 * What binary networks with hidden weights have in common in training: batches are gathered, shown and counted,
 * and predictions are argmax of the last logits. What a batch does to the network is the subclass's.
 *
 * @typeParam NetworkBatch - what the network computes for a batch, in memory that is allocated once for each size
 */
export abstract class BinaryLearner<NetworkBatch> implements Learner {
  abstract readonly parameters: number;
  abstract readonly memoryBits: MemoryBits;
  readonly #batches = new Map<number, SampleBatch<NetworkBatch>>();
  readonly #reinforcement: number;
  #samplesTrained = 0;
  /** acc of §4 step 6, a fraction. */
  #previousAccuracy = 0;

  /**
   * @param reinforcement - p_r, in [0, 1]
   * @throws ArgumentError for a task of fewer than two classes
   */
  protected constructor(
    protected readonly kernels: Kernels,
    protected readonly task: TaskShape,
    reinforcement: number,
  ) {
    checkInteger('classes', task.classes, 2);
    this.#reinforcement = reinforcement;
  }

  /** Samples shown in finished epochs. */
  protected get samplesTrained(): number {
    return this.#samplesTrained;
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

  abstract operations(): OperationCounts;

  async trainEpoch({ data, order, batchSize, afterBatch }: EpochPlan): Promise<EpochObservation> {
    const inputs = requireBits(data.inputs);
    this.beginEpoch(this.#reinforcement * Math.sqrt(1 - this.#previousAccuracy));
    let wrong = 0;
    for (let start = 0; start < order.length; start += batchSize) {
      const rows = order.subarray(start, start + batchSize);
      const batch = this.#batch(rows.length);
      this.kernels.gatherRows(inputs, rows, batch.inputs);
      for (let i = 0; i < rows.length; i++) batch.labels[i] = data.labels[rows[i]];
      wrong += this.trainBatch(batch.inputs, batch.labels, batch.network);
      const pause = afterBatch(start + rows.length);
      if (pause) await pause;
    }
    this.#previousAccuracy = 1 - wrong / order.length;
    this.#samplesTrained += order.length;
    return { trainAccuracy: 100 * this.#previousAccuracy, layers: this.endEpoch(order.length) };
  }

  async predict(inputs: Inputs): Promise<Int32Array> {
    const bits = requireBits(inputs);
    const predictions = new Int32Array(bits.rows);
    for (let start = 0; start < bits.rows; start += PREDICTION_ROWS) {
      const rows = bits.rowRange(start, Math.min(start + PREDICTION_ROWS, bits.rows));
      predictions.set(argmaxRows(this.logits(rows, this.#batch(rows.rows).network)), start);
      await nextTurn();
    }
    return predictions;
  }

  saveState(): LearnerState {
    const progress = Float64Array.of(this.#samplesTrained, this.#previousAccuracy);
    return { progress, ...this.saveNetwork() };
  }

  loadState(state: LearnerState): void {
    [this.#samplesTrained, this.#previousAccuracy] = state.progress;
    this.loadNetwork(state);
  }

  async dispose(): Promise<void> {
    this.#batches.clear();
  }

  #batch(rows: number): SampleBatch<NetworkBatch> {
    let batch = this.#batches.get(rows);
    if (!batch) {
      const inputs = this.kernels.bitMatrix(rows, this.task.inputs);
      batch = { inputs, labels: new Int32Array(rows), network: this.allocate(rows) };
      this.#batches.set(rows, batch);
    }
    return batch;
  }
}

function requireBits(inputs: Inputs): BitMatrix {
  if (inputs instanceof BitMatrix) return inputs;
  throw new ArgumentError('inputs', 'packed ±1 rows (a BitMatrix)', inputs.constructor.name);
}

/** Column of the largest entry in each row, the lowest one on ties. */
function argmaxRows({ rows, columns, values }: Int32Matrix): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => {
    const logits = values.subarray(row * columns, (row + 1) * columns);
    return logits.reduce((best, logit, c) => (logit > logits[best] ? c : best), 0);
  });
}
