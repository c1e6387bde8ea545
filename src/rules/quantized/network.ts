import { signsOf } from '../../layers/float-signs.js';
import { type BinaryNetwork, classifiedBy, type SignLayer } from '../../layers/network.js';
import { weightsOf } from '../float/network.js';
import type { Parameter } from '../float/parameter.js';
import type { LearnerState } from '../rule.js';
import { fixedNorm, withThresholds } from './fold-norm.js';
import type { Normalization } from './pieces.js';

/**
 * The network of `qat` as plain data: layers of bits, of which the last is the classifier. Batch normalization before a sign
 * becomes a threshold for each neuron, exactly; before the softmax it stays.
 * @param weights - latent, of each layer, input side first
 * @param values - its parameters by name
 */
export function quantizedNetwork(
  weights: readonly Parameter[],
  normalization: Normalization,
  values: LearnerState,
): BinaryNetwork {
  const hasNorm = normalization === 'batch-norm';
  const signs = weights.map((latent) => signsOf(weightsOf(values, latent)));
  const last = signs.length - 1;
  const layers = signs
    .slice(0, last)
    .map(
      (bits, layer): SignLayer =>
        hasNorm ? withThresholds(bits, fixedNorm(values, layer)) : { weights: bits },
    );
  return {
    kind: 'binary',
    layers: classifiedBy(signs[last], layers),
    readOut: 'last',
    ...(hasNorm && { logitNorm: fixedNorm(values, last) }),
  };
}
