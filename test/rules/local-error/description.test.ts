import { describe, expect, it } from 'vitest';
import { randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { localErrorConfig } from '../../../src/rules/local-error/config.js';
import { LocalErrorLearner, localError } from '../../../src/rules/local-error/local-error.js';
import { randomProblem, trainEpochs } from '../binary/problem.js';

/** Layers of 3 and 5 neurons on 7 inputs for 2 classes: 21 and 15 weights, 6 and 10 of classifiers. */
const PROBLEM = { input: vector(7), classes: 2, batchSize: 8, hasValidation: false };
const DATA = randomProblem(10, 7, 2, 5);

const configOf = (options: object) =>
  localErrorConfig.parse({ name: 'local-error', layers: [3, 5], groupSize: 1, hiddenBits: 10, ...options });

const learnerOf = (options: object) =>
  new LocalErrorLearner(configOf(options), PROBLEM, {
    kernels: selectKernels('reference'),
    streams: randomStreams(7),
  });

const GREEDY = { greedy: { epochsPerLayer: 1 } };

describe('what a sample takes at least', () => {
  it.each([
    ['all layers', {}, 21 + 6 + 15 + 10],
    ['the smaller turn of greedy training, the first', GREEDY, 21 + 6],
    ['the smaller turn of greedy training, the second', { ...GREEDY, layers: [1, 9] }, 7 + 2],
    ['the same with a summed read-out', { ...GREEDY, readOut: 'summed' }, 21 + 6],
  ])('%s', (_name, options, bits) => {
    const { operationsPerSample } = localError.describe(configOf(options), PROBLEM);
    expect(operationsPerSample).toEqual({
      xnorBits: bits,
      popcountBits: bits,
      stepBits: 0,
      floatOperations: 0,
    });
  });

  it('with noise on the inputs, one comparison for each of them more', () => {
    const { operationsPerSample } = localError.describe(configOf({ inputFlipProbability: 0.1 }), PROBLEM);
    expect(operationsPerSample).toEqual({ xnorBits: 59, popcountBits: 52, stepBits: 0, floatOperations: 0 });
  });

  it('is counted turn by turn, with the classifiers that are asked in it', async () => {
    const counted = async (options: object) => {
      const learner = learnerOf(options);
      await trainEpochs(learner, DATA, 3);
      return learner.operations().popcountBits;
    };
    // 10 samples in the first turn, 20 in the second, which asks the first classifier where the read-out does.
    expect(await counted(GREEDY)).toBe(10 * (21 + 6) + 20 * (21 + 15 + 10));
    expect(await counted({ ...GREEDY, readOut: 'summed' })).toBe(10 * (21 + 6) + 20 * (21 + 6 + 15 + 10));
    expect(await counted({})).toBe(30 * 52);
  });
});

describe('a run of local-error', () => {
  it.each([
    [{ groupSize: 2 }, 3, /^rule\.groupSize/],
    [
      { greedy: { epochsPerLayer: 4 } },
      4,
      /^epochs: expected more than the 4 epochs that the layers before the last take, got 4$/,
    ],
  ])('is refused when groups or turns do not fit: %o', (options, epochs, message) => {
    expect(() => localError.check?.(configOf(options), { epochs, tasks: 1 })).toThrow(message);
    expect(
      localError.check?.(configOf({ greedy: { epochsPerLayer: 4 } }), { epochs: 5, tasks: 1 }),
    ).toBeUndefined();
  });
});

describe('the network of a local-error learner', () => {
  const visible = (learner: LocalErrorLearner) => learner.layers.map(({ weights }) => weights.visible);

  it('has the layers of the turn, with weights and classifiers that do not follow training', async () => {
    const learner = learnerOf(GREEDY);
    await trainEpochs(learner, DATA, 1);
    const first = learner.network();
    const [weights] = visible(learner);
    expect(first).toHaveProperty('layers.length', 1);
    expect(first).toMatchObject({ layers: [{ weights, classifier: learner.layers[0].classifier.visible }] });
    const words = weights.words.slice();
    await trainEpochs(learner, DATA, 1);
    const second = learner.network();
    expect(second).toHaveProperty('layers.length', 2);
    expect(second).toMatchObject({ layers: visible(learner).map((now) => ({ weights: now })) });
    learner.layers[0].weights.visible.words.fill(0);
    expect([...words].some((word) => word !== 0)).toBe(true);
    expect(first).toMatchObject({ layers: [{ weights: { words } }] });
  });

  it('gives its hidden weights as copies', async () => {
    const learner = learnerOf({});
    const hidden = learner.hiddenWeights();
    const before = learner.layers.map(({ weights }) => weights.hidden.values.slice());
    expect(hidden.map(({ rows, columns }) => [rows, columns])).toEqual([
      [3, 7],
      [5, 3],
    ]);
    await trainEpochs(learner, DATA, 1);
    expect(hidden.map(({ values }) => values)).toEqual(before);
    expect(learner.hiddenWeights().map(({ values }) => values)).not.toEqual(before);
  });
});
