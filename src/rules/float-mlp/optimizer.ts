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

/** Numbers that differ from step to step. */
export interface StepScalars {
  /** Their names. */
  readonly scalars: readonly string[];
  /** Their values at step `step`, counted from 1, in the order of `scalars`. */
  scalarsAt(step: number): readonly number[];
}

/**
 * How weights follow their gradient G = Dᵀ·A. Stateless: moments are handed in and out; they start at 0.
 */
export interface Optimizer extends StepScalars {
  /** Names of the values kept for every weight. */
  readonly moments: readonly string[];
  /** Float operations for each weight in one update, given G; a division or square root counts as one. */
  readonly operationsPerWeight: number;
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

/** Names of the values that one update by Adam reads and writes; all arrays of one shape, [K, N] or [K]. */
export interface AdamTerms {
  /** G = ∂loss/∂W. */
  readonly gradient: string;
  /** W before the update. */
  readonly values: string;
  /** M and S before the update. */
  readonly moments: readonly string[];
  /** What to call M and S after the update. */
  readonly nextMoments: readonly string[];
  /** The scalars of `adamStep`. */
  readonly scalars: readonly string[];
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
export function adamStep(constants: AdamConstants): Optimizer {
  const { learningRate, beta1, beta2 } = constants;
  return {
    moments: ['first-moment', 'second-moment'],
    scalars: ['step-size', 'root-scale'],
    operationsPerWeight: 13,
    scalarsAt: (step) => [learningRate / (1 - beta1 ** step), 1 / Math.sqrt(1 - beta2 ** step)],
    appendUpdate(graph, { errors, inputs, weights, moments, nextWeights, nextMoments, scalars }) {
      const gradient = graph.node('Gemm', [errors, inputs], TRANSPOSE_FIRST);
      appendAdam(graph, constants, { gradient, values: weights, moments, nextMoments, scalars }, nextWeights);
    },
  };
}

/**
 * Adds the nodes of one update by Adam; see `adamStep`, whose `scalarsAt` gives the scalars.
 * @param name - what to call W after the update; made up when it is not given
 * @returns the name of W after the update
 */
export function appendAdam(
  graph: OnnxGraph,
  { beta1, beta2, epsilon }: AdamConstants,
  { gradient, values, moments, nextMoments, scalars }: AdamTerms,
  name?: string,
): string {
  const scaled = (value: string, factor: number): string =>
    graph.node('Mul', [value, graph.constant('float32', factor)]);
  const square = graph.node('Mul', [gradient, gradient]);
  const meanTerms = [scaled(moments[0], beta1), scaled(gradient, 1 - beta1)];
  const mean = graph.node('Add', meanTerms, {}, nextMoments[0]);
  const squareTerms = [scaled(moments[1], beta2), scaled(square, 1 - beta2)];
  const meanSquare = graph.node('Add', squareTerms, {}, nextMoments[1]);
  const root = graph.node('Mul', [graph.node('Sqrt', [meanSquare]), scalars[1]]);
  const denominator = graph.node('Add', [root, graph.constant('float32', epsilon)]);
  const direction = graph.node('Div', [mean, denominator]);
  const change = graph.node('Mul', [direction, scalars[0]]);
  return graph.node('Sub', [values, change], {}, name);
}
