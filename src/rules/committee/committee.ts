import type { BitMatrix } from '../../core/bit-matrix.js';
import { ArgumentError } from '../../core/errors.js';
import type { Int16Matrix, Int32Matrix } from '../../core/int-matrix.js';
import { vector } from '../../core/shape.js';
import { copyOfHidden } from '../../layers/hidden-weights.js';
import { copyOfBits, type Network } from '../../layers/network.js';
import { hasZeros, kernelsFor } from '../../layers/zeros.js';
import { BinaryLearner } from '../binary/binary-learner.js';
import { checkConsolidation } from '../binary/check-consolidation.js';
import { withInputNoise } from '../binary/description.js';
import { binaryMemory } from '../binary/memory.js';
import type { OperationCounts } from '../cost.js';
import type { LayerObservation, LearnerState, Problem, RuleContext, RuleDefinition } from '../rule.js';
import { type CommitteeConfig, committeeConfig, pairsOf } from './config.js';
import { committeeOperations, describeCommittee } from './description.js';
import { type CommitteeBatch, CommitteeLayer } from './layer.js';

/**
 * A committee of binary perceptrons: the fully binary baseline, CP+R and SBPI, with one trained layer or several.
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
 * Several layers, `K1-K2_K1-K2`, are those of the published code of [LBES]: each is a committee that is trained by its own units and
 * classifier, on what the *perceptrons* of the layer before gave before their own update; its units are for its classifier alone. The prediction is
 * that of the last layer.
 *
 * With `consolidation`, not in the papers, depth protects weights from steps towards zero (layers/consolidation.ts).
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
  check: ({ layers, consolidation }) => checkConsolidation(consolidation, pairsOf(layers).length),
  describe: (config, problem) => withInputNoise(describeCommittee(config, problem), config, problem),
  // Units have no weights: they are majorities.
  memory: ({ layers }, problem) =>
    binaryMemory({ layers: pairsOf(layers).map(([perceptrons]) => perceptrons) }, problem),
  createLearner: async (config, problem, context) => new CommitteeLearner(config, problem, context),
};

/** A committee trained by `committee`. */
export class CommitteeLearner extends BinaryLearner<readonly CommitteeBatch[]> {
  /** The layers, input side first, with their state. */
  readonly layers: readonly CommitteeLayer[];
  readonly #config: CommitteeConfig;

  /** @throws ArgumentError when units do not share their perceptrons evenly, or a single unit meets C ≠ 2 */
  constructor(config: CommitteeConfig, problem: Problem, context: RuleContext) {
    const { classes } = problem;
    if (config.output === 'single-unit' && classes !== 2) {
      throw new ArgumentError('output', 'none for a problem of more than two classes', config.output);
    }
    const kernels = kernelsFor(context.kernels, config);
    super({ ...context, kernels }, problem, config, committee.describe(config, problem));
    this.#config = config;
    const pairs = pairsOf(config.layers);
    this.layers = pairs.map(([perceptrons, units], l) => {
      const input = l === 0 ? problem.input : vector(pairs[l - 1][0]);
      return new CommitteeLayer({ input, perceptrons, units, classes }, l, config, context);
    });
  }

  protected override allocate(rows: number): readonly CommitteeBatch[] {
    return this.layers.map((layer) => layer.allocate(rows));
  }

  protected override beginEpoch(reinforcementScale: number): void {
    for (const layer of this.layers) layer.beginEpoch(reinforcementScale);
  }

  protected override trainBatch(
    inputs: BitMatrix,
    labels: Int32Array,
    batch: readonly CommitteeBatch[],
  ): number {
    this.#forward(inputs, batch);
    let wrong = 0;
    this.layers.forEach((layer, l) => {
      layer.classify(batch[l]);
      wrong = layer.update(l === 0 ? inputs : batch[l - 1].activations, labels, batch[l]);
    });
    return wrong;
  }

  #forward(inputs: BitMatrix, batch: readonly CommitteeBatch[]): void {
    this.layers.forEach((layer, l) => {
      layer.forward(l === 0 ? inputs : batch[l - 1].activations, batch[l]);
    });
  }

  protected override endEpoch(samples: number): LayerObservation[] {
    return this.layers.map((layer) => layer.endEpoch(samples));
  }

  protected override logits(inputs: BitMatrix, batch: readonly CommitteeBatch[]): Int32Matrix {
    const last = this.layers.length - 1;
    this.#forward(inputs, batch);
    this.layers[last].classify(batch[last]);
    return batch[last].logits;
  }

  /** Its layers; the perceptrons of the last vote in units, which have the classifier. */
  network(): Network {
    const zeros = hasZeros(this.#config, 'activations') && { givesZeros: true };
    const last = this.layers.length - 1;
    return copyOfBits(
      this.layers.map(({ perceptrons, groupSize, classifier }, l) => ({
        weights: perceptrons.weights.visible,
        ...(l === last && { voters: groupSize, classifier }),
        ...zeros,
      })),
    );
  }

  hiddenWeights(): Int16Matrix[] {
    return copyOfHidden(this.layers.map(({ perceptrons }) => perceptrons));
  }

  protected override networkOperations(): OperationCounts {
    const { xnorBits, popcountBits } = committeeOperations(this.#config, this.problem);
    const steps = this.layers.reduce((sum, layer) => sum + layer.weightSteps(), 0);
    return {
      xnorBits: this.samplesTrained * xnorBits,
      popcountBits: this.samplesTrained * popcountBits,
      stepBits: steps * this.#config.hiddenBits,
      floatOperations: 0,
    };
  }

  protected override saveNetwork(): LearnerState {
    return Object.assign({}, ...this.layers.map((layer, l) => layer.saveState(prefixOf(l))));
  }

  protected override loadNetwork(state: LearnerState): void {
    this.layers.forEach((layer, l) => {
      layer.loadState(state, prefixOf(l));
    });
  }
}

/** States of one layer, which were there before there were several, have none. */
function prefixOf(l: number): string {
  return l === 0 ? '' : `layer-${l + 1}/`;
}
