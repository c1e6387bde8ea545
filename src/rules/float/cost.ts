import type { MemoryBits } from '../rule.js';
import type { Optimizer } from './optimizer.js';
import { layersOf } from './training-graph.js';

const FLOAT_BITS = 32;

/** Number of weights of a network of `widths` units: Σ_l K_l·K_{l−1}. */
export function weightCount(widths: readonly number[]): number {
  return layersOf(widths).reduce((sum, { inputs, neurons }) => sum + inputs * neurons, 0);
}

/**
 * Float additions and multiplications of training. For every sample and layer 2·N·K forward, 2·N·K for the gradient
 * and, in all layers but the first, 2·N·K for the errors of the layer below; for every step and weight
 * `optimizer.operationsPerWeight`. Left out are the terms of order K and not N·K for each sample (ReLU, softmax,
 * loss) and prediction.
 * @param samples - samples shown in training
 * @param steps - updates made
 */
export function trainingOperations(
  widths: readonly number[],
  optimizer: Optimizer,
  samples: number,
  steps: number,
): number {
  const weights = weightCount(widths);
  const passed = weights - widths[0] * widths[1];
  return samples * 2 * (2 * weights + passed) + steps * optimizer.operationsPerWeight * weights;
}

/**
 * Bits that the algorithm has to hold while it trains (algorithms.md §8): 32 for each weight and each of its
 * moments; 32 for the activation and 32 for the error of each hidden and output unit and each sample of one batch.
 * The inputs of the batch belong to the data. What this implementation holds beyond that for speed (the
 * gradient, of which each entry is needed only once) is not counted.
 */
export function trainingMemory(
  widths: readonly number[],
  optimizer: Optimizer,
  batchSize: number,
): MemoryBits {
  const units = widths.slice(1).reduce((sum, width) => sum + width, 0);
  return {
    model: FLOAT_BITS * weightCount(widths) * (1 + optimizer.moments.length),
    activations: 2 * FLOAT_BITS * units * batchSize,
  };
}
