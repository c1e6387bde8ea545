import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { randomStreams } from '../../../src/core/random.js';
import type { Learner, LearnerState } from '../../../src/rules/rule.js';
import { inOrder, learnerOf, lines, problemOf, ruleOf } from './helpers.js';

const IMAGE = { kind: 'image', channels: 1, height: 8, width: 8 } as const;
const NETWORK = { blocks: [8, 12], stemStride: 1, learningRate: 0.01 };

async function trained(learner: Learner, epochs: number): Promise<number> {
  const data = lines(300, 'train');
  for (let epoch = 0; epoch < epochs; epoch++) await learner.trainEpoch(inOrder(data));
  const test = lines(150, 'test');
  const found = await learner.predict(test.inputs);
  await learner.dispose();
  return (100 * found.filter((label, i) => label === test.labels[i]).length) / 150;
}

describe('convolutional networks learn what no pixel tells', () => {
  it.each([
    [{ name: 'float-conv', ...NETWORK }, 3],
    [{ name: 'float-conv', ...NETWORK, optimizer: 'sgd', learningRate: 0.05, skip: false }, 3],
    [{ name: 'real-to-binary', ...NETWORK, epochsPerStage: 1 }, 6],
    [{ name: 'real-to-binary', ...NETWORK, schedule: 'direct', teacher: false, scaling: 'learned' }, 4],
  ] as const)('%o', async (options, epochs) => {
    const learner = await learnerOf({ ...options }, problemOf(IMAGE));
    expect(await trained(learner, epochs)).toBeGreaterThan(90);
  });
});

/** Signs of samples, with their labels. */
function bitLines(samples: number): { inputs: BitMatrix; labels: Int32Array } {
  const { inputs, labels } = lines(samples, 'bits');
  const bits = new BitMatrix(samples, 64);
  const row = new Float32Array(64);
  for (let i = 0; i < samples; i++) {
    inputs.copyRow(i, row, 0);
    row.forEach((value, column) => {
      bits.set(i, column, value >= 0.5 ? 1 : -1);
    });
  }
  return { inputs: bits, labels };
}

/** Maps as [channel][y][x] and a convolution of them by the book, with −1 outside. */
type Maps = readonly (readonly (readonly number[])[])[];
function convolved(maps: Maps, weights: Float32Array, filters: number, stride: number): Maps {
  const side = maps[0].length;
  const out = Math.ceil(side / stride);
  const at = (c: number, y: number, x: number): number => maps[c][y]?.[x] ?? -1;
  return Array.from({ length: filters }, (_, k) =>
    Array.from({ length: out }, (_, y) =>
      Array.from({ length: out }, (_, x) => {
        let sum = 0;
        for (let dy = 0; dy < 3; dy++) {
          for (let dx = 0; dx < 3; dx++) {
            for (let c = 0; c < maps.length; c++) {
              const weight = weights[((k * 3 + dy) * 3 + dx) * maps.length + c];
              sum += (weight >= 0 ? 1 : -1) * at(c, stride * y + dy - 1, stride * x + dx - 1);
            }
          }
        }
        return sum;
      }),
    ),
  );
}

const signs = (maps: Maps): Maps => maps.map((rows) => rows.map((row) => row.map((z) => (z >= 0 ? 1 : -1))));

/** The class that a network of `blocks` [2, 3] without normalization gives. */
function classOf(bits: readonly number[], state: LearnerState): number {
  const image = Array.from({ length: 8 }, (_, y) => bits.slice(8 * y, 8 * y + 8));
  const layer = (l: number): Float32Array => state[`layer-${l}/weights`] as Float32Array;
  const first = signs(convolved([image], layer(1), 2, 1));
  const second = signs(convolved(first, layer(2), 2, 1));
  const third = signs(convolved(second, layer(3), 3, 2));
  const values = third[0].flatMap((row, y) => row.flatMap((_, x) => third.map((map) => map[y][x])));
  const logits = [0, 1, 2].map((k) =>
    values.reduce((sum, value, i) => sum + value * (layer(4)[k * values.length + i] >= 0 ? 1 : -1), 0),
  );
  return logits.indexOf(Math.max(...logits));
}

describe('qat-conv', () => {
  it('learns from signs, with and without normalization', async () => {
    for (const [rest, least] of [
      [{}, 80],
      [{ batchNorm: false, scaleProducts: true }, 60],
    ] as const) {
      const learner = await learnerOf({ name: 'qat-conv', ...NETWORK, ...rest }, problemOf(IMAGE));
      const data = bitLines(300);
      let accuracy = 0;
      for (let epoch = 0; epoch < 6; epoch++)
        ({ trainAccuracy: accuracy } = await learner.trainEpoch(inOrder(data)));
      expect(accuracy).toBeGreaterThan(least);
      await learner.dispose();
    }
  });

  it('predicts by integers alone without normalization: a network by the book gives the same', async () => {
    for (const scaleProducts of [false, true]) {
      const options = {
        name: 'qat-conv' as const,
        blocks: [2, 3],
        stemStride: 1,
        batchNorm: false,
        scaleProducts,
      };
      const learner = await learnerOf(options, problemOf(IMAGE));
      const data = bitLines(60);
      await learner.trainEpoch(inOrder(data));
      const state = learner.saveState();
      const expected = Array.from({ length: 60 }, (_, i) => classOf([...data.inputs.signs(i)], state));
      expect([...(await learner.predict(data.inputs))]).toEqual(expected);
      expect(new Set(expected).size).toBeGreaterThan(1);
      await learner.dispose();
    }
  });

  it('refuses a scale that normalization would undo', () => {
    expect(() => ruleOf({ name: 'qat-conv', blocks: [4], scaleProducts: true })).toThrow(
      'expected false with batchNorm, which undoes any scale',
    );
  });
});

describe('real-to-binary', () => {
  const OPTIONS = { name: 'real-to-binary' as const, blocks: [4, 6], epochsPerStage: 1 };

  it('has the network of the stage before as a teacher that stays as it is', async () => {
    const learner = await learnerOf(OPTIONS, problemOf(IMAGE));
    const plan = inOrder(lines(30, 'teacher'));
    const own = (state: LearnerState): string =>
      ['layer-1/weights', 'layer-2/scale', 'layer-3/running-mean'].map((name) => String(state[name])).join();
    const ofTeacher = (state: LearnerState): string =>
      ['layer-1/weights', 'layer-2/scale', 'layer-3/running-mean']
        .map((name) => String(state[`teacher/${name}`]))
        .join();
    for (let stage = 0; stage < 3; stage++) {
      await learner.trainEpoch(plan);
      const begun = learner.saveState();
      expect(ofTeacher(begun)).toBe(own(begun));
    }
    const begun = learner.saveState();
    await learner.trainEpoch(plan);
    const later = learner.saveState();
    expect(ofTeacher(later)).toBe(ofTeacher(begun));
    expect(own(later)).not.toBe(own(begun));
    await learner.dispose();
  });

  it('uses the signs of weights in its last stage alone', async () => {
    const predictionsOf = async (learner: Learner): Promise<string> =>
      String(await learner.predict(lines(60, 'test').inputs));
    const halved = (state: LearnerState): LearnerState => ({
      ...state,
      'layer-2/weights': (state['layer-2/weights'] as Float32Array).map(
        (weight, i) => weight / (2 + (i % 5)),
      ),
    });
    const learner = await learnerOf({ ...OPTIONS, schedule: 'two-stage' }, problemOf(IMAGE));
    const isTheSame: boolean[] = [];
    for (let stage = 0; stage < 3; stage++) {
      const [state, before] = [learner.saveState(), await predictionsOf(learner)];
      learner.loadState(halved(state));
      isTheSame.push((await predictionsOf(learner)) === before);
      learner.loadState(state);
      await learner.trainEpoch(inOrder(lines(100, 'train')));
    }
    expect(isTheSame).toEqual([false, false, true]);
    await learner.dispose();
  });

  it('is led by its teacher: weights of its losses change what it becomes', async () => {
    const weightsWith = async (weights: object): Promise<string> => {
      const options = { ...OPTIONS, schedule: 'direct', ...weights } as const;
      const learner = await learnerOf(options, problemOf(IMAGE));
      for (let epoch = 0; epoch < 2; epoch++) await learner.trainEpoch(inOrder(lines(30, 'led')));
      const state = learner.saveState();
      await learner.dispose();
      return String(state['layer-3/weights']);
    };
    const [both, logits, maps, none] = await Promise.all(
      [{}, { attention: 0 }, { distillation: 0 }, { attention: 0, distillation: 0 }].map(weightsWith),
    );
    expect(new Set([both, logits, maps, none]).size).toBe(4);
  });

  it('counts what its teacher does, and holds it', () => {
    const problem = problemOf(IMAGE);
    const described = (rest: object) =>
      ruleOf({ ...OPTIONS, schedule: 'direct', ...rest } as never).describe(problem);
    const [alone, taught] = [described({ teacher: false }), described({})];
    const parameters = taught.parameters;
    expect(alone.parameters).toBe(parameters);
    expect(taught.memoryBits.model - alone.memoryBits.model).toBeGreaterThanOrEqual(32 * parameters);
  });

  it('refuses stages of which the last would not begin', () => {
    expect(() => ruleOf({ ...OPTIONS, epochsPerStage: 5 }).check({ epochs: 15, tasks: 1 })).toThrow(
      'rule.epochsPerStage: expected fewer, so that the last of the stages, behind 15 epochs, is reached in 15, got 5',
    );
    expect(() => ruleOf({ ...OPTIONS, epochsPerStage: 5 }).check({ epochs: 16, tasks: 1 })).not.toThrow();
    expect(() =>
      ruleOf({ ...OPTIONS, schedule: 'direct', teacher: false }).check({ epochs: 1, tasks: 1 }),
    ).not.toThrow();
  });
});

describe('a stream of random numbers', () => {
  it('of its own gives each weight its first value: other blocks do not change it', async () => {
    const first = async (blocks: number[]): Promise<string> => {
      const learner = await learnerOf({ name: 'float-conv', blocks }, problemOf(IMAGE));
      const state = learner.saveState();
      await learner.dispose();
      return String(state['layer-1/weights']);
    };
    expect(await first([4])).toBe(await first([4, 6]));
    expect(randomStreams(1).stream('float-conv/layer-1/weights').uniform()).toBeLessThan(1);
  });
});
