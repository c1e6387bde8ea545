import { Float32Matrix } from '../../core/float-matrix.js';
import type { FloatNetwork } from '../../layers/network.js';
import type { InputForm, LearnerState } from '../rule.js';
import type { Parameter } from './parameter.js';

/**
 * Weights as a matrix, [K, N].
 * @param values - parameters of a network by name; copied
 */
export function weightsOf(
  values: LearnerState,
  { name, shape: [neurons, inputs] }: Parameter,
): Float32Matrix {
  return new Float32Matrix(neurons, inputs, Float32Array.from(values[name]));
}

/**
 * The multi-layer perceptron of `sgd` and `adam` as plain data.
 * @param weights - of each layer, input side first
 * @param values - its parameters by name
 */
export function reluNetwork(
  weights: readonly Parameter[],
  inputForm: InputForm,
  values: LearnerState,
): FloatNetwork {
  const layers = weights.map((parameter, layer) => ({
    weights: weightsOf(values, parameter),
    activation: layer < weights.length - 1 ? ('relu' as const) : ('identity' as const),
  }));
  return { kind: 'float', inputForm, layers };
}
