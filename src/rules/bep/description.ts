import { sizeOf } from '../../core/shape.js';
import type { Problem, RuleDescription } from '../rule.js';
import type { BepConfig } from './config.js';

/**
 * What the options make of a problem, input noise aside. Weights take B bits, the classifier 1; a neuron's activation and gate 1 bit
 * each, its desired activation 1 and, below the last layer, where there may be none, 2.
 */
export function describeBep({ layers, hiddenBits }: BepConfig, problem: Problem): RuleDescription {
  const weights = layers.reduce(
    (sum, neurons, l) => sum + neurons * (layers[l - 1] ?? sizeOf(problem.input)),
    0,
  );
  const classifier = problem.classes * layers[layers.length - 1];
  const neurons = layers.reduce((sum, width) => sum + width, 0);
  const belowLast = neurons - layers[layers.length - 1];
  // The first layer has nothing below that an error could be passed to.
  const bitsOfSample = 2 * neurons + belowLast + (neurons - layers[0]);
  const forward = weights + classifier;
  return {
    architecture: layers.join(','),
    parameters: weights,
    memoryBits: { model: weights * hiddenBits + classifier, activations: bitsOfSample * problem.batchSize },
    operationsPerSample: { xnorBits: forward, popcountBits: forward, stepBits: 0, floatOperations: 0 },
  };
}
