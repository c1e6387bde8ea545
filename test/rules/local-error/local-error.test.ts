import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStreams } from '../../../src/core/random.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { localErrorConfig } from '../../../src/rules/local-error/config.js';
import { LocalErrorLearner } from '../../../src/rules/local-error/local-error.js';
import {
  expectToResume,
  problemOf,
  type RandomProblem,
  randomProblem,
  refusal,
  trainEpochs,
} from '../binary/problem.js';

function makeLearner(problem: RandomProblem, options: object, seed = 1): LocalErrorLearner {
  const config = localErrorConfig.parse({ name: 'local-error', ...options });
  const context = { kernels: selectKernels('reference'), streams: randomStreams(seed) };
  return new LocalErrorLearner(config, problemOf(problem), context);
}

describe('properties over random shapes', () => {
  it('hidden weights stay odd and bounded, visible weights stay their signs, histograms count every weight', async () => {
    const shape = fc.record({
      inputs: fc.integer({ min: 1, max: 130 }),
      layers: fc.array(fc.constantFrom(1, 2, 6, 33, 64), { minLength: 1, maxLength: 3 }),
      samples: fc.integer({ min: 1, max: 30 }),
      classes: fc.integer({ min: 2, max: 5 }),
      hiddenBits: fc.integer({ min: 2, max: 16 }),
      initialDepth: fc.constantFrom(0, 1, 64, 30_000),
      robustness: fc.constantFrom(0, 0.3, 1),
      seed: fc.nat(1000),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ inputs, layers, samples, classes, seed, ...options }) => {
        const problem = randomProblem(samples, inputs, classes, seed);
        const learner = makeLearner(problem, { layers, groupSize: 1, reinforcement: 1, ...options }, seed);
        const [observation] = await trainEpochs(learner, problem, 2);
        const bound = 2 ** (options.hiddenBits - 1) - 1;
        learner.layers.forEach(({ weights: { hidden, visible } }, l) => {
          hidden.values.forEach((h, i) => {
            expect(Math.abs(h) % 2).toBe(1);
            expect(Math.abs(h)).toBeLessThanOrEqual(bound);
            expect(visible.get(Math.floor(i / hidden.columns), i % hidden.columns)).toBe(Math.sign(h));
          });
          const counted = observation.layers?.[l].depthHistogram.reduce((sum, count) => sum + count, 0);
          expect(counted).toBe(hidden.values.length);
        });
      }),
      { numRuns: 40, seed: 11 },
    );
  });

  it('the first epoch observes as many flips as there are changed signs, when no weight flips twice', async () => {
    const problem = randomProblem(8, 40, 3, 5);
    const learner = makeLearner(problem, { layers: [12], groupSize: 4, initialDepth: 4 });
    const before = learner.layers[0].weights.visible.words.slice();
    const [{ layers }] = await trainEpochs(learner, problem, 1);
    const after = learner.layers[0].weights.visible.words;
    const changed = before.reduce((sum, word, i) => sum + bitCount(word ^ after[i]), 0);
    expect(changed).toBeGreaterThan(0);
    expect(layers?.[0].flips).toBe(changed);
  });
});

describe('learning', () => {
  it('memorizes a small random problem', async () => {
    const problem = randomProblem(40, 200, 3, 2);
    const learner = makeLearner(problem, { layers: [60, 60], groupSize: 10 });
    await trainEpochs(learner, problem, 60);
    expect(await learner.predict(problem.data.inputs)).toEqual(problem.data.labels);
  });

  it('learns two classes with a single unit', async () => {
    const problem = randomProblem(40, 200, 2, 2);
    const learner = makeLearner(problem, { layers: [60], groupSize: 10, output: 'single-unit' });
    await trainEpochs(learner, problem, 60);
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

  it('continues from a saved state as if it had never stopped', async () => {
    const problem = randomProblem(60, 100, 4, 9);
    const options = { layers: [20, 20], groupSize: 5, trainClassifier: true };
    await expectToResume((seed) => makeLearner(problem, options, seed), problem);
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
    [
      { layers: [10], groupSize: 5, output: 'single-unit' },
      "output: expected one-per-class for a problem of more than two classes, got 'single-unit'",
    ],
  ])('%o', (options, expected) => {
    expect(message(options)).toBe(expected);
  });

  it('rejects inputs that are not packed', async () => {
    const learner = makeLearner(problem, { layers: [10], groupSize: 5 });
    const rows = { rows: 1, columns: 10, copyRow: () => undefined };
    await expect(learner.predict(rows)).rejects.toThrow(
      "inputs: expected packed ±1 rows (a BitMatrix), got 'Object'",
    );
  });
});

function bitCount(word: number): number {
  return (word >>> 0).toString(2).replaceAll('0', '').length;
}
