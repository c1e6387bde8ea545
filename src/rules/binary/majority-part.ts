import type { BitMatrix } from '../../core/bit-matrix.js';
import type { HiddenWeights } from '../../layers/hidden-weights.js';
import type { LayerContext, LearnerState } from '../../layers/layer.js';
import { MajorityWeights } from '../../layers/majority-weights.js';
import { NO_OPERATIONS, type OperationCounts } from '../cost.js';
import type { RuleDescription } from '../rule.js';
import type { TrainingPart } from './part.js';

/** Bits of the sum of a weight's votes. */
const VOTE_BITS = 32;

/**
 * Predictions by the majority of each visible weight over the ends of the epochs after the first `afterEpochs`
 * (layers/majority-weights.ts). Training is what it is without.
 */
export class MajorityPart implements TrainingPart {
  readonly #majorities: readonly MajorityWeights[];
  #epochs = 0;

  /** @param layers - weights of every layer, input side first; its state has them as layer-1, layer-2 … */
  constructor(
    readonly layers: readonly HiddenWeights[],
    readonly afterEpochs: number,
    { kernels }: LayerContext,
  ) {
    this.#majorities = layers.map((weights) => new MajorityWeights(kernels, weights));
  }

  /** The ±1 weights that layer `l`, from 0, predicts with: its own while no epoch has counted. */
  weightsOf(l: number): BitMatrix {
    return (this.#votes > 0 ? this.#majorities[l] : this.layers[l]).visible;
  }

  afterEpoch(): void {
    this.#epochs++;
    if (this.#votes === 0) return;
    this.layers.forEach((weights, l) => {
      this.#majorities[l].add(weights);
    });
  }

  /** Epochs whose ends have been counted. */
  get #votes(): number {
    return Math.max(0, this.#epochs - this.afterEpochs);
  }

  get #weights(): number {
    return this.layers.reduce((sum, { hidden }) => sum + hidden.values.length, 0);
  }

  operations(): OperationCounts {
    return { ...NO_OPERATIONS, stepBits: this.#votes * this.#weights * VOTE_BITS };
  }

  saveState(): LearnerState {
    return Object.fromEntries(this.#majorities.map((votes, l) => [stateName(l), votes.saveState()]));
  }

  /** How many epochs were trained is in the state of the network, `epochs`. */
  loadState(state: LearnerState): void {
    [this.#epochs] = state.epochs;
    this.#majorities.forEach((votes, l) => {
      votes.loadState(state[stateName(l)], this.layers[l]);
    });
  }
}

function stateName(l: number): string {
  return `layer-${l + 1}/votes`;
}

/**
 * A description with what the votes of a network add: 32 bits for each weight.
 * @param weights - of all layers
 */
export function withMajority(
  description: RuleDescription,
  { majorityAfterEpochs }: { readonly majorityAfterEpochs?: number | undefined },
  weights: number,
): RuleDescription {
  if (majorityAfterEpochs === undefined) return description;
  const { model, activations } = description.memoryBits;
  return { ...description, memoryBits: { model: model + weights * VOTE_BITS, activations } };
}
