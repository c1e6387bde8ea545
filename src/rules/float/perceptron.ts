import { sizeOf } from '../../core/shape.js';
import type { InputForm, Learner, Problem, RuleContext } from '../rule.js';
import { checkProblem, createFloatLearner } from './float-learner.js';
import { initialWeights } from './initial-weights.js';
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
 * Makes a full-precision multi-layer perceptron: ReLU, no biases, softmax cross-entropy. With the batch A₀ [B, N],
 * labels as one-hot rows Y [B, C] and weights W_l [K_l, K_{l−1}], l = 1 … L:
 *
 *     forward   Z_l = A_{l−1}·W_lᵀ,   A_l = max(0, Z_l) for l < L
 *     loss      −1/B · Σ_b log softmax(Z_L)[b, label_b]
 *     errors    D_L = (softmax(Z_L) − Y)/B,   D_{l−1} = (D_l·W_l) ⊙ [A_{l−1} > 0]
 *     gradient  G_l = D_lᵀ·A_{l−1}
 *
 * where D_l = ∂loss/∂Z_l and G_l = ∂loss/∂W_l. It starts from He-uniform weights drawn from the streams
 * `RULE/layer-1/weights`, `RULE/layer-2/weights`, ….
 * @throws ArgumentError when a size of the problem is out of range
 * @throws EnvironmentError when there is no ONNX Runtime, or it does not load
 */
export async function createPerceptron(
  options: PerceptronOptions,
  problem: Problem,
  context: RuleContext,
): Promise<Learner> {
  checkProblem(problem);
  const { rule, hidden, inputs, optimizer, learningRate } = options;
  const widths = [sizeOf(problem.input), ...hidden, problem.classes];
  const initial = initialWeights(widths, { optimizer }, (name) => context.streams.stream(`${rule}/${name}`));
  const pieces = initial.flatMap((weights, layer) =>
    layer === 0 ? [product(weights)] : [relu(), product(weights)],
  );
  return createFloatLearner({ rule, inputs, learningRate, initial, stages: [{ pieces }] }, problem, context);
}
