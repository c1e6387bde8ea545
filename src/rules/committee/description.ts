import { sizeOf } from '../../core/shape.js';
import type { Problem, RuleDescription } from '../rule.js';
import type { CommitteeConfig } from './config.js';

/**
 * What the options make of a problem, input noise aside. Weights take B bits, the classifier 1; activations of perceptrons and
 * units and desired units 1 bit each. A majority is a popcount of the perceptrons' activations, without XNOR.
 */
export function describeCommittee(
  { layers, hiddenBits }: CommitteeConfig,
  problem: Problem,
): RuleDescription {
  const [perceptrons, units] = layers;
  const weights = perceptrons * sizeOf(problem.input);
  const classifier = problem.classes * units;
  const comparedBits = weights + classifier;
  return {
    architecture: layers.join(','),
    parameters: weights,
    memoryBits: {
      model: weights * hiddenBits + classifier,
      activations: (perceptrons + 2 * units) * problem.batchSize,
    },
    operationsPerSample: {
      xnorBits: comparedBits,
      popcountBits: comparedBits + perceptrons,
      stepBits: 0,
      floatOperations: 0,
    },
  };
}
