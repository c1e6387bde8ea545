import { describe, expect, it } from 'vitest';
import { vector } from '../../../src/core/shape.js';
import { parameterCount, trainingMemory, trainingOperations } from '../../../src/rules/float/cost.js';
import { adamStep, gradientStep, momentumStep, type Optimizer } from '../../../src/rules/float/optimizer.js';
import { fixed } from '../../../src/rules/float/parameter.js';
import { batchNorm } from '../../../src/rules/float/pieces/batch-norm.js';
import type { Piece } from '../../../src/rules/float/pieces/piece.js';
import { product } from '../../../src/rules/float/pieces/product.js';
import { relu } from '../../../src/rules/float/pieces/relu.js';
import { scaling } from '../../../src/rules/float/pieces/scaling.js';
import { inOrder, labelled, makeLearner, randomBatch } from './helpers.js';

const SGD = gradientStep(0.1);
const ADAM = adamStep({ learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });

const weights = (name: string, shape: readonly [number, number], optimizer: Optimizer) => ({
  name,
  shape,
  initial: () => new Float32Array(shape[0] * shape[1]),
  optimizer,
});

/** 3·4 + 4·2 = 20 weights. */
function perceptron(optimizer: Optimizer): Piece[] {
  return [product(weights('1', [4, 3], optimizer)), relu(), product(weights('2', [2, 4], optimizer))];
}

describe('the cost of training', () => {
  it('counts trainable parameters', () => {
    expect(parameterCount(perceptron(SGD))).toBe(20);
    expect(parameterCount([...perceptron(ADAM), batchNorm('layer', 2, ADAM)])).toBe(24);
    expect(parameterCount([product(fixed(weights('1', [4, 3], SGD)))])).toBe(0);
  });

  it('counts float operations of samples and updates', () => {
    // A sample: 2·20 forward, 2·20 for the gradient, 2·8 for the errors of the hidden layer.
    expect(trainingOperations(perceptron(SGD), 10, 0)).toBe(10 * (40 + 40 + 16));
    expect(trainingOperations(perceptron(SGD), 0, 3)).toBe(3 * 2 * 20);
    expect(trainingOperations(perceptron(momentumStep(0.1, 0.9)), 0, 3)).toBe(3 * 4 * 20);
    expect(trainingOperations(perceptron(ADAM), 0, 3)).toBe(3 * 13 * 20);
  });

  it('counts nothing backward at and below the lowest piece that is trained', () => {
    const below = [product(fixed(weights('0', [3, 5], SGD))), scaling(0.5, 3)];
    expect(trainingOperations([...below, ...perceptron(SGD)], 10, 0)).toBe(10 * (30 + 3 + 96));
    expect(trainingOperations(below, 10, 2)).toBe(10 * 33);
    expect(trainingOperations([...perceptron(SGD), scaling(0.5, 2)], 10, 0)).toBe(10 * (96 + 2 + 2));
  });

  it('counts bits of parameters, moments, activations and errors', () => {
    const activations = 64 * (4 + 2) * 5;
    expect(trainingMemory(perceptron(SGD), 5)).toEqual({ model: 32 * 20, activations });
    expect(trainingMemory(perceptron(momentumStep(0.1, 0.9)), 5)).toEqual({ model: 64 * 20, activations });
    expect(trainingMemory(perceptron(ADAM), 5)).toEqual({ model: 96 * 20, activations });
    const withNorm = [...perceptron(ADAM), batchNorm('layer', 2, ADAM)];
    expect(trainingMemory(withNorm, 5)).toEqual({ model: 96 * 24 + 32 * 4, activations });
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
