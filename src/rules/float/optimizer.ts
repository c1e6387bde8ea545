import { power } from '../../core/power.js';

/**
 * How a parameter W follows its gradient G = ∂loss/∂W. Stateless: the moments are handed in; they start at 0.
 *
 * Arithmetic: an entry is computed in double precision, in the order in which the formula is written, and rounded to 32
 * bits where it is stored. Moments enter the update of W before they are rounded.
 */
export interface Optimizer {
  /** Names of the arrays kept beside every parameter. */
  readonly moments: readonly string[];
  /** Float operations for each weight in one update, given G; a division or square root counts as one. */
  readonly operationsPerWeight: number;
  /** η of plain gradient descent, W ← W − η·G: a graph may do such an update itself. Absent for others. */
  readonly plainRate?: number;
  /**
   * Updates a parameter and its moments in place; allocates nothing.
   * @param values - W
   * @param gradient - G, as long as W; not mutated
   * @param moments - one array for each name in `moments`, as long as W
   * @param step - number of this update, from 1
   */
  update(values: Float32Array, gradient: Float32Array, moments: readonly Float32Array[], step: number): void;
}

/**
 * Plain stochastic gradient descent: W ← W − η·G.
 * @param learningRate - η, above 0
 */
export function gradientStep(learningRate: number): Optimizer {
  return {
    moments: [],
    operationsPerWeight: 2,
    plainRate: learningRate,
    update(values, gradient) {
      for (let i = 0; i < values.length; i++) values[i] -= learningRate * gradient[i];
    },
  };
}

/**
 * Gradient descent with heavy-ball momentum: V ← m·V + G, W ← W − η·V (Polyak 1964, in the form of PyTorch's
 * SGD, where the learning rate does not enter V).
 * @param learningRate - η, above 0
 * @param momentum - m, in (0, 1)
 */
export function momentumStep(learningRate: number, momentum: number): Optimizer {
  return {
    moments: ['velocity'],
    operationsPerWeight: 4,
    update(values, gradient, [velocity]) {
      for (let i = 0; i < values.length; i++) {
        const v = momentum * velocity[i] + gradient[i];
        velocity[i] = v;
        values[i] -= learningRate * v;
      }
    },
  };
}

/** Constants of Adam; see `adamStep`. */
export interface AdamConstants {
  /** η, above 0. */
  readonly learningRate: number;
  /** β₁, in [0, 1). */
  readonly beta1: number;
  /** β₂, in [0, 1). */
  readonly beta2: number;
  /** ε, above 0. */
  readonly epsilon: number;
}

/**
 * Adam (Kingma and Ba, arXiv:1412.6980, algorithm 1). At step t:
 *
 *     M ← β₁·M + (1 − β₁)·G
 *     S ← β₂·S + (1 − β₂)·G²
 *     W ← W − η/(1 − β₁ᵗ) · M / (√S/√(1 − β₂ᵗ) + ε)
 *
 * With `bound`, W is the latent weight behind a sign: G counts as 0 where |W| > bound, and W is clipped to
 * [−bound, bound] after the step.
 */
export function adamStep(constants: AdamConstants, bound: number = Number.MAX_VALUE): Optimizer {
  const { learningRate, beta1, beta2 } = constants;
  return {
    moments: ['first-moment', 'second-moment'],
    operationsPerWeight: 13,
    update(values, gradient, [mean, meanSquare], step) {
      const rate = learningRate / (1 - power(beta1, step));
      const rootScale = 1 / Math.sqrt(1 - power(beta2, step));
      updateByAdam(values, gradient, mean, meanSquare, rate, rootScale, constants, bound);
    },
  };
}

/** A function of its own: the loop is a third slower when it reads its constants from a closure. */
function updateByAdam(
  values: Float32Array,
  gradient: Float32Array,
  mean: Float32Array,
  meanSquare: Float32Array,
  rate: number,
  rootScale: number,
  { beta1, beta2, epsilon }: AdamConstants,
  bound: number,
): void {
  const [newShare1, newShare2] = [1 - beta1, 1 - beta2];
  for (let i = 0; i < values.length; i++) {
    const w = values[i];
    const g = Math.abs(w) <= bound ? gradient[i] : 0;
    const m = beta1 * mean[i] + newShare1 * g;
    const s = beta2 * meanSquare[i] + newShare2 * g * g;
    mean[i] = m;
    meanSquare[i] = s;
    const next = w - (rate * m) / (Math.sqrt(s) * rootScale + epsilon);
    // max(−bound, min(bound, next)) in arithmetic, as branches on weights at the bound are mispredicted half the time.
    const isInside = Number(Math.abs(next) <= bound);
    const side = 2 * Number(next > 0) - 1;
    values[i] = next * isInside + (1 - isInside) * side * bound;
  }
}
