import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream, randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { ZERO_PLACES } from '../../../src/layers/zeros.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { localErrorConfig } from '../../../src/rules/local-error/config.js';
import { LocalErrorLearner } from '../../../src/rules/local-error/local-error.js';
import { randomProblem } from '../binary/problem.js';
import { LocalErrorOracle } from './oracle.js';

/** What the rule is tried with, besides its shape: each option alone and together with others. */
const OPTIONS = fc.record({
  robustness: fc.integer({ min: 0, max: 20 }).map((twentieths) => twentieths / 20),
  reinforcement: fc.constantFrom(0, 0.5, 1),
  hiddenBits: fc.constantFrom(2, 3, 5, 16),
  initialDepth: fc.constantFrom(0, 2, 8),
  readOut: fc.constantFrom('last', 'summed'),
  trainClassifier: fc.boolean(),
  freezeFirstLayer: fc.boolean(),
  flipThreshold: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
  majorityAfterEpochs: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
  greedy: fc.option(fc.record({ epochsPerLayer: fc.integer({ min: 1, max: 2 }) }), { nil: undefined }),
});

/** A network, its data, and how it is shown them. */
interface Shape {
  readonly inputs: number;
  /** K and γ of each layer. */
  readonly layers: readonly number[][];
  readonly samples: number;
  readonly classes: number;
  readonly batchSize: number;
  readonly seed: number;
}

const SHAPE: fc.Arbitrary<Shape> = fc.record({
  inputs: fc.integer({ min: 1, max: 40 }),
  layers: fc.array(fc.constantFrom([1, 1], [2, 1], [4, 2], [5, 5], [6, 3], [9, 3], [33, 11]), {
    minLength: 1,
    maxLength: 3,
  }),
  samples: fc.integer({ min: 1, max: 20 }),
  classes: fc.integer({ min: 2, max: 4 }),
  batchSize: fc.integer({ min: 1, max: 7 }),
  seed: fc.nat(1000),
});

/**
 * Trains the rule and the oracle side by side, and compares all that can be seen of them after every epoch.
 * @returns how many weights, activations and entries of classifiers are 0, before training and after each epoch
 */
async function compare({ inputs, layers, samples, classes, batchSize, seed }: Shape, options: object) {
  const config = localErrorConfig.parse({
    name: 'local-error',
    layers: layers.map(([neurons]) => neurons),
    groupSize: layers.map(([, groupSize]) => groupSize),
    ...options,
  });
  const { data } = randomProblem(samples, inputs, classes, seed);
  const rows = Array.from({ length: samples }, (_, b) => [...data.inputs.signs(b)]);
  const task = { input: vector(inputs), classes, batchSize, hasValidation: false };
  const context = { kernels: selectKernels('reference'), streams: randomStreams(seed) };
  const learner = new LocalErrorLearner(config, task, context);
  const oracle = new LocalErrorOracle(config, inputs, classes, seed);
  const shuffle = RandomStream.named(seed, 'test/order');
  const expectEqual = async () => {
    expect(learner.layers.map(({ weights }) => [...weights.hidden.values])).toEqual(
      layers.map((_, l) => oracle.hidden(l)),
    );
    expect(learner.layers.map(({ classifier }) => [...classifier.hidden.values])).toEqual(
      oracle.layers.map(({ classifier }) => classifier.flat()),
    );
    expect([...(await learner.predict(data.inputs))]).toEqual(oracle.predict(rows));
  };
  const zeroCounts = [oracle.zeroCounts(rows)];
  await expectEqual();
  for (let epoch = 0; epoch < 4; epoch++) {
    const order = shuffle.permutation(samples);
    const observed = await learner.trainEpoch({ data, order, batchSize, afterBatch: () => undefined });
    expect(observed).toMatchObject(oracle.trainEpoch(rows, data.labels, [...order], batchSize));
    await expectEqual();
    zeroCounts.push(oracle.zeroCounts(rows));
  }
  return zeroCounts;
}

const holds = async (shape: Shape, options: object): Promise<void> => {
  await compare(shape, options);
};

describe('local-error and a second implementation without kernels', () => {
  it('are the same in every weight, observation and prediction, with the options of the paper', async () => {
    const options = fc.record({
      robustness: fc.integer({ min: 0, max: 20 }).map((twentieths) => twentieths / 20),
      reinforcement: fc.constantFrom(0, 0.5, 1),
      hiddenBits: fc.constantFrom(3, 5, 16),
      initialDepth: fc.constantFrom(0, 2, 8, 64),
    });
    await fc.assert(fc.asyncProperty(SHAPE, options, holds), { numRuns: 40, seed: 3 });
  });

  it('are the same with any options that go together', async () => {
    const fitting = OPTIONS.filter(
      ({ greedy, freezeFirstLayer, majorityAfterEpochs }) =>
        !greedy || (!freezeFirstLayer && majorityAfterEpochs === undefined),
    );
    await fc.assert(fc.asyncProperty(SHAPE, fitting, holds), { numRuns: 80, seed: 5 });
  });

  it('are the same with frozen layers', async () => {
    const options = fc.record({
      freezeLayers: fc.constantFrom(1, 2, 'all' as const),
      trainClassifier: fc.constant(true),
      readOut: fc.constantFrom('last', 'summed'),
      reinforcement: fc.constantFrom(0, 1),
      robustness: fc.constantFrom(0.2, 1),
    });
    const shape = SHAPE.filter(({ layers }) => layers.length > 1);
    await fc.assert(fc.asyncProperty(shape, options, holds), { numRuns: 30, seed: 13 });
  });

  it('are the same with a single unit for two classes', async () => {
    const shape = SHAPE.map((shape) => ({ ...shape, classes: 2 }));
    const options = OPTIONS.map((options) => ({ ...options, output: 'single-unit', greedy: undefined }));
    await fc.assert(fc.asyncProperty(shape, options, holds), { numRuns: 30, seed: 7 });
  });

  it('are the same with zeros, in any places, with any options that go with them', async () => {
    const places = fc.subarray([...ZERO_PLACES], { minLength: 1 });
    const options = fc
      .record({ options: OPTIONS, zeros: places, output: fc.constantFrom('one-per-class', 'single-unit') })
      .map(({ options, ...rest }) => {
        const initialDepth = Math.max(options.initialDepth, 1);
        return {
          ...options,
          ...rest,
          initialDepth,
          flipThreshold: undefined,
          majorityAfterEpochs: undefined,
        };
      })
      .filter(({ greedy, freezeFirstLayer }) => !greedy || !freezeFirstLayer);
    const shape = SHAPE.map((shape) => ({ ...shape, classes: 2 }));
    await fc.assert(fc.asyncProperty(shape, options, holds), { numRuns: 80, seed: 9 });
    const many = options.map((options) => ({ ...options, output: 'one-per-class' }));
    await fc.assert(fc.asyncProperty(SHAPE, many, holds), { numRuns: 80, seed: 11 });
  });

  it('are the same with ties broken at random, and without zeros in the activations', async () => {
    const options = OPTIONS.map((options) => ({ ...options, ties: 'random', greedy: undefined }));
    await fc.assert(fc.asyncProperty(SHAPE, options, holds), { numRuns: 60, seed: 13 });
    const wide = {
      inputs: 10,
      layers: [
        [66, 33],
        [40, 8],
      ],
      samples: 20,
      classes: 3,
      batchSize: 5,
      seed: 2,
    };
    await holds(wide, { ties: 'random', zeros: ['weights', 'classifier'], initialDepth: 3, robustness: 1 });
  });

  it('both have zeros in all three places, during training as well', async () => {
    const shape = {
      inputs: 30,
      layers: [
        [12, 4],
        [12, 4],
      ],
      samples: 20,
      classes: 3,
      batchSize: 5,
      seed: 2,
    };
    const oracle = await compare(shape, { zeros: 'published', initialDepth: 4, robustness: 1 });
    expect(oracle.every((counts) => counts.every((count) => count > 3))).toBe(true);
    expect(oracle[4][0]).not.toBe(oracle[0][0]);
  });

  it('are the same in a layer whose reinforcements lie further apart than one draw can tell', async () => {
    const shape = { layers: [[33, 11]], samples: 12, classes: 3, batchSize: 4, seed: 1 };
    await compare({ ...shape, inputs: 400 }, { robustness: 1, reinforcement: 0.002 });
  });
});
