import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { parse } from '../../../src/core/parse.js';
import { RandomStream, randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { TernaryMatrix } from '../../../src/core/ternary-matrix.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { localErrorConfig } from '../../../src/rules/local-error/config.js';
import { LocalErrorLearner, localError } from '../../../src/rules/local-error/local-error.js';
import { refusal, reinforced } from '../binary/problem.js';

/*
 * Two layers, 3 inputs → 4 neurons (γ = 2) → 2 neurons (γ = 2), 2 classes; one batch of three samples; zeros among the weights, the
 * activations and the classifiers; worked out by hand. A dot is 0.
 *
 *   H1 = [ 2  1  3]  W1 = [+ + +]   P1 = [+ − · +] (class 0)   H2 = [ 1 1 2  1]  W2 = [+ + + +]   P2 = [+ −] (class 0)
 *        [ 0  2 −3]       [· + −]        [· − + −] (class 1)        [−1 0 3 −4]       [− · + −]        [− ·] (class 1)
 *        [ 5  0  1]       [+ · +]
 *        [−1 −1  2]       [− − +]        margins ⌊0.25·4⌋ = 1 and ⌊0.25·2⌋ = 0
 *
 *   layer 1  x0 = + + −, label 0:  z = 1 2 0 −3   a = + + · −  ŷ = −1 0   wrong: triggers
 *               a* = + − · +, s = 1 −2 | 0 −3: neuron 1 towards −; nothing is desired of neuron 2: 3 towards +
 *            x1 = − + +, label 1:  z = 1 0 0 1    a = + · · +  ŷ = 2 −1   wrong: triggers
 *               a* = · − + −, s = 0 0 | 0 −1: group (0, 1) has no wrong neuron; 3 towards −
 *            x2 = + − +, label 0:  z = 1 −2 2 1   a = + − + +  ŷ = 3 1    right, lead 2: nothing
 *            h1 −= 2·x0: 0 2 −3 → −2 0 −1, of which two change;  h3 += 2·(x0 − x1) = (4 0 −4): −1 −1 2 → 3 −1 −2, two change
 *   layer 2, on a as it was before
 *            x0: z = 1 0   a = + ·  ŷ = 1 −1   right, lead 2: nothing
 *            x1: z = 2 −2  a = + −  ŷ = 2 −1   wrong; a* = − ·, s = −2 0: neuron 0 towards −
 *            x2: z = 2 −1  a = + −  ŷ = 2 −1   right, lead 3: nothing
 *            h0 −= 2·(+ · · +): 1 1 2 1 → −1 1 2 −1, two change
 */
const SAMPLES = BitMatrix.fromSigns([
  [1, 1, -1],
  [-1, 1, 1],
  [1, -1, 1],
]);
const LABELS = Int32Array.of(0, 1, 0);
const AFTER = [
  [2, 1, 3, -2, 0, -1, 5, 0, 1, 3, -1, -2],
  [-1, 1, 2, -1, -1, 0, 3, -4],
];

function learner(options: object = {}): LocalErrorLearner {
  const config = localErrorConfig.parse({
    name: 'local-error',
    layers: [4, 2],
    groupSize: 2,
    robustness: 0.25,
    reinforcement: 0,
    hiddenBits: 4,
    zeros: 'published',
    ...options,
  });
  const task = { input: vector(3), classes: 2, batchSize: 3, hasValidation: false };
  const context = { kernels: selectKernels('reference'), streams: randomStreams(7) };
  const made = new LocalErrorLearner(config, task, context);
  made.loadState({
    ...made.saveState(),
    'layer-1/hidden': Int16Array.of(2, 1, 3, 0, 2, -3, 5, 0, 1, -1, -1, 2),
    'layer-1/classifier': Int16Array.of(1, -1, 0, 1, 0, -1, 3, -2),
    'layer-2/hidden': Int16Array.of(1, 1, 2, 1, -1, 0, 3, -4),
    'layer-2/classifier': Int16Array.of(1, -1, -1, 0),
  });
  return made;
}

function trainOnce(made: LocalErrorLearner) {
  return made.trainEpoch({
    data: { inputs: SAMPLES, labels: LABELS },
    order: Uint32Array.of(0, 1, 2),
    batchSize: 3,
    afterBatch: () => undefined,
  });
}

const hiddenOf = (made: LocalErrorLearner) => made.layers.map(({ weights }) => [...weights.hidden.values]);

describe('one batch of the local-error rule with zeros, worked out by hand', () => {
  it('computes pre-activations, activations and logits', () => {
    const [layer] = learner().layers;
    const batch = layer.allocateBatch(3);
    layer.forward(SAMPLES, batch);
    layer.classify(batch);
    expect([...batch.preActivations.values]).toEqual([1, 2, 0, -3, 1, 0, 0, 1, 1, -2, 2, 1]);
    const { activations } = batch;
    if (!(activations instanceof TernaryMatrix)) throw new TypeError('activations may be 0');
    expect([0, 1, 2].map((row) => [...activations.values(row)])).toEqual([
      [1, 1, 0, -1],
      [1, 0, 0, 1],
      [1, -1, 1, 1],
    ]);
    expect([...batch.logits.values]).toEqual([-1, 0, 2, -1, 3, 1]);
  });

  it('triggers, selects and steps', async () => {
    const made = learner();
    const { trainAccuracy, layers } = await trainOnce(made);
    expect(hiddenOf(made)).toEqual(AFTER);
    expect(trainAccuracy).toBeCloseTo((100 * 2) / 3);
    expect(layers).toMatchObject([
      { triggerShare: 2 / 3, flips: 4, boundShare: 0 },
      { triggerShare: 1 / 3, flips: 2, boundShare: 0 },
    ]);
    // |h| of 1, of 2 or 3, and of 4 or more; the weights of 0 are in none.
    expect(layers?.map(({ depthHistogram }) => depthHistogram.slice(0, 3))).toEqual([
      [4, 5, 1],
      [4, 2, 1],
    ]);
  });

  it('reinforces what is not 0', async () => {
    const made = learner({ reinforcement: 1 });
    await trainOnce(made);
    const expected = AFTER.map((hidden, l) => {
      const stream = RandomStream.named(7, `local-error/layer-${l + 1}/reinforcement`);
      return reinforced(hidden, stream, { inputs: l === 0 ? 3 : 4, bound: 7 });
    });
    expect(expected).not.toEqual(AFTER);
    expect(hiddenOf(made)).toEqual(expected);
  });
});

describe('how weights and classifiers with zeros start', () => {
  const start = (options: object): LocalErrorLearner => {
    const config = localErrorConfig.parse({ name: 'local-error', layers: [200], groupSize: 1, ...options });
    const task = { input: vector(500), classes: 10, batchSize: 3, hasValidation: false };
    return new LocalErrorLearner(config, task, {
      kernels: selectKernels('reference'),
      streams: randomStreams(3),
    });
  };
  const shareOf = (values: Int16Array, is: (h: number) => boolean): number =>
    values.filter(is).length / values.length;

  it('as N(0, 64) truncated to integers of any parity: 1.2 % are 0, half are odd', () => {
    const [layer] = start({ zeros: 'published' }).layers;
    const { values } = layer.weights.hidden;
    // P(|x| < 1) = erf(1/(64·√2)) = 0.01247, P(|x| < 65) = erf(65/(64·√2)) = 0.6903; 100,000 weights
    expect(Math.abs(shareOf(values, (h) => h === 0) - 0.01247)).toBeLessThan(0.0012);
    expect(Math.abs(shareOf(values, (h) => Math.abs(h) <= 64) - 0.6903)).toBeLessThan(0.005);
    expect(Math.abs(shareOf(values, (h) => h % 2 !== 0) - 0.5)).toBeLessThan(0.01);
    expect(Math.abs(shareOf(values, (h) => h > 0) - 0.49377)).toBeLessThan(0.006);
    const ofClassifier = shareOf(layer.classifier.hidden.values, (h) => h === 0);
    expect(ofClassifier).toBeGreaterThan(0.005);
    expect(ofClassifier).toBeLessThan(0.025);
  });

  it('with zeros where they are asked for, and odd elsewhere', () => {
    const hasEven = (values: Int16Array): boolean => values.some((h) => h % 2 === 0);
    for (const zeros of [['weights'], ['activations'], ['classifier']]) {
      const [{ weights, classifier }] = start({ zeros }).layers;
      expect([weights.hidden.values, classifier.hidden.values].map(hasEven)).toEqual([
        zeros.includes('weights'),
        zeros.includes('classifier'),
      ]);
    }
  });

  it('with the same signs as without zeros', () => {
    const [ternary] = start({ zeros: 'published' }).layers;
    const [binary] = start({}).layers;
    const { values } = binary.weights.hidden;
    expect(
      ternary.weights.hidden.values.every((h, i) => h === 0 || Math.sign(h) === Math.sign(values[i])),
    ).toBe(true);
  });
});

describe('the option zeros', () => {
  const refused = (options: object) =>
    refusal(() => parse(localErrorConfig, { name: 'local-error', ...options }, 'rule'));

  it('is a list of places in one order, of which published names all', () => {
    const parsed = [undefined, 'published', ['classifier', 'weights'], ['activations']].map(
      (zeros) => localErrorConfig.parse({ name: 'local-error', zeros }).zeros,
    );
    expect(parsed).toEqual([
      undefined,
      ['weights', 'activations', 'classifier'],
      ['weights', 'classifier'],
      ['activations'],
    ]);
  });

  it('is refused for other places, none or one twice, and where it has no meaning', () => {
    const list = 'published or a list of weights, activations, classifier, each once';
    for (const zeros of ['all', [], ['weights', 'weights']]) {
      expect(refused({ zeros })).toContain(`rule.zeros: expected ${list}`);
    }
    expect(refused({ zeros: ['inputs'] })).toBe(
      "rule.zeros.0: expected one of weights, activations, classifier, got 'inputs'",
    );
    expect(refused({ zeros: 'published', flipThreshold: 2 })).toMatch(
      /^rule\.zeros: expected none with a flipThreshold: a weight of 0 has no side to flip from/,
    );
    const allZero = /^rule\.initialDepth: expected more than 0 with zeros among weights or classifier: all/;
    for (const zeros of [['weights'], ['classifier']]) {
      expect(refused({ zeros, initialDepth: 0 })).toMatch(allZero);
    }
    expect(refused({ zeros: ['activations'], initialDepth: 0 })).toBe('accepted');
    expect(refused({ zeros: 'published', ties: 'random' })).toMatch(
      /^rule\.ties: expected none with zeros in the activations, where a tie is 0/,
    );
    expect(refused({ zeros: ['classifier'], majorityAfterEpochs: 2 })).toMatch(
      /^rule\.zeros: expected none with majorityAfterEpochs: weights vote ±1/,
    );
  });
});

describe('what zeros cost', () => {
  /** 7 inputs, layers of 3 and 5: 21 and 15 weights; 2 classes: 6 and 10 of classifiers. 10 bits for a trained weight. */
  const PROBLEM = { input: vector(7), classes: 2, batchSize: 8, hasValidation: false };
  const described = (options: object) => {
    const config = { name: 'local-error', layers: [3, 5], groupSize: 1, hiddenBits: 10, ...options };
    return localError.describe(localErrorConfig.parse(config), PROBLEM);
  };

  it.each([
    [undefined, 52, 10 * 36 + 16, 8 * 2 * 8],
    // Two counts for all, 2 bits for all that is not trained
    ['published', 104, 10 * 36 + 2 * 16, 8 * 4 * 8],
    // Both products with weights
    [['weights'], 2 * 36 + 16, 10 * 36 + 16, 8 * 2 * 8],
    // The product of the second layer and both classifiers; activations, not what is desired of them
    [['activations'], 21 + 2 * 15 + 2 * 16, 10 * 36 + 16, 8 * 3 * 8],
    // Both classifiers; what is desired
    [['classifier'], 36 + 2 * 16, 10 * 36 + 2 * 16, 8 * 3 * 8],
  ])('%s', (zeros, popcountBits, model, activations) => {
    const { operationsPerSample, memoryBits } = described({ zeros });
    expect(operationsPerSample).toEqual({ xnorBits: 52, popcountBits, stepBits: 0, floatOperations: 0 });
    expect(memoryBits).toEqual({ model, activations });
  });

  it('is 2 bits for the weights of a first layer that is frozen', () => {
    const { model } = described({ zeros: ['weights'], freezeFirstLayer: true }).memoryBits;
    expect(model).toBe(2 * 21 + 10 * 15 + 16);
  });

  it('is counted in training', async () => {
    const made = learner();
    await trainOnce(made);
    // 3 samples; 12 + 8 weights and 8 + 4 of classifiers, all counted twice
    expect(made.operations()).toMatchObject({ xnorBits: 3 * 32, popcountBits: 3 * 64 });
  });
});
