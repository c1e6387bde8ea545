import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/core/parse.js';
import { randomStreams } from '../../../src/core/random.js';
import { ZERO_PLACES } from '../../../src/layers/zeros.js';
import { BinaryPredictor } from '../../../src/models/binary-predictor.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { CommitteeLearner, committee } from '../../../src/rules/committee/committee.js';
import { committeeConfig, parseCommittee } from '../../../src/rules/committee/config.js';
import { expectToResume, problemOf, randomProblem, refusal, trainEpochs } from '../binary/problem.js';
import { CommitteeOracle } from './oracle.js';

function makeLearner(problem: ReturnType<typeof randomProblem>, options: object, seed = 1): CommitteeLearner {
  const config = parse(committeeConfig, { name: 'committee', ...options }, 'rule');
  const context = { kernels: selectKernels('reference'), streams: randomStreams(seed) };
  return new CommitteeLearner(config, problemOf(problem), context);
}

const CASE = fc.record({
  inputs: fc.integer({ min: 1, max: 40 }),
  samples: fc.integer({ min: 1, max: 20 }),
  batchSize: fc.integer({ min: 1, max: 7 }),
  seed: fc.nat(1000),
  layers: fc.constantFrom([4, 2, 6, 2], [9, 3, 6, 6], [6, 1, 70, 35], [6, 2, 4, 2, 9, 3]),
  isSingle: fc.boolean(),
  zeros: fc.subarray([...ZERO_PLACES]),
  robustness: fc.constantFrom(0, 0.5, 1),
  reinforcement: fc.constantFrom(0, 0.5, 1),
});

describe('a committee of several layers', () => {
  it('is, with one logit for each class or a single one, what a second implementation without kernels is', async () => {
    const compare = async ({
      inputs,
      samples,
      batchSize,
      seed,
      isSingle,
      zeros,
      ...options
    }: typeof CASE extends fc.Arbitrary<infer C> ? C : never): Promise<void> => {
      const classes = isSingle ? 2 : 3;
      const own = {
        ...options,
        initialDepth: 3,
        ...(isSingle && { output: 'single-unit' }),
        ...(zeros.length > 0 && { zeros }),
      };
      const problem = randomProblem(samples, inputs, classes, seed);
      const rows = Array.from({ length: samples }, (_, b) => [...problem.data.inputs.signs(b)]);
      const made = makeLearner(problem, own, seed);
      const oracle = new CommitteeOracle(
        committeeConfig.parse({ name: 'committee', ...own }),
        inputs,
        classes,
        seed,
      );
      for (let epoch = 0; epoch < 3; epoch++) {
        made.layers.forEach(({ perceptrons }, l) => {
          expect([...perceptrons.weights.hidden.values]).toEqual(oracle.layers[l].hidden.flat());
        });
        expect([...(await made.predict(problem.data.inputs))]).toEqual(oracle.predict(rows));
        await trainEpochs(made, problem, 1, batchSize);
        oracle.trainEpoch(rows, problem.data.labels, batchSize);
      }
    };
    await fc.assert(fc.asyncProperty(CASE, compare), { numRuns: 80, seed: 5 });
  });

  it('continues from a saved state as if it had never stopped', async () => {
    const problem = randomProblem(60, 100, 4, 9);
    const options = { layers: '30-6_20-4', secondary: { probability: 0.5, threshold: 10 } };
    await expectToResume((seed) => makeLearner(problem, options, seed), problem);
  });

  it('predicts as a saved network the same', async () => {
    const problem = randomProblem(60, 100, 4, 9);
    const made = makeLearner(problem, { layers: '30-6_20-4', zeros: 'published', initialDepth: 4 });
    await trainEpochs(made, problem, 2);
    const network = made.network();
    if (network.kind !== 'binary') throw new Error('a committee is a network of bits');
    const predictor = new BinaryPredictor(network, selectKernels('reference'));
    expect([...(await predictor.predict(problem.data.inputs))]).toEqual([
      ...(await made.predict(problem.data.inputs)),
    ]);
  });

  it('costs what its layers do', () => {
    const config = committeeConfig.parse({ name: 'committee', layers: '44-4_22-2' });
    const problem = problemOf(randomProblem(4, 100, 10, 1));
    const weights = 44 * 100 + 22 * 44;
    const { architecture, parameters, memoryBits, operationsPerSample } = committee.describe(config, problem);
    expect({ architecture, parameters }).toEqual({ architecture: '44,4,22,2', parameters: weights });
    expect(memoryBits).toEqual({
      model: 16 * weights + 10 * (4 + 2),
      activations: (44 + 22 + 2 * (4 + 2)) * problem.batchSize,
    });
    expect(operationsPerSample).toMatchObject({
      xnorBits: weights + 10 * 6,
      popcountBits: weights + 44 + 22 + 10 * 6,
    });
  });
});

describe('its configuration', () => {
  const problem = randomProblem(4, 10, 3, 1);

  it('reads the published notation', () => {
    expect(parseCommittee('165-15_363-33')).toEqual([165, 15, 363, 33]);
    expect(() => parseCommittee('165-15_33')).toThrow(
      "layers: expected K1-K2, two positive integers, or several of them with _ between, got '165-15_33'",
    );
  });

  it.each([
    [{ layers: '6-3_10-4' }, "layers[3]: expected a divisor of the layer's 10 neurons, got 4"],
    [{ layers: [6, 3, 9] }, 'layers: expected two integers [K1, K2] for each layer, or the text K1-K2'],
    [
      { layers: '6-3', output: 'single-unit' },
      'output: expected none for a problem of more than two classes',
    ],
  ])('%o', (options, expected) => {
    expect(refusal(() => makeLearner(problem, options))).toContain(expected);
  });
});
