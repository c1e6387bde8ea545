import { signsOf } from '../../layers/float-signs.js';
import { classifiedBy, type FloatLayer, type Network } from '../../layers/network.js';
import { weightsOf } from '../float/network.js';
import { type Parameter, scaleName } from '../float/parameter.js';
import type { LearnerState } from '../rule.js';

/**
 * The network of `iterative` as plain data. Once all layers are binary these are bits, of which the last layer is the classifier: a
 * positive scale changes neither signs nor the largest logit. Before, it is a network of floats, some of which are ±1.
 * @param parameters - the weights of each layer, input side first
 * @param isBinary - for each layer
 * @param values - its parameters by name
 */
export function stageNetwork(
  parameters: readonly Parameter[],
  isBinary: readonly boolean[],
  values: LearnerState,
): Network {
  const weights = parameters.map((parameter) => weightsOf(values, parameter));
  if (isBinary.every(Boolean)) {
    const signs = weights.map(signsOf);
    const layers = signs.slice(0, -1).map((bits) => ({ weights: bits }));
    return { kind: 'binary', layers: classifiedBy(signs[signs.length - 1], layers), readOut: 'last' };
  }
  const layers = weights.map((matrix, layer): FloatLayer => {
    const isLast = layer === weights.length - 1;
    const activation = isBinary[layer] ? 'sign' : 'clip';
    return {
      weights: matrix,
      ...(isBinary[layer] && { scale: values[scaleName(layer)][0] }),
      activation: isLast ? 'identity' : activation,
    };
  });
  return { kind: 'float', inputForm: 'binarized', layers };
}
