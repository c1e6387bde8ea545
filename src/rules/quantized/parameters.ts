import type { RandomStream } from '../../core/random.js';
import { heUniform } from '../float-mlp/initial-weights.js';
import { type AdamConstants, adamStep } from '../float-mlp/optimizer.js';
import type { Parameter } from '../float-mlp/parameters.js';
import { layersOf, weightsName } from '../float-mlp/training-graph.js';
import { batchNormNames } from './batch-norm.js';
import { PASS_BOUND, type QuantizedShape } from './graphs.js';

/**
 * What training starts from: He-uniform latent weights, of which only the sign and the distance from 0 matter; γ = 1,
 * β = 0, running mean 0, running variance 1.
 * @param streamOf - gives each layer's weights, by their name, a stream of their own
 * @returns for each layer, input side first, weights, γ and β, all trained by Adam, and running statistics
 */
export function quantizedParameters(
  { widths, normalization }: QuantizedShape,
  constants: AdamConstants,
  streamOf: (name: string) => RandomStream,
): Parameter[] {
  const [optimizer, latentOptimizer] = [adamStep(constants), adamStep(constants, PASS_BOUND)];
  return layersOf(widths).flatMap((size, layer) => {
    const name = weightsName(layer);
    const weights: Parameter = {
      name,
      shape: [size.neurons, size.inputs],
      values: heUniform(size, streamOf(name)),
      optimizer: latentOptimizer,
      hasSigns: true,
    };
    if (normalization !== 'batch-norm') return [weights];
    const { scale, shift, runningMean, runningVariance } = batchNormNames(layer);
    const perUnit = (unitName: string, value: number): Parameter => ({
      name: unitName,
      shape: [size.neurons],
      values: new Float32Array(size.neurons).fill(value),
    });
    return [
      weights,
      { ...perUnit(scale, 1), optimizer },
      { ...perUnit(shift, 0), optimizer },
      perUnit(runningMean, 0),
      perUnit(runningVariance, 1),
    ];
  });
}
