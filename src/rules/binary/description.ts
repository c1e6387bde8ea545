import type { RuleDescription, TaskShape } from '../rule.js';

/**
 * A description with what flip noise on the inputs adds: those of a batch are held besides the data that they were copied
 * from, and flipping takes one XNOR for each bit shown.
 */
export function withInputNoise(
  description: RuleDescription,
  { inputFlipProbability }: { readonly inputFlipProbability: number },
  { inputs, batchSize }: TaskShape,
): RuleDescription {
  if (inputFlipProbability === 0) return description;
  const { memoryBits, operationsPerSample } = description;
  return {
    ...description,
    memoryBits: { ...memoryBits, activations: memoryBits.activations + batchSize * inputs },
    operationsPerSample: { ...operationsPerSample, xnorBits: operationsPerSample.xnorBits + inputs },
  };
}
