import { signsOf } from '../../layers/float-signs.js';
import { type BinaryNetwork, classifiedBy, type SignLayer } from '../../layers/network.js';
import { weightsOf } from '../float-mlp/network.js';
import { layersOf } from '../float-mlp/training-graph.js';
import type { LearnerState } from '../rule.js';
import { fixedNorm, withThresholds } from './fold-norm.js';
import type { QuantizedShape } from './graphs.js';

/**
 * The network of `qat` as plain data: layers of bits, of which the last is the classifier. Batch normalization before a sign
 * becomes a threshold for each neuron, exactly; before the softmax it stays.
 * @param values - its parameters by name
 */
export function quantizedNetwork(shape: QuantizedShape, values: LearnerState): BinaryNetwork {
  const hasNorm = shape.normalization === 'batch-norm';
  const signs = layersOf(shape.widths).map((size, layer) => signsOf(weightsOf(values, layer, size)));
  const last = signs.length - 1;
  const layers = signs
    .slice(0, last)
    .map(
      (weights, layer): SignLayer =>
        hasNorm ? withThresholds(weights, fixedNorm(values, layer)) : { weights },
    );
  return {
    kind: 'binary',
    layers: classifiedBy(signs[last], layers),
    readOut: 'last',
    ...(hasNorm && { logitNorm: fixedNorm(values, last) }),
  };
}
