import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { parse } from '../../../src/core/parse.js';
import { randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { localErrorConfig } from '../../../src/rules/local-error/config.js';
import { LocalErrorLearner } from '../../../src/rules/local-error/local-error.js';
import {
  expectToResume,
  PRESENT_BACKENDS,
  problemOf,
  type RandomProblem,
  randomProblem,
  stateHash,
  trainEpochs,
} from '../binary/problem.js';

function makeLearner(
  problem: RandomProblem,
  options: object,
  seed = 1,
  backend = 'reference',
): LocalErrorLearner {
  const config = parse(localErrorConfig, { name: 'local-error', ...options });
  const context = { kernels: selectKernels(backend), streams: randomStreams(seed) };
  return new LocalErrorLearner(config, problemOf(problem), context);
}

const PROBLEM = randomProblem(60, 100, 4, 9);
const LAYERS = { layers: [20, 12], groupSize: 1 };

describe.each([
  { readOut: 'summed' },
  { majorityAfterEpochs: 1 },
  { flipThreshold: 6 },
  { majorityAfterEpochs: 3, readOut: 'summed' },
  { greedy: { epochsPerLayer: 2 } },
  { greedy: { epochsPerLayer: 3 }, readOut: 'summed', trainClassifier: true },
  { groupSchedule: { patience: 2 } },
  { zeros: 'published', initialDepth: 5 },
  { ties: 'random' },
  { zeros: ['activations', 'classifier'], trainClassifier: true, readOut: 'summed' },
  { groupSchedule: { patience: 1 }, readOut: 'summed', inputFlipProbability: 0.1 },
  { perceptronReadOut: { margin: 3 } },
  { perceptronReadOut: {}, freezeLayers: 'all' },
  { freezeLayers: 1, trainClassifier: true },
])('with %o', (options) => {
  it('continues from a saved state as if it had never stopped', async () => {
    await expectToResume((seed) => makeLearner(PROBLEM, { ...LAYERS, ...options }, seed), PROBLEM);
  });

  it('ends in the same state on every backend', async () => {
    const hashes = PRESENT_BACKENDS.map(async (backend) => {
      const learner = makeLearner(PROBLEM, { ...LAYERS, ...options }, 1, backend);
      const observed = await trainEpochs(learner, PROBLEM, 4);
      return [stateHash(learner.saveState()), ...observed.map(({ trainAccuracy }) => trainAccuracy)];
    });
    const [first, ...others] = await Promise.all(hashes);
    for (const other of others) expect(other).toEqual(first);
  });
});

/*
 * Layers of 3 and 1 neurons on 3 inputs and 2 classes; one sample x = + + +; worked out by hand.
 *
 *   W1 = [+ + +]  z = 3   a = +     P1 = [+ − −] class 0:  ŷ = −1
 *        [+ − +]      1       +          [+ + +] class 1:       3
 *        [− + +]      1       +
 *   W2 = [+ + +]  z = 3   a = +     P2 = [+]     class 0:  ŷ = 1
 *                                        [−]     class 1:      −1
 *   last layer: class 0;  sum 0, 2: class 1
 */
function handMade(options: object): LocalErrorLearner {
  const config = parse(localErrorConfig, { name: 'local-error', layers: [3, 1], groupSize: 1, ...options });
  const task = { input: vector(3), classes: 2, batchSize: 1, hasValidation: false };
  const context = { kernels: selectKernels('reference'), streams: randomStreams(7) };
  const made = new LocalErrorLearner(config, task, context);
  made.loadState({
    ...made.saveState(),
    'layer-1/hidden': Int16Array.of(9, 9, 9, 9, -9, 9, -9, 9, 9),
    'layer-1/classifier': Int16Array.of(1, -1, -1, 1, 1, 1),
    'layer-2/hidden': Int16Array.of(9, 9, 9),
    'layer-2/classifier': Int16Array.of(1, -1),
  });
  return made;
}
const SAMPLE = BitMatrix.fromSigns([[1, 1, 1]]);
const trainOnSample = (learner: LocalErrorLearner, label: number) =>
  learner.trainEpoch({
    data: { inputs: SAMPLE, labels: Int32Array.of(label) },
    order: Uint32Array.of(0),
    batchSize: 1,
    afterBatch: () => undefined,
  });

describe('read-out', () => {
  it('is the last layer or the sum of all, in prediction and training accuracy', async () => {
    const accuracies = async (readOut: string) => ({
      predicted: [...(await handMade({ readOut }).predict(SAMPLE))],
      asClass0: (await trainOnSample(handMade({ readOut }), 0)).trainAccuracy,
      asClass1: (await trainOnSample(handMade({ readOut }), 1)).trainAccuracy,
    });
    expect(await accuracies('last')).toEqual({ predicted: [0], asClass0: 100, asClass1: 0 });
    expect(await accuracies('summed')).toEqual({ predicted: [1], asClass0: 0, asClass1: 100 });
  });

  it('leaves the updates local: with p_r = 0 both read-outs train the same weights', async () => {
    const states = ['last', 'summed'].map(async (readOut) => {
      const learner = makeLearner(PROBLEM, { ...LAYERS, readOut, reinforcement: 0 });
      await trainEpochs(learner, PROBLEM, 3);
      return { ...learner.saveState(), progress: undefined };
    });
    const [last, summed] = await Promise.all(states);
    expect(summed).toEqual(last);
  });

  it('adds up the logits of layers of unequal width', async () => {
    const learner = makeLearner(PROBLEM, { layers: [20, 7, 33], groupSize: 1, readOut: 'summed' });
    await trainEpochs(learner, PROBLEM, 2);
    expect([...(await learner.predict(PROBLEM.data.inputs))]).toEqual(summedPredictions(learner, PROBLEM));
    expect(learner.memoryBits).toEqual(
      makeLearner(PROBLEM, { layers: [20, 7, 33], groupSize: 1 }).memoryBits,
    );
  });
});

/**
 * argmax Σ_l P_l a_l for every sample, sign by sign.
 * @param signs - of the weights of each layer: entry k are those of neuron k
 */
function summedPredictions(
  learner: LocalErrorLearner,
  { data, classes }: RandomProblem,
  signs = visibleSigns(learner),
): number[] {
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from(a).reduce((sum, sign, i) => sum + sign * b[i], 0);
  return Array.from({ length: data.inputs.rows }, (_, b) => {
    let activations = [...data.inputs.signs(b)];
    const sums = new Array<number>(classes).fill(0);
    for (const [l, { classifier }] of learner.layers.entries()) {
      const below = activations;
      activations = signs[l].map((row) => (dot(row, below) >= 0 ? 1 : -1));
      for (let c = 0; c < classes; c++) sums[c] += dot(classifier.visible.signs(c), activations);
    }
    return sums.indexOf(Math.max(...sums));
  });
}

/** Of each layer and neuron. */
function visibleSigns({ layers }: LocalErrorLearner): number[][][] {
  return layers.map(({ shape, weights }) =>
    Array.from({ length: shape.neurons }, (_, k) => [...weights.visible.signs(k)]),
  );
}

describe('majority', () => {
  const options = { ...LAYERS, readOut: 'summed', majorityAfterEpochs: 2 };

  it('predicts as the weights voted after each epoch beyond those it skips, the latest deciding ties', async () => {
    const learner = makeLearner(PROBLEM, options);
    const predict = async () => [...(await learner.predict(PROBLEM.data.inputs))];
    const ballots: number[][][][] = [];
    for (let epoch = 1; epoch <= 5; epoch++) {
      await trainEpochs(learner, PROBLEM, 1);
      if (epoch > 2) ballots.push(visibleSigns(learner));
      const latest = visibleSigns(learner);
      const expected = latest.map((layer, l) =>
        layer.map((row, k) =>
          row.map((sign, i) => Math.sign(ballots.reduce((sum, cast) => sum + cast[l][k][i], 0)) || sign),
        ),
      );
      expect(await predict()).toEqual(summedPredictions(learner, PROBLEM, expected));
      if (epoch === 4) expect(expected).not.toEqual(ballots[0]);
    }
  });

  it('leaves training as it is', async () => {
    const learner = makeLearner(PROBLEM, options);
    const plain = makeLearner(PROBLEM, { ...options, majorityAfterEpochs: undefined });
    expect(await trainEpochs(learner, PROBLEM, 4)).toEqual(await trainEpochs(plain, PROBLEM, 4));
    const { 'layer-1/votes': first, 'layer-2/votes': second, ...state } = learner.saveState();
    expect(state).toEqual(plain.saveState());
    expect([first.length, second.length]).toEqual([20 * 100, 12 * 20]);
  });

  it('takes a count of 32 bits for each weight, and adds to it once an epoch', async () => {
    const learner = makeLearner(PROBLEM, options);
    const plain = makeLearner(PROBLEM, { ...options, majorityAfterEpochs: undefined });
    for (const one of [learner, plain]) await trainEpochs(one, PROBLEM, 5);
    const weights = 20 * 100 + 12 * 20;
    expect(learner.memoryBits.model - plain.memoryBits.model).toBe(32 * weights);
    expect(learner.operations().stepBits - plain.operations().stepBits).toBe(3 * 32 * weights);
  });
});

describe('greedy training', () => {
  const greedy = { epochsPerLayer: 2 };
  const hidden = (learner: LocalErrorLearner) =>
    learner.layers.map(({ weights }) => weights.hidden.values.slice());

  it('changes one layer at a time; the last gets the epochs that are left', async () => {
    const learner = makeLearner(PROBLEM, { layers: [20, 12, 8], groupSize: 4, greedy });
    const changed = [];
    for (let epoch = 0; epoch < 7; epoch++) {
      const before = hidden(learner);
      const [{ layers }] = await trainEpochs(learner, PROBLEM, 1);
      const after = hidden(learner);
      changed.push(before.map((values, l) => values.some((h, i) => h !== after[l][i])));
      expect(layers?.map(({ triggerShare }) => triggerShare > 0)).toEqual(changed[epoch]);
    }
    const turns = [0, 0, 1, 1, 2, 2, 2];
    expect(changed).toEqual(turns.map((turn) => [0, 1, 2].map((l) => l === turn)));
  });

  it('is a network of one layer during the first turn', async () => {
    const learner = makeLearner(PROBLEM, { layers: [20, 12], groupSize: 4, greedy });
    const single = makeLearner(PROBLEM, { layers: [20], groupSize: 4 });
    expect(await trainEpochs(learner, PROBLEM, 2)).toMatchObject(
      (await trainEpochs(single, PROBLEM, 2)).map(({ trainAccuracy }) => ({ trainAccuracy })),
    );
    expect(hidden(learner)[0]).toEqual(hidden(single)[0]);
    expect(await learner.predict(PROBLEM.data.inputs)).toEqual(await single.predict(PROBLEM.data.inputs));
    expect(learner.operations()).toEqual(single.operations());
  });

  it('is a network with a frozen first layer during the second turn', async () => {
    const options = { layers: [20, 12], groupSize: 4 };
    const learner = makeLearner(PROBLEM, { ...options, greedy });
    await trainEpochs(learner, PROBLEM, 2);
    const frozen = makeLearner(PROBLEM, { ...options, freezeFirstLayer: true });
    frozen.loadState(learner.saveState());
    const [{ trainAccuracy }] = await trainEpochs(learner, PROBLEM, 1);
    expect((await trainEpochs(frozen, PROBLEM, 1))[0].trainAccuracy).toBe(trainAccuracy);
    expect(hidden(learner)).toEqual(hidden(frozen));
    expect(await learner.predict(PROBLEM.data.inputs)).toEqual(await frozen.predict(PROBLEM.data.inputs));
  });

  it.each([
    ['last', 3 * (3 + 2), 3 * 3 + 1 * (3 + 2)],
    ['summed', 3 * (3 + 2), 3 * (3 + 2) + 1 * (3 + 2)],
  ])('counts what a sample meets in each turn, read-out %s', async (readOut, first, second) => {
    const learner = handMade({ greedy: { epochsPerLayer: 1 }, readOut });
    await trainOnSample(learner, 0);
    expect(learner.operations().xnorBits).toBe(first);
    await trainOnSample(learner, 0);
    expect(learner.operations()).toMatchObject({ xnorBits: first + second, popcountBits: first + second });
    await trainOnSample(learner, 0);
    expect(learner.operations().xnorBits).toBe(first + 2 * second);
  });

  it('holds what its largest turn needs', () => {
    // Turn 1: 9 weights of 16 bits, classifier 3·2, 3 neurons of 2 bits. Turn 2: 9 + 3·16 bits, classifier 2; 3 + 2.
    expect(handMade({ greedy }).memoryBits).toEqual({ model: 9 * 16 + 6, activations: 6 });
    const problem = randomProblem(4, 2, 2, 1);
    const options = { layers: [3, 5], groupSize: 1, greedy };
    // Turn 1: 6 weights; turn 2: 15 weights of 16 bits, 6 of 1 bit, the classifier of 5·2, summed 3·2 more.
    expect(makeLearner(problem, options).memoryBits).toEqual({
      model: 15 * 16 + 6 + 10,
      activations: 8 * (3 + 2 * 5),
    });
    expect(makeLearner(problem, { ...options, readOut: 'summed' }).memoryBits.model).toBe(15 * 16 + 6 + 16);
  });

  it.each([
    [{ greedy: {} }, 'greedy.epochsPerLayer: expected a number, got undefined'],
    [{ greedy: { epochsPerLayer: 0 } }, 'greedy.epochsPerLayer: expected a number of at least 1, got 0'],
    [
      { greedy, groupSchedule: { patience: 1 } },
      'greedy: expected none with a groupSchedule, which lets the groups of all layers grow, got { epochsPerLayer: 2 }',
    ],
    [
      { greedy, freezeFirstLayer: true },
      'greedy: expected none with freezeFirstLayer: the first layer would have a turn, got { epochsPerLayer: 2 }',
    ],
    [
      { greedy, majorityAfterEpochs: 0 },
      'greedy: expected none with majorityAfterEpochs: layers that have not had their turn would vote, got { epochsPerLayer: 2 }',
    ],
    [{ majorityAfterEpochs: -1 }, 'majorityAfterEpochs: expected a number of at least 0, got -1'],
    [{ flipThreshold: 0 }, 'flipThreshold: expected a number of at least 1, got 0'],
    [{ readOut: 'first' }, "readOut: expected one of last, summed, got 'first'"],
  ])('refuses %o', (options, expected) => {
    expect(() => makeLearner(PROBLEM, { ...LAYERS, ...options })).toThrow(expected);
  });
});

describe('group schedule', () => {
  it('lets all groups grow, and larger groups make fewer steps', async () => {
    const stepBits = async (stagnating: number) => {
      const learner = makeLearner(PROBLEM, { ...LAYERS, reinforcement: 0, groupSchedule: { patience: 1 } });
      for (let epoch = 0; epoch <= stagnating; epoch++) learner.afterValidation(50);
      await trainEpochs(learner, PROBLEM, 1);
      return { sizes: learner.groupSizes, stepBits: learner.operations().stepBits };
    };
    const [small, large] = [await stepBits(0), await stepBits(3)];
    expect([small.sizes, large.sizes]).toEqual([
      [1, 1],
      [5, 4],
    ]);
    expect(large.stepBits).toBeLessThan(small.stepBits / 2);
    // γ of 5 and 4 from the start, the same network otherwise.
    const fixed = makeLearner(PROBLEM, { ...LAYERS, groupSize: [5, 4], reinforcement: 0 });
    await trainEpochs(fixed, PROBLEM, 1);
    expect(fixed.operations().stepBits).toBe(large.stepBits);
  });

  it('is refused for data without validation samples', () => {
    const config = parse(localErrorConfig, { name: 'local-error', groupSchedule: { patience: 3 } });
    const context = { kernels: selectKernels('reference'), streams: randomStreams(1) };
    expect(() => new LocalErrorLearner(config, problemOf(PROBLEM, false), context)).toThrow(
      'groupSchedule: expected none, as the data has no validation samples whose accuracy could stagnate, ' +
        'got { patience: 3 }',
    );
  });
});
