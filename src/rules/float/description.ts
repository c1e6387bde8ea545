import { largest, smallest } from '../../core/extremes.js';
import { floatOperations } from '../cost.js';
import type { Problem, RuleDescription } from '../rule.js';
import { parameterCount, trainingMemory } from './cost.js';
import type { FloatTraining } from './float-training.js';
import { guideMemory, stageOperations } from './stage-cost.js';

/** What a network is, known without making it. Of several stages, the one with the fewest operations counts, and the largest memory. */
export function describeNetwork({ hidden, stages }: FloatTraining, { batchSize }: Problem): RuleDescription {
  const [{ pieces }] = stages;
  const perSample = stages.map((stage) => stageOperations(stage, 1, 0));
  const memory = stages.map((stage) => trainingMemory(stage.pieces, batchSize));
  return {
    architecture: hidden.join(','),
    parameters: parameterCount(pieces),
    memoryBits: {
      model: largest(memory.map(({ model }, stage) => model + guideMemory(stages[stage].guide))),
      activations: largest(memory.map(({ activations }) => activations)),
    },
    operationsPerSample: floatOperations(smallest(perSample)),
  };
}
