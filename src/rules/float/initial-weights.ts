import type { RandomStream } from '../../core/random.js';
import { type Parameter, weightsName } from './parameter.js';

/** Sizes of a fully connected layer. */
export interface LayerSize {
  /** N. */
  readonly inputs: number;
  /** K. */
  readonly neurons: number;
}

/**
 * He's uniform initial weights: independent and uniform in [−a, a), a = √(6/N), so that their variance is a²/3 = 2/N,
 * which keeps the variance of pre-activations from layer to layer of ReLUs (He, Zhang, Ren, Sun,
 * arXiv:1502.01852, equation 10).
 * @param stream - drawn from K·N times, row after row
 * @returns [K, N], row after row
 */
export function heUniform(layer: LayerSize, stream: RandomStream): Float32Array {
  const bound = Math.sqrt(6 / layer.inputs);
  const weights = new Float32Array(layer.neurons * layer.inputs);
  for (let i = 0; i < weights.length; i++) weights[i] = bound * (2 * stream.uniform() - 1);
  return weights;
}

/**
 * The weights [K_l, K_{l−1}] of a fully connected network, input side first: He-uniform at first.
 * @param widths - N, K₁ … K_{L−1}, C
 * @param training - how they follow their gradients, and whether graphs read their signs
 */
export function weightParameters(
  widths: readonly number[],
  training: Pick<Parameter, 'optimizer' | 'hasSigns'>,
): Parameter[] {
  return widths.slice(1).map((neurons, layer) => {
    const inputs = widths[layer];
    return {
      name: weightsName(layer),
      shape: [neurons, inputs],
      initial: (stream) => heUniform({ inputs, neurons }, stream),
      ...training,
    };
  });
}
