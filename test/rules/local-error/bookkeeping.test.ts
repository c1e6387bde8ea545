import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { equiangularClassifier, randomClassifier } from '../../../src/layers/classifier.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { localErrorConfig } from '../../../src/rules/local-error/config.js';
import { LocalErrorLearner, localError } from '../../../src/rules/local-error/local-error.js';
import { randomProblem, trainEpochs } from '../binary/problem.js';

/** Layers of 3 and 5 neurons on 7 inputs for 2 classes, if nothing else is said. */
function learner(options: object, { inputs = 7, batchSize = 8 } = {}): LocalErrorLearner {
  const config = localErrorConfig.parse({
    name: 'local-error',
    layers: [3, 5],
    groupSize: 1,
    hiddenBits: 10,
    ...options,
  });
  const task = { input: vector(inputs), classes: 2, batchSize, hasValidation: false };
  return new LocalErrorLearner(config, task, {
    kernels: selectKernels('reference'),
    streams: randomStreams(7),
  });
}

describe('what a local-error network is made of', () => {
  it('counts the weights that are trained', () => {
    const [first, second] = [3 * 7, 5 * 3];
    expect(learner({}).parameters).toBe(first + second);
    expect(learner({ trainClassifier: true }).parameters).toBe(first + second + 3 * 2 + 5 * 2);
    expect(learner({ freezeFirstLayer: true }).parameters).toBe(second);
    expect(learner({ freezeFirstLayer: true, trainClassifier: true }).parameters).toBe(
      second + 3 * 2 + 5 * 2,
    );
  });

  it('counts bits: 10 for what is trained, 1 for what is fixed, 2 for each neuron and sample', () => {
    const weights = 3 * 7 + 5 * 3;
    const classifiers = 3 * 2 + 5 * 2;
    expect(learner({}).memoryBits).toEqual({ model: 10 * weights + classifiers, activations: 8 * 2 * 8 });
    expect(learner({ trainClassifier: true }).memoryBits.model).toBe(10 * weights + 10 * classifiers);
    expect(learner({ freezeFirstLayer: true }).memoryBits.model).toBe(3 * 7 + 10 * 5 * 3 + classifiers);
  });

  it.each([
    // Turn 1: 21 weights of 10 bits, 6 of the classifier; 2·3 bits of each sample.
    // Turn 2: 15 weights of 10 bits, 21 of 1, 10 of the classifier; 3 + 2·5 bits of each sample.
    { batchSize: 5, largest: { model: 216, activations: 5 * 6 } },
    { batchSize: 6, largest: { model: 181, activations: 6 * 13 } },
  ])('greedy, holds the turn with the largest sum for batches of $batchSize', ({ batchSize, largest }) => {
    expect(learner({ greedy: { epochsPerLayer: 1 } }, { batchSize }).memoryBits).toEqual(largest);
  });

  it('greedy with trained classifiers, counts the bits of those that are trained in the turn', () => {
    // Turn 2: 21 + 10·15 weights, the second classifier of 10·10 bits.
    const options = { greedy: { epochsPerLayer: 1 }, trainClassifier: true };
    expect(learner(options, { batchSize: 100 }).memoryBits.model).toBe(21 + 150 + 100);
    // With a summed read-out the first classifier, no longer trained, is there as well.
    expect(learner({ ...options, readOut: 'summed' }, { batchSize: 100 }).memoryBits.model).toBe(277);
  });

  it.each(['random', 'equiangular'])(
    'draws a %s classifier for every layer from its own stream',
    (classifier) => {
      const make = classifier === 'random' ? randomClassifier : equiangularClassifier;
      const made = learner({ classifier });
      const drawn = made.layers.map(({ shape: { neurons } }, l) =>
        make(2, neurons, randomStreams(7).stream(`local-error/layer-${l + 1}/classifier`)),
      );
      expect(made.layers.map((layer) => layer.classifier.visible)).toEqual(drawn);
    },
  );

  it('draws one row for a single unit and gives the other class its opposite', () => {
    const [layer] = learner({ output: 'single-unit', layers: [9] }).layers;
    const row = randomClassifier(1, 9, randomStreams(7).stream('local-error/layer-1/classifier')).signs(0);
    expect([0, 1].map((c) => [...layer.classifier.visible.signs(c)])).toEqual([
      [...row],
      Array.from(row, (sign) => -sign),
    ]);
  });

  it('is a rule for binarized inputs', async () => {
    const config = localErrorConfig.parse({ name: 'local-error', layers: [4], groupSize: 2 });
    const task = { input: vector(5), classes: 3, batchSize: 2, hasValidation: false };
    const context = { kernels: selectKernels('reference'), streams: randomStreams(1) };
    const made = await localError.createLearner(config, task, context);
    expect([localError.name, localError.version, localError.inputForm(config)]).toEqual([
      'local-error',
      1,
      'binarized',
    ]);
    expect(made.parameters).toBe(20);
    await made.dispose();
  });
});

describe('predictions of a network with several layers', () => {
  const problem = randomProblem(40, 60, 3, 6);
  const make = (options: object) => {
    const config = localErrorConfig.parse({ name: 'local-error', layers: [12, 9], groupSize: 3, ...options });
    const task = { input: vector(60), classes: 3, batchSize: 40, hasValidation: false };
    return new LocalErrorLearner(config, task, {
      kernels: selectKernels('reference'),
      streams: randomStreams(2),
    });
  };

  it('by the last layer are not touched by what training computed in the others', async () => {
    const trained = make({ readOut: 'last' });
    // As many samples in a batch as there are to predict: the same memory.
    await trainEpochs(trained, problem, 2, 40);
    const untouched = make({ readOut: 'last' });
    untouched.loadState(trained.saveState());
    const inputs = problem.data.inputs;
    expect(await trained.predict(inputs)).toEqual(await untouched.predict(inputs));
    const summed = make({ readOut: 'summed' });
    summed.loadState(trained.saveState());
    expect(await summed.predict(inputs)).not.toEqual(await trained.predict(inputs));
  });

  it('of an earlier turn of greedy training are not touched by later ones', async () => {
    const learner = make({ greedy: { epochsPerLayer: 1 }, readOut: 'summed' });
    await trainEpochs(learner, problem, 1, 40);
    const [saved, predictions] = [learner.saveState(), await learner.predict(problem.data.inputs)];
    await trainEpochs(learner, problem, 2, 40);
    expect(await learner.predict(problem.data.inputs)).not.toEqual(predictions);
    learner.loadState(saved);
    expect(await learner.predict(problem.data.inputs)).toEqual(predictions);
  });

  it('come from the turn in which the state was saved', async () => {
    const learner = make({ greedy: { epochsPerLayer: 1 } });
    await trainEpochs(learner, problem, 3, 40);
    const resumed = make({ greedy: { epochsPerLayer: 1 } });
    resumed.loadState(learner.saveState());
    expect(await resumed.predict(problem.data.inputs)).toEqual(await learner.predict(problem.data.inputs));
    expect(await resumed.predict(problem.data.inputs)).not.toEqual(
      await make({}).predict(problem.data.inputs),
    );
  });

  it('of a single unit decide for class 0 at 0', async () => {
    const single = learner({ output: 'single-unit', layers: [2] }, { inputs: 1 });
    // a = + −, and both rows of the classifier give 0.
    single.loadState({
      ...single.saveState(),
      'layer-1/hidden': Int16Array.of(1, -1),
      'layer-1/classifier': Int16Array.of(1, 1, -1, -1),
    });
    expect([...(await single.predict(BitMatrix.fromSigns([[1], [-1]])))]).toEqual([0, 0]);
  });
});
