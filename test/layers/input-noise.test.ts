import { describe, expect, it } from 'vitest';
import { BernoulliWords } from '../../src/core/bernoulli-words.js';
import { BitMatrix, columnMask } from '../../src/core/bit-matrix.js';
import { parse } from '../../src/core/parse.js';
import { RandomStream, randomStreams } from '../../src/core/random.js';
import { InputNoise } from '../../src/layers/input-noise.js';
import { selectKernels } from '../../src/node/kernels/select.js';
import '../../src/rules/binary-rules.js';
import { configuredRule, ruleOptionsSchema } from '../../src/rules/registry.js';
import type { Learner, LearnerState } from '../../src/rules/rule.js';
import {
  PRESENT_BACKENDS,
  problemOf,
  type RandomProblem,
  randomProblem,
  stateHash,
  trainEpochs,
} from '../rules/binary/problem.js';

describe('input noise', () => {
  it.each([0.05, 0.3, 0.5])('flips every bit with probability %s, afresh each time', (probability) => {
    const [rows, columns, times] = [20, 70, 200];
    const noise = new InputNoise(probability, RandomStream.named(5, 'test/noise'));
    const inputs = RandomStream.named(6, 'test/inputs').signs(rows, columns);
    const flips = new Float64Array(rows * columns);
    for (let time = 0; time < times; time++) {
      const before = new BitMatrix(rows, columns, inputs.words.slice());
      noise.flip(inputs);
      for (let i = 0; i < flips.length; i++) {
        const [row, column] = [Math.floor(i / columns), i % columns];
        if (inputs.get(row, column) !== before.get(row, column)) flips[i]++;
      }
      expect(inputs.words.every((word, i) => (word & ~columnMask(columns, i % inputs.rowWords)) === 0)).toBe(
        true,
      );
    }
    const sd = (draws: number) => Math.sqrt((probability * (1 - probability)) / draws);
    const mean = flips.reduce((sum, count) => sum + count, 0) / (flips.length * times);
    expect(Math.abs(mean - probability)).toBeLessThan(4 * sd(flips.length * times));
    for (const count of flips) expect(Math.abs(count / times - probability)).toBeLessThan(5 * sd(times));
  });

  it('continues from a saved state', () => {
    const noise = new InputNoise(0.2, RandomStream.named(5, 'test/noise'));
    const [first, second] = [new BitMatrix(3, 40), new BitMatrix(3, 40)];
    noise.flip(new BitMatrix(3, 40));
    const state = noise.saveState();
    noise.flip(first);
    const resumed = new InputNoise(0.2, RandomStream.named(1, 'test/other'));
    resumed.loadState(state);
    resumed.flip(second);
    expect(second.words).toEqual(first.words);
    expect(first.words.some((word) => word !== 0)).toBe(true);
  });
});

const PROBLEM = randomProblem(20, 70, 3, 4);
const FLIP = 0.2;

async function makeLearner(options: object, inputFlipProbability: number, backend = 'reference') {
  const config = parse(ruleOptionsSchema(), { ...options, inputFlipProbability });
  const context = { kernels: selectKernels(backend), streams: randomStreams(3) };
  return configuredRule(config).createLearner(problemOf(PROBLEM), context);
}

/** What a learner is shown with noise in an epoch in the order of the data: the definition, with its own draws. */
function flipped({ data, classes }: RandomProblem): RandomProblem {
  const draws = new BernoulliWords(RandomStream.named(3, 'training/input-noise'), FLIP);
  const inputs = new BitMatrix(data.inputs.rows, data.inputs.columns, data.inputs.words.slice());
  for (let row = 0; row < inputs.rows; row++) {
    for (let word = 0; word * 32 < inputs.columns; word++) {
      const draw = draws.next();
      for (let column = 32 * word; column < Math.min(32 * word + 32, inputs.columns); column++) {
        if ((draw >>> (column % 32)) & 1) inputs.set(row, column, inputs.get(row, column) === 1 ? -1 : 1);
      }
    }
  }
  return { data: { inputs, labels: data.labels }, classes };
}

function withoutNoise(state: LearnerState): LearnerState {
  const { 'input-noise': _, ...rest } = state;
  return rest;
}

describe.each([
  { name: 'local-error', layers: [12, 6], groupSize: 3 },
  { name: 'bep', layers: [12, 6], groupSize: 3 },
  { name: 'committee', layers: [12, 4] },
])('$name with noise', (options) => {
  it('is shown flipped bits in training, and the data stays as it was', async () => {
    const before = PROBLEM.data.inputs.words.slice();
    const noisy = await makeLearner(options, FLIP);
    const plain = await makeLearner(options, 0);
    expect(await trainEpochs(noisy, PROBLEM, 1)).toEqual(await trainEpochs(plain, flipped(PROBLEM), 1));
    expect(withoutNoise(noisy.saveState())).toEqual(plain.saveState());
    expect(PROBLEM.data.inputs.words).toEqual(before);
    const unshown = await makeLearner(options, 0);
    await trainEpochs(unshown, PROBLEM, 1);
    expect(unshown.saveState()).not.toEqual(plain.saveState());
  });

  it('predicts without noise', async () => {
    const noisy = await makeLearner(options, FLIP);
    await trainEpochs(noisy, PROBLEM, 1);
    const plain = await makeLearner(options, 0);
    plain.loadState(withoutNoise(noisy.saveState()));
    const state = stateHash(noisy.saveState());
    const predict = (learner: Learner) => learner.predict(PROBLEM.data.inputs);
    expect(await predict(noisy)).toEqual(await predict(plain));
    expect(stateHash(noisy.saveState())).toBe(state);
  });

  it('ends in the same state on every backend, also after a stop', async () => {
    const hashes = PRESENT_BACKENDS.map(async (backend) => {
      const learner = await makeLearner(options, FLIP, backend);
      await trainEpochs(learner, PROBLEM, 2);
      const resumed = await makeLearner(options, FLIP, backend);
      resumed.loadState(learner.saveState());
      await trainEpochs(learner, PROBLEM, 2);
      await trainEpochs(resumed, PROBLEM, 2);
      return [stateHash(learner.saveState()), stateHash(resumed.saveState())];
    });
    expect(new Set((await Promise.all(hashes)).flat()).size).toBe(1);
  });

  it('counts one XNOR for each bit shown and the copy of a batch', async () => {
    const noisy = await makeLearner(options, FLIP);
    const plain = await makeLearner(options, 0);
    await trainEpochs(noisy, PROBLEM, 1);
    await trainEpochs(plain, flipped(PROBLEM), 1);
    const { xnorBits, ...others } = noisy.operations();
    const { xnorBits: plainXnorBits, ...plainOthers } = plain.operations();
    expect([xnorBits - plainXnorBits, others]).toEqual([20 * 70, plainOthers]);
    const { model, activations } = plain.memoryBits;
    expect(noisy.memoryBits).toEqual({ model, activations: activations + 8 * 70 });
  });

  it.each([-0.1, 0.6])('refuses a probability of %s', async (probability) => {
    await expect(makeLearner(options, probability)).rejects.toThrow(
      /^inputFlipProbability: expected a number/,
    );
  });
});
