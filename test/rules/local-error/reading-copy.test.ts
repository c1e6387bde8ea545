import { describe, expect, it } from 'vitest';
import { predict, train } from '../../../docs/reading-copy.js';
import { randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { localErrorConfig } from '../../../src/rules/local-error/config.js';
import { LocalErrorLearner } from '../../../src/rules/local-error/local-error.js';
import { type RandomProblem, randomProblem } from '../binary/problem.js';

/** `local-error` with the options of the reading copy, in the order in which a run shows samples. */
async function trainRule(
  { data, classes }: RandomProblem,
  epochs: number,
  seed: number,
): Promise<LocalErrorLearner> {
  const config = localErrorConfig.parse({
    name: 'local-error',
    layers: [60, 60],
    groupSize: 15,
    robustness: 0.25,
    reinforcement: 0.5,
  });
  const task = { input: vector(data.inputs.columns), classes, batchSize: 100, hasValidation: false };
  const streams = randomStreams(seed);
  const learner = new LocalErrorLearner(config, task, { kernels: selectKernels('reference'), streams });
  const shuffle = streams.stream('training/order');
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffle.permutation(data.labels.length);
    await learner.trainEpoch({ data, order, batchSize: 100, afterBatch: () => undefined });
  }
  return learner;
}

/** What both hold of a layer. */
function stateOf(layer: ReturnType<typeof train>[number]) {
  const { hidden, visible, classifier, gaps } = layer;
  return [hidden.values, visible.words, classifier.words, Uint32Array.from(gaps.state)];
}

describe('the reading copy', () => {
  it.each([0, 1, 5])('is the rule bit for bit after %i epochs', async (epochs) => {
    const problem = randomProblem(250, 70, 4, 8);
    const { inputs, labels } = problem.data;
    const copy = train(inputs, labels, problem.classes, epochs, 3);
    const rule = await trainRule(problem, epochs, 3);
    const state = rule.saveState();
    expect(copy.map(stateOf)).toEqual(
      rule.layers.map(({ weights, classifier }, l) => [
        weights.hidden.values,
        weights.visible.words,
        classifier.visible.words,
        state[`layer-${l + 1}/gaps`],
      ]),
    );
    expect(predict(copy, inputs)).toEqual(await rule.predict(inputs));
  });

  it('learns, and goes on as the rule does once all training samples are right', async () => {
    const problem = randomProblem(30, 200, 3, 2);
    const { inputs, labels } = problem.data;
    const copy = train(inputs, labels, problem.classes, 60, 1);
    expect(predict(copy, inputs)).toEqual(labels);
    const rule = await trainRule(problem, 60, 1);
    const state = rule.saveState();
    expect(copy.map((layer) => stateOf(layer)[0])).toEqual(
      rule.layers.map(({ weights }) => weights.hidden.values),
    );
    expect(copy.map((layer) => stateOf(layer)[3])).toEqual([state['layer-1/gaps'], state['layer-2/gaps']]);
  });
});
