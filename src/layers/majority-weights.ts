import type { BitMatrix } from '../core/bit-matrix.js';
import type { Int32Matrix } from '../core/int-matrix.js';
import type { Kernels } from '../kernels/kernels.js';
import type { HiddenWeights } from './hidden-weights.js';

/**
 * The majority of every visible weight over the ends of epochs, to predict with while training goes on with the weights
 * themselves: w̄ = sign(Σ_e w_e), a tie being decided by the latest w. A weight that keeps changing its sign late in
 * training then counts as what it mostly was.
 *
 * Source: the averaged perceptron, in binary weights (Freund and Schapire, Large margin classification using the
 * perceptron algorithm, Machine Learning 37 (1999) 277–296); of deep networks, Izmailov et al., arXiv:1803.05407.
 */
export class MajorityWeights {
  /** w̄, [K, N]; −1 before the first vote. */
  readonly visible: BitMatrix;
  /** Σ_e w_e, [K, N]. */
  readonly #votes: Int32Matrix;
  /** 2·Σ_e w_e + w: never 0, so that its sign is w̄. */
  readonly #decided: Int32Matrix;
  readonly #kernels: Kernels;

  constructor(kernels: Kernels, { hidden: { rows, columns } }: HiddenWeights) {
    this.#kernels = kernels;
    this.visible = kernels.bitMatrix(rows, columns);
    this.#votes = kernels.int32Matrix(rows, columns);
    this.#decided = kernels.int32Matrix(rows, columns);
  }

  /** Counts a vote of every weight. */
  add(weights: HiddenWeights): void {
    const votes = this.#votes.values;
    const signs = weights.hidden.values;
    for (let i = 0; i < votes.length; i++) votes[i] += signs[i] > 0 ? 1 : -1;
    this.#count(weights);
  }

  #count({ hidden }: HiddenWeights): void {
    const votes = this.#votes.values;
    const decided = this.#decided.values;
    for (let i = 0; i < votes.length; i++) decided[i] = 2 * votes[i] + (hidden.values[i] > 0 ? 1 : -1);
    this.#kernels.packSigns(this.#decided, this.visible);
  }

  /** A copy of the votes, modulo 2^32. */
  saveState(): Uint32Array {
    return Uint32Array.from(this.#votes.values);
  }

  /**
   * Returns to a state that `saveState` gave.
   * @param weights - the latest, as they were then
   */
  loadState(votes: ArrayLike<number>, weights: HiddenWeights): void {
    this.#votes.values.set(votes);
    this.#count(weights);
  }
}
