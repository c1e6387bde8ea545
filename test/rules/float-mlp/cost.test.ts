import { describe, expect, it } from 'vitest';
import { vector } from '../../../src/core/shape.js';
import { trainingMemory, trainingOperations, weightCount } from '../../../src/rules/float-mlp/cost.js';
import { adamStep, gradientStep, momentumStep } from '../../../src/rules/float-mlp/optimizer.js';
import { inOrder, labelled, makeLearner, randomBatch } from './helpers.js';

/** 3·4 + 4·2 = 20 weights. */
const WIDTHS = [3, 4, 2];
const ADAM = adamStep({ learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });

describe('the cost of training', () => {
  it('counts weights', () => {
    expect(weightCount(WIDTHS)).toBe(20);
    expect(weightCount([784, 525, 525, 10])).toBe(692475);
  });

  it('counts float operations of samples and updates', () => {
    // A sample: 2·20 forward, 2·20 for the gradient, 2·8 for the errors of the hidden layer.
    expect(trainingOperations(WIDTHS, gradientStep(0.1), 10, 0)).toBe(10 * (40 + 40 + 16));
    expect(trainingOperations(WIDTHS, gradientStep(0.1), 0, 3)).toBe(3 * 2 * 20);
    expect(trainingOperations(WIDTHS, momentumStep(0.1, 0.9), 0, 3)).toBe(3 * 4 * 20);
    expect(trainingOperations(WIDTHS, ADAM, 0, 3)).toBe(3 * 13 * 20);
  });

  it('counts bits of weights, moments, activations and errors', () => {
    const activations = 64 * (4 + 2) * 5;
    expect(trainingMemory(WIDTHS, gradientStep(0.1), 5)).toEqual({ model: 32 * 20, activations });
    expect(trainingMemory(WIDTHS, momentumStep(0.1, 0.9), 5)).toEqual({ model: 64 * 20, activations });
    expect(trainingMemory(WIDTHS, ADAM, 5)).toEqual({ model: 96 * 20, activations });
  });

  it('is what a learner reports for what it did', async () => {
    const learner = await makeLearner(
      { name: 'sgd', layers: [4] },
      { input: vector(3), classes: 2, batchSize: 5, hasValidation: false },
    );
    expect(learner.parameters).toBe(20);
    expect(learner.memoryBits).toEqual({ model: 640, activations: 1920 });
    expect(learner.operations().floatOperations).toBe(0);
    const plan = inOrder(labelled(randomBatch(12, 3, 2, 'cost')), 5);
    await learner.trainEpoch(plan);
    await learner.trainEpoch(plan);
    expect(learner.operations()).toEqual({
      xnorBits: 0,
      popcountBits: 0,
      stepBits: 0,
      floatOperations: 24 * 96 + 6 * 40,
    });
    await learner.dispose();
  });
});
