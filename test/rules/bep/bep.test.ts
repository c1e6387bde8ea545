import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/core/parse.js';
import { randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { BepLearner, bep } from '../../../src/rules/bep/bep.js';
import { bepConfig } from '../../../src/rules/bep/config.js';
import {
  expectToResume,
  firstBrokenWeight,
  PRESENT_BACKENDS,
  problemOf,
  type RandomProblem,
  randomProblem,
  refusal,
  stateHash,
  trainEpochs,
} from '../binary/problem.js';

function makeLearner(problem: RandomProblem, options: object, seed = 1, backend = 'reference'): BepLearner {
  const config = parse(bepConfig, { name: 'bep', ...options });
  const context = { kernels: selectKernels(backend), streams: randomStreams(seed) };
  return new BepLearner(config, problemOf(problem), context);
}

describe('properties over random shapes', () => {
  it('hidden weights stay odd and bounded, visible weights stay their signs, histograms count every weight', async () => {
    const shape = fc.record({
      inputs: fc.integer({ min: 1, max: 130 }),
      layers: fc.array(fc.constantFrom(1, 2, 6, 33, 64), { minLength: 1, maxLength: 4 }),
      samples: fc.integer({ min: 1, max: 30 }),
      classes: fc.integer({ min: 2, max: 5 }),
      hiddenBits: fc.integer({ min: 2, max: 16 }),
      initialDepth: fc.constantFrom(0, 1, 64, 30_000),
      robustness: fc.constantFrom(0, 0.3, 1),
      gate: fc.constantFrom(0, 0.05, 0.5, 1),
      seed: fc.nat(1000),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ inputs, layers, samples, classes, seed, ...options }) => {
        const problem = randomProblem(samples, inputs, classes, seed);
        const learner = makeLearner(problem, { layers, groupSize: 1, reinforcement: 1, ...options }, seed);
        const [, observation] = await trainEpochs(learner, problem, 2);
        learner.layers.forEach((layer, l) => {
          expect(firstBrokenWeight(layer)).toBeUndefined();
          const counted = observation.layers?.[l].depthHistogram.reduce((sum, count) => sum + count, 0);
          expect(counted).toBe(layer.weights.hidden.values.length);
        });
      }),
      { numRuns: 30, seed: 11 },
    );
  });

  it('with one layer nothing depends on the gate', async () => {
    const problem = randomProblem(20, 70, 3, 4);
    const states = [0, 1].map(async (gate) => {
      const learner = makeLearner(problem, { layers: [12], groupSize: 4, gate });
      await trainEpochs(learner, problem, 2);
      return learner.saveState();
    });
    const [closed, open] = await Promise.all(states);
    expect(closed).toEqual(open);
  });
});

describe('learning', () => {
  it.each([1, 2, 6])('memorizes a small random problem with %i layers', async (depth) => {
    const problem = randomProblem(40, 200, 3, 2);
    const layers = new Array<number>(depth).fill(60);
    const learner = makeLearner(problem, { layers, groupSize: 10, gate: 0.2 }, 1, 'auto');
    await trainEpochs(learner, problem, 200);
    expect(await learner.predict(problem.data.inputs)).toEqual(problem.data.labels);
  });

  it('repeats exactly with the same seed and differs with another', async () => {
    const problem = randomProblem(60, 100, 4, 9);
    const run = async (seed: number) => {
      const learner = makeLearner(problem, { layers: [20, 20], groupSize: 5 }, seed);
      return { observed: await trainEpochs(learner, problem, 3), state: learner.saveState() };
    };
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect((await run(2)).state).not.toEqual(first.state);
  });

  it('ends in the same state on every backend', async () => {
    const problem = randomProblem(60, 131, 4, 9);
    const hashes = PRESENT_BACKENDS.map(async (backend) => {
      const learner = makeLearner(problem, { layers: [66, 20, 33], groupSize: 1, gate: 0.2 }, 1, backend);
      await trainEpochs(learner, problem, 4);
      return stateHash(learner.saveState());
    });
    expect(new Set(await Promise.all(hashes)).size).toBe(1);
    expect(PRESENT_BACKENDS.length).toBeGreaterThanOrEqual(2);
  });

  it('continues from a saved state as if it had never stopped, its group schedule included', async () => {
    const problem = randomProblem(60, 100, 4, 9);
    const options = { layers: [20, 12], groupSize: 1, groupSchedule: { patience: 2 } };
    const make = (seed: number) => makeLearner(problem, options, seed);
    const { whole, resumed, saved } = await expectToResume(make, problem, 3);
    // Best in epoch 1; two epochs without a better one end in epochs 3 and 5.
    expect(whole.groupSizes).toEqual([4, 3]);
    expect(resumed.groupSizes).toEqual([4, 3]);
    whole.loadState(saved);
    expect(whole.groupSizes).toEqual([2, 2]);
  });

  it('corrects fewer neurons once the groups have grown', async () => {
    const problem = randomProblem(60, 100, 4, 9);
    const options = { layers: [20, 20], groupSize: 1, reinforcement: 0 };
    const steps = async (accuracies: readonly number[]) => {
      const learner = makeLearner(problem, { ...options, groupSchedule: { patience: 1 } });
      for (const accuracy of accuracies) learner.afterValidation(accuracy);
      await trainEpochs(learner, problem, 1);
      return learner.operations().stepBits;
    };
    expect(await steps([1, 1, 1, 1, 1, 1, 1])).toBeLessThan((await steps([1])) / 3);
  });

  it('predicts without changing anything, also more rows than it takes at once', async () => {
    const problem = randomProblem(1203, 50, 3, 4);
    const learner = makeLearner(problem, { layers: [12], groupSize: 3 });
    const before = learner.saveState();
    const all = await learner.predict(problem.data.inputs);
    const last = await learner.predict(problem.data.inputs.rowRange(1200, 1203));
    expect([...all.subarray(1200)]).toEqual([...last]);
    expect(learner.saveState()).toEqual(before);
  });

  it('is a rule for binarized inputs', async () => {
    const config = bepConfig.parse({ name: 'bep', layers: [4], groupSize: 2, classifier: 'equiangular' });
    const context = { kernels: selectKernels('reference'), streams: randomStreams(1) };
    const learner = await bep.createLearner(
      config,
      { input: vector(5), classes: 3, batchSize: 2, hasValidation: false },
      context,
    );
    expect([bep.name, bep.version, bep.inputForm(config)]).toEqual(['bep', 2, 'binarized']);
    expect(learner.parameters).toBe(20);
    await learner.dispose();
  });
});

describe('configurations that do not fit', () => {
  const problem = randomProblem(4, 10, 3, 1);
  const message = (options: object): string => refusal(() => makeLearner(problem, options));

  it.each([
    [{ layers: [10], groupSize: 4 }, "groupSize: expected a divisor of the layer's 10 neurons, got 4"],
    [
      { layers: [10, 9], groupSize: [5, 2] },
      "groupSize[1]: expected a divisor of the layer's 9 neurons, got 2",
    ],
    [{ layers: [10, 9], groupSize: [5] }, 'groupSize: expected 2 entries, got 1'],
    [{ layers: [] }, 'layers: expected a list whose length is at least 1, got []'],
    [{ layers: [0] }, 'layers.0: expected a number of at least 1, got 0'],
    [{ robustness: 1.1 }, 'robustness: expected a number of at most 1, got 1.1'],
    [{ gate: -0.1 }, 'gate: expected a number of at least 0, got -0.1'],
    [{ reinforcement: 2 }, 'reinforcement: expected a number of at most 1, got 2'],
    [{ hiddenBits: 1 }, 'hiddenBits: expected a number of at least 2, got 1'],
    [{ initialDepth: -1 }, 'initialDepth: expected a number of at least 0, got -1'],
    [{ classifier: 'trained' }, "classifier: expected one of random, equiangular, got 'trained'"],
    [{ groupSchedule: {} }, 'groupSchedule.patience: expected a number, got undefined'],
    [{ groupSchedule: { patience: 0 } }, 'groupSchedule.patience: expected a number of at least 1, got 0'],
    [{ trainClassifier: true }, 'value: expected no key trainClassifier'],
  ])('%o', (options, expected) => {
    expect(message(options)).toContain(expected);
  });

  it('refuses a group schedule that would never grow, for want of validation samples', () => {
    const config = parse(bepConfig, { name: 'bep', groupSize: 1, groupSchedule: { patience: 3 } });
    const context = { kernels: selectKernels('reference'), streams: randomStreams(1) };
    expect(() => new BepLearner(config, problemOf(problem, false), context)).toThrow(
      'groupSchedule: expected none, as the data has no validation samples whose accuracy could stagnate, ' +
        'got { patience: 3 }',
    );
  });

  it('rejects inputs that are not packed', async () => {
    const learner = makeLearner(problem, { layers: [10], groupSize: 5 });
    const rows = { rows: 1, columns: 10, copyRow: () => undefined };
    await expect(learner.predict(rows)).rejects.toThrow(
      "inputs: expected packed ±1 rows (a BitMatrix), got 'Object'",
    );
  });
});
