import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { RandomStream, randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { localErrorConfig } from '../../../src/rules/local-error/config.js';
import { LocalErrorLearner } from '../../../src/rules/local-error/local-error.js';

/*
 * One layer of 4 neurons in groups of 2 on 3 inputs and 2 classes; three samples; worked out by hand.
 *
 *   H = [ 1  1  3]   W = [+ + +]     P = [+ − + +]  (class 0)
 *       [−1  1 −3]       [− + −]         [− − + −]  (class 1)
 *       [ 5 −1  1]       [+ − +]
 *       [−1 −1  1]       [− − +]         margin ⌊0.25·4⌋ = 1
 *
 *   x0 = + + −, label 0:  z = 1 1 −1 −3   a = + + − −   ŷ = −2 −2   right by the tie rule, lead 0 < 1: triggers
 *      a* = + − + +, s = 1 −1 −1 −3: group (0,1) selects 1 towards −; group (2,3) selects 2 (|−1| < |−3|) towards +
 *   x1 = − + +, label 1:  z = 1 1 −1 1    a = + + − +   ŷ = 0 −4    wrong: triggers
 *      a* = − − + −, s = −1 −1 −1 −1: ties go to the lowest: 0 towards −, 2 towards +
 *   x2 = + − +, label 0:  z = 1 −3 3 1    a = + − + +   ŷ = 4 0     right, lead 4: does not trigger
 *
 *   steps: h0 −= 2·x1 → 3 −1 1;  h1 −= 2·x0 → −3 −1 −1;  h2 += 2·x0 + 2·x1 → 5 3 1;  h3 stays
 *   flips: column 1 of neurons 0, 1 and 2
 */
const HIDDEN = [1, 1, 3, -1, 1, -3, 5, -1, 1, -1, -1, 1];
const CLASSIFIER = [1, -1, 1, 1, -1, -1, 1, -1];
const SAMPLES = BitMatrix.fromSigns([
  [1, 1, -1],
  [-1, 1, 1],
  [1, -1, 1],
]);
const LABELS = Int32Array.of(0, 1, 0);
const AFTER_STEPS = [3, -1, 1, -3, -1, -1, 5, 3, 1, -1, -1, 1];

function learner(options: object): LocalErrorLearner {
  const config = localErrorConfig.parse({
    name: 'local-error',
    layers: [4],
    groupSize: 2,
    robustness: 0.25,
    hiddenBits: 4,
    ...options,
  });
  const task = { input: vector(3), classes: 2, batchSize: 3, hasValidation: false };
  const made = new LocalErrorLearner(config, task, {
    kernels: selectKernels('reference'),
    streams: randomStreams(7),
  });
  const state = made.saveState();
  made.loadState({
    ...state,
    'layer-1/hidden': Int16Array.from(HIDDEN),
    'layer-1/classifier': Int16Array.from(CLASSIFIER),
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

describe('one batch of the local-error rule, worked out by hand', () => {
  it('computes pre-activations, activations and logits', () => {
    const [layer] = learner({}).layers;
    const batch = layer.allocateBatch(3);
    layer.forward(SAMPLES, batch);
    layer.classify(batch);
    expect([...batch.preActivations.values]).toEqual([1, 1, -1, -3, 1, 1, -1, 1, 1, -3, 3, 1]);
    expect([0, 1, 2].map((row) => [...batch.activations.signs(row)])).toEqual([
      [1, 1, -1, -1],
      [1, 1, -1, 1],
      [1, -1, 1, 1],
    ]);
    expect([...batch.logits.values]).toEqual([-2, -2, 0, -4, 4, 0]);
  });

  it('triggers, selects, steps and flips', async () => {
    const made = learner({ reinforcement: 0 });
    const observation = await trainOnce(made);
    const [layer] = made.layers;
    expect([...layer.weights.hidden.values]).toEqual(AFTER_STEPS);
    expect([0, 1, 2, 3].map((row) => [...layer.weights.visible.signs(row)])).toEqual([
      [1, -1, 1],
      [-1, -1, -1],
      [1, 1, 1],
      [-1, -1, 1],
    ]);
    expect(observation.trainAccuracy).toBeCloseTo((100 * 2) / 3);
    expect(observation.layers?.[0]).toMatchObject({ triggerShare: 2 / 3, flips: 3, boundShare: 0 });
    // |h|: eight of 1, three of 3, one of 5
    expect(observation.layers?.[0].depthHistogram.slice(0, 4)).toEqual([8, 3, 1, 0]);
  });

  it('reinforces the weights that the gaps hit, after the steps', async () => {
    const made = learner({ reinforcement: 1 });
    const stream = RandomStream.named(7, 'local-error/layer-1/reinforcement');
    await trainOnce(made);
    // p_r·√(1 − 0)·√(2/(π·3)), gaps by inversion of the geometric distribution
    const probability = Math.sqrt(2 / (Math.PI * 3));
    const expected = [...AFTER_STEPS];
    for (let position = -1; ; ) {
      position += 1 + Math.floor(Math.log(1 - stream.uint32() / 2 ** 32) / Math.log(1 - probability));
      if (position >= expected.length) break;
      expected[position] += 2 * Math.sign(expected[position]);
    }
    expect(expected).not.toEqual(AFTER_STEPS);
    expect([...made.layers[0].weights.hidden.values]).toEqual(expected);
  });

  it('does not reinforce when no sample triggers', async () => {
    const made = learner({ reinforcement: 1, robustness: 0 });
    await made.trainEpoch({
      data: { inputs: SAMPLES, labels: LABELS },
      order: Uint32Array.of(2),
      batchSize: 3,
      afterBatch: () => undefined,
    });
    expect([...made.layers[0].weights.hidden.values]).toEqual(HIDDEN);
  });

  it('clips at the bound of the hidden bits', async () => {
    const made = learner({ reinforcement: 0, hiddenBits: 3 });
    // Three bits: |h| ≤ 3. Neuron 2 would end at 5 3 1.
    await trainOnce(made);
    expect([...made.layers[0].weights.hidden.values]).toEqual(AFTER_STEPS.map((h) => Math.min(h, 3)));
  });

  it('refuses steps towards zero of weights that lie deep enough, whatever the number of steps', async () => {
    // h0 [1 1 3] by [2 −2 −2], h1 [−1 1 −3] by [−2 −2 2], h2 [5 −1 1] by [0 4 0].
    for (const [consolidation, expected] of [
      [{ threshold: 1 }, [3, -1, 3, -3, -1, -3, 5, 3, 1, -1, -1, 1]],
      [{ threshold: [3] }, AFTER_STEPS],
      [{ threshold: 0 }, [3, 1, 3, -3, 1, -3, 5, -1, 1, -1, -1, 1]],
      [{ halving: 1 }, undefined],
      [{ m: 0 }, AFTER_STEPS],
    ] as const) {
      const made = learner({ reinforcement: 0, consolidation });
      await trainOnce(made);
      if (expected) expect([...made.layers[0].weights.hidden.values]).toEqual(expected);
      const other = learner({ reinforcement: 0, consolidation });
      other.loadState(made.saveState());
      await Promise.all([made, other].map(trainOnce));
      expect(other.saveState()).toEqual(made.saveState());
    }
  });

  it('has no consolidation with zeros', () => {
    const options = { consolidation: { m: 1 }, zeros: 'published' };
    expect(() => learner(options)).toThrow(/expected none with consolidation: a weight of 0 has no depth/);
  });

  it('deepens what flipped by twice the flip threshold, up to the bound', async () => {
    // Column 1 of neurons 0, 1 and 2: −1 −1 3; four bits: |h| ≤ 7.
    for (const [flipThreshold, flipped] of [
      [undefined, [-1, -1, 3]],
      [2, [-5, -5, 7]],
      [4, [-7, -7, 7]],
    ] as const) {
      const made = learner({ reinforcement: 0, flipThreshold });
      const { layers } = await trainOnce(made);
      const expected = [...AFTER_STEPS];
      flipped.forEach((h, k) => {
        expected[3 * k + 1] = h;
      });
      expect([...made.layers[0].weights.hidden.values]).toEqual(expected);
      expect(layers?.[0].flips).toBe(3);
      // Four steps of three weights each, and three jumps.
      expect(made.operations().stepBits).toBe(4 * (4 * 3 + (flipThreshold === undefined ? 0 : 3)));
    }
  });

  it('leaves a frozen first layer alone', async () => {
    const made = learner({ freezeFirstLayer: true, reinforcement: 1 });
    const observation = await trainOnce(made);
    expect([...made.layers[0].weights.hidden.values]).toEqual(HIDDEN);
    expect(observation.layers?.[0]).toMatchObject({ triggerShare: 2 / 3, flips: 0 });
    expect(made.parameters).toBe(0);
  });

  it('trains the classifier towards the activation at the label and away from it at the rival', async () => {
    const made = learner({ trainClassifier: true, reinforcement: 0 });
    await trainOnce(made);
    // x0: row 0 += 2·(+ + − −), row 1 −= 2·(+ + − −);  x1: row 1 += 2·(+ + − +), row 0 −= 2·(+ + − +)
    //   row 0: 1 −1 1 1 + 2·(0 0 0 −2);  row 1: −1 −1 1 −1 + 2·(0 0 0 2)
    expect([...made.layers[0].classifier.hidden.values]).toEqual([1, -1, 1, -3, -1, -1, 1, 3]);
    expect([...made.layers[0].classifier.visible.signs(0)]).toEqual([1, -1, 1, -1]);
  });

  it('counts its operations exactly', async () => {
    const made = learner({ reinforcement: 0, trainClassifier: true });
    await trainOnce(made);
    // 3 samples × 4 neurons × (3 inputs + 2 classes); 4 steps × 3 inputs + 4 classifier steps × 4 neurons, 4 bits
    expect(made.operations()).toEqual({
      xnorBits: 60,
      popcountBits: 60,
      stepBits: 4 * (4 * 3 + 4 * 4),
      floatOperations: 0,
    });
  });
});
