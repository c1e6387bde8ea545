import type { OnnxGraph } from './onnx-graph.js';

/** Names of the values that the update of one layer reads and writes. B samples, N inputs, K neurons. */
export interface UpdateTerms {
  /** Errors D = ∂loss/∂Z of the layer, [B, K]. */
  readonly errors: string;
  /** Inputs A of the layer, [B, N]. */
  readonly inputs: string;
  /** Weights W before the update, [K, N]. */
  readonly weights: string;
  /** Moments before the update, one for each name in `Optimizer.moments`, [K, N]. */
  readonly moments: readonly string[];
  /** What to call the weights after the update. */
  readonly nextWeights: string;
  /** What to call the moments after the update. */
  readonly nextMoments: readonly string[];
  /** Scalars of the step, one for each name in `Optimizer.scalars`. */
  readonly scalars: readonly string[];
}

/**
 * How weights follow their gradient G = Dᵀ·A. Stateless: moments are handed in and out; they start at 0.
 */
export interface Optimizer {
  /** Names of the values kept for every weight. */
  readonly moments: readonly string[];
  /** Names of the values that change from step to step. */
  readonly scalars: readonly string[];
  /** Float operations for each weight in one update, given G; a division or square root counts as one. */
  readonly operationsPerWeight: number;
  /** The scalars of step `step`, counted from 1. */
  scalarsAt(step: number): readonly number[];
  /** Adds the nodes that compute `nextWeights` and `nextMoments`. */
  appendUpdate(graph: OnnxGraph, terms: UpdateTerms): void;
}

const TRANSPOSE_FIRST = { transA: { int: 1 } };

/**
 * Plain stochastic gradient descent: W ← W − η·G, in one matrix product with accumulation.
 * @param learningRate - η, above 0
 */
export function gradientStep(learningRate: number): Optimizer {
  return {
    moments: [],
    scalars: [],
    operationsPerWeight: 2,
    scalarsAt: () => [],
    appendUpdate(graph, { errors, inputs, weights, nextWeights }) {
      const attributes = { ...TRANSPOSE_FIRST, alpha: { float: -learningRate } };
      graph.node('Gemm', [errors, inputs, weights], attributes, nextWeights);
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
    scalars: [],
    operationsPerWeight: 4,
    scalarsAt: () => [],
    appendUpdate(graph, { errors, inputs, weights, moments, nextWeights, nextMoments }) {
      const attributes = { ...TRANSPOSE_FIRST, beta: { float: momentum } };
      const velocity = graph.node('Gemm', [errors, inputs, moments[0]], attributes, nextMoments[0]);
      const change = graph.node('Mul', [velocity, graph.constant('float32', learningRate)]);
      graph.node('Sub', [weights, change], {}, nextWeights);
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
 * The two factors that depend on t are computed in double precision and fed as scalars.
 */
export function adamStep({ learningRate, beta1, beta2, epsilon }: AdamConstants): Optimizer {
  return {
    moments: ['first-moment', 'second-moment'],
    scalars: ['step-size', 'root-scale'],
    operationsPerWeight: 13,
    scalarsAt: (step) => [learningRate / (1 - beta1 ** step), 1 / Math.sqrt(1 - beta2 ** step)],
    appendUpdate(graph, { errors, inputs, weights, moments, nextWeights, nextMoments, scalars }) {
      const scaled = (value: string, factor: number): string =>
        graph.node('Mul', [value, graph.constant('float32', factor)]);
      const gradient = graph.node('Gemm', [errors, inputs], TRANSPOSE_FIRST);
      const square = graph.node('Mul', [gradient, gradient]);
      const meanTerms = [scaled(moments[0], beta1), scaled(gradient, 1 - beta1)];
      const mean = graph.node('Add', meanTerms, {}, nextMoments[0]);
      const squareTerms = [scaled(moments[1], beta2), scaled(square, 1 - beta2)];
      const meanSquare = graph.node('Add', squareTerms, {}, nextMoments[1]);
      const root = graph.node('Mul', [graph.node('Sqrt', [meanSquare]), scalars[1]]);
      const denominator = graph.node('Add', [root, graph.constant('float32', epsilon)]);
      const direction = graph.node('Div', [mean, denominator]);
      const change = graph.node('Mul', [direction, scalars[0]]);
      graph.node('Sub', [weights, change], {}, nextWeights);
    },
  };
}
