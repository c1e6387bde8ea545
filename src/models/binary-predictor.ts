import { argmaxRows } from '../core/argmax-rows.js';
import type { BitMatrix } from '../core/bit-matrix.js';
import { Int32Matrix } from '../core/int-matrix.js';
import { nextTurn } from '../core/next-turn.js';
import type { Kernels } from '../kernels/kernels.js';
import { inMemoryOf, ternaryKernels, ternaryMatrix } from '../kernels/ternary-kernels.js';
import { checkNetwork, type NetworkSize } from '../layers/check-network.js';
import { type BinaryNetwork, type FixedNorm, normalized, type SignLayer } from '../layers/network.js';
import { packedInputs } from '../rules/packed-inputs.js';
import type { Inputs } from '../rules/rule.js';

/** Rows at once: enough to keep the kernels busy, few enough to stay in the cache. */
const CHUNK_ROWS = 500;

/** What a layer computes for B rows. */
interface LayerBatch {
  /** z, [B, K]; then z − t. */
  readonly preActivations: Int32Matrix;
  /** a, [B, K]. */
  readonly activations: BitMatrix;
  /** u, [B, K/γ]; a itself where neurons do not vote. */
  readonly outputs: BitMatrix;
  /** ŷ, [B, C]; absent without a classifier. */
  readonly logits?: Int32Matrix;
}

/** A network of bits on the kernels, its weights in memory that these read without copying. */
export class BinaryPredictor {
  readonly size: NetworkSize;
  readonly #network: BinaryNetwork;
  readonly #kernels: Kernels;
  readonly #batches = new Map<number, readonly LayerBatch[]>();

  /** @throws ArgumentError for a network whose parts do not fit each other */
  constructor(network: BinaryNetwork, kernels: Kernels) {
    this.size = checkNetwork(network);
    // For networks without zeros these are the kernels as they are.
    this.#kernels = ternaryKernels(kernels);
    const layers = network.layers.map(
      ({ weights, classifier, ...rest }): SignLayer => ({
        ...rest,
        weights: inMemoryOf(kernels, weights),
        ...(classifier && { classifier: inMemoryOf(kernels, classifier) }),
      }),
    );
    this.#network = { ...network, layers };
  }

  /** Predicted class of every row. @throws ArgumentError for inputs that are no bits, or of another width */
  async predict(inputs: Inputs): Promise<Int32Array> {
    const bits = packedInputs(inputs, this.size.inputs);
    const predictions = new Int32Array(bits.rows);
    for (let start = 0; start < bits.rows; start += CHUNK_ROWS) {
      const batch = this.#compute(bits.rowRange(start, Math.min(start + CHUNK_ROWS, bits.rows)));
      predictions.set(this.#answers(this.#readOut(batch)), start);
      await nextTurn();
    }
    return predictions;
  }

  /** Logits [n, C] of every layer that has a classifier, undefined for the others. @throws ArgumentError as `predict` */
  layerLogits(inputs: Inputs): (Int32Matrix | undefined)[] {
    const bits = packedInputs(inputs, this.size.inputs);
    const { classes } = this.size;
    const logits = this.#network.layers.map(
      ({ classifier }) => classifier && new Int32Matrix(bits.rows, classes),
    );
    for (let start = 0; start < bits.rows; start += CHUNK_ROWS) {
      const batch = this.#compute(bits.rowRange(start, Math.min(start + CHUNK_ROWS, bits.rows)));
      batch.forEach((layer, l) => {
        if (layer.logits) logits[l]?.values.set(layer.logits.values, start * classes);
      });
    }
    return logits;
  }

  async dispose(): Promise<void> {
    this.#batches.clear();
  }

  #compute(inputs: BitMatrix): readonly LayerBatch[] {
    const batch = this.#batch(inputs.rows);
    let below = inputs;
    this.#network.layers.forEach((layer, l) => {
      const { outputs, logits } = batch[l];
      this.#activate(layer, below, batch[l]);
      if (layer.classifier && logits) this.#kernels.product(outputs, layer.classifier, logits);
      below = outputs;
    });
    return batch;
  }

  #activate({ weights, thresholds, voters = 1 }: SignLayer, inputs: BitMatrix, batch: LayerBatch): void {
    const { preActivations, activations, outputs } = batch;
    if (thresholds) {
      this.#kernels.product(inputs, weights, preActivations);
      const { values } = preActivations;
      for (let i = 0; i < values.length; i++) values[i] -= thresholds[i % thresholds.length];
      this.#kernels.packSigns(preActivations, activations);
    } else {
      this.#kernels.product(inputs, weights, preActivations, activations);
    }
    if (voters > 1) this.#kernels.packMajority(activations, voters, outputs);
  }

  /** The logits that decide; overwrites those of the last layer where logits are summed. */
  #readOut(batch: readonly LayerBatch[]): Int32Matrix {
    const { logits } = batch[batch.length - 1];
    if (!logits) throw new TypeError('checkNetwork has seen a classifier in the last layer');
    if (this.#network.readOut === 'summed') {
      for (const layer of batch.slice(0, -1)) {
        layer.logits?.values.forEach((logit, i) => {
          logits.values[i] += logit;
        });
      }
    }
    return logits;
  }

  #answers(logits: Int32Matrix): Int32Array {
    const { logitNorm } = this.#network;
    return logitNorm ? argmaxNormalized(logits, logitNorm) : argmaxRows(logits);
  }

  #batch(rows: number): readonly LayerBatch[] {
    const known = this.#batches.get(rows);
    if (known) return known;
    const batch = this.#network.layers.map((layer) => this.#allocate(layer, rows));
    this.#batches.set(rows, batch);
    return batch;
  }

  #allocate({ weights, voters = 1, givesZeros, classifier }: SignLayer, rows: number): LayerBatch {
    const matrix = (columns: number): BitMatrix =>
      givesZeros ? ternaryMatrix(this.#kernels, rows, columns) : this.#kernels.bitMatrix(rows, columns);
    const activations = matrix(weights.rows);
    return {
      preActivations: this.#kernels.int32Matrix(rows, weights.rows),
      activations,
      outputs: voters === 1 ? activations : matrix(weights.rows / voters),
      ...(classifier && { logits: this.#kernels.int32Matrix(rows, classifier.rows) }),
    };
  }
}

/** Column of the largest normalized logit in each row, the lowest one on ties. */
function argmaxNormalized({ rows, columns, values }: Int32Matrix, norm: FixedNorm): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => {
    let best = 0;
    let largest = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < columns; c++) {
      const logit = normalized(norm, c, values[row * columns + c]);
      if (logit > largest) [best, largest] = [c, logit];
    }
    return best;
  });
}
