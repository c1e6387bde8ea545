import { smallest } from '../../core/extremes.js';
import { floatOperations } from '../cost.js';
import type { Problem, RuleDescription } from '../rule.js';
import { parameterCount, trainingMemory, trainingOperations } from './cost.js';
import type { FloatTraining } from './float-training.js';

/** What a network is, known without making it. Of several stages, the one with the fewest operations counts. */
export function describeNetwork({ hidden, stages }: FloatTraining, { batchSize }: Problem): RuleDescription {
  const [{ pieces }] = stages;
  const perSample = stages.map((stage) => trainingOperations(stage.pieces, 1, 0));
  return {
    architecture: hidden.join(','),
    parameters: parameterCount(pieces),
    memoryBits: trainingMemory(pieces, batchSize),
    operationsPerSample: floatOperations(smallest(perSample)),
  };
}
