import type { RandomStream } from '../../core/random.js';
import { layerName, type Parameter, weightsName } from './parameter.js';

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
 * @param first - what the number of the first layer in their names is, counted from 0
 */
export function weightParameters(widths: readonly number[], training: TrainedAs, first = 0): Parameter[] {
  return widths
    .slice(1)
    .map((neurons, layer) =>
      weightParameter(weightsName(first + layer), { inputs: widths[layer], neurons }, training),
    );
}

/** W_s [K, K], by which a recurrent first layer sees its own state. */
export function stateParameter(neurons: number, training: TrainedAs): Parameter {
  return weightParameter(`${layerName(0)}/state-weights`, { inputs: neurons, neurons }, training);
}

/** How a parameter follows its gradient, and whether graphs read its signs. */
export type TrainedAs = Pick<Parameter, 'optimizer' | 'hasSigns'>;

/**
 * Weights [K, N]: He-uniform at first.
 * @param name - `layer-1/weights`
 */
export function weightParameter(name: string, size: LayerSize, training: TrainedAs): Parameter {
  const { inputs, neurons } = size;
  return { name, shape: [neurons, inputs], initial: (stream) => heUniform(size, stream), ...training };
}
