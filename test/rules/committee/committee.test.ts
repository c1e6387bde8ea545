import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/core/parse.js';
import { randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { CommitteeLearner, committee } from '../../../src/rules/committee/committee.js';
import { committeeConfig, parseCommittee } from '../../../src/rules/committee/config.js';
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

const SBPI = { probability: 0.3, threshold: 5 };

function makeLearner(
  problem: RandomProblem,
  options: object,
  seed = 1,
  backend = 'reference',
): CommitteeLearner {
  const config = parse(committeeConfig, { name: 'committee', ...options });
  const context = { kernels: selectKernels(backend), streams: randomStreams(seed) };
  return new CommitteeLearner(config, problemOf(problem), context);
}

describe('properties over random shapes', () => {
  it('hidden weights stay odd and bounded, visible weights stay their signs', async () => {
    const shape = fc.record({
      inputs: fc.integer({ min: 1, max: 130 }),
      units: fc.integer({ min: 1, max: 40 }),
      groupSize: fc.integer({ min: 1, max: 9 }),
      samples: fc.integer({ min: 1, max: 30 }),
      classes: fc.integer({ min: 2, max: 5 }),
      hiddenBits: fc.integer({ min: 2, max: 16 }),
      initialDepth: fc.constantFrom(0, 64, 30_000),
      robustness: fc.constantFrom(0, 0.3, 1),
      secondary: fc.option(fc.constant(SBPI), { nil: undefined }),
      seed: fc.nat(1000),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ inputs, units, groupSize, samples, classes, seed, ...options }) => {
        const problem = randomProblem(samples, inputs, classes, seed);
        const layers = [units * groupSize, units];
        const learner = makeLearner(problem, { layers, reinforcement: 1, ...options }, seed);
        const [, observation] = await trainEpochs(learner, problem, 2);
        expect(firstBrokenWeight(learner.layers[0].perceptrons)).toBeUndefined();
        const counted = observation.layers?.[0].depthHistogram.reduce((sum, count) => sum + count, 0);
        expect(counted).toBe(learner.layers[0].perceptrons.weights.hidden.values.length);
      }),
      { numRuns: 30, seed: 11 },
    );
  });

  it('the secondary step changes depths, never signs', async () => {
    const problem = randomProblem(8, 70, 2, 3);
    const learner = makeLearner(problem, {
      layers: [20, 4],
      robustness: 0,
      reinforcement: 0,
      secondary: { probability: 1, threshold: 2 ** 40 },
    });
    const predicted = await learner.predict(problem.data.inputs);
    const before = {
      hidden: learner.layers[0].perceptrons.weights.hidden.values.slice(),
      ...learner.saveState(),
    };
    const words = learner.layers[0].perceptrons.weights.visible.words.slice();
    // Labelled as predicted, no sample triggers.
    const right = { ...problem, data: { ...problem.data, labels: predicted } };
    const [{ trainAccuracy, layers }] = await trainEpochs(learner, right, 1);
    expect([trainAccuracy, layers?.[0].triggerShare, layers?.[0].flips]).toEqual([100, 0, 0]);
    expect(learner.layers[0].perceptrons.weights.visible.words).toEqual(words);
    const shallower = learner.layers[0].perceptrons.weights.hidden.values.filter(
      (h, i) => Math.abs(h) < Math.abs(before.hidden[i]),
    );
    expect(shallower).toHaveLength(0);
    expect(learner.layers[0].perceptrons.weights.hidden.values).not.toEqual(before.hidden);
  });
});

describe('learning', () => {
  it.each([undefined, { probability: 0.1, threshold: 2 }])(
    'memorizes a small random problem, secondary %o',
    async (secondary) => {
      const problem = randomProblem(40, 200, 3, 2);
      const learner = makeLearner(problem, { layers: '105-15', secondary }, 1, 'auto');
      await trainEpochs(learner, problem, 100);
      expect(await learner.predict(problem.data.inputs)).toEqual(problem.data.labels);
    },
  );

  it('repeats exactly with the same seed and differs with another', async () => {
    const problem = randomProblem(60, 100, 4, 9);
    const run = async (seed: number) => {
      const learner = makeLearner(problem, { layers: '30-6', secondary: SBPI }, seed);
      return { observed: await trainEpochs(learner, problem, 3), state: learner.saveState() };
    };
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect((await run(2)).state).not.toEqual(first.state);
  });

  it.each([undefined, SBPI])('ends in the same state on every backend, secondary %o', async (secondary) => {
    const problem = randomProblem(60, 131, 4, 9);
    const hashes = PRESENT_BACKENDS.map(async (backend) => {
      const learner = makeLearner(problem, { layers: [198, 66], secondary }, 1, backend);
      await trainEpochs(learner, problem, 4);
      return stateHash(learner.saveState());
    });
    expect(new Set(await Promise.all(hashes)).size).toBe(1);
  });

  it('continues from a saved state as if it had never stopped', async () => {
    const problem = randomProblem(60, 100, 4, 9);
    const options = { layers: '30-6', secondary: SBPI };
    await expectToResume((seed) => makeLearner(problem, options, seed), problem);
  });

  it('is a rule for binarized inputs', async () => {
    const config = committeeConfig.parse({ name: 'committee', layers: '4-2' });
    const context = { kernels: selectKernels('reference'), streams: randomStreams(1) };
    const learner = await committee.createLearner(
      config,
      { input: vector(5), classes: 3, batchSize: 2, hasValidation: false },
      context,
    );
    expect([committee.name, committee.version, committee.inputForm(config)]).toEqual([
      'committee',
      1,
      'binarized',
    ]);
    expect(learner.parameters).toBe(20);
    await learner.dispose();
  });
});

describe('configurations', () => {
  const problem = randomProblem(4, 10, 3, 1);
  const message = (options: object): string => refusal(() => makeLearner(problem, options));

  it('reads the published notation', () => {
    const expected = 'layers: expected K1-K2, two positive integers, or several of them with _ between, got ';
    expect(parseCommittee('2000-40')).toEqual([2000, 40]);
    expect(committeeConfig.parse({ name: 'committee', layers: '2000-40' }).layers).toEqual([2000, 40]);
    expect(() => parseCommittee('2000')).toThrow(`${expected}'2000'`);
    expect(() => parseCommittee('0-3')).toThrow(`${expected}'0-3'`);
  });

  it('keeps its meaning when a checked configuration is checked again', () => {
    const config = committeeConfig.parse({ name: 'committee', layers: '60-20', secondary: SBPI });
    expect(committeeConfig.parse(JSON.parse(JSON.stringify(config)))).toEqual(config);
  });

  it.each([
    [{ layers: [10, 4] }, "layers[1]: expected a divisor of the layer's 10 neurons, got 4"],
    [{ layers: '10-4' }, "layers[1]: expected a divisor of the layer's 10 neurons, got 4"],
    [{ layers: '4-10' }, "layers[1]: expected a divisor of the layer's 4 neurons, got 10"],
    [{ layers: [10, 0] }, 'layers.1: expected a number of at least 1, got 0'],
    [
      { layers: '10x4' },
      "layers: expected two integers [K1, K2] for each layer, or the text K1-K2, got '10x4'",
    ],
    [
      { layers: [10] },
      'layers: expected two integers [K1, K2] for each layer, or the text K1-K2, got [ 10 ]',
    ],
    [{ robustness: -1 }, 'robustness: expected a number of at least 0, got -1'],
    [{ hiddenBits: 17 }, 'hiddenBits: expected a number of at most 16, got 17'],
    [{ secondary: {} }, 'secondary.probability: expected a number, got undefined'],
    [
      { secondary: { probability: 2, threshold: 1 } },
      'secondary.probability: expected a number of at most 1, got 2',
    ],
    [
      { secondary: { probability: 1, threshold: 0 } },
      'secondary.threshold: expected a number of at least 1, got 0',
    ],
    [{ groupSize: 3 }, 'value: expected no key groupSize'],
  ])('%o', (options, expected) => {
    expect(message(options)).toContain(expected);
  });
});
