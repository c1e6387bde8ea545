import { sizeOf } from '../../core/shape.js';
import type { Problem, RuleDescription } from '../rule.js';

/**
 * What a network of binary layers is, each of them with a fixed ±1 classifier on it, input noise aside. Weights take B bits,
 * classifiers 1; a neuron's activation and desired activation 1 bit each.
 */
export function describeLayers(
  { layers, hiddenBits }: { readonly layers: readonly number[]; readonly hiddenBits: number },
  { input, classes, batchSize }: Problem,
): RuleDescription {
  const inputs = sizeOf(input);
  const weights = layers.reduce((sum, neurons, l) => sum + neurons * (layers[l - 1] ?? inputs), 0);
  const neurons = layers.reduce((sum, width) => sum + width, 0);
  const compared = weights + neurons * classes;
  return {
    architecture: layers.join(','),
    parameters: weights,
    memoryBits: { model: weights * hiddenBits + neurons * classes, activations: 2 * neurons * batchSize },
    operationsPerSample: { xnorBits: compared, popcountBits: compared, stepBits: 0, floatOperations: 0 },
  };
}

/**
 * A description with what flip noise on the inputs adds: those of a batch are held besides the data that they were copied
 * from, and flipping takes one XNOR for each bit shown.
 */
export function withInputNoise(
  description: RuleDescription,
  { inputFlipProbability }: { readonly inputFlipProbability: number },
  { input, batchSize }: Problem,
): RuleDescription {
  const inputs = sizeOf(input);
  if (inputFlipProbability === 0) return description;
  const { memoryBits, operationsPerSample } = description;
  return {
    ...description,
    memoryBits: { ...memoryBits, activations: memoryBits.activations + batchSize * inputs },
    operationsPerSample: { ...operationsPerSample, xnorBits: operationsPerSample.xnorBits + inputs },
  };
}
