import { sizeOf } from '../../core/shape.js';
import type { InputForm, LearnerState, Problem } from '../rule.js';
import type { FloatTraining } from './float-training.js';
import { weightParameters } from './initial-weights.js';
import { reluNetwork } from './network.js';
import type { Optimizer } from './optimizer.js';
import type { Parameter } from './parameter.js';
import { clip } from './pieces/clip.js';
import type { Piece } from './pieces/piece.js';
import { product } from './pieces/product.js';
import { relu } from './pieces/relu.js';
import { type RecurrentOption, recurrentFirst } from './recurrent-first.js';

/** What distinguishes one rule on this network from another. */
export interface PerceptronOptions {
  /** Name of the rule, for streams and messages. */
  readonly rule: string;
  /** Widths of the hidden layers, input side first. */
  readonly hidden: readonly number[];
  readonly inputs: InputForm;
  readonly optimizer: Optimizer;
  /** Whether the first hidden layer is recurrent. Default: none is. */
  readonly recurrent?: RecurrentOption | undefined;
  /** For the message of a run that diverges. */
  readonly learningRate: number;
}

/** Up to which |z| the state of a recurrent layer follows z. */
const STATE_BOUND = 1;

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
 *
 * With `recurrent`, A_1 is the last state S_T of a layer that sees the sample step by step, S_t = clip(a_t·W_xsᵀ + S_{t−1}·W_ssᵀ, −1, 1), so
 * that states stay as small as the ±1 of binary rules however many steps there are (pieces/recurrent.ts).
 */
export function perceptron(
  { optimizer, recurrent, ...network }: PerceptronOptions,
  { input, classes }: Problem,
): FloatTraining {
  const widths = [...network.hidden, classes];
  if (recurrent) {
    const { layer } = recurrentFirst(recurrent, input, widths[0], { optimizer }, () => clip(STATE_BOUND));
    const pieces = [layer, ...reluPieces(weightParameters(widths, { optimizer }, 1))];
    return { ...network, parameters: pieces.flatMap((piece) => piece.parameters), stages: [{ pieces }] };
  }
  const parameters = weightParameters([sizeOf(input), ...widths], { optimizer });
  const plain = (values: LearnerState) => reluNetwork(parameters, network.inputs, values);
  return { ...network, parameters, stages: [{ pieces: reluPieces(parameters), network: plain }] };
}

function reluPieces(weights: readonly Parameter[]): Piece[] {
  return weights.flatMap((layer, l) => (l === 0 ? [product(layer)] : [relu(), product(layer)]));
}
