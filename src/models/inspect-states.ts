import { ArgumentError } from '../core/errors.js';
import type { Samples } from '../data/dataset.js';
import { transformerOf } from '../data/transformation.js';
import type { Model } from './model.js';
import { RecurrentPredictor } from './recurrent-predictor.js';

/**
 * The states that a recurrent network of bits goes through, sample by sample: `inspectStates(model, features)[i][t]` is s_{t+1} of sample i,
 * K entries of ±1.
 * @throws ArgumentError for a network that is no recurrent one of bits, and for samples that it cannot be shown
 */
export function inspectStates(
  { network, kernels, transformation, record }: Omit<Model, 'predict' | 'dispose'>,
  features: Samples['features'],
): Int8Array[][] {
  if (network?.kind !== 'recurrent') {
    throw new ArgumentError('model', 'a recurrent network of bits', record.rule.name);
  }
  const steps = new RecurrentPredictor(network, kernels).states(transformerOf(transformation)(features));
  return Array.from({ length: features.rows }, (_, row) => steps.map((states) => states.signs(row)));
}
