import { trainingOperations, weightCount } from '../float/cost.js';
import type { Optimizer } from '../float/optimizer.js';
import type { MemoryBits } from '../rule.js';
import type { QuantizedShape } from './graphs.js';

const FLOAT_BITS = 32;

/** For each sample and unit: 7 for Y from Z, with μ and σ², and 7 for ∂loss/∂Z, with the sums for γ and β. */
const NORM_OPERATIONS_PER_SAMPLE = 14;

/** For each sample and unit with scaling: Y from Z, and the error of Z from that of Y. */
const SCALING_OPERATIONS_PER_SAMPLE = 2;

/** For each step and unit: μ, σ², ε, √: 4; running statistics: 6; γ/σ and the sums over the batch: 5. */
const NORM_OPERATIONS_PER_STEP = 15;

/** Hidden and output units. */
function unitCount({ widths }: QuantizedShape): number {
  return widths.slice(1).reduce((sum, width) => sum + width, 0);
}

function normalizedUnits(shape: QuantizedShape): number {
  return shape.normalization === 'batch-norm' ? unitCount(shape) : 0;
}

/** Number of trainable parameters: Σ_l K_l·K_{l−1}, and γ and β of every unit with batch normalization. */
export function quantizedParameterCount(shape: QuantizedShape): number {
  return weightCount(shape.widths) + 2 * normalizedUnits(shape);
}

/**
 * Float additions and multiplications of training, a division or square root counted as one: the matrix products as
 * for the full-precision network (`trainingOperations`), because training emulates the binary ones with floats, Adam
 * for every trainable parameter, and batch normalization or scaling. Left out are comparisons (sign, masks, clipping),
 * softmax, loss and prediction.
 * @param samples - samples shown in training
 * @param steps - updates made
 */
export function quantizedOperations(
  shape: QuantizedShape,
  adam: Optimizer,
  samples: number,
  steps: number,
): number {
  const scaled = shape.normalization === 'scaled' ? unitCount(shape) : 0;
  const units = normalizedUnits(shape);
  const perSample = NORM_OPERATIONS_PER_SAMPLE * units + SCALING_OPERATIONS_PER_SAMPLE * scaled;
  const perStep = (NORM_OPERATIONS_PER_STEP + 2 * adam.operationsPerWeight) * units;
  return trainingOperations(shape.widths, adam, samples, steps) + samples * perSample + steps * perStep;
}

/**
 * Bits that training holds: 32 for each trainable parameter and each of its moments, and for each running statistic;
 * for each unit and sample of one batch 32 for what its sign is taken of (the mask needs it, and the sign follows from
 * it) and 32 for its error.
 */
export function quantizedMemory(shape: QuantizedShape, adam: Optimizer, batchSize: number): MemoryBits {
  const trained = quantizedParameterCount(shape) * (1 + adam.moments.length);
  return {
    model: FLOAT_BITS * (trained + 2 * normalizedUnits(shape)),
    activations: 2 * FLOAT_BITS * unitCount(shape) * batchSize,
  };
}
