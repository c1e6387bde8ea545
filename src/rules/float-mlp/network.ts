import { Float32Matrix } from '../../core/float-matrix.js';
import type { FloatNetwork } from '../../layers/network.js';
import type { InputForm, LearnerState } from '../rule.js';
import { type LayerSize, layersOf, weightsName } from './training-graph.js';

/**
 * The weights of layer `layer`, counted from 0, [K, N].
 * @param values - parameters of a network by name; copied
 */
export function weightsOf(
  values: LearnerState,
  layer: number,
  { neurons, inputs }: LayerSize,
): Float32Matrix {
  return new Float32Matrix(neurons, inputs, Float32Array.from(values[weightsName(layer)]));
}

/**
 * The multi-layer perceptron of `sgd` and `adam` as plain data.
 * @param widths - N, K₁ … K_{L−1}, C
 * @param values - its parameters by name
 */
export function reluNetwork(
  widths: readonly number[],
  inputForm: InputForm,
  values: LearnerState,
): FloatNetwork {
  const sizes = layersOf(widths);
  const layers = sizes.map((size, layer) => ({
    weights: weightsOf(values, layer, size),
    activation: layer < sizes.length - 1 ? ('relu' as const) : ('identity' as const),
  }));
  return { kind: 'float', inputForm, layers };
}
