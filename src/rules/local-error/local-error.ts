import type { BitMatrix } from '../../core/bit-matrix.js';
import { ArgumentError } from '../../core/errors.js';
import type { Int16Matrix, Int32Matrix } from '../../core/int-matrix.js';
import { layerInputs } from '../../core/shape.js';
import {
  AveragedPerceptron,
  PERCEPTRON_BITS,
  type PerceptronBatch,
} from '../../layers/averaged-perceptron.js';
import { copyOfHidden } from '../../layers/hidden-weights.js';
import {
  type BinaryNetwork,
  copyOfBits,
  type FloatNetwork,
  integerReadOutNetwork,
} from '../../layers/network.js';
import { hasZeros } from '../../layers/zeros.js';
import { BinaryLearner } from '../binary/binary-learner.js';
import { checkConsolidation } from '../binary/check-consolidation.js';
import { withInputNoise } from '../binary/description.js';
import { MajorityPart } from '../binary/majority-part.js';
import { binaryMemory } from '../binary/memory.js';
import type { OperationCounts } from '../cost.js';
import { checkGroups, GroupSchedule } from '../group-schedule.js';
import type { LayerObservation, LearnerState, Problem, RuleContext, RuleDefinition } from '../rule.js';
import { checkTurns, type LocalErrorConfig, localErrorConfig } from './config.js';
import { describeLocalError, LocalErrorCost } from './cost.js';
import { type LayerBatch, LocalErrorLayer } from './layer.js';
import { type LayerOrder, layerOrder } from './layer-order.js';
import { type ReadOut, type ReadOutBatch, readOut } from './read-out.js';

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
 * Beyond the paper, all off by default; each is a part or a choice beside the rule, whose own lines know nothing of it:
 * - `readOut: 'summed'`: the prediction, and with it training accuracy and acc, is argmax Σ_l ŷ_l. This is one ±1
 *   classifier [P_1 … P_L] on the activations of all layers: every neuron has one vote, so that a layer weighs by its
 *   width. Integers only; triggers stay local (read-out.ts).
 * - `perceptronReadOut`: the prediction, and with it training accuracy and acc, is that of an averaged perceptron of integers on a_L
 *   (layers/averaged-perceptron.ts), which trains beside the layers and tells them nothing. Such a network is kept as one of floats, which are
 *   these integers.
 * - `freezeLayers`: so many layers stay as drawn: with a read-out that is trained, the control of random features.
 * - `flipThreshold`: hysteresis; a flip takes a hidden weight θ beyond 0 (binary/hysteresis.ts).
 * - `consolidation`: of the sum of a batch's steps of a weight, one that goes towards zero (or beyond it) is taken as a whole with a
 *   probability that falls with |h|, or not at all; away from zero all are taken (layers/consolidation.ts). Classifiers that are trained
 *   are not consolidated.
 * - `majorityAfterEpochs`: predictions are made with the majority of each visible weight over the ends of the epochs after
 *   these (binary/majority-part.ts). Training, and with it training accuracy and acc, is what it is without.
 * - `greedy`: in its epochs one layer alone is trained, input side first; those before it are frozen, those after it
 *   not yet computed. Until the next layer's turn the network ends at this layer: its ŷ is the last (and with
 *   `summed`, the sum goes up to it). To reach the last layer takes more than (L − 1)·epochsPerLayer epochs.
 * - `groupSchedule`: γ_l grows when validation accuracy stagnates (group-schedule.ts).
 * - `inputFlipProbability`: flip noise on the inputs (input-noise.ts).
 * - `ties`: in training, activations with z = 0 are +1 or −1 at random (random-ties.ts); predictions are made with +1.
 *
 * `zeros` is the published code's reading where the text has ±1 alone: sign(0) = 0 of weights, activations and classifiers, hidden weights
 * that start as integers of any parity. A desired activation of 0 is never wrong, a weight of 0 is not reinforced, an input of 0 moves no
 * weight (kernels/ternary-kernels.ts); the lines above stay what they are.
 *
 * Source: Colombo, Pittorino, Roveri, Machine Learning: Science and Technology 6 (2025) 035015,
 * arXiv:2412.00119; options of its published code included.
 */
export const localError: RuleDefinition<typeof localErrorConfig> = {
  name: 'local-error',
  version: 1,
  options: localErrorConfig,
  flags: {
    'greedy.epochsPerLayer': 'epochs-per-layer',
    'groupSchedule.patience': 'patience',
    'perceptronReadOut.margin': 'perceptron-margin',
  },
  styles: { 'local-error': 0 },
  inputForm: () => 'binarized',
  check(config, run) {
    checkGroups(config, run);
    checkTurns(config, run);
    checkConsolidation(config.consolidation, config.layers.length);
  },
  describe: (config, problem) => withInputNoise(describeLocalError(config, problem), config, problem),
  memory: binaryMemory,
  createLearner: async (config, problem, context) => new LocalErrorLearner(config, problem, context),
};

/** What the network computes for one batch of B samples. */
interface LocalErrorBatch {
  readonly layers: readonly LayerBatch[];
  readonly readOut: ReadOutBatch;
  readonly perceptron: PerceptronBatch | undefined;
}

/** How training and prediction go forward. */
interface ForwardChoices {
  /** Other weights than those that are trained. */
  readonly weightsOf?: (l: number) => BitMatrix;
  /** Called when the activations of layer `l` are there, before its classifier and the next layer see them. */
  readonly afterLayer?: (l: number) => void;
}

/** A binary network trained by `localError`. */
export class LocalErrorLearner extends BinaryLearner<LocalErrorBatch> {
  /** The layers, input side first, with their state. */
  readonly layers: readonly LocalErrorLayer[];
  readonly #config: LocalErrorConfig;
  readonly #schedule: GroupSchedule;
  readonly #order: LayerOrder;
  readonly #readOut: ReadOut;
  readonly #perceptron: AveragedPerceptron | undefined;
  readonly #majority: MajorityPart | undefined;
  readonly #cost: LocalErrorCost;
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
    this.#schedule = this.addPart(schedule);
    this.layers = layerInputs(problem.input, config.layers).map((input, l) => {
      const sizes = { neurons: config.layers[l], smallestGroup: schedule.sizes[l] };
      const shape = { input, classes: problem.classes, ...sizes };
      return new LocalErrorLayer(shape, l, config, context);
    });
    if (config.majorityAfterEpochs !== undefined) {
      const weights = this.layers.map((layer) => layer.weights);
      this.#majority = this.addPart(new MajorityPart(weights, config.majorityAfterEpochs, context));
    }
    this.#order = layerOrder(config);
    this.#readOut = readOut(config.readOut, context.kernels, problem.classes);
    if (config.perceptronReadOut) {
      const neurons = config.layers[config.layers.length - 1];
      const sizes = { classes: problem.classes, neurons };
      this.#perceptron = new AveragedPerceptron(context.kernels, { ...sizes, ...config.perceptronReadOut });
    }
    this.#cost = new LocalErrorCost(config, problem);
    this.#last = this.#order.last(0);
    this.#samplesShown = new Float64Array(config.layers.length);
  }

  /** γ of every layer now, input side first. */
  get groupSizes(): readonly number[] {
    return this.#schedule.sizes;
  }

  /** The ±1 weights that layer `l`, from 0, predicts with. */
  predictionWeights(l: number): BitMatrix {
    return this.#majority?.weightsOf(l) ?? this.layers[l].weights.visible;
  }

  protected override allocate(rows: number): LocalErrorBatch {
    return {
      layers: this.layers.map((layer) => layer.allocateBatch(rows)),
      readOut: this.#readOut.allocate(rows),
      perceptron: this.#perceptron?.allocate(rows),
    };
  }

  protected override beginEpoch(reinforcementScale: number): void {
    this.#last = this.#order.last(this.#epochs);
    for (const layer of this.layers) layer.beginEpoch(reinforcementScale);
  }

  /** @returns the number of samples that the read-out got wrong */
  protected override trainBatch(inputs: BitMatrix, labels: Int32Array, batch: LocalErrorBatch): number {
    this.#forward(inputs, batch, this.#cost.firstClassified(this.#last), {
      afterLayer: (l) => this.layers[l].breakTies(batch.layers[l]),
    });
    let wrong = 0;
    for (let l = this.#order.firstTrained(this.#last); l <= this.#last; l++) {
      const layerInputs = l === 0 ? inputs : batch.layers[l - 1].activations;
      wrong = this.layers[l].update(layerInputs, labels, batch.layers[l], this.#schedule.sizes[l]);
    }
    if (this.#perceptron && batch.perceptron) {
      const { activations } = batch.layers[this.#last];
      return this.#perceptron.update(activations, labels, batch.perceptron);
    }
    return batch.readOut.countWrong(this.#logitsRead(batch), labels, wrong);
  }

  protected override endEpoch(samples: number): LayerObservation[] {
    this.#epochs++;
    this.#samplesShown[this.#last] += samples;
    return this.layers.map((layer) => layer.endEpoch(samples));
  }

  protected override logits(inputs: BitMatrix, batch: LocalErrorBatch): Int32Matrix {
    if (this.#perceptron && batch.perceptron) {
      this.#forward(inputs, batch, this.layers.length);
      return this.#perceptron.logits(batch.layers[this.#last].activations, batch.perceptron);
    }
    this.#forward(inputs, batch, this.#readOut.firstRead(this.#last), {
      weightsOf: (l) => this.predictionWeights(l),
    });
    return batch.readOut.decide(this.#logitsRead(batch));
  }

  /** The layers that it has now, each with its classifier; with a perceptron of integers, as a network of floats. */
  network(): BinaryNetwork | FloatNetwork {
    if (this.#perceptron) {
      const signs = this.layers.map(({ weights }) => weights.visible);
      return integerReadOutNetwork(signs, this.#perceptron.averages());
    }
    const layers = this.layers.slice(0, this.#last + 1).map((layer, l) => ({
      weights: this.predictionWeights(l),
      classifier: layer.classifier.visible,
      ...(hasZeros(this.#config, 'activations') && { givesZeros: true }),
    }));
    return copyOfBits(layers, this.#readOut.name);
  }

  hiddenWeights(): Int16Matrix[] {
    return copyOfHidden(this.layers);
  }

  /** Computes all layers that the network has now, and the logits of those from `firstClassified` on. */
  #forward(
    inputs: BitMatrix,
    { layers }: LocalErrorBatch,
    firstClassified: number,
    { weightsOf, afterLayer }: ForwardChoices = {},
  ): void {
    let activations = inputs;
    for (let l = 0; l <= this.#last; l++) {
      this.layers[l].forward(activations, layers[l], weightsOf?.(l));
      afterLayer?.(l);
      if (l >= firstClassified) this.layers[l].classify(layers[l]);
      activations = layers[l].activations;
    }
  }

  /** What the read-out reads, of a batch that has gone through `#forward`. */
  #logitsRead({ layers }: LocalErrorBatch): Int32Matrix[] {
    return layers.slice(this.#readOut.firstRead(this.#last), this.#last + 1).map(({ logits }) => logits);
  }

  /** Summing logits is part of their popcounts: that of one long row of activations instead of one for each layer. */
  protected override networkOperations(): OperationCounts {
    const inAll = (ofSample: (last: number) => number): number =>
      this.#samplesShown.reduce((bits, samples, last) => bits + samples * ofSample(last), 0);
    const steps = this.layers.reduce((sum, layer) => sum + layer.weightSteps(), 0);
    return {
      xnorBits: inAll((last) => this.#cost.comparedBits(last)),
      popcountBits: inAll((last) => this.#cost.countedBits(last)),
      stepBits: steps * this.#config.hiddenBits + this.#perceptronStepBits(),
      floatOperations: 0,
    };
  }

  #perceptronStepBits(): number {
    const { steps, sums } = this.#perceptron?.changes ?? { steps: 0, sums: 0 };
    return PERCEPTRON_BITS.weight * steps + PERCEPTRON_BITS.sum * sums;
  }

  protected override saveNetwork(): LearnerState {
    return Object.assign(
      {
        epochs: Float64Array.of(this.#epochs),
        'samples-shown': this.#samplesShown.slice(),
      },
      this.#perceptron?.saveState(),
      ...this.layers.map((layer, l) => layer.saveState(`layer-${l + 1}`)),
    );
  }

  protected override loadNetwork(state: LearnerState): void {
    [this.#epochs] = state.epochs;
    this.#last = this.#order.last(Math.max(this.#epochs - 1, 0));
    this.#samplesShown.set(state['samples-shown']);
    this.#perceptron?.loadState(state);
    this.layers.forEach((layer, l) => {
      layer.loadState(state, `layer-${l + 1}`);
    });
  }
}
