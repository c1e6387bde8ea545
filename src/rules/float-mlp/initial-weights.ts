import type { RandomStream } from '../../core/random.js';
import type { Optimizer } from './optimizer.js';
import type { Parameter } from './parameters.js';
import { type LayerSize, layersOf, weightsName } from './training-graph.js';

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
 * What training starts from: He-uniform weights.
 * @param widths - N, K₁ … K_{L−1}, C
 * @param streamOf - gives each layer's weights, by their name, a stream of their own
 * @returns the weights of each layer, input side first
 */
export function initialParameters(
  widths: readonly number[],
  optimizer: Optimizer,
  streamOf: (name: string) => RandomStream,
): Parameter[] {
  return layersOf(widths).map((size, layer) => {
    const name = weightsName(layer);
    const values = heUniform(size, streamOf(name));
    return { name, shape: [size.neurons, size.inputs], values, optimizer };
  });
}
