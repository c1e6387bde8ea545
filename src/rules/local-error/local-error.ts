import type { BitMatrix } from '../../bits/bit-matrix.js';
import { ArgumentError } from '../../bits/errors.js';
import type { Int32Matrix } from '../../bits/int-matrix.js';
import { BinaryLearner } from '../binary/binary-learner.js';
import { groupSizes } from '../binary/options.js';
import type { OperationCounts } from '../cost.js';
import type {
  LayerObservation,
  LearnerState,
  MemoryBits,
  RuleContext,
  RuleDefinition,
  TaskShape,
} from '../rule.js';
import { type LocalErrorConfig, localErrorConfig } from './config.js';
import { type LayerBatch, LocalErrorLayer } from './layer.js';

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

/** A binary network trained by `localError`. */
export class LocalErrorLearner extends BinaryLearner<readonly LayerBatch[]> {
  readonly parameters: number;
  readonly memoryBits: MemoryBits;
  /** The layers, input side first, with their state. */
  readonly layers: readonly LocalErrorLayer[];
  readonly #config: LocalErrorConfig;

  /** @throws ArgumentError when a group size does not divide its layer, or a single unit meets C ≠ 2 */
  constructor(config: LocalErrorConfig, task: TaskShape, context: RuleContext) {
    const sizes = groupSizes(config.layers, config.groupSize);
    super(context.kernels, task, config.reinforcement);
    if (config.output === 'single-unit' && task.classes !== 2) {
      throw new ArgumentError('output', 'one-per-class for a task of more than two classes', config.output);
    }
    this.#config = config;
    this.layers = config.layers.map((neurons, l) => {
      const inputs = l === 0 ? task.inputs : config.layers[l - 1];
      const shape = { inputs, neurons, classes: task.classes, groupSize: sizes[l] };
      return new LocalErrorLayer(shape, l, config, context);
    });
    this.parameters = this.#countParameters();
    this.memoryBits = this.#countMemory();
  }

  protected override allocate(rows: number): readonly LayerBatch[] {
    return this.layers.map((layer) => layer.allocateBatch(rows));
  }

  protected override beginEpoch(reinforcementScale: number): void {
    for (const layer of this.layers) layer.beginEpoch(reinforcementScale);
  }

  /** @returns the number of samples that the last layer's classifier got wrong */
  protected override trainBatch(inputs: BitMatrix, labels: Int32Array, batch: readonly LayerBatch[]): number {
    let activations = inputs;
    let wrong = 0;
    this.layers.forEach((layer, l) => {
      layer.forward(activations, batch[l]);
      layer.classify(batch[l]);
      wrong = layer.update(activations, labels, batch[l]);
      activations = batch[l].activations;
    });
    return wrong;
  }

  protected override endEpoch(samples: number): LayerObservation[] {
    return this.layers.map((layer) => layer.endEpoch(samples));
  }

  protected override logits(inputs: BitMatrix, batch: readonly LayerBatch[]): Int32Matrix {
    let activations = inputs;
    this.layers.forEach((layer, l) => {
      layer.forward(activations, batch[l]);
      activations = batch[l].activations;
    });
    const last = this.layers.length - 1;
    this.layers[last].classify(batch[last]);
    return batch[last].logits;
  }

  override operations(): OperationCounts {
    const perSample = this.layers.reduce(
      (bits, { shape }) => bits + shape.neurons * (shape.inputs + shape.classes),
      0,
    );
    const comparedBits = this.samplesTrained * perSample;
    const steps = this.layers.reduce((sum, layer) => sum + layer.weightSteps(), 0);
    return {
      xnorBits: comparedBits,
      popcountBits: comparedBits,
      stepBits: steps * this.#config.hiddenBits,
      floatOperations: 0,
    };
  }

  protected override saveNetwork(): LearnerState {
    return Object.assign({}, ...this.layers.map((layer, l) => layer.saveState(`layer-${l + 1}`)));
  }

  protected override loadNetwork(state: LearnerState): void {
    this.layers.forEach((layer, l) => {
      layer.loadState(state, `layer-${l + 1}`);
    });
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
    return { model, activations: 2 * neurons * this.task.batchSize };
  }
}
