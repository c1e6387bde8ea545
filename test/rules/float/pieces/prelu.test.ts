import { describe, expect, it } from 'vitest';
import { randomStreams } from '../../../../src/core/random.js';
import { trainingMemory, trainingOperations } from '../../../../src/rules/float/cost.js';
import { gradientStep } from '../../../../src/rules/float/optimizer.js';
import { prelu } from '../../../../src/rules/float/pieces/prelu.js';

describe('the parametric rectified linear unit', () => {
  const piece = prelu('layer-2', 3, gradientStep(0.1));

  it('starts from a slope of 0.25 for each column, as in the paper', () => {
    const [slope] = piece.parameters;
    expect([slope.name, slope.shape]).toEqual(['layer-2/slope', [3]]);
    expect(slope.initial(randomStreams(1).stream('unused'))).toEqual(Float32Array.of(0.25, 0.25, 0.25));
  });

  it('costs a product for each value each way, and for the gradient a product and a sum', () => {
    // Three columns: 3 forward, 2·3 for the gradient; in a step 2·3 for mean times B, and 2·3 of the optimizer.
    expect(trainingOperations([piece], 10, 0)).toBe(10 * (3 + 6));
    expect(trainingOperations([piece], 0, 4)).toBe(4 * (6 + 6));
    // Above another that is trained, 3 backward more.
    const below = prelu('layer-1', 3, gradientStep(0.1));
    expect(trainingOperations([below, piece], 10, 0)).toBe(10 * (2 * 9 + 3));
    expect(trainingMemory([piece], 10)).toEqual({ model: 32 * 3, activations: 0 });
  });
});
