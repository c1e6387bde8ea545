import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/core/parse.js';
import { randomStreams } from '../../../src/core/random.js';
import { AveragedPerceptron } from '../../../src/layers/averaged-perceptron.js';
import type { FloatNetwork } from '../../../src/layers/network.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { localErrorConfig } from '../../../src/rules/local-error/config.js';
import { LocalErrorLearner } from '../../../src/rules/local-error/local-error.js';
import { problemOf, type RandomProblem, randomProblem, trainEpochs } from '../binary/problem.js';

const kernels = selectKernels('reference');
const PROBLEM = randomProblem(60, 100, 4, 9);
const LAYERS = { layers: [20, 12], groupSize: 4 };

function makeLearner(options: object, problem: RandomProblem = PROBLEM): LocalErrorLearner {
  const config = parse(localErrorConfig, { name: 'local-error', ...LAYERS, ...options });
  return new LocalErrorLearner(config, problemOf(problem), { kernels, streams: randomStreams(1) });
}

const hidden = ({ layers }: LocalErrorLearner): number[][] =>
  layers.map(({ weights }) => [...weights.hidden.values]);

/** What a network of floats answers, one number after the other. */
function answers({ layers }: FloatNetwork, x: ArrayLike<number>): number[] {
  return layers.reduce<number[]>((inputs, { weights: { rows, columns, values }, activation }) => {
    const sums = Array.from({ length: rows }, (_, k) =>
      inputs.reduce((sum, input, n) => sum + input * values[k * columns + n], 0),
    );
    return activation === 'sign' ? sums.map((z) => (z < 0 ? -1 : 1)) : sums;
  }, Array.from(x));
}

describe('a read-out by an averaged perceptron', () => {
  it('trains beside the layers and tells them nothing', async () => {
    const options = { reinforcement: 0 };
    const [without, made] = [makeLearner(options), makeLearner({ ...options, perceptronReadOut: {} })];
    await trainEpochs(without, PROBLEM, 3);
    await trainEpochs(made, PROBLEM, 3);
    expect(hidden(made)).toEqual(hidden(without));
    expect(await made.predict(PROBLEM.data.inputs)).not.toEqual(await without.predict(PROBLEM.data.inputs));
  });

  it('is the perceptron on what the last layer gives, of frozen layers as they were drawn', async () => {
    const made = makeLearner({ freezeLayers: 'all', perceptronReadOut: { margin: 1 }, reinforcement: 1 });
    const drawn = hidden(made);
    const { data } = PROBLEM;
    let activations = data.inputs;
    for (const { weights } of made.layers) {
      const next = kernels.bitMatrix(60, weights.hidden.rows);
      kernels.product(activations, weights.visible, kernels.int32Matrix(60, weights.hidden.rows), next);
      activations = next;
    }
    const perceptron = new AveragedPerceptron(kernels, { classes: 4, neurons: 12, margin: 1 });
    const batch = perceptron.allocate(60);
    const accuracies = [];
    for (let epoch = 0; epoch < 3; epoch++) {
      const wrong = perceptron.update(activations, data.labels, batch);
      accuracies.push(100 * (1 - wrong / 60));
      const order = Uint32Array.from({ length: 60 }, (_, i) => i);
      const observed = await made.trainEpoch({ data, order, batchSize: 60, afterBatch: () => undefined });
      expect(observed.trainAccuracy).toBeCloseTo(accuracies[epoch], 10);
      expect(observed.layers?.map(({ flips }) => flips)).toEqual([0, 0]);
    }
    expect(accuracies[2]).toBeGreaterThan(accuracies[0]);
    expect(hidden(made)).toEqual(drawn);
    expect(made.saveState()).toMatchObject(perceptron.saveState());
  });

  it('is kept as a network of floats, which are integers, and answers the same', async () => {
    const made = makeLearner({ perceptronReadOut: {} });
    await trainEpochs(made, PROBLEM, 4);
    const network = made.network() as FloatNetwork;
    expect(network).toMatchObject({ kind: 'float', inputForm: 'binarized' });
    expect(network.layers.map(({ activation }) => activation)).toEqual(['sign', 'sign', 'identity']);
    const predictions = await made.predict(PROBLEM.data.inputs);
    predictions.forEach((predicted, b) => {
      const logits = answers(network, PROBLEM.data.inputs.signs(b));
      expect(logits.every(Number.isInteger)).toBe(true);
      expect(logits.indexOf(Math.max(...logits))).toBe(predicted);
    });
    // The network is a copy.
    const before = Array.from(network.layers[2].weights.values);
    await trainEpochs(made, PROBLEM, 1);
    expect([...network.layers[2].weights.values]).toEqual(before);
  });

  it('counts what it is made of and what it does', async () => {
    const layers = 20 * 100 + 12 * 20;
    const all = makeLearner({ freezeLayers: 'all', perceptronReadOut: {} });
    expect(all.parameters).toBe(4 * 12);
    expect(makeLearner({ perceptronReadOut: {} }).parameters).toBe(layers + 4 * 12);
    // Frozen weights of 1 bit, local classifiers of 1, weights of the perceptron of 16 and their sums of 64.
    expect(all.memoryBits.model).toBe(layers + 4 * (20 + 12) + 80 * 4 * 12);
    await all.trainEpoch({
      data: PROBLEM.data,
      order: Uint32Array.of(0),
      batchSize: 1,
      afterBatch: () => undefined,
    });
    // 15 digits of a weight; two rows of 12 weights step, or none, and every sum is added to once.
    const { xnorBits, stepBits } = all.operations();
    expect(xnorBits).toBe(layers + 4 * (20 + 12) + 15 * 4 * 12);
    expect([0, 16 * 2 * 12].map((steps) => steps + 64 * 4 * 12)).toContain(stepBits);
  });

  it.each([
    [{ freezeLayers: 3 }, 'freezeLayers: expected no more than there are layers, got 3'],
    [{ freezeLayers: 0 }, 'freezeLayers: expected'],
    [
      { freezeLayers: 1, freezeFirstLayer: true },
      'freezeLayers: expected none with freezeFirstLayer, which says the same of the first layer, got 1',
    ],
    [
      { freezeLayers: 'all' },
      "freezeLayers: expected trainClassifier or perceptronReadOut where all layers are frozen: nothing would learn, got 'all'",
    ],
    [
      { freezeLayers: 1, greedy: { epochsPerLayer: 1 } },
      'greedy: expected none with freezeLayers: frozen layers would have a turn, got { epochsPerLayer: 1 }',
    ],
    [
      { perceptronReadOut: {}, readOut: 'summed' },
      'perceptronReadOut: expected none with readOut summed: one of them decides, got',
    ],
    [
      { perceptronReadOut: {}, greedy: { epochsPerLayer: 1 } },
      'perceptronReadOut: expected none with greedy: the layer that it reads changes, got',
    ],
    [
      { perceptronReadOut: {}, majorityAfterEpochs: 1 },
      'perceptronReadOut: expected none with majorityAfterEpochs: it learns on activations of the weights themselves, got',
    ],
    [
      { perceptronReadOut: {}, zeros: 'published' },
      'perceptronReadOut: expected none with zeros: it reads activations of ±1, got',
    ],
    [
      { perceptronReadOut: { margin: -1 } },
      'perceptronReadOut.margin: expected a number of at least 0, got -1',
    ],
  ])('refuses %o', (options, expected) => {
    expect(() => makeLearner(options)).toThrow(expected);
  });

  it('freezes the first layer under both names alike', async () => {
    const made = [{ freezeLayers: 1 }, { freezeFirstLayer: true }].map((options) => makeLearner(options));
    const observed = await Promise.all(made.map((learner) => trainEpochs(learner, PROBLEM, 2)));
    expect(observed[0]).toEqual(observed[1]);
    expect(made[0].saveState()).toEqual(made[1].saveState());
  });
});
