import { power } from '../../core/power.js';
import type { FloatKernels } from '../../kernels/float-kernels.js';

/** A parameter with what its update needs. All arrays are equally long. */
export interface Update {
  /** W, updated. */
  readonly values: Float32Array;
  /** G */
  readonly gradient: Float32Array;
  /** One for each name in `moments` of the optimizer, updated. */
  readonly moments: readonly Float32Array[];
  /** Gets the signs of the new W, ±1 with sign(0) = +1, where a graph reads them. */
  readonly signs?: Float32Array | undefined;
  /** Number of this update, from 1. */
  readonly step: number;
}

/** A parameter at the end of a task. */
export interface TaskEnd extends Pick<Update, 'values' | 'moments'> {
  /** The diagonal of the empirical Fisher information: mean squares of gradients of single samples, as batches tell them. */
  readonly squares: Float32Array;
}

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
  /** Updates a parameter and its moments in place; what it allocates is none of the state. */
  update(update: Update, kernels: FloatKernels): void;
  /** Whether `endTask` looks at `squares`; they are zeros otherwise. */
  readonly needsSquares?: boolean;
  /** Takes note of the end of a task, in the moments. */
  endTask?(end: TaskEnd): void;
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
    update({ values, gradient, signs }) {
      for (let i = 0; i < values.length; i++) values[i] -= learningRate * gradient[i];
      if (signs) writeSigns(values, signs);
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
    update({ values, gradient, moments: [velocity], signs }) {
      for (let i = 0; i < values.length; i++) {
        const v = momentum * velocity[i] + gradient[i];
        velocity[i] = v;
        values[i] -= learningRate * v;
      }
      if (signs) writeSigns(values, signs);
    },
  };
}

/** Gradient descent with momentum, plain where that is 0. */
export function descentStep(learningRate: number, momentum: number): Optimizer {
  return momentum === 0 ? gradientStep(learningRate) : momentumStep(learningRate, momentum);
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
  const { learningRate, beta1, beta2, epsilon } = constants;
  return {
    moments: ['first-moment', 'second-moment'],
    operationsPerWeight: 13,
    update({ moments: [mean, meanSquare], step, ...arrays }, kernels) {
      const rate = learningRate / (1 - power(beta1, step));
      const rootScale = 1 / Math.sqrt(1 - power(beta2, step));
      kernels.adamStep({ ...arrays, mean, meanSquare, rate, rootScale, beta1, beta2, epsilon, bound });
    },
  };
}

/** Signs as floats. Arithmetic, as a choice between two numbers would be a branch that is mispredicted half the time. */
export function writeSigns(values: Float32Array, signs: Float32Array): void {
  for (let i = 0; i < values.length; i++) signs[i] = 2 * Number(values[i] >= 0) - 1;
}
