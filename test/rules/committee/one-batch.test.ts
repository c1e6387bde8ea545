import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { RandomStream, randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { CommitteeLearner } from '../../../src/rules/committee/committee.js';
import { committeeConfig } from '../../../src/rules/committee/config.js';
import { reinforced } from '../binary/problem.js';

/*
 * Six perceptrons on 3 inputs, two units of γ = 3, 2 classes; three samples; worked out by hand.
 *
 *   unit 0   H = [ 1  1  3]   W = [+ + +]     unit 1   H = [−1 −1  1]   W = [− − +]     P = [+ −]  (class 0)
 *                [−1  1 −3]       [− + −]                  [ 3  1 −1]       [+ + −]         [− −]  (class 1)
 *                [ 5 −1  1]       [+ − +]                  [−1  1  1]       [− + +]
 *
 *   trigger margin ⌊0.5·2⌋ = 1
 *
 *   x0 = + + −, label 1:  z = 1 1 −1 | −3 3 −1   a = + + − | − + −   u = + −   ŷ = 2 0    wrong: triggers
 *      u* = − −: unit 0 is wrong, s = −1 −1 1: ties go to the lowest, 0 towards −; unit 1 is right and steps nowhere,
 *      although its second perceptron is not (s = −3)
 *   x1 = − + +, label 1:  z = 1 1 −1 | 1 −1 3    a = + + − | + − +   u = + +   ŷ = 0 −2   wrong: triggers
 *      u* = − −: unit 0: s = −1 −1 1: 0 towards −; unit 1: s = −1 1 −3: 3 towards −
 *   x2 = + − +, label 0:  z = 1 −3 3 | 1 −1 −1   a = + − + | + − −   u = + −   ŷ = 2 0    right, lead 2
 *
 *   update: h0 −= 2·(x0 + x1) = (0 4 0) → 1 −3 3, one flip;  h3 −= 2·x1 → 1 −3 −1, two flips
 *
 *   SBPI with θ = 1 on x2, a* = + + + | − − −, s = 1 −3 3 | −1 1 1: perceptrons 0, 4 and 5, from the state before
 *      0 towards +: w·x = + − +: inputs 0 and 2 are right:  1 1 3 → 3 1 5
 *      4 towards −: w·x = + − −: inputs 1 and 2 are right:  3 1 −1 → 3 3 −3
 *      5 towards −: w·x = − − +: inputs 0 and 1 are right:  −1 1 1 → −3 3 1
 *   and with θ = 3 also 2 towards +: w·x = + + +: 5 −1 1 → 7 −3 3
 */
const HIDDEN = [1, 1, 3, -1, 1, -3, 5, -1, 1, -1, -1, 1, 3, 1, -1, -1, 1, 1];
const CLASSIFIER = BitMatrix.fromSigns([
  [1, -1],
  [-1, -1],
]);
const SAMPLES = BitMatrix.fromSigns([
  [1, 1, -1],
  [-1, 1, 1],
  [1, -1, 1],
]);
const LABELS = Int32Array.of(1, 1, 0);
const AFTER = [1, -3, 3, -1, 1, -3, 5, -1, 1, 1, -3, -1, 3, 1, -1, -1, 1, 1];

function learner(options: object): CommitteeLearner {
  const config = committeeConfig.parse({
    name: 'committee',
    layers: '6-2',
    robustness: 0.5,
    reinforcement: 0,
    hiddenBits: 4,
    ...options,
  });
  const context = { kernels: selectKernels('reference'), streams: randomStreams(7) };
  const made = new CommitteeLearner(
    config,
    { input: vector(3), classes: 2, batchSize: 3, hasValidation: false },
    context,
  );
  made.loadState({
    ...made.saveState(),
    'perceptrons/hidden': Int16Array.from(HIDDEN),
    classifier: CLASSIFIER.words,
  });
  return made;
}

function trainOnce(made: CommitteeLearner, order = Uint32Array.of(0, 1, 2)) {
  return made.trainEpoch({
    data: { inputs: SAMPLES, labels: LABELS },
    order,
    batchSize: 3,
    afterBatch: () => undefined,
  });
}

describe('one batch of the committee, worked out by hand', () => {
  it('corrects the least wrong perceptron of every wrong unit', async () => {
    const made = learner({});
    const observation = await trainOnce(made);
    expect([...made.layers[0].perceptrons.weights.hidden.values]).toEqual(AFTER);
    expect(observation.trainAccuracy).toBeCloseTo(100 / 3);
    expect(observation.layers).toHaveLength(1);
    expect(observation.layers?.[0]).toMatchObject({ triggerShare: 2 / 3, flips: 3, boundShare: 0 });
    // |h|: twelve of 1, five of 3, one of 5
    expect(observation.layers?.[0].depthHistogram.slice(0, 4)).toEqual([12, 5, 1, 0]);
  });

  it('predicts by the majority of perceptrons and the classifier', async () => {
    expect([...(await learner({}).predict(SAMPLES))]).toEqual([0, 0, 0]);
  });

  it('deepens what is barely right, from the state before the batch', async () => {
    const made = learner({ secondary: { probability: 1, threshold: 1 } });
    await trainOnce(made);
    const expected = [3, -3, 5, -1, 1, -3, 5, -1, 1, 1, -3, -1, 3, 3, -3, -3, 3, 1];
    expect([...made.layers[0].perceptrons.weights.hidden.values]).toEqual(expected);
  });

  it('deepens up to the threshold, and only to the bound', async () => {
    const made = learner({ secondary: { probability: 1, threshold: 3 }, hiddenBits: 3 });
    made.loadState({
      ...made.saveState(),
      'perceptrons/hidden': Int16Array.from(HIDDEN, (h) => Math.min(h, 3)),
    });
    await trainOnce(made, Uint32Array.of(2));
    const expected = [3, 1, 3, -1, 1, -3, 3, -3, 3, -1, -1, 1, 3, 3, -3, -3, 3, 1];
    expect([...made.layers[0].perceptrons.weights.hidden.values]).toEqual(expected);
  });

  it('steps where a draw falls below the probability: one draw for each perceptron within the threshold', async () => {
    const made = learner({ secondary: { probability: 0.5, threshold: 1 } });
    await trainOnce(made, Uint32Array.of(2));
    const stream = RandomStream.named(7, 'committee/secondary');
    const steps = [0, 4, 5].filter(() => stream.uint32() < 2 ** 31);
    expect(steps.length).toBeGreaterThan(0);
    expect(steps.length).toBeLessThan(3);
    const deeper = new Map([
      [0, [3, 1, 5]],
      [4, [3, 3, -3]],
      [5, [-3, 3, 1]],
    ]);
    const expected = [0, 1, 2, 3, 4, 5].flatMap(
      (k) => (steps.includes(k) && deeper.get(k)) || HIDDEN.slice(3 * k, 3 * k + 3),
    );
    expect([...made.layers[0].perceptrons.weights.hidden.values]).toEqual(expected);
    expect([...made.saveState().secondary].map((word) => word | 0)).toEqual(stream.state());
  });

  it('reinforces after the steps, only when a sample triggers', async () => {
    const still = learner({ reinforcement: 1 });
    await trainOnce(still, Uint32Array.of(2));
    expect([...still.layers[0].perceptrons.weights.hidden.values]).toEqual(HIDDEN);
    const made = learner({ reinforcement: 1 });
    await trainOnce(made);
    const stream = RandomStream.named(7, 'committee/reinforcement');
    const expected = reinforced(AFTER, stream, { inputs: 3, bound: 7 });
    expect(expected).not.toEqual(AFTER);
    expect([...made.layers[0].perceptrons.weights.hidden.values]).toEqual(expected);
  });

  it('counts its operations exactly', async () => {
    const made = learner({});
    await trainOnce(made);
    // 3 samples × (6·3 + 2·2) bits compared, and 6 more counted for the majorities; 3 steps of 3 weights, 4 bits
    const bits = { xnorBits: 66, popcountBits: 66 + 18, floatOperations: 0 };
    expect(made.operations()).toEqual({ ...bits, stepBits: 4 * 9 });
    const secondary = learner({ secondary: { probability: 1, threshold: 1 } });
    await trainOnce(secondary);
    expect(secondary.operations()).toEqual({ ...bits, stepBits: 4 * (9 + 6) });
    // 18 weights of 4 bits, 4 of the classifier; 6 perceptrons, 2 units and 2 desired units of 3 samples
    expect(made.memoryBits).toEqual({ model: 4 * 18 + 4, activations: 3 * 10 });
    expect(made.parameters).toBe(18);
  });
});
