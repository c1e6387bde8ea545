import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { parse } from '../../../src/core/parse.js';
import { randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { ZERO_PLACES } from '../../../src/layers/zeros.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { CommitteeLearner, committee } from '../../../src/rules/committee/committee.js';
import { committeeConfig } from '../../../src/rules/committee/config.js';
import {
  expectToResume,
  PRESENT_BACKENDS,
  problemOf,
  randomProblem,
  refusal,
  stateHash,
  trainEpochs,
} from '../binary/problem.js';
import { CommitteeOracle } from './oracle.js';

/*
 * Four perceptrons on 2 inputs, two units of γ = 2, 2 classes; one batch of three samples, all of which trigger; margin ⌊0.5·2⌋ = 1; zeros
 * among the weights, the activations of perceptrons and units, and the classifier; worked out by hand. A dot is 0.
 *
 *   unit 0  H = [ 2  1]  W = [+ +]    unit 1  H = [0 −3]  W = [· −]    P = [+ −] (class 0)
 *               [−2  0]      [− ·]                [1 −1]      [+ −]        [· +] (class 1)
 *
 *   x0 = + +, label 1:  z = 2 −1 | −1 0   a = + − | − ·   u = · −   ŷ = 1 −1   wrong; u* = · +
 *      nothing is desired of unit 0; unit 1 is wrong: s = −1 0: 2 towards +
 *   x1 = + −, label 0:  z = 0 −1 | 1 2    a = · − | + +   u = − +   ŷ = −2 1   wrong; u* = + −
 *      unit 0 is wrong: s = 0 −1: 1 towards +;  unit 1 is wrong: s = −1 −2: 2 towards −
 *   x2 = − −, label 0:  z = −2 1 | 1 0    a = − + | + ·   u = · +   ŷ = −1 1   wrong; u* = + −
 *      unit 0 is split: not wrong, although s = −2 1;  unit 1 is wrong: s = −1 0: 2 towards −
 *
 *   h1 += 2·x1: −2 0 → 0 −2, two change;  h2 += 2·(x0 − x1 − x2) = (2 6): 0 −3 → 2 3, two change
 */
const SAMPLES = BitMatrix.fromSigns([
  [1, 1],
  [1, -1],
  [-1, -1],
]);
const LABELS = Int32Array.of(1, 0, 0);

function learner(): CommitteeLearner {
  const config = committeeConfig.parse({
    name: 'committee',
    layers: '4-2',
    robustness: 0.5,
    reinforcement: 0,
    hiddenBits: 4,
    zeros: 'published',
  });
  const task = { input: vector(2), classes: 2, batchSize: 3, hasValidation: false };
  const context = { kernels: selectKernels('reference'), streams: randomStreams(7) };
  const made = new CommitteeLearner(config, task, context);
  const classifier = BitMatrix.fromSigns([
    [1, -1],
    [1, 1],
  ]);
  const zeros = BitMatrix.fromSigns([
    [-1, -1],
    [1, -1],
  ]);
  made.loadState({
    ...made.saveState(),
    'perceptrons/hidden': Int16Array.of(2, 1, -2, 0, 0, -3, 1, -1),
    classifier: classifier.words,
    'classifier-zeros': zeros.words,
  });
  return made;
}

describe('one batch of the committee with zeros, worked out by hand', () => {
  it('corrects perceptrons of units that are wrong, not of those that are split or of which nothing is desired', async () => {
    const made = learner();
    const { trainAccuracy, layers } = await made.trainEpoch({
      data: { inputs: SAMPLES, labels: LABELS },
      order: Uint32Array.of(0, 1, 2),
      batchSize: 3,
      afterBatch: () => undefined,
    });
    expect([...made.layers[0].perceptrons.weights.hidden.values]).toEqual([2, 1, 0, -2, 2, 3, 1, -1]);
    expect(trainAccuracy).toBe(0);
    expect(layers).toMatchObject([{ triggerShare: 1, flips: 4 }]);
  });

  it('predicts with them', async () => {
    expect([...(await learner().predict(SAMPLES))]).toEqual([0, 1, 1]);
  });
});

const OPTIONS = fc.record({
  zeros: fc.subarray([...ZERO_PLACES], { minLength: 1 }),
  layers: fc.constantFrom([4, 2], [6, 3], [6, 1], [12, 3], [9, 3], [70, 35]),
  robustness: fc.constantFrom(0, 0.5, 1),
  reinforcement: fc.constantFrom(0, 0.5, 1),
  initialDepth: fc.constantFrom(1, 3, 8),
});
const SHAPE = fc.record({
  inputs: fc.integer({ min: 1, max: 40 }),
  samples: fc.integer({ min: 1, max: 20 }),
  classes: fc.integer({ min: 2, max: 4 }),
  batchSize: fc.integer({ min: 1, max: 7 }),
  seed: fc.nat(1000),
});

describe('the committee with zeros and a second implementation without kernels', () => {
  it('are the same in every weight and prediction', async () => {
    const compare = async (
      { inputs, samples, classes, batchSize, seed }: typeof SHAPE extends fc.Arbitrary<infer S> ? S : never,
      options: object,
    ): Promise<void> => {
      const config = committeeConfig.parse({ name: 'committee', ...options });
      const problem = randomProblem(samples, inputs, classes, seed);
      const rows = Array.from({ length: samples }, (_, b) => [...problem.data.inputs.signs(b)]);
      const made = new CommitteeLearner(config, problemOf(problem), {
        kernels: selectKernels('reference'),
        streams: randomStreams(seed),
      });
      const oracle = new CommitteeOracle(config, inputs, classes, seed);
      for (let epoch = 0; epoch < 4; epoch++) {
        expect([...made.layers[0].perceptrons.weights.hidden.values]).toEqual(oracle.layers[0].hidden.flat());
        expect([...(await made.predict(problem.data.inputs))]).toEqual(oracle.predict(rows));
        await trainEpochs(made, problem, 1, batchSize);
        oracle.trainEpoch(rows, problem.data.labels, batchSize);
      }
    };
    await fc.assert(fc.asyncProperty(SHAPE, OPTIONS, compare), { numRuns: 120, seed: 5 });
  });
});

describe('a committee with zeros', () => {
  const PROBLEM = randomProblem(60, 100, 4, 9);
  const make = (seed: number, backend = 'reference', options: object = { zeros: 'published' }) => {
    const config = committeeConfig.parse({ name: 'committee', layers: '36-12', initialDepth: 5, ...options });
    const context = { kernels: selectKernels(backend), streams: randomStreams(seed) };
    return new CommitteeLearner(config, problemOf(PROBLEM), context);
  };

  it('continues from a saved state as if it had never stopped', async () => {
    const { whole, resumed } = await expectToResume((seed) => make(seed), PROBLEM);
    expect(resumed.network()).toEqual(whole.network());
  });

  it('ends in the same state on every backend', async () => {
    const hashes = PRESENT_BACKENDS.map(async (backend) => {
      const made = make(1, backend);
      await trainEpochs(made, PROBLEM, 4);
      return stateHash(made.saveState());
    });
    const [first, ...others] = await Promise.all(hashes);
    for (const other of others) expect(other).toBe(first);
  });

  it('takes two bits and two counts where there may be zeros', () => {
    const costOf = (zeros?: string | string[]) => {
      const config = committeeConfig.parse({ name: 'committee', layers: '6-3', hiddenBits: 10, zeros });
      const problem = { input: vector(7), classes: 2, batchSize: 8, hasValidation: false };
      const { memoryBits, operationsPerSample } = committee.describe(config, problem);
      return [memoryBits.model, memoryBits.activations, operationsPerSample.popcountBits];
    };
    // 42 weights of 10 bits, 6 entries of the classifier; 6 perceptrons, 3 units and what is desired of these
    expect(costOf()).toEqual([426, 12 * 8, 42 + 6 + 6]);
    expect(costOf('published')).toEqual([432, 24 * 8, 2 * 54]);
    expect(costOf(['weights'])).toEqual([426, 12 * 8, 84 + 6 + 6]);
    expect(costOf(['activations'])).toEqual([426, 21 * 8, 42 + 12 + 12]);
    expect(costOf(['classifier'])).toEqual([432, 15 * 8, 42 + 6 + 12]);
  });

  it('has no secondary step', () => {
    const secondary = { probability: 0.5, threshold: 3 };
    const message = refusal(() =>
      parse(committeeConfig, { name: 'committee', zeros: 'published', secondary }, 'rule'),
    );
    expect(message).toMatch(
      /^rule\.zeros: expected none with a secondary step: a weight of 0 is on neither side/,
    );
  });
});
