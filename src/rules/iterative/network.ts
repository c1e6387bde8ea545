import { signsOf } from '../../layers/float-signs.js';
import { classifiedBy, type FloatLayer, type Network } from '../../layers/network.js';
import { weightsOf } from '../float-mlp/network.js';
import { layersOf } from '../float-mlp/training-graph.js';
import type { LearnerState } from '../rule.js';
import { type StageShape, scaleName } from './stages.js';

/**
 * The network of `iterative` as plain data. Once all layers are binary these are bits, of which the last layer is the classifier: a
 * positive scale changes neither signs nor the largest logit. Before, it is a network of floats, some of which are ±1.
 * @param values - its parameters by name
 */
export function stageNetwork({ widths, isBinary }: StageShape, values: LearnerState): Network {
  const weights = layersOf(widths).map((size, layer) => weightsOf(values, layer, size));
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
