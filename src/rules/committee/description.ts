import { sizeOf } from '../../core/shape.js';
import { hasZeros } from '../../layers/zeros.js';
import type { OperationCounts } from '../cost.js';
import type { Problem, RuleDescription } from '../rule.js';
import type { CommitteeConfig } from './config.js';

/**
 * What the options make of a problem, input noise aside. Weights take B bits, the classifier 1; activations of perceptrons and
 * units and desired units 1 bit each, or 2 where they may be 0. A majority is a popcount of the perceptrons' activations, without XNOR.
 */
export function describeCommittee(config: CommitteeConfig, problem: Problem): RuleDescription {
  const { layers, hiddenBits } = config;
  const [perceptrons, units] = layers;
  const activationBits = hasZeros(config, 'activations') ? 2 : 1;
  const classifierBits = hasZeros(config, 'classifier') ? 2 : 1;
  const weights = perceptrons * sizeOf(problem.input);
  const classifier = problem.classes * units;
  return {
    architecture: layers.join(','),
    parameters: weights,
    memoryBits: {
      model: weights * hiddenBits + classifier * classifierBits,
      activations: ((perceptrons + units) * activationBits + units * classifierBits) * problem.batchSize,
    },
    operationsPerSample: committeeOperations(config, problem),
  };
}

/** What showing a sample takes. Where there may be zeros, two counts for one: of what differs, and of what is 0. */
export function committeeOperations(config: CommitteeConfig, problem: Problem): OperationCounts {
  const [perceptrons, units] = config.layers;
  const weights = perceptrons * sizeOf(problem.input);
  const classifier = problem.classes * units;
  const hasTernaryUnits = hasZeros(config, 'activations');
  const counts = (isTernary: boolean): number => (isTernary ? 2 : 1);
  return {
    xnorBits: weights + classifier,
    popcountBits:
      weights * counts(hasZeros(config, 'weights')) +
      perceptrons * counts(hasTernaryUnits) +
      classifier * counts(hasTernaryUnits || hasZeros(config, 'classifier')),
    stepBits: 0,
    floatOperations: 0,
  };
}
