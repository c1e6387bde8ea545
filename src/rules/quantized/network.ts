import { signsOf } from '../../layers/float-signs.js';
import { type BinaryNetwork, classifiedBy, type SignLayer } from '../../layers/network.js';
import { weightsIn } from '../float/network.js';
import type { Parameter } from '../float/parameter.js';
import type { LearnerState } from '../rule.js';
import { fixedNorm, withThresholds } from './fold-norm.js';
import type { Normalization } from './pieces.js';

/**
 * The network of `qat` as plain data: layers of bits, of which the last is the classifier. Batch normalization before a sign
 * becomes a threshold for each neuron, exactly; before the softmax it stays.
 * @param latent - weights of each layer, input side first
 * @param values - its parameters by name
 */
export function quantizedNetwork(
  latent: readonly Parameter[],
  normalization: Normalization,
  values: LearnerState,
): BinaryNetwork {
  const hasNorm = normalization === 'batch-norm';
  const signs = latent.map((weights) => signsOf(weightsIn(values, weights)));
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
