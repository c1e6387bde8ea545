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
 * The weights of a fully connected network as training starts from them: He-uniform.
 * @param widths - N, K₁ … K_{L−1}, C
 * @param training - how the weights follow their gradients, and whether graphs read their signs
 * @param streamOf - gives each layer's weights, by their name, a stream of their own
 * @returns the weights [K_l, K_{l−1}] of each layer, input side first
 */
export function initialWeights(
  widths: readonly number[],
  training: Pick<Parameter, 'optimizer' | 'hasSigns'>,
  streamOf: (name: string) => RandomStream,
): Parameter[] {
  return widths.slice(1).map((neurons, layer) => {
    const [name, inputs] = [weightsName(layer), widths[layer]];
    const values = heUniform({ inputs, neurons }, streamOf(name));
    return { name, shape: [neurons, inputs], values, ...training };
  });
}
