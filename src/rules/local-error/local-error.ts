import type { BitMatrix } from '../../core/bit-matrix.js';
import { ArgumentError } from '../../core/errors.js';
import { Int32Matrix } from '../../core/int-matrix.js';
import { sizeOf } from '../../core/shape.js';
import type { SampleList } from '../../kernels/lists.js';
import { BinaryLearner, requireBits } from '../binary/binary-learner.js';
import { withInputNoise } from '../binary/description.js';
import type { OperationCounts } from '../cost.js';
import { checkGroups, GroupSchedule } from '../group-schedule.js';
import type {
  Inputs,
  LayerObservation,
  LearnerState,
  Problem,
  RuleContext,
  RuleDefinition,
} from '../rule.js';
import { checkTurns, type LocalErrorConfig, localErrorConfig } from './config.js';
import {
  comparedBits,
  describeLocalError,
  firstRead,
  firstTrained,
  lastLayer,
  VOTE_BITS,
  weightCount,
} from './description.js';
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
  options: localErrorConfig,
  flags: { 'greedy.epochsPerLayer': 'epochs-per-layer', 'groupSchedule.patience': 'patience' },
  styles: { 'local-error': 0 },
  inputForm: () => 'binarized',
  check(config, run) {
    checkGroups(config, run);
    checkTurns(config, run);
  },
  describe: (config, problem) => withInputNoise(describeLocalError(config, problem), config, problem),
  createLearner: async (config, problem, context) => new LocalErrorLearner(config, problem, context),
};

/** Rows of which all layers' logits are computed at once, which bounds the memory for activations. */
const LOGIT_ROWS = 500;

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
    super(context, problem, config, localError.describe(config, problem));
    this.#config = config;
    this.#schedule = schedule;
    this.layers = config.layers.map((neurons, l) => {
      const inputs = l === 0 ? sizeOf(problem.input) : config.layers[l - 1];
      const shape = { inputs, neurons, classes: problem.classes, smallestGroup: schedule.sizes[l] };
      return new LocalErrorLayer(shape, l, config, context);
    });
    this.#last = lastLayer(config, 0);
    this.#samplesShown = new Float64Array(config.layers.length);
  }

  /** γ of every layer now, input side first. */
  get groupSizes(): readonly number[] {
    return this.#schedule.sizes;
  }

  /** Tells the group schedule how the epoch went. */
  afterValidation(accuracyPercent: number): void {
    this.#schedule.afterValidation(accuracyPercent);
  }

  protected override allocate(rows: number): LocalErrorBatch {
    return {
      layers: this.layers.map((layer) => layer.allocateBatch(rows)),
      summed: this.kernels.int32Matrix(rows, this.problem.classes),
      misclassified: this.kernels.sampleList(rows),
    };
  }

  protected override beginEpoch(reinforcementScale: number): void {
    this.#last = lastLayer(this.#config, this.#epochs);
    for (const layer of this.layers) layer.beginEpoch(reinforcementScale);
  }

  /** @returns the number of samples that the read-out got wrong */
  protected override trainBatch(inputs: BitMatrix, labels: Int32Array, batch: LocalErrorBatch): number {
    const last = this.#last;
    const first = firstTrained(this.#config, last);
    this.#forward(inputs, batch, Math.min(first, firstRead(this.#config, last)));
    let wrong = 0;
    for (let l = first; l <= last; l++) {
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
    this.#forward(inputs, batch, firstRead(this.#config, this.#last), (layer) =>
      this.predictionWeights(layer),
    );
    return this.#readOut(batch);
  }

  /** The ±1 weights of one of `layers` that predictions are made with. */
  predictionWeights(layer: LocalErrorLayer): BitMatrix {
    return this.#epochsVoted > 0 ? layer.majority : layer.weights.visible;
  }

  layerLogits(inputs: Inputs): Int32Matrix[] {
    const bits = requireBits(inputs);
    const logits = this.layers.map(({ shape }) => new Int32Matrix(bits.rows, shape.classes));
    for (let start = 0; start < bits.rows; start += LOGIT_ROWS) {
      let activations = bits.rowRange(start, Math.min(start + LOGIT_ROWS, bits.rows));
      this.layers.forEach((layer, l) => {
        const batch = layer.allocateBatch(activations.rows);
        layer.forward(activations, batch, this.predictionWeights(layer));
        layer.classify(batch);
        logits[l].values.set(batch.logits.values, start * layer.shape.classes);
        activations = batch.activations;
      });
    }
    return logits;
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
    const compared = this.#samplesShown.reduce(
      (bits, samples, last) => bits + samples * comparedBits(this.#config, this.problem, last),
      0,
    );
    const steps = this.layers.reduce((sum, layer) => sum + layer.weightSteps(), 0);
    const votes = this.#epochsVoted * weightCount(this.#config, this.problem);
    return {
      xnorBits: compared,
      popcountBits: compared,
      stepBits: steps * this.#config.hiddenBits + votes * VOTE_BITS,
      floatOperations: 0,
    };
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
    this.#last = lastLayer(this.#config, Math.max(this.#epochs - 1, 0));
    this.#samplesShown.set(state['samples-shown']);
    this.#schedule.loadState(state['group-schedule']);
    this.layers.forEach((layer, l) => {
      layer.loadState(state, `layer-${l + 1}`);
    });
  }
}
