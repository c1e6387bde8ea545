import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { randomStreams } from '../../../src/core/random.js';
import { sizeOf, vector } from '../../../src/core/shape.js';
import { trainingOperations } from '../../../src/rules/float/cost.js';
import { DivergedError } from '../../../src/rules/float/diverged-error.js';
import { weightParameters } from '../../../src/rules/float/initial-weights.js';
import { adamStep } from '../../../src/rules/float/optimizer.js';
import { type Normalization, quantizedPieces } from '../../../src/rules/quantized/pieces.js';
import { qat, qatConfig } from '../../../src/rules/quantized/qat.js';
import type { EpochObservation, EpochPlan, Learner, Problem } from '../../../src/rules/rule.js';
import { realRows } from '../float/helpers.js';
import {
  integerPredictions,
  makeQat,
  OPTIONS,
  packed,
  passOver,
  prototypeBatch,
  redrawn,
  signBatch,
} from './helpers.js';

const TASK = { input: vector(9), classes: 3, batchSize: 4, hasValidation: false };
const BATCH = signBatch(11, sizeOf(TASK.input), TASK.classes, 'learner');
const PLAN = passOver(BATCH, TASK.batchSize);
const CONFIGS = Object.entries(OPTIONS).map(([normalization, options]) => ({
  normalization,
  config: { layers: [8, 5], learningRate: 0.02, ...options },
}));

const made: Learner[] = [];

async function make(config: Record<string, unknown>, task: Problem = TASK, seed = 1): Promise<Learner> {
  const learner = await makeQat(config, task, seed);
  made.push(learner);
  return learner;
}

async function train(learner: Learner, epochs: number, plan: EpochPlan = PLAN): Promise<EpochObservation[]> {
  const observations: EpochObservation[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) observations.push(await learner.trainEpoch(plan));
  return observations;
}

afterEach(async () => {
  for (const learner of made.splice(0)) await learner.dispose();
});

describe.each(CONFIGS)('a learner with normalization $normalization', ({ config }) => {
  it('repeats a seed exactly', async () => {
    const [a, b] = [await make(config), await make(config)];
    expect(await train(a, 4)).toEqual(await train(b, 4));
    expect(a.saveState()).toEqual(b.saveState());
    const other = await make(config, TASK, 2);
    expect(other.saveState()['layer-1/weights']).not.toEqual(
      (await make(config)).saveState()['layer-1/weights'],
    );
  });

  it('continues from a saved state as if it had never stopped', async () => {
    const [uninterrupted, first] = [await make(config), await make(config)];
    await train(first, 2);
    const resumed = await make(config, TASK, 99);
    resumed.loadState(first.saveState());
    const expected = await train(uninterrupted, 5);
    expect(await train(resumed, 3)).toEqual(expected.slice(2));
    expect(resumed.saveState()).toEqual(uninterrupted.saveState());
    expect(resumed.operations()).toEqual(uninterrupted.operations());
    expect(await resumed.predict(PLAN.data.inputs)).toEqual(await uninterrupted.predict(PLAN.data.inputs));
  });

  it('changes nothing when it predicts', async () => {
    const learner = await make(config);
    await train(learner, 1);
    const before = [learner.saveState(), learner.operations()];
    await learner.predict(PLAN.data.inputs);
    expect([learner.saveState(), learner.operations()]).toEqual(before);
  });
});

describe('without batch normalization', () => {
  it('predicts as binary kernels do with the signs of its weights', async () => {
    const width = fc.integer({ min: 1, max: 70 });
    const networks = fc.record({
      hidden: fc.array(width, { minLength: 1, maxLength: 3 }),
      inputs: width,
      classes: fc.integer({ min: 2, max: 6 }),
      scaleProducts: fc.boolean(),
      seed: fc.integer({ min: 1, max: 1000 }),
    });
    const property = fc.asyncProperty(networks, async ({ hidden, inputs, classes, scaleProducts, seed }) => {
      const task = { input: vector(inputs), classes, batchSize: 10, hasValidation: false };
      const learner = await makeQat({ layers: hidden, batchNorm: false, scaleProducts }, task, seed);
      const batch = signBatch(40, inputs, classes, `property-${seed}`);
      learner.loadState(redrawn(learner.saveState(), randomStreams(seed).stream('weights')));
      await learner.trainEpoch(passOver(batch, 10));
      const predictions = await learner.predict(packed(batch).inputs);
      const state = learner.saveState();
      await learner.dispose();
      expect([...predictions]).toEqual(integerPredictions(state, [inputs, ...hidden, classes], batch));
    });
    await fc.assert(property, { numRuns: 25, seed: 5 });
  });
});

describe('learning', () => {
  const batch = prototypeBatch(120, 100, 3, 0.2);
  const plan = passOver(batch, 20);
  const task = { input: vector(100), classes: 3, batchSize: 20, hasValidation: false };

  it.each([
    [OPTIONS['batch-norm'], 100],
    [OPTIONS.scaled, 100],
    // Most gradients are masked: it learns, but not to the end.
    [OPTIONS.none, 60],
  ])('tells noisy prototypes apart: %o', async (options, floor) => {
    const learner = await make({ layers: [31, 15], learningRate: 0.005, ...options }, task);
    const observations = await train(learner, 20, plan);
    expect(observations[19].trainAccuracy).toBeGreaterThanOrEqual(floor);
    expect(Number(observations[19].loss)).toBeLessThan(Number(observations[0].loss));
    const predictions = await learner.predict(plan.data.inputs);
    const right = batch.labels.filter((label, i) => label === predictions[i]).length;
    expect((100 * right) / batch.labels.length).toBeGreaterThanOrEqual(floor);
  });

  it('keeps every latent weight in [−1, 1], some at the bound', async () => {
    const learner = await make({ layers: [31], learningRate: 0.05 }, task);
    await train(learner, 10, plan);
    const state = learner.saveState();
    const magnitudes = ['layer-1/weights', 'layer-2/weights'].flatMap((name) =>
      [...state[name]].map(Math.abs),
    );
    expect(Math.max(...magnitudes)).toBe(1);
  });

  it('stops when scale and shift leave the finite numbers', async () => {
    const learner = await make({ layers: [4], learningRate: 1e38 });
    const error = await train(learner, 10).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DivergedError);
    expect((error as Error).message).toMatch(/^qat diverged in epoch \d+, step \d+: .*lower learningRate/);
  });
});

describe('the cost of training', () => {
  const widths = [3, 4, 2];
  const adam = adamStep({ learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });

  it('counts products as floats, Adam for every parameter, normalization and scaling', () => {
    // As for the full-precision network: 2·20 forward, 2·20 for the gradient, 2·8 for errors; 13·20 for Adam.
    const weights = weightParameters(widths, { optimizer: adam });
    const operations = (normalization: Normalization, samples: number, steps: number): number =>
      trainingOperations(quantizedPieces(weights, normalization, adam), samples, steps);
    expect(operations('none', 10, 0)).toBe(10 * 96);
    expect(operations('none', 0, 3)).toBe(3 * 260);
    expect(operations('scaled', 10, 3)).toBe(10 * (96 + 2 * 6) + 3 * 260);
    expect(operations('batch-norm', 10, 0)).toBe(10 * (96 + 14 * 6));
    expect(operations('batch-norm', 0, 3)).toBe(3 * (260 + 13 * 12 + 15 * 6));
  });

  it('is what a learner reports', async () => {
    const task = { input: vector(3), classes: 2, batchSize: 5, hasValidation: false };
    const plan = passOver(signBatch(12, 3, 2, 'cost'), 5);
    const plain = await make({ layers: [4], batchNorm: false }, task);
    const normalized = await make({ layers: [4] }, task);
    expect([plain.parameters, normalized.parameters]).toEqual([20, 32]);
    const activations = 64 * 6 * 5;
    expect(plain.memoryBits).toEqual({ model: 96 * 20, activations });
    expect(normalized.memoryBits).toEqual({ model: 96 * 32 + 64 * 6, activations });
    await train(plain, 2, plan);
    expect(plain.operations()).toEqual({
      xnorBits: 0,
      popcountBits: 0,
      stepBits: 0,
      floatOperations: 24 * 96 + 6 * 260,
    });
  });
});

describe('inputs', () => {
  it('are packed ±1 and nothing else', async () => {
    expect(qat.inputForm(qatConfig.parse({ name: 'qat', layers: [3] }))).toBe('binarized');
    const learner = await make({ layers: [3] });
    await expect(learner.predict(realRows([[1, 1, 1, 1, 1, 1, 1, 1, 1]]))).rejects.toThrow(
      "inputs: expected packed ±1 (a BitMatrix), as the rule's inputs are 'binarized', got 'full-precision rows'",
    );
  });

  it('are checked with the size of the task', async () => {
    await expect(make({ layers: [3] }, { ...TASK, classes: 1 })).rejects.toThrow(
      'classes: expected an integer of at least 2, got 1',
    );
  });
});

describe('options', () => {
  it('have defaults', () => {
    expect(qatConfig.parse({ name: 'qat', layers: [3] })).toEqual({
      name: 'qat',
      layers: [3],
      batchNorm: true,
      scaleProducts: false,
      learningRate: 0.001,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
    });
  });

  it('are described and compose into a union on the name', () => {
    const { name: _, ...options } = qatConfig.shape;
    for (const [option, { description }] of Object.entries(options)) expect(description, option).toBeTruthy();
    const union = z.discriminatedUnion('name', [qatConfig, z.strictObject({ name: z.literal('other') })]);
    expect(union.parse({ name: 'qat', layers: [3] }).name).toBe('qat');
  });

  it.each([
    [{ layers: [] }, '✖ Too small: expected array to have >=1 items\n  → at layers'],
    [{ layers: [5, 0] }, '✖ Too small: expected number to be >=1\n  → at layers[1]'],
    [{ layers: undefined }, '✖ Invalid input: expected array, received undefined\n  → at layers'],
    [{ batchNorm: 1 }, '✖ Invalid input: expected boolean, received number\n  → at batchNorm'],
    [
      { scaleProducts: true },
      '✖ Invalid input: expected false with batchNorm, which undoes any scale\n  → at scaleProducts',
    ],
    [{ learningRate: 0 }, '✖ Too small: expected number to be >0\n  → at learningRate'],
    [{ beta1: 1 }, '✖ Too big: expected number to be <1\n  → at beta1'],
    [{ beta2: -0.5 }, '✖ Too small: expected number to be >=0\n  → at beta2'],
    [{ epsilon: 0 }, '✖ Too small: expected number to be >=1e-30\n  → at epsilon'],
    [{ name: 'QAT' }, '✖ Invalid input: expected "qat"\n  → at name'],
    [{ inputs: 'binarized' }, '✖ Unrecognized key: "inputs"'],
  ])('out of range are refused: %o', (change, message) => {
    const result = qatConfig.safeParse({ name: 'qat', layers: [5], ...change });
    expect(result.error && z.prettifyError(result.error)).toContain(message);
  });
});
