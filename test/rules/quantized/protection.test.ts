import { describe, expect, it } from 'vitest';
import '../../../src/rules/float-rules.js';
import { vector } from '../../../src/core/shape.js';
import { qat, qatConfig } from '../../../src/rules/quantized/qat.js';
import type { Learner, Problem } from '../../../src/rules/rule.js';
import { parseTrainConfig } from '../../../src/training/config.js';
import { makeQat, packed, passOver, prototypeBatch } from './helpers.js';

const PROBLEM: Problem = { input: vector(20), classes: 3, batchSize: 15, hasValidation: false };
const BATCH = prototypeBatch(30, 20, 3, 0.3);
const HALF = { inputs: BATCH.inputs.slice(0, 15), labels: BATCH.labels.slice(0, 15) };
const OTHER = { inputs: BATCH.inputs.slice(15), labels: BATCH.labels.slice(15) };
const LAYERS = { layers: [6], beta1: 0.5 };

function named(learner: Learner, name: string): number[] {
  return [...learner.saveState()[name]];
}

it('estimates the Fisher information from the gradients of batches, B times their squares', async () => {
  // The first moment after one step from 0 is half the gradient.
  const gradients: number[][] = [];
  for (const half of [HALF, OTHER]) {
    const learner = await makeQat(LAYERS, PROBLEM);
    await learner.trainEpoch(passOver(half, 15));
    gradients.push(named(learner, 'layer-1/weights/first-moment').map((moment) => 2 * moment));
    await learner.dispose();
  }
  const elastic = await makeQat({ ...LAYERS, elastic: { lambda: 1 } }, PROBLEM);
  const before = elastic.saveState();
  await elastic.endTask?.(packed(BATCH), 1);
  const importance = named(elastic, 'layer-1/weights/importance');
  const expected = gradients[0].map((g, i) => (15 * (g * g + gradients[1][i] ** 2)) / 2);
  const largest = Math.max(...expected);
  expect(largest).toBeGreaterThan(1e-3);
  expect(Math.max(...importance.map((one, i) => Math.abs(one - expected[i])))).toBeLessThan(1e-5 * largest);
  const anchor = named(elastic, 'layer-1/weights/anchor');
  const weights = named(elastic, 'layer-1/weights');
  expect(anchor).toEqual(importance.map((one, i) => Math.fround(one * weights[i])));
  // Nothing else has changed: not the weights, nor the running statistics.
  const after = elastic.saveState();
  for (const [name, values] of Object.entries(before)) {
    if (!/importance|anchor/.test(name)) expect(after[name]).toEqual(values);
  }
  await elastic.dispose();
});

it.each([
  ['elastic', { elastic: { lambda: 50 } }],
  ['path', { path: { strength: 5 } }],
  ['consolidation', { consolidation: { m: 3 } }],
])(
  '%s changes training after a task, less far from where it ended, and is part of the state',
  async (_, options) => {
    const [plain, made] = [await makeQat(LAYERS, PROBLEM), await makeQat({ ...LAYERS, ...options }, PROBLEM)];
    const distances: number[] = [];
    for (const learner of [plain, made]) {
      for (let epoch = 0; epoch < 20; epoch++) await learner.trainEpoch(passOver(HALF, 15));
      await learner.endTask?.(packed(HALF), 1);
      const end = named(learner, 'layer-1/weights');
      const turned = { ...OTHER, labels: OTHER.labels.map((label) => (label + 1) % 3) };
      for (let epoch = 0; epoch < 20; epoch++) await learner.trainEpoch(passOver(turned, 15));
      const now = named(learner, 'layer-1/weights');
      distances.push(now.reduce((sum, w, i) => sum + (w - end[i]) ** 2, 0));
    }
    expect(distances[1]).toBeLessThan(distances[0]);
    const copy = await makeQat({ ...LAYERS, ...options }, PROBLEM);
    copy.loadState(made.saveState());
    await Promise.all([made, copy].map((learner) => learner.trainEpoch(passOver(BATCH, 15))));
    expect(copy.saveState()).toEqual(made.saveState());
    for (const learner of [plain, made, copy]) await learner.dispose();
  },
);

describe('batch normalization of each task', () => {
  const options = { ...LAYERS, batchNormPerTask: true };
  const problem = { ...PROBLEM, tasks: 2 };
  /** The same samples, each entry the other way round. */
  const turned = { ...BATCH, inputs: BATCH.inputs.map((row) => row.map((entry) => -entry)) };

  it('is kept at the end of a task and used on it, and changes nothing in training', async () => {
    const [shared, own] = [await makeQat(LAYERS, problem), await makeQat(options, problem)];
    for (const learner of [shared, own]) {
      for (let epoch = 0; epoch < 10; epoch++) await learner.trainEpoch(passOver(BATCH, 15));
      await learner.endTask?.(packed(BATCH), 1);
    }
    const then = own.saveState();
    for (const learner of [shared, own]) {
      for (let epoch = 0; epoch < 10; epoch++) await learner.trainEpoch(passOver(turned, 15));
      await learner.endTask?.(packed(turned), 2);
    }
    const now = own.saveState();
    for (const [name, values] of Object.entries(shared.saveState())) expect(now[name]).toEqual(values);
    // The weights of now with the normalization of then.
    const mixed = Object.entries(shared.saveState()).map(([name, values]) => {
      return [name, /\/(scale|shift|running-\w+)$/.test(name) ? then[name] : values];
    });
    const { inputs } = packed(BATCH);
    const [first, second, present] = [
      await own.predict(inputs, 1),
      await own.predict(inputs, 2),
      await own.predict(inputs),
    ];
    expect(second).toEqual(present);
    expect(present).toEqual(await shared.predict(inputs, 1));
    shared.loadState(Object.fromEntries(mixed));
    expect(first).toEqual(await shared.predict(inputs));
    expect(first).not.toEqual(present);
    const copy = await makeQat(options, problem);
    copy.loadState(now);
    expect(await copy.predict(inputs, 1)).toEqual(first);
    for (const learner of [shared, own, copy]) await learner.dispose();
  });

  it('counts as memory, and not as parameters that are trained', () => {
    const [shared, own] = [LAYERS, options].map((config) =>
      qat.describe(qatConfig.parse({ name: 'qat', ...config }), problem),
    );
    expect(own.parameters).toBe(shared.parameters);
    // Two tasks, scale, shift, mean and variance of 6 + 3 units.
    expect(own.memoryBits.model - shared.memoryBits.model).toBe(32 * 2 * 4 * (6 + 3));
  });

  it('is for tasks in turn, with batch normalization', () => {
    const rule = { name: 'qat', layers: [6], batchNormPerTask: true };
    const parsed = (tasks?: object, changes = {}) =>
      parseTrainConfig({
        dataset: 'mnist',
        epochs: 4,
        rule: { ...rule, ...changes },
        ...(tasks && { tasks }),
      });
    expect(() => parsed()).toThrow(
      "rule.batchNormPerTask: expected tasks that are learned in turn, got 'one task'",
    );
    expect(() => parsed({ count: 2, order: 'interleaved' })).toThrow("got 'interleaved tasks'");
    expect(() => parsed({ count: 2 }, { batchNorm: false })).toThrow('expected false without batchNorm');
    expect(() => parsed({ count: 2 }, { recurrent: { expansion: 8 } })).toThrow(
      'expected false with recurrent',
    );
    expect(parsed({ count: 2 }).rule).toMatchObject(rule);
  });
});
