import type { BitMatrix } from '../../core/bit-matrix.js';
import { largest } from '../../core/extremes.js';
import type { Int16Matrix, Int32Matrix } from '../../core/int-matrix.js';
import { layerInputs } from '../../core/shape.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { SampleList, StepList } from '../../kernels/lists.js';
import { ternaryKernels } from '../../kernels/ternary-kernels.js';
import { BinaryLayer } from '../../layers/binary-layer.js';
import { equiangularClassifier, randomClassifier } from '../../layers/classifier.js';
import { optionsOfLayer } from '../../layers/consolidation.js';
import { copyOfHidden } from '../../layers/hidden-weights.js';
import { classifiedBy, copyOfBits, type Network } from '../../layers/network.js';
import { BinaryLearner } from '../binary/binary-learner.js';
import { checkConsolidation } from '../binary/check-consolidation.js';
import { withInputNoise } from '../binary/description.js';
import { binaryMemory } from '../binary/memory.js';
import { shareOfWidth } from '../binary/options.js';
import type { OperationCounts } from '../cost.js';
import { checkGroups, GroupSchedule } from '../group-schedule.js';
import type { LayerObservation, LearnerState, Problem, RuleContext, RuleDefinition } from '../rule.js';
import {
  allocatePropagation,
  type PropagatingLayer,
  type PropagationBatch,
  propagateDesired,
} from './backward.js';
import { type BepConfig, bepConfig } from './config.js';
import { describeBep } from './description.js';

/**
 * Binary error propagation: one error signal, made at the output, is carried back through all layers as ±1.
 *
 * For layers l = 1…L of K_l neurons, with hidden weights H_l [K_l, K_{l−1}], visible weights W_l = sign(H_l), a fixed
 * ±1 classifier P [C, K_L] on the last layer, a_0 the input of K_0 = N bits:
 *
 *     forward:   z_l = W_l a_{l−1},  a_l = sign(z_l),  ŷ = P a_L
 *     trigger:   argmax ŷ ≠ label, or (label's logit − largest other) < r·K_L
 *     output:    a*_L = row `label` of P
 *     backward:  a*_l = sign(W_{l+1}ᵀ (g_{l+1} ⊙ a*_{l+1})),  g_{l+1,i} = 1 if |z_{l+1,i}| ≤ ν·K_l, else 0;
 *                where the sum is 0, no target: a*_l,k = 0
 *     select:    in each group of γ_l neurons, the least wrong one (s_k = z_k·a*_k < 0, smallest |s_k|)
 *     update:    h_k ← clip(h_k + 2·a*_k·a_{l−1}), summed over the batch, in all layers at once
 *     reinforce: h ← clip(h + 2·sign(h)) with probability p_r·√(1 − acc)·√(2/(πK_{l−1})), if any sample triggered
 *
 * The width in the gate is that of the layer below, K_l: the number of inputs of the neurons that are gated, so that
 * ν is a share of the largest |z| they can have. A neuron without a target is right whatever it does (s_k = 0) and passes no error on.
 * Version 1 made every such sum the target +1, as if sign(0) = +1 were meant of errors, too; where gates are narrow and most sums are 0,
 * it stayed at chance. acc is the training accuracy of the previous epoch. Everything is
 * computed from the weights before the batch. At r = 0 the misclassified samples trigger, ties by the lowest class
 * included. The prediction is argmax ŷ.
 *
 * With `consolidation`, not in the paper, depth protects weights from steps towards zero (layers/consolidation.ts).
 * With `groupSchedule`, γ_l grows when validation accuracy stagnates (group-schedule.ts); `afterValidation` tells it.
 *
 * Source: Colombo, Pittorino, Zambon, Baldassi, Roveri, Alippi, ICLR 2026, arXiv:2512.04189; algorithms.md §6.
 */
export const bep: RuleDefinition<typeof bepConfig> = {
  name: 'bep',
  version: 2,
  stateVersion: 1,
  options: bepConfig,
  flags: { 'groupSchedule.patience': 'patience' },
  styles: { bep: 1 },
  inputForm: () => 'binarized',
  check(config, run) {
    checkGroups(config, run);
    checkConsolidation(config.consolidation, config.layers.length);
  },
  describe: (config, problem) => withInputNoise(describeBep(config, problem), config, problem),
  memory: binaryMemory,
  createLearner: async (config, problem, context) => new BepLearner(config, problem, context),
};

/** What the network computes for one batch of B samples. */
interface BepBatch {
  readonly layers: readonly PropagationBatch[];
  /** ŷ, [B, C]. */
  readonly logits: Int32Matrix;
  readonly triggers: SampleList;
  readonly steps: StepList;
  /** 0 … B − 1: each sample has a row of desired activations of its own. */
  readonly ownRows: Int32Array;
}

/** A binary network trained by `bep`. */
export class BepLearner extends BinaryLearner<BepBatch> {
  /** The layers, input side first, with their state. */
  readonly layers: readonly BinaryLayer[];
  /** P, [C, K_L]; fixed. */
  readonly classifier: BitMatrix;
  readonly #config: BepConfig;
  readonly #schedule: GroupSchedule;
  /** Most groups of one layer: γ only grows. */
  readonly #mostGroups: number;
  readonly #margin: number;
  /** Those that know of targets of 0. */
  readonly #ternary: Kernels;
  readonly #propagating: readonly PropagatingLayer[];
  #triggersOfEpoch = 0;
  #triggers = 0;

  /**
   * @throws ArgumentError when a group size does not divide its layer, or a group schedule meets a problem without
   *   validation samples
   */
  constructor(config: BepConfig, problem: Problem, context: RuleContext) {
    const schedule = GroupSchedule.configured(config, problem);
    super(context, problem, config, bep.describe(config, problem));
    this.#config = config;
    this.#ternary = ternaryKernels(context.kernels);
    this.#schedule = this.addPart(schedule);
    this.#mostGroups = largest(config.layers.map((neurons, l) => neurons / schedule.sizes[l]));
    this.layers = layerInputs(problem.input, config.layers).map((input, l) => {
      return new BinaryLayer(
        input,
        config.layers[l],
        `bep/layer-${l + 1}`,
        optionsOfLayer(config, l),
        context,
      );
    });
    this.#propagating = this.layers.map(({ inputs, weights }) => ({
      visible: weights.visible,
      gateLimit: Math.floor(shareOfWidth(config.gate, inputs)),
    }));
    const lastWidth = config.layers[config.layers.length - 1];
    this.#margin = Math.ceil(shareOfWidth(config.robustness, lastWidth));
    const makeClassifier = config.classifier === 'random' ? randomClassifier : equiangularClassifier;
    const rows = makeClassifier(problem.classes, lastWidth, context.streams.stream('bep/classifier'));
    this.classifier = context.kernels.bitMatrix(problem.classes, lastWidth);
    this.classifier.words.set(rows.words);
  }

  /** γ of every layer now, input side first. */
  get groupSizes(): readonly number[] {
    return this.#schedule.sizes;
  }

  protected override allocate(rows: number): BepBatch {
    return {
      layers: this.layers.map((layer) =>
        allocatePropagation(this.kernels, layer.allocateOutput(rows), rows, layer.neurons),
      ),
      logits: this.kernels.int32Matrix(rows, this.problem.classes),
      triggers: this.kernels.sampleList(rows),
      steps: this.kernels.stepList(rows * this.#mostGroups),
      ownRows: Int32Array.from({ length: rows }, (_, b) => b),
    };
  }

  protected override beginEpoch(reinforcementScale: number): void {
    this.#triggersOfEpoch = 0;
    for (const layer of this.layers) layer.beginEpoch(reinforcementScale);
  }

  protected override trainBatch(inputs: BitMatrix, labels: Int32Array, batch: BepBatch): number {
    const { triggers, layers } = batch;
    const wrong = this.kernels.findTriggers(this.logits(inputs, batch), labels, this.#margin, triggers);
    this.#triggersOfEpoch += triggers.count;
    if (triggers.count === 0) return wrong;
    const labelRows = new Uint32Array(labels.buffer, labels.byteOffset, labels.length);
    this.kernels.gatherRows(this.classifier, labelRows, layers[layers.length - 1].desired);
    propagateDesired(this.#ternary, this.#propagating, layers, triggers);
    this.#updateLayers(inputs, batch);
    return wrong;
  }

  #updateLayers(inputs: BitMatrix, { layers, triggers, steps, ownRows }: BepBatch): void {
    this.layers.forEach((layer, l) => {
      const { preActivations, desired } = layers[l];
      const groupSize = this.#schedule.sizes[l];
      this.#ternary.selectNeurons(preActivations, triggers, desired, ownRows, groupSize, steps);
      layer.step(l === 0 ? inputs : layers[l - 1].activations, steps);
      layer.reinforce();
    });
  }

  protected override endEpoch(samples: number): LayerObservation[] {
    this.#triggers += this.#triggersOfEpoch;
    return this.layers.map((layer) => layer.endEpoch(this.#triggersOfEpoch / samples));
  }

  protected override logits(inputs: BitMatrix, batch: BepBatch): Int32Matrix {
    let activations = inputs;
    this.layers.forEach((layer, l) => {
      layer.forward(activations, batch.layers[l]);
      activations = batch.layers[l].activations;
    });
    this.kernels.product(activations, this.classifier, batch.logits);
    return batch.logits;
  }

  /** All layers; the last has the classifier. */
  network(): Network {
    const layers = this.layers.map(({ weights: { visible } }) => ({ weights: visible }));
    return copyOfBits(classifiedBy(this.classifier, layers));
  }

  hiddenWeights(): Int16Matrix[] {
    return copyOfHidden(this.layers);
  }

  /** Every sample goes forward, every triggering one back through the weights of all layers but the first. */
  protected override networkOperations(): OperationCounts {
    const [first] = this.layers;
    const backward = this.parameters - first.inputs * first.neurons;
    const forward = this.parameters + this.classifier.rows * this.classifier.columns;
    const comparedBits = this.samplesTrained * forward + this.#triggers * backward;
    const steps = this.layers.reduce((sum, layer) => sum + layer.weightSteps(), 0);
    return {
      xnorBits: comparedBits,
      popcountBits: comparedBits,
      stepBits: steps * this.#config.hiddenBits,
      floatOperations: 0,
    };
  }

  protected override saveNetwork(): LearnerState {
    const layers = this.layers.map((layer, l) => layer.saveState(`layer-${l + 1}`));
    return Object.assign(
      {
        classifier: this.classifier.words.slice(),
        triggers: Float64Array.of(this.#triggers),
      },
      ...layers,
    );
  }

  protected override loadNetwork(state: LearnerState): void {
    this.classifier.words.set(state.classifier);
    [this.#triggers] = state.triggers;
    this.layers.forEach((layer, l) => {
      layer.loadState(state, `layer-${l + 1}`);
    });
  }
}
