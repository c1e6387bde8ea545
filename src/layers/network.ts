import type { BitMatrix } from '../core/bit-matrix.js';
import { Float32Matrix } from '../core/float-matrix.js';
import type { Int16Matrix } from '../core/int-matrix.js';
import type { Convolution } from './convolution.js';
import type { StartState } from './recurrent-layer.js';

/**
 * A network as plain data: all that it predicts with, and nothing of how it was trained. The class of an input is the index
 * of its largest logit, the lowest on ties.
 */
export type Network = BinaryNetwork | FloatNetwork | RecurrentNetwork | ConvolutionalNetwork;

/**
 * A network of bits. Shown ±1, its layers compute ±1 one after the other, input side first; classifiers make logits of them:
 *
 *     z_l = W_l a_{l−1},   a_l = +1 where z_l ≥ t_l, else −1,   u_l = majorities of a_l (or a_l),   ŷ_l = P_l u_l
 *
 * with a_0 the input and u_l in the place of a_l in the layer above. Weights and classifiers are TernaryMatrix where they have zeros, too.
 */
export interface BinaryNetwork {
  readonly kind: 'binary';
  /** Input side first; at least one. */
  readonly layers: readonly SignLayer[];
  /** The network's logits: those of the last layer, or the sum of those of all layers that have a classifier. */
  readonly readOut: 'last' | 'summed';
  /** What becomes of the logits before they are compared; absent: nothing. */
  readonly logitNorm?: FixedNorm;
}

/** A layer of K neurons on N inputs, ±1 in and out. */
export interface SignLayer {
  /** W, [K, N]. */
  readonly weights: BitMatrix;
  /** t, K integers in [−N, N + 2]: a neuron gives +1 where z ≥ t. Absent: all 0. */
  readonly thresholds?: Int32Array;
  /** γ, a divisor of K: so many consecutive neurons vote for one output, +1 if they are split. Default 1. */
  readonly voters?: number;
  /** Whether a neuron gives 0 where z = t, and voters that are split as well. Default: +1. */
  readonly givesZeros?: boolean;
  /** P, [C, K/γ]; the last layer has one. */
  readonly classifier?: BitMatrix;
}

/**
 * A recurrent network of ±1. Shown a sequence of T steps of n numbers, one after the other in a row:
 *
 *     a_t = sign(R x_t) (or x_t),   s_t = sign(W_xs a_t + W_ss s_{t−1}),   y_1 = sign(W_1 s_T), y_2 = sign(W_2 y_1) …,   ŷ = P y
 *
 * with sign(0) = +1 and t = 1 … T; ŷ = P s_T where there are no layers behind the recurrent one.
 */
export interface RecurrentNetwork {
  readonly kind: 'recurrent';
  /** T. */
  readonly steps: number;
  /** s_0: all +1, or zero: then W_ss is left out at the first step. */
  readonly startState: StartState;
  /** R, [K_0, n]; absent: steps are shown as they are. */
  readonly expansion?: BitMatrix;
  /** W_xs, [K, K_0]. */
  readonly ofInputs: BitMatrix;
  /** W_ss, [K, K]. */
  readonly ofState: BitMatrix;
  /** W_1, W_2 …, input side first. */
  readonly outputs: readonly BitMatrix[];
  /** P, [C, K of the last layer]. */
  readonly classifier: BitMatrix;
}

/** Binary filters on windows of images, and a network that is shown what they find. */
export interface ConvolutionalNetwork {
  readonly kind: 'convolutional';
  readonly convolution: Convolution;
  /** A network of bits, or of floats that is shown ±1. */
  readonly behind: BinaryNetwork | FloatNetwork;
}

/** Batch normalization with fixed statistics, one of each for a neuron or class: ((z − mean) / deviation) · scale + shift. */
export interface FixedNorm {
  readonly mean: Float32Array;
  /** Positive. */
  readonly deviation: Float32Array;
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

/** z of neuron or class `k`, normalized, rounded to 32 bits in every step. */
export function normalized({ mean, deviation, scale, shift }: FixedNorm, k: number, z: number): number {
  const standardized = Math.fround(Math.fround(z - mean[k]) / deviation[k]);
  return Math.fround(Math.fround(standardized * scale[k]) + shift[k]);
}

/** A multi-layer perceptron of 32-bit floats without biases. The outputs of its last layer are the logits. */
export interface FloatNetwork {
  readonly kind: 'float';
  /** What it is shown: standardized real numbers, or ±1. */
  readonly inputForm: 'full-precision' | 'binarized';
  /** Input side first; at least one. */
  readonly layers: readonly FloatLayer[];
}

/** A layer of K neurons on N inputs: f(c · W a). */
export interface FloatLayer {
  /** W, [K, N]. */
  readonly weights: Float32Matrix;
  /** c; absent: 1. */
  readonly scale?: number;
  /** f: max(0, z), z clipped to [−1, 1], sign(z) with sign(0) = +1, or z. */
  readonly activation: 'relu' | 'clip' | 'sign' | 'identity';
}

/**
 * Layers of ±1 that are read out by integers, as a network of floats: 32 bits hold the integers, and their sums as long as these are
 * below 2^24.
 * @param layers - W of each, input side first
 * @param readOut - [C, K] of the last layer
 */
export function integerReadOutNetwork(layers: readonly BitMatrix[], readOut: Int16Matrix): FloatNetwork {
  const { rows, columns, values } = readOut;
  const signs = layers.map((weights): FloatLayer => ({ weights: floatsOf(weights), activation: 'sign' }));
  const last = new Float32Matrix(rows, columns, Float32Array.from(values));
  return {
    kind: 'float',
    inputForm: 'binarized',
    layers: [...signs, { weights: last, activation: 'identity' }],
  };
}

function floatsOf(bits: BitMatrix): Float32Matrix {
  const floats = new Float32Matrix(bits.rows, bits.columns);
  for (let row = 0; row < bits.rows; row++) floats.values.set(bits.signs(row), row * bits.columns);
  return floats;
}

/** Layers of which the last has a classifier. */
export function classifiedBy(classifier: BitMatrix, layers: readonly SignLayer[]): SignLayer[] {
  return layers.map((layer, l) => (l === layers.length - 1 ? { ...layer, classifier } : layer));
}

/**
 * A binary network of layers that may go on changing: their weights and classifiers are copied.
 * @param layers - input side first
 * @param readOut - default: that of the last layer
 */
export function copyOfBits(
  layers: readonly SignLayer[],
  readOut: BinaryNetwork['readOut'] = 'last',
): BinaryNetwork {
  const copies = layers.map(({ weights, classifier, ...rest }) => ({
    ...rest,
    weights: weights.copy(),
    ...(classifier && { classifier: classifier.copy() }),
  }));
  return { kind: 'binary', layers: copies, readOut };
}
