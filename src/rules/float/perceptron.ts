import { sizeOf } from '../../core/shape.js';
import type { InputForm, LearnerState, Problem } from '../rule.js';
import type { FloatTraining } from './float-training.js';
import { weightParameters } from './initial-weights.js';
import { reluNetwork } from './network.js';
import type { Optimizer } from './optimizer.js';
import { product } from './pieces/product.js';
import { relu } from './pieces/relu.js';

/** What distinguishes one rule on this network from another. */
export interface PerceptronOptions {
  /** Name of the rule, for streams and messages. */
  readonly rule: string;
  /** Widths of the hidden layers, input side first. */
  readonly hidden: readonly number[];
  readonly inputs: InputForm;
  readonly optimizer: Optimizer;
  /** For the message of a run that diverges. */
  readonly learningRate: number;
}

/**
 * A full-precision multi-layer perceptron: ReLU, no biases, softmax cross-entropy. With the batch A₀ [B, N], labels as
 * one-hot rows Y [B, C] and weights W_l [K_l, K_{l−1}], l = 1 … L:
 *
 *     forward   Z_l = A_{l−1}·W_lᵀ,   A_l = max(0, Z_l) for l < L
 *     loss      −1/B · Σ_b log softmax(Z_L)[b, label_b]
 *     errors    D_L = (softmax(Z_L) − Y)/B,   D_{l−1} = (D_l·W_l) ⊙ [A_{l−1} > 0]
 *     gradient  G_l = D_lᵀ·A_{l−1}
 *
 * where D_l = ∂loss/∂Z_l and G_l = ∂loss/∂W_l. It starts from He-uniform weights.
 */
export function perceptron(options: PerceptronOptions, { input, classes }: Problem): FloatTraining {
  const { optimizer, ...network } = options;
  const parameters = weightParameters([sizeOf(input), ...options.hidden, classes], { optimizer });
  const pieces = parameters.flatMap((weights, layer) =>
    layer === 0 ? [product(weights)] : [relu(), product(weights)],
  );
  const plain = (values: LearnerState) => reluNetwork(parameters, options.inputs, values);
  return { ...network, parameters, stages: [{ pieces, network: plain }] };
}
