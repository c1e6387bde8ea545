import { describe, expect, it } from 'vitest';
import { vector } from '../../../src/core/shape.js';
import {
  cut,
  inOrder,
  labelled,
  makeLearner,
  randomBatch,
  realRows,
  relativeError,
  weightsOf,
} from './helpers.js';
import {
  backpropagate,
  descend,
  descendByAdam,
  differentiate,
  meanLoss,
  predictClass,
  type Weights,
  zip,
} from './mlp-oracle.js';

/** One and two hidden layers: N, K₁ …, C. */
const NETWORKS = [
  [5, 7, 3],
  [6, 9, 4, 3],
];
const SAMPLES = 8;

/** Trains `epochs` times over random data in batches of 3, 3 and 2. */
async function train(
  config: Record<string, unknown>,
  widths: readonly number[],
  epochs: number,
): Promise<{ start: Weights; end: Weights; batches: ReturnType<typeof cut> }> {
  const [inputs, classes] = [widths[0], widths[widths.length - 1]];
  const learner = await makeLearner(
    { ...config, layers: widths.slice(1, -1) },
    { input: vector(inputs), classes, batchSize: 3, hasValidation: false },
  );
  const batch = randomBatch(SAMPLES, inputs, classes, 'training-step');
  const start = weightsOf(learner.saveState(), widths);
  for (let epoch = 0; epoch < epochs; epoch++) await learner.trainEpoch(inOrder(labelled(batch), 3));
  const end = weightsOf(learner.saveState(), widths);
  await learner.dispose();
  return { start, end, batches: Array.from({ length: epochs }, () => cut(batch, 3)).flat() };
}

/** What training added to the weights. */
function change(start: Weights, end: Weights): Weights {
  return zip(end, start, (after, before) => after - before);
}

describe.each(NETWORKS)('a network of %i, %i, … units', (...widths) => {
  const [inputs, classes] = [widths[0], widths[widths.length - 1]];
  const task = { input: vector(inputs), classes, batchSize: SAMPLES, hasValidation: false };
  const batch = randomBatch(SAMPLES, inputs, classes, 'one-step');

  it('moves by minus the gradient in one step of learning rate 1', async () => {
    const learner = await makeLearner({ name: 'sgd', layers: widths.slice(1, -1), learningRate: 1 }, task);
    const start = weightsOf(learner.saveState(), widths);
    await learner.trainEpoch(inOrder(labelled(batch), SAMPLES));
    const gradient = change(weightsOf(learner.saveState(), widths), start);
    expect(relativeError(gradient, backpropagate(start, batch))).toBeLessThan(3e-6);
    expect(relativeError(gradient, differentiate(start, batch))).toBeLessThan(3e-6);
    await learner.dispose();
  });

  it('reports mean −log softmax and the right predictions, both from before the update', async () => {
    const learner = await makeLearner({ name: 'sgd', layers: widths.slice(1, -1), learningRate: 1 }, task);
    const start = weightsOf(learner.saveState(), widths);
    const observation = await learner.trainEpoch(inOrder(labelled(batch), SAMPLES));
    const right = batch.inputs.filter((row, b) => predictClass(start, row) === batch.labels[b]).length;
    expect(observation.loss).toBeCloseTo(meanLoss(start, batch), 6);
    expect(observation.trainAccuracy).toBe((100 * right) / SAMPLES);
    expect(observation.layers).toBeUndefined();
    await learner.dispose();
  });

  it.each([0, 0.9])('follows gradient descent with momentum %d over ragged batches', async (momentum) => {
    const config = { name: 'sgd', learningRate: 0.1, momentum };
    const { start, end, batches } = await train(config, widths, 4);
    const expected = descend(start, batches, 0.1, momentum);
    expect(batches.map(({ labels }) => labels.length).slice(0, 3)).toEqual([3, 3, 2]);
    expect(relativeError(change(start, end), change(start, expected))).toBeLessThan(1e-5);
  });

  it.each([
    { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    { learningRate: 0.02, beta1: 0.5, beta2: 0.7, epsilon: 0.1 },
    { learningRate: 0.01, beta1: 0, beta2: 0, epsilon: 0.01 },
  ])('follows Adam with $beta1, $beta2, $epsilon over ragged batches', async (constants) => {
    const { start, end, batches } = await train({ name: 'adam', ...constants }, widths, 4);
    const expected = descendByAdam(start, batches, constants);
    expect(relativeError(change(start, end), change(start, expected))).toBeLessThan(1e-4);
  });
});

describe('the mean over an epoch', () => {
  it('weighs samples, not batches, when the last batch is smaller', async () => {
    const widths = [4, 5, 3];
    const batch = randomBatch(5, 4, 3, 'ragged-mean');
    const task = { input: vector(4), classes: 3, batchSize: 4, hasValidation: false };
    const learner = await makeLearner({ name: 'sgd', layers: [5], learningRate: 0.5 }, task);
    const start = weightsOf(learner.saveState(), widths);
    const { loss } = await learner.trainEpoch(inOrder(labelled(batch), 4));
    const [first, last] = cut(batch, 4);
    const second = descend(start, [first], 0.5, 0);
    expect(loss).toBeCloseTo((4 * meanLoss(start, first) + meanLoss(second, last)) / 5, 6);
    await learner.dispose();
  });

  it('is log 2 and half right when both classes look the same', async () => {
    const task = { input: vector(2), classes: 2, batchSize: 4, hasValidation: false };
    const learner = await makeLearner({ name: 'sgd', layers: [3] }, task);
    const blank = [0, 0];
    const data = { inputs: realRows([blank, blank, blank, blank]), labels: Int32Array.of(0, 1, 1, 0) };
    // Equal logits: the lowest class wins the tie, and softmax is one half.
    expect(await learner.trainEpoch(inOrder(data, 4))).toEqual({
      trainAccuracy: 50,
      loss: expect.closeTo(Math.log(2), 6),
    });
    await learner.dispose();
  });

  it('stays finite for logits beyond the range of exp', async () => {
    const task = { input: vector(1), classes: 2, batchSize: 1, hasValidation: false };
    const learner = await makeLearner({ name: 'sgd', layers: [1], learningRate: 1e-9 }, task);
    const weights = { 'layer-1/weights': Float32Array.of(1), 'layer-2/weights': Float32Array.of(0, 1000) };
    learner.loadState({ ...learner.saveState(), ...weights });
    const data = { inputs: realRows([[1]]), labels: Int32Array.of(0) };
    expect((await learner.trainEpoch(inOrder(data, 1))).loss).toBe(1000);
    await learner.dispose();
  });
});
