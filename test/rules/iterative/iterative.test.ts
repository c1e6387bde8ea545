import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sizeOf, vector } from '../../../src/core/shape.js';
import { DivergedError } from '../../../src/rules/float/diverged-error.js';
import { iterative, iterativeConfig } from '../../../src/rules/iterative/iterative.js';
import type { EpochObservation, Learner, Problem } from '../../../src/rules/rule.js';
import { passOver, prototypeBatch, signBatch } from '../quantized/helpers.js';
import { makeIterative } from './helpers.js';

const TASK = { input: vector(9), classes: 3, batchSize: 4, hasValidation: false };
const PLAN = passOver(signBatch(11, sizeOf(TASK.input), TASK.classes, 'learner'), TASK.batchSize);
const CONFIG = { layers: [8, 5], learningRate: 0.01, epochsPerStage: 2 };

const made: Learner[] = [];

async function make(config: Record<string, unknown>, task: Problem = TASK, seed = 1): Promise<Learner> {
  const learner = await makeIterative(config, task, seed);
  made.push(learner);
  return learner;
}

async function train(learner: Learner, epochs: number, plan = PLAN): Promise<EpochObservation[]> {
  const observations: EpochObservation[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) observations.push(await learner.trainEpoch(plan));
  return observations;
}

afterEach(async () => {
  for (const learner of made.splice(0)) await learner.dispose();
});

describe('a learner', () => {
  it('repeats a seed exactly', async () => {
    const [a, b] = [await make(CONFIG), await make(CONFIG)];
    expect(await train(a, 7)).toEqual(await train(b, 7));
    expect(a.saveState()).toEqual(b.saveState());
  });

  // Within a stage, at the end of one, and after the last.
  it.each([1, 2, 3, 6])('continues from a state saved after %i epochs', async (epochs) => {
    const [uninterrupted, first] = [await make(CONFIG), await make(CONFIG)];
    await train(first, epochs);
    const resumed = await make(CONFIG, TASK, 99);
    resumed.loadState(first.saveState());
    const expected = await train(uninterrupted, 8);
    expect(await train(resumed, 8 - epochs)).toEqual(expected.slice(epochs));
    expect(resumed.saveState()).toEqual(uninterrupted.saveState());
    expect(resumed.operations()).toEqual(uninterrupted.operations());
    expect(await resumed.predict(PLAN.data.inputs)).toEqual(await uninterrupted.predict(PLAN.data.inputs));
  });

  it('goes back to an earlier stage when it loads a state of one', async () => {
    const learner = await make(CONFIG);
    await train(learner, 1);
    const early = learner.saveState();
    const expected = await train(learner, 5);
    learner.loadState(early);
    expect(await train(learner, 5)).toEqual(expected);
  });

  it('refuses a state of a rule of one stage', async () => {
    const learner = await make(CONFIG);
    const state = { ...learner.saveState(), progress: Float64Array.of(1, 3, 11) };
    expect(() => learner.loadState(state)).toThrow("state['progress']: expected a Float64Array of 9 entries");
  });

  it('may be disposed of twice and then does nothing', async () => {
    const learner = await make(CONFIG);
    await learner.dispose();
    await learner.dispose();
    await expect(learner.trainEpoch(PLAN)).rejects.toThrow("got 'a disposed iterative'");
  });

  it('stops when it diverges', async () => {
    const learner = await make({ ...CONFIG, learningRate: 1e38 });
    const error = await train(learner, 10).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DivergedError);
    expect((error as Error).message).toMatch(/^iterative diverged in epoch \d+, step \d+: /);
  });
});

describe('learning', () => {
  const batch = prototypeBatch(120, 100, 3, 0.2);
  const plan = passOver(batch, 20);
  const task = { input: vector(100), classes: 3, batchSize: 20, hasValidation: false };

  it.each(['input-first', 'output-first'])(
    'ends with a binary network that tells prototypes apart, %s',
    async (order) => {
      const learner = await make({ layers: [31, 15], learningRate: 0.01, epochsPerStage: 5, order }, task);
      const observations = await train(learner, 16, plan);
      expect(observations[4].trainAccuracy).toBe(100);
      expect(observations[15].trainAccuracy).toBeGreaterThan(90);
      const predictions = await learner.predict(plan.data.inputs);
      const right = batch.labels.filter((label, i) => label === predictions[i]).length;
      expect((100 * right) / batch.labels.length).toBe(observations[15].trainAccuracy);
    },
  );
});

describe('the cost of training', () => {
  // N·K: 12, 20, 10. A batch of 5 and one of 2 in every epoch; 7 samples.
  const task = { input: vector(3), classes: 2, batchSize: 5, hasValidation: false };
  const plan = passOver(signBatch(7, 3, 2, 'cost'), 5);
  const FORWARD = 2 * 42;

  it('is counted stage by stage, from the inputs', async () => {
    const learner = await make({ layers: [4, 5], epochsPerStage: 1 }, task);
    const counts = [
      7 * (FORWARD + 2 * 42 + 2 * 30) + 2 * 13 * 42,
      7 * (FORWARD + 4 + 2 * 30 + 2 * 10) + 2 * 13 * 30,
      7 * (FORWARD + 4 + 5 + 2 * 10) + 2 * 13 * 10,
      7 * (FORWARD + 4 + 5 + 2),
    ];
    await expectCounts(learner, counts);
  });

  it('is counted stage by stage, from the classes', async () => {
    const learner = await make({ layers: [4, 5], epochsPerStage: 1, order: 'output-first' }, task);
    const counts = [
      7 * (FORWARD + 2 * 42 + 2 * 30) + 2 * 13 * 42,
      7 * (FORWARD + 2 * 2 + 2 * 32 + 2 * 30) + 2 * 13 * 32,
      7 * (FORWARD + 2 * 2 + 2 * 5 + 2 * 12 + 2 * 30) + 2 * 13 * 12,
      7 * (FORWARD + 2 + 5 + 4),
    ];
    await expectCounts(learner, counts);
  });

  async function expectCounts(learner: Learner, counts: readonly number[]): Promise<void> {
    let total = 0;
    for (const count of counts) {
      await learner.trainEpoch(plan);
      total += count;
      const none = { xnorBits: 0, popcountBits: 0, stepBits: 0 };
      expect(learner.operations()).toEqual({ ...none, floatOperations: total });
    }
  }

  it('in memory is that of the first stage', async () => {
    const learner = await make({ layers: [4, 5] }, task);
    expect(learner.parameters).toBe(42);
    expect(learner.memoryBits).toEqual({ model: 96 * 42, activations: 64 * 11 * 5 });
  });
});

describe('options', () => {
  it('have defaults', () => {
    const config = iterativeConfig.parse({ name: 'iterative', layers: [3] });
    expect(config).toEqual({
      name: 'iterative',
      layers: [3],
      learningRate: 0.001,
      epochsPerStage: 5,
      order: 'input-first',
    });
    expect(iterative.inputForm(config)).toBe('binarized');
  });

  it('are described', () => {
    const { name: _, ...options } = iterativeConfig.shape;
    for (const [option, { description }] of Object.entries(options)) expect(description, option).toBeTruthy();
  });

  it.each([
    [{ layers: [] }, '✖ Too small: expected array to have >=1 items\n  → at layers'],
    [{ layers: [2.5] }, '✖ Invalid input: expected int, received number\n  → at layers[0]'],
    [{ learningRate: 0 }, '✖ Too small: expected number to be >0\n  → at learningRate'],
    [{ epochsPerStage: 0 }, '✖ Too small: expected number to be >=1\n  → at epochsPerStage'],
    [{ epochsPerStage: 1.5 }, '✖ Invalid input: expected int, received number\n  → at epochsPerStage'],
    [{ order: 'random' }, '✖ input-first, output-first or a list of layers\n  → at order'],
    [{ name: 'sgd' }, '✖ Invalid input: expected "iterative"\n  → at name'],
    [{ batchNorm: true }, '✖ Unrecognized key: "batchNorm"'],
  ])('out of range are refused: %o', (change, message) => {
    const result = iterativeConfig.safeParse({ name: 'iterative', layers: [5], ...change });
    expect(result.error && z.prettifyError(result.error)).toContain(message);
  });

  it('list each layer once, if they list layers', () => {
    const checked = (order: unknown) => () =>
      iterative.check?.(iterativeConfig.parse({ name: 'iterative', layers: [5, 4], order }), {
        epochs: 9,
        tasks: 1,
      });
    for (const order of ['output-first', [3, 1, 2]]) expect(checked(order)).not.toThrow();
    for (const order of [
      [1, 2],
      [1, 2, 2],
      [1, 2, 4],
      [1, 2, 3, 4],
    ]) {
      expect(checked(order)).toThrow(
        'rule.order: expected each of the layers 1 to 3 once, that of the classes included, got [',
      );
    }
  });
});
