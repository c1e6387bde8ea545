import type { BitMatrix } from '../../core/bit-matrix.js';
import type { Int16Matrix, Int32Matrix } from '../../core/int-matrix.js';
import { sizeOf } from '../../core/shape.js';
import { zerosOf } from '../../core/ternary-matrix.js';
import { checkGroupSize } from '../../kernels/checked.js';
import type { SampleList, StepList } from '../../kernels/lists.js';
import { BinaryLayer, type LayerOutput } from '../../layers/binary-layer.js';
import { randomClassifier } from '../../layers/classifier.js';
import { copyOfHidden, normalHiddenWeights } from '../../layers/hidden-weights.js';
import { copyOfBits, type Network } from '../../layers/network.js';
import { hasZeros, kernelsFor, matrixFor } from '../../layers/zeros.js';
import { BinaryLearner } from '../binary/binary-learner.js';
import { withInputNoise } from '../binary/description.js';
import { binaryMemory } from '../binary/memory.js';
import { shareOfWidth } from '../binary/options.js';
import type { OperationCounts } from '../cost.js';
import type { LayerObservation, LearnerState, Problem, RuleContext, RuleDefinition } from '../rule.js';
import { type CommitteeConfig, committeeConfig } from './config.js';
import { deepenRightWeights } from './deepen.js';
import { committeeOperations, describeCommittee } from './description.js';
import { SecondaryStep } from './secondary-step.js';
import { dropSettledUnits } from './settled-units.js';

/**
 * A committee of binary perceptrons: the fully binary baseline with one trained layer, CP+R and SBPI.
 *
 * K1 = K2·γ perceptrons with hidden weights H [K1, N], visible weights W = sign(H); unit j of K2 is the majority of
 * perceptrons j·γ … (j+1)·γ − 1; P [C, K2] is a fixed random ±1 classifier; x the input:
 *
 *     forward:   z = W x,  a = sign(z),  u_j = sign(Σ a_k over unit j),  ŷ = P u
 *     trigger:   argmax ŷ ≠ label, or (largest − second largest logit) < ⌊r·K2⌋
 *     desired:   u* = row `label` of P;  a*_k = u*_j for the perceptrons k of unit j;  stability s_k = z_k·a*_k
 *     update:    in each unit with u_j ≠ u*_j, of the perceptrons with s_k < 0 the one with the smallest |s_k|:
 *                h_k ← clip(h_k + 2·a*_k·x), summed over the batch
 *     reinforce: h ← clip(h + 2·sign(h)) with probability p_r·√(1 − acc)·√(2/(πN)), if any sample triggered
 *     secondary: (SBPI) for samples that do not trigger, perceptrons with 0 < s_k ≤ θ_m, with probability p_s:
 *                h ← clip(h + 2·sign(h)) where h·x·a*_k > 0; from the state before the batch, before the update
 *
 * A majority that is tied counts as +1. acc is the training accuracy of the previous epoch. The prediction is argmax ŷ.
 * Without `secondary` this is CP+R, with it SBPI (with reinforcement; p_r = 0 turns that off).
 *
 * `zeros` is the reading of the published code of [LBES], where sign(0) = 0, in the majorities as well: a unit of 0 is not wrong, as
 * 0·u* is not below 0 (local-error.ts says more).
 *
 * Sources: Baldassi, J. Stat. Phys. 136 (2009), arXiv:1211.3024 (CP+R); Baldassi, Braunstein, Brunel, Zecchina,
 * PNAS 104 (2007) (SBPI); algorithms.md §5.
 */
export const committee: RuleDefinition<typeof committeeConfig> = {
  name: 'committee',
  version: 1,
  options: committeeConfig,
  styles: { committee: 5 },
  inputForm: () => 'binarized',
  describe: (config, problem) => withInputNoise(describeCommittee(config, problem), config, problem),
  // Units have no weights: they are majorities.
  memory: ({ layers: [perceptrons] }, problem) => binaryMemory({ layers: [perceptrons] }, problem),
  createLearner: async (config, problem, context) => new CommitteeLearner(config, problem, context),
};

/** What the committee computes for one batch of B samples. */
interface CommitteeBatch extends LayerOutput {
  /** u, [B, K2]. */
  readonly units: BitMatrix;
  /** ŷ, [B, C]. */
  readonly logits: Int32Matrix;
  readonly triggers: SampleList;
  readonly steps: StepList;
  /** [B, K1], +1 where a perceptron is near enough to its threshold for a secondary step; with those only. */
  readonly near: BitMatrix;
  readonly secondarySteps: StepList;
}

/** A committee trained by `committee`. */
export class CommitteeLearner extends BinaryLearner<CommitteeBatch> {
  /** The K1 perceptrons with their state. */
  readonly layer: BinaryLayer;
  /** P, [C, K2]; fixed. */
  readonly classifier: BitMatrix;
  readonly #config: CommitteeConfig;
  readonly #units: number;
  /** γ. */
  readonly #groupSize: number;
  readonly #margin: number;
  /** P with each column γ times, [C, K1]: what every perceptron shall give. */
  readonly #desired: BitMatrix;
  readonly #secondary: SecondaryStep | undefined;
  #triggersOfEpoch = 0;
  #deepenedOfEpoch = 0;
  #deepened = 0;

  /** @throws ArgumentError when the units do not share the perceptrons evenly */
  constructor(config: CommitteeConfig, problem: Problem, context: RuleContext) {
    const [perceptrons, units] = config.layers;
    checkGroupSize('layers[1]', units, perceptrons);
    const kernels = kernelsFor(context.kernels, config);
    super({ ...context, kernels }, problem, config, committee.describe(config, problem));
    const { streams } = context;
    this.#config = config;
    this.#units = units;
    this.#groupSize = perceptrons / units;
    this.#margin = Math.floor(shareOfWidth(config.robustness, units));
    this.layer = new BinaryLayer(problem.input, perceptrons, 'committee', config, context);
    const drawn = randomClassifier(problem.classes, units, streams.stream('committee/classifier'));
    // It is not trained: of the integers that it is the signs of, only those that are 0 matter.
    const { visible } = normalHiddenWeights(kernels, drawn, {
      depth: config.initialDepth,
      bound: this.layer.bound,
      stream: streams.stream('committee/classifier-depth'),
      hasZeros: hasZeros(config, 'classifier'),
    });
    this.classifier = visible;
    this.#desired = matrixFor('classifier', kernels, config, problem.classes, perceptrons);
    this.#spreadClassifier();
    this.#secondary =
      config.secondary && new SecondaryStep(config.secondary, streams.stream('committee/secondary'));
  }

  protected override allocate(rows: number): CommitteeBatch {
    const { kernels, layer, problem } = this;
    return {
      ...layer.allocateOutput(rows),
      units: matrixFor('activations', kernels, this.#config, rows, this.#units),
      logits: kernels.int32Matrix(rows, problem.classes),
      triggers: kernels.sampleList(rows),
      steps: kernels.stepList(rows * this.#units),
      near: kernels.bitMatrix(this.#secondary ? rows : 0, layer.neurons),
      secondarySteps: kernels.stepList(this.#secondary ? rows * layer.neurons : 0),
    };
  }

  protected override beginEpoch(reinforcementScale: number): void {
    this.#triggersOfEpoch = 0;
    this.#deepenedOfEpoch = 0;
    this.layer.beginEpoch(reinforcementScale);
  }

  protected override trainBatch(inputs: BitMatrix, labels: Int32Array, batch: CommitteeBatch): number {
    const { triggers } = batch;
    const wrong = this.kernels.findTriggers(this.logits(inputs, batch), labels, this.#margin, triggers);
    this.#triggersOfEpoch += triggers.count;
    if (this.#secondary) this.#deepen(this.#secondary, inputs, labels, batch);
    if (triggers.count > 0) this.#update(inputs, labels, batch);
    return wrong;
  }

  #deepen(secondary: SecondaryStep, inputs: BitMatrix, labels: Int32Array, batch: CommitteeBatch): void {
    // No |z| is larger than N; a threshold may be.
    const threshold = Math.min(secondary.threshold, sizeOf(this.problem.input));
    this.kernels.packGates(batch.preActivations, threshold, batch.near);
    secondary.select({ ...batch, desired: this.#desired, labels }, batch.secondarySteps);
    this.#deepenedOfEpoch += deepenRightWeights(this.layer, inputs, batch.secondarySteps);
  }

  #update(inputs: BitMatrix, labels: Int32Array, batch: CommitteeBatch): void {
    const { preActivations, triggers, steps, units } = batch;
    this.kernels.selectNeurons(preActivations, triggers, this.#desired, labels, this.#groupSize, steps);
    dropSettledUnits(steps, units, this.#groupSize);
    this.layer.step(inputs, steps);
    this.layer.reinforce();
  }

  protected override endEpoch(samples: number): LayerObservation[] {
    this.#deepened += this.#deepenedOfEpoch;
    return [this.layer.endEpoch(this.#triggersOfEpoch / samples)];
  }

  protected override logits(inputs: BitMatrix, batch: CommitteeBatch): Int32Matrix {
    this.layer.forward(inputs, batch);
    this.kernels.packMajority(batch.activations, this.#groupSize, batch.units);
    this.kernels.product(batch.units, this.classifier, batch.logits);
    return batch.logits;
  }

  /** One layer, whose perceptrons vote in units. */
  network(): Network {
    const { classifier, layer } = this;
    const zeros = hasZeros(this.#config, 'activations') && { givesZeros: true };
    return copyOfBits([{ weights: layer.weights.visible, voters: this.#groupSize, classifier, ...zeros }]);
  }

  hiddenWeights(): Int16Matrix[] {
    return copyOfHidden([this.layer]);
  }

  /** A majority is a popcount of the perceptrons' activations, without XNOR. */
  protected override networkOperations(): OperationCounts {
    const { rows, columns } = this.classifier;
    const { popcountBits } = committeeOperations(this.#config, this.problem);
    return {
      xnorBits: this.samplesTrained * (this.parameters + rows * columns),
      popcountBits: this.samplesTrained * popcountBits,
      stepBits: (this.layer.weightSteps() + this.#deepened) * this.#config.hiddenBits,
      floatOperations: 0,
    };
  }

  protected override saveNetwork(): LearnerState {
    const zeros = zerosOf(this.classifier);
    return {
      ...this.layer.saveState('perceptrons'),
      classifier: this.classifier.words.slice(),
      ...(zeros && { 'classifier-zeros': zeros.words.slice() }),
      deepened: Float64Array.of(this.#deepened),
      ...(this.#secondary && { secondary: this.#secondary.saveState() }),
    };
  }

  protected override loadNetwork(state: LearnerState): void {
    this.layer.loadState(state, 'perceptrons');
    this.classifier.words.set(state.classifier);
    zerosOf(this.classifier)?.words.set(state['classifier-zeros']);
    this.#spreadClassifier();
    [this.#deepened] = state.deepened;
    this.#secondary?.loadState(state.secondary);
  }

  /** Every perceptron shall give what its unit shall. */
  #spreadClassifier(): void {
    this.#spread(this.classifier, this.#desired);
    const [ofUnits, ofPerceptrons] = [zerosOf(this.classifier), zerosOf(this.#desired)];
    if (ofUnits && ofPerceptrons) this.#spread(ofUnits, ofPerceptrons);
  }

  #spread(ofUnits: BitMatrix, ofPerceptrons: BitMatrix): void {
    for (let c = 0; c < ofPerceptrons.rows; c++) {
      for (let k = 0; k < ofPerceptrons.columns; k++) {
        ofPerceptrons.set(c, k, ofUnits.get(c, Math.floor(k / this.#groupSize)));
      }
    }
  }
}
