import { setImmediate as nextTurn } from 'node:timers/promises';
import { BitMatrix } from '../../bits/bit-matrix.js';
import { checkInteger } from '../../bits/check.js';
import { ArgumentError } from '../../bits/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { OperationCounts } from '../cost.js';
import type {
  EpochObservation,
  EpochPlan,
  Inputs,
  Learner,
  LearnerState,
  MemoryBits,
  RuleContext,
  RuleDefinition,
  TaskShape,
} from '../rule.js';
import { groupSizes, type LocalErrorConfig, localErrorConfig } from './config.js';
import { type LayerBatch, LocalErrorLayer } from './layer.js';

/** Rows that prediction takes at once: enough to keep the kernels busy, few enough to stay in the cache. */
const PREDICTION_ROWS = 500;

/**
 * Local binary error signals: training multi-layer binary networks without gradients.
 *
 * For layers l = 1…L, with hidden weights H, visible weights W = sign(H), fixed ±1 classifier P, a_0 the input:
 *
 *     z_l = W_l a_{l−1},  a_l = sign(z_l),  ŷ_l = P_l a_l
 *     trigger:   argmax ŷ_l ≠ label, or (largest − second largest logit) < ⌊r·K⌋
 *     desired:   a* = row `label` of P_l;  stability s_k = z_k·a*_k
 *     select:    in each group of γ neurons, the least wrong one (s_k < 0, smallest |s_k|)
 *     update:    h_k ← clip(h_k + 2·a*_k·a_{l−1}), summed over the batch
 *     reinforce: h ← clip(h + 2·sign(h)) with probability p_r·√(1 − acc)·√(2/(πN)), if any sample triggered
 *
 * The prediction is argmax of the last layer's ŷ. acc is the training accuracy of the previous epoch.
 *
 * Source: Colombo, Pittorino, Roveri, Machine Learning: Science and Technology 6 (2025) 035015,
 * arXiv:2412.00119; options of its published code included.
 */
export const localError: RuleDefinition<typeof localErrorConfig> = {
  name: 'local-error',
  version: 1,
  schema: localErrorConfig,
  inputForm: () => 'binarized',
  createLearner: async (config, task, context) => new LocalErrorLearner(config, task, context),
};

/** The buffers of all layers for one batch size. */
interface NetworkBatch {
  readonly inputs: BitMatrix;
  readonly labels: Int32Array;
  readonly layers: readonly LayerBatch[];
}

/** A binary network trained by `localError`. */
export class LocalErrorLearner implements Learner {
  readonly parameters: number;
  readonly memoryBits: MemoryBits;
  /** The layers, input side first, with their state. */
  readonly layers: readonly LocalErrorLayer[];
  readonly #config: LocalErrorConfig;
  readonly #kernels: Kernels;
  readonly #task: TaskShape;
  readonly #batches = new Map<number, NetworkBatch>();
  #samplesTrained = 0;
  /** acc of §4 step 6, a fraction. */
  #previousAccuracy = 0;

  /** @throws ArgumentError when a group size does not divide its layer, or a single unit meets C ≠ 2 */
  constructor(config: LocalErrorConfig, task: TaskShape, context: RuleContext) {
    const sizes = groupSizes(config);
    checkInteger('classes', task.classes, 2);
    if (config.output === 'single-unit' && task.classes !== 2) {
      throw new ArgumentError('output', 'one-per-class for a task of more than two classes', config.output);
    }
    this.#config = config;
    this.#kernels = context.kernels;
    this.#task = task;
    this.layers = config.layers.map((neurons, l) => {
      const inputs = l === 0 ? task.inputs : config.layers[l - 1];
      const shape = { inputs, neurons, classes: task.classes, groupSize: sizes[l] };
      return new LocalErrorLayer(shape, l, config, context);
    });
    this.parameters = this.#countParameters();
    this.memoryBits = this.#countMemory();
  }

  async trainEpoch({ data, order, batchSize, afterBatch }: EpochPlan): Promise<EpochObservation> {
    const inputs = requireBits(data.inputs);
    const scale = this.#config.reinforcement * Math.sqrt(1 - this.#previousAccuracy);
    for (const layer of this.layers) layer.beginEpoch(scale);
    let wrong = 0;
    for (let start = 0; start < order.length; start += batchSize) {
      const rows = order.subarray(start, start + batchSize);
      wrong += this.#trainBatch(inputs, data.labels, rows);
      const pause = afterBatch(start + rows.length);
      if (pause) await pause;
    }
    this.#previousAccuracy = 1 - wrong / order.length;
    this.#samplesTrained += order.length;
    return {
      trainAccuracy: 100 * this.#previousAccuracy,
      layers: this.layers.map((layer) => layer.endEpoch(order.length)),
    };
  }

  /** @returns the number of samples that the last layer's classifier got wrong */
  #trainBatch(inputs: BitMatrix, labels: Int32Array, rows: Uint32Array): number {
    const batch = this.#batch(rows.length);
    this.#kernels.gatherRows(inputs, rows, batch.inputs);
    for (let i = 0; i < rows.length; i++) batch.labels[i] = labels[rows[i]];
    let activations = batch.inputs;
    let wrong = 0;
    this.layers.forEach((layer, l) => {
      const layerBatch = batch.layers[l];
      layer.forward(activations, layerBatch);
      layer.classify(layerBatch);
      wrong = layer.update(activations, batch.labels, layerBatch);
      activations = layerBatch.activations;
    });
    return wrong;
  }

  async predict(inputs: Inputs): Promise<Int32Array> {
    const bits = requireBits(inputs);
    const predictions = new Int32Array(bits.rows);
    for (let start = 0; start < bits.rows; start += PREDICTION_ROWS) {
      const end = Math.min(start + PREDICTION_ROWS, bits.rows);
      predictions.set(this.#predictRows(bits.rowRange(start, end)), start);
      await nextTurn();
    }
    return predictions;
  }

  #predictRows(inputs: BitMatrix): Int32Array {
    const batch = this.#batch(inputs.rows);
    let activations = inputs;
    this.layers.forEach((layer, l) => {
      layer.forward(activations, batch.layers[l]);
      activations = batch.layers[l].activations;
    });
    const last = this.layers.length - 1;
    this.layers[last].classify(batch.layers[last]);
    return argmaxRows(batch.layers[last].logits.values, this.#task.classes);
  }

  operations(): OperationCounts {
    const perSample = this.layers.reduce(
      (bits, { shape }) => bits + shape.neurons * (shape.inputs + shape.classes),
      0,
    );
    const comparedBits = this.#samplesTrained * perSample;
    const steps = this.layers.reduce((sum, layer) => sum + layer.weightSteps(), 0);
    return {
      xnorBits: comparedBits,
      popcountBits: comparedBits,
      stepBits: steps * this.#config.hiddenBits,
      floatOperations: 0,
    };
  }

  saveState(): LearnerState {
    const layers = this.layers.map((layer, l) => layer.saveState(`layer-${l + 1}`));
    return Object.assign(
      { progress: Float64Array.of(this.#samplesTrained, this.#previousAccuracy) },
      ...layers,
    ) as LearnerState;
  }

  loadState(state: LearnerState): void {
    [this.#samplesTrained, this.#previousAccuracy] = state.progress;
    this.layers.forEach((layer, l) => {
      layer.loadState(state, `layer-${l + 1}`);
    });
  }

  async dispose(): Promise<void> {
    this.#batches.clear();
  }

  #batch(rows: number): NetworkBatch {
    let batch = this.#batches.get(rows);
    if (!batch) {
      batch = {
        inputs: this.#kernels.bitMatrix(rows, this.#task.inputs),
        labels: new Int32Array(rows),
        layers: this.layers.map((layer) => layer.allocateBatch(rows)),
      };
      this.#batches.set(rows, batch);
    }
    return batch;
  }

  #countParameters(): number {
    const { freezeFirstLayer, trainClassifier } = this.#config;
    return this.layers.reduce((sum, { shape }, l) => {
      const weights = freezeFirstLayer && l === 0 ? 0 : shape.neurons * shape.inputs;
      return sum + weights + (trainClassifier ? shape.neurons * shape.classes : 0);
    }, 0);
  }

  /** Trained weights take B bits, fixed ones 1; activations and desired activations 1 bit per neuron. */
  #countMemory(): MemoryBits {
    let model = this.parameters * this.#config.hiddenBits;
    let neurons = 0;
    this.layers.forEach(({ shape }, l) => {
      if (this.#config.freezeFirstLayer && l === 0) model += shape.neurons * shape.inputs;
      if (!this.#config.trainClassifier) model += shape.neurons * shape.classes;
      neurons += shape.neurons;
    });
    return { model, activations: 2 * neurons * this.#task.batchSize };
  }
}

function requireBits(inputs: Inputs): BitMatrix {
  if (inputs instanceof BitMatrix) return inputs;
  throw new ArgumentError('inputs', 'packed ±1 rows (a BitMatrix)', inputs.constructor.name);
}

/** Column of the largest entry in each row of `classes` entries, the lowest one on ties. */
function argmaxRows(values: Int32Array, classes: number): Int32Array {
  return Int32Array.from({ length: values.length / classes }, (_, row) => {
    const logits = values.subarray(row * classes, (row + 1) * classes);
    return logits.reduce((best, logit, c) => (logit > logits[best] ? c : best), 0);
  });
}
