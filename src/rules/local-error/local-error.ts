import type { BitMatrix } from '../../core/bit-matrix.js';
import { ArgumentError } from '../../core/errors.js';
import type { Int32Matrix } from '../../core/int-matrix.js';
import { sizeOf } from '../../core/shape.js';
import type { SampleList } from '../../kernels/lists.js';
import { BinaryLearner } from '../binary/binary-learner.js';
import type { OperationCounts } from '../cost.js';
import { GroupSchedule } from '../group-schedule.js';
import type {
  LayerObservation,
  LearnerState,
  MemoryBits,
  Problem,
  RuleContext,
  RuleDefinition,
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
 * Beyond the paper, all off by default:
 * - `readOut: 'summed'`: the prediction, and with it training accuracy and acc, is argmax Σ_l ŷ_l. This is one ±1
 *   classifier [P_1 … P_L] on the activations of all layers: every neuron has one vote, so that a layer weighs by its
 *   width. Integers only; triggers stay local.
 * - `flipThreshold`: hysteresis; a flip takes a hidden weight θ beyond 0 (binary/hysteresis.ts).
 * - `majorityAfterEpochs`: predictions are made with the majority of each visible weight over the ends of the epochs after
 *   these (majority-weights.ts). Training, and with it training accuracy and acc, is what it is without.
 * - `greedy`: in its epochs one layer alone is trained, input side first; those before it are frozen, those after it
 *   not yet computed. Until the next layer's turn the network ends at this layer: its ŷ is the last (and with
 *   `summed`, the sum goes up to it). To reach the last layer takes more than (L − 1)·epochsPerLayer epochs.
 * - `groupSchedule`: γ_l grows when validation accuracy stagnates (group-schedule.ts).
 * - `inputFlipProbability`: flip noise on the inputs (input-noise.ts).
 *
 * Source: Colombo, Pittorino, Roveri, Machine Learning: Science and Technology 6 (2025) 035015,
 * arXiv:2412.00119; options of its published code included.
 */
export const localError: RuleDefinition<typeof localErrorConfig> = {
  name: 'local-error',
  version: 1,
  schema: localErrorConfig,
  inputForm: () => 'binarized',
  createLearner: async (config, problem, context) => new LocalErrorLearner(config, problem, context),
};

/** Bits of the sum of a weight's votes. */
const VOTE_BITS = 32;

/** What the network computes for one batch of B samples. */
interface LocalErrorBatch {
  readonly layers: readonly LayerBatch[];
  /** Σ_l ŷ_l, [B, C]; with a summed read-out only. */
  readonly summed: Int32Matrix;
  /** Samples that the summed read-out gets wrong. */
  readonly misclassified: SampleList;
}

/** A binary network trained by `localError`. */
export class LocalErrorLearner extends BinaryLearner<LocalErrorBatch> {
  readonly parameters: number;
  /** The layers, input side first, with their state. */
  readonly layers: readonly LocalErrorLayer[];
  readonly #config: LocalErrorConfig;
  readonly #schedule: GroupSchedule;
  /** Finished. */
  #epochs = 0;
  /** Index of the layer that the network ends at. */
  #last: number;
  /** Entry l: samples shown in finished epochs while the network ended at layer l. */
  readonly #samplesShown: Float64Array;

  /**
   * @throws ArgumentError when a group size does not divide its layer, a single unit meets C ≠ 2, or a group
   *   schedule meets a problem without validation samples
   */
  constructor(config: LocalErrorConfig, problem: Problem, context: RuleContext) {
    if (config.output === 'single-unit' && problem.classes !== 2) {
      throw new ArgumentError(
        'output',
        'one-per-class for a problem of more than two classes',
        config.output,
      );
    }
    const schedule = GroupSchedule.configured(config, problem);
    super(context, problem, config);
    this.#config = config;
    this.#schedule = schedule;
    this.layers = config.layers.map((neurons, l) => {
      const inputs = l === 0 ? sizeOf(problem.input) : config.layers[l - 1];
      const shape = { inputs, neurons, classes: problem.classes, smallestGroup: schedule.sizes[l] };
      return new LocalErrorLayer(shape, l, config, context);
    });
    this.#last = this.#lastIn(0);
    this.#samplesShown = new Float64Array(config.layers.length);
    this.parameters = this.#countParameters();
  }

  /** γ of every layer now, input side first. */
  get groupSizes(): readonly number[] {
    return this.#schedule.sizes;
  }

  /** Tells the group schedule how the epoch went. */
  afterValidation(accuracyPercent: number): void {
    this.#schedule.afterValidation(accuracyPercent);
  }

  /** The layer that the network ends at in epoch `epoch`, from 0. */
  #lastIn(epoch: number): number {
    const { greedy, layers } = this.#config;
    const last = layers.length - 1;
    return greedy ? Math.min(Math.floor(epoch / greedy.epochsPerLayer), last) : last;
  }

  /** The first layer that is trained while the network ends at layer `last`. */
  #firstTrained(last: number): number {
    return this.#config.greedy ? last : 0;
  }

  /** The first layer whose logits are part of the read-out of a network that ends at layer `last`. */
  #firstRead(last: number): number {
    return this.#config.readOut === 'summed' ? 0 : last;
  }

  protected override allocate(rows: number): LocalErrorBatch {
    return {
      layers: this.layers.map((layer) => layer.allocateBatch(rows)),
      summed: this.kernels.int32Matrix(rows, this.problem.classes),
      misclassified: this.kernels.sampleList(rows),
    };
  }

  protected override beginEpoch(reinforcementScale: number): void {
    this.#last = this.#lastIn(this.#epochs);
    for (const layer of this.layers) layer.beginEpoch(reinforcementScale);
  }

  /** @returns the number of samples that the read-out got wrong */
  protected override trainBatch(inputs: BitMatrix, labels: Int32Array, batch: LocalErrorBatch): number {
    const last = this.#last;
    const firstTrained = this.#firstTrained(last);
    this.#forward(inputs, batch, Math.min(firstTrained, this.#firstRead(last)));
    let wrong = 0;
    for (let l = firstTrained; l <= last; l++) {
      const layerInputs = l === 0 ? inputs : batch.layers[l - 1].activations;
      wrong = this.layers[l].update(layerInputs, labels, batch.layers[l], this.#schedule.sizes[l]);
    }
    if (this.#config.readOut === 'last') return wrong;
    return this.kernels.findTriggers(this.#readOut(batch), labels, 0, batch.misclassified);
  }

  protected override endEpoch(samples: number): LayerObservation[] {
    this.#epochs++;
    this.#samplesShown[this.#last] += samples;
    if (this.#epochsVoted > 0) for (const layer of this.layers) layer.vote();
    return this.layers.map((layer) => layer.endEpoch(samples));
  }

  protected override logits(inputs: BitMatrix, batch: LocalErrorBatch): Int32Matrix {
    this.#forward(inputs, batch, this.#firstRead(this.#last), (layer) => this.predictionWeights(layer));
    return this.#readOut(batch);
  }

  /** The ±1 weights of one of `layers` that predictions are made with. */
  predictionWeights(layer: LocalErrorLayer): BitMatrix {
    return this.#epochsVoted > 0 ? layer.majority : layer.weights.visible;
  }

  /** Finished epochs that `majorityAfterEpochs` counts. */
  get #epochsVoted(): number {
    return Math.max(0, this.#epochs - (this.#config.majorityAfterEpochs ?? Number.POSITIVE_INFINITY));
  }

  /** Computes all layers that the network has now, and the logits of those from `firstClassified` on. */
  #forward(
    inputs: BitMatrix,
    { layers }: LocalErrorBatch,
    firstClassified: number,
    weightsOf = (layer: LocalErrorLayer): BitMatrix => layer.weights.visible,
  ): void {
    let activations = inputs;
    for (let l = 0; l <= this.#last; l++) {
      this.layers[l].forward(activations, layers[l], weightsOf(this.layers[l]));
      if (l >= firstClassified) this.layers[l].classify(layers[l]);
      activations = layers[l].activations;
    }
  }

  /** The logits that decide, of a batch that has gone through `#forward`. */
  #readOut({ layers, summed }: LocalErrorBatch): Int32Matrix {
    if (this.#config.readOut === 'last') return layers[this.#last].logits;
    summed.values.fill(0);
    for (const { logits } of layers.slice(0, this.#last + 1)) {
      for (let i = 0; i < summed.values.length; i++) summed.values[i] += logits.values[i];
    }
    return summed;
  }

  /** Summing logits is part of their popcounts: that of one long row of activations instead of one for each layer. */
  protected override networkOperations(): OperationCounts {
    const comparedBits = this.#samplesShown.reduce(
      (bits, samples, last) => bits + samples * this.#comparedBits(last),
      0,
    );
    const steps = this.layers.reduce((sum, layer) => sum + layer.weightSteps(), 0);
    const votes = this.#epochsVoted * this.#weightCount;
    return {
      xnorBits: comparedBits,
      popcountBits: comparedBits,
      stepBits: steps * this.#config.hiddenBits + votes * VOTE_BITS,
      floatOperations: 0,
    };
  }

  /** Σ_l K_l·N_l. */
  get #weightCount(): number {
    return this.layers.reduce((sum, { shape: { inputs, neurons } }) => sum + neurons * inputs, 0);
  }

  /** Weights that a training sample meets in a network that ends at layer `last`. */
  #comparedBits(last: number): number {
    const firstClassified = Math.min(this.#firstTrained(last), this.#firstRead(last));
    return this.layers.slice(0, last + 1).reduce((bits, { shape: { inputs, neurons, classes } }, l) => {
      return bits + neurons * (inputs + (l >= firstClassified ? classes : 0));
    }, 0);
  }

  protected override saveNetwork(): LearnerState {
    return Object.assign(
      {
        epochs: Float64Array.of(this.#epochs),
        'samples-shown': this.#samplesShown.slice(),
        'group-schedule': this.#schedule.saveState(),
      },
      ...this.layers.map((layer, l) => layer.saveState(`layer-${l + 1}`)),
    );
  }

  protected override loadNetwork(state: LearnerState): void {
    [this.#epochs] = state.epochs;
    this.#last = this.#lastIn(Math.max(this.#epochs - 1, 0));
    this.#samplesShown.set(state['samples-shown']);
    this.#schedule.loadState(state['group-schedule']);
    this.layers.forEach((layer, l) => {
      layer.loadState(state, `layer-${l + 1}`);
    });
  }

  #countParameters(): number {
    const { trainClassifier } = this.#config;
    return this.layers.reduce((sum, { shape, trainsWeights }) => {
      const weights = trainsWeights ? shape.neurons * shape.inputs : 0;
      return sum + weights + (trainClassifier ? shape.neurons * shape.classes : 0);
    }, 0);
  }

  /** That of the largest network in training: greedy training holds less before a layer's turn and after it. */
  protected override networkMemory(): MemoryBits {
    const largestFirst = this.layers
      .map((_, last) => this.#memoryWith(last))
      .slice(this.#lastIn(0))
      .sort((a, b) => b.model + b.activations - a.model - a.activations);
    return largestFirst[0];
  }

  /**
   * Weights in training take B bits, others 1, votes 32; activations and, where a layer is trained, desired activations 1 bit per
   * neuron. Only the layers up to `last` and the classifiers that are used count: the layers after it are drawn in
   * their turn.
   */
  #memoryWith(last: number): MemoryBits {
    const { hiddenBits, trainClassifier } = this.#config;
    const firstTrained = this.#firstTrained(last);
    const firstClassified = Math.min(firstTrained, this.#firstRead(last));
    let model = this.#config.majorityAfterEpochs === undefined ? 0 : this.#weightCount * VOTE_BITS;
    let bitsOfSample = 0;
    this.layers.slice(0, last + 1).forEach(({ shape: { inputs, neurons, classes }, trainsWeights }, l) => {
      const isTrained = l >= firstTrained;
      model += neurons * inputs * (isTrained && trainsWeights ? hiddenBits : 1);
      if (l >= firstClassified) model += neurons * classes * (isTrained && trainClassifier ? hiddenBits : 1);
      bitsOfSample += neurons * (isTrained ? 2 : 1);
    });
    return { model, activations: bitsOfSample * this.problem.batchSize };
  }
}
