import type { RandomStream } from '../../bits/random.js';
import { heUniform } from '../float-mlp/initial-weights.js';
import type { Optimizer } from '../float-mlp/optimizer.js';
import type { Parameter } from '../float-mlp/parameters.js';
import { layersOf, weightsName } from '../float-mlp/training-graph.js';
import { batchNormNames } from './batch-norm.js';
import type { QuantizedShape } from './graphs.js';
import { momentsOf } from './update.js';

/**
 * What training starts from: He-uniform latent weights, of which only the sign and the distance from 0 matter; γ = 1,
 * β = 0, running mean 0, running variance 1; moments of 0.
 * @param adam - whose moments are named
 * @param streamOf - gives each layer's weights, by their name, a stream of their own
 * @returns for each layer, input side first, weights, γ and β, each followed by its moments, and running statistics
 */
export function quantizedParameters(
  { widths, normalization }: QuantizedShape,
  adam: Optimizer,
  streamOf: (name: string) => RandomStream,
): Parameter[] {
  const trained = (name: string, shape: readonly number[], values: Float32Array): Parameter[] => [
    { name, shape, values },
    ...momentsOf(name, adam.moments).map((moment) => ({
      name: moment,
      shape,
      values: new Float32Array(values.length),
    })),
  ];
  return layersOf(widths).flatMap((size, layer) => {
    const name = weightsName(layer);
    const weights = trained(name, [size.neurons, size.inputs], heUniform(size, streamOf(name)));
    if (normalization !== 'batch-norm') return weights;
    const { scale, shift, runningMean, runningVariance } = batchNormNames(layer);
    const shape = [size.neurons];
    const filled = (value: number): Float32Array => new Float32Array(size.neurons).fill(value);
    return [
      ...weights,
      ...trained(scale, shape, filled(1)),
      ...trained(shift, shape, filled(0)),
      { name: runningMean, shape, values: filled(0) },
      { name: runningVariance, shape, values: filled(1) },
    ];
  });
}
