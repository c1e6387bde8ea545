import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { Int32Matrix } from '../../../src/core/int-matrix.js';
import { RandomStream, randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { SampleList } from '../../../src/kernels/lists.js';
import { ternaryKernels, ternaryMatrix } from '../../../src/kernels/ternary-kernels.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { propagateDesired } from '../../../src/rules/bep/backward.js';
import { BepLearner } from '../../../src/rules/bep/bep.js';
import { bepConfig } from '../../../src/rules/bep/config.js';
import { reinforced } from '../binary/problem.js';

/*
 * Two layers, 3 inputs → 4 neurons (γ = 2) → 3 neurons (γ = 3), 2 classes, three samples; worked out by hand.
 *
 *   H1 = [ 1  1  3]  W1 = [+ + +]     H2 = [ 1  3 −1  5]  W2 = [+ + − +]     P = [+ + +]  (class 0)
 *        [−1  1 −3]       [− + −]          [−1  1  3  1]       [− + + +]         [− + −]  (class 1)
 *        [ 5 −1  1]       [+ − +]          [ 3 −1 −3  1]       [+ − − +]
 *        [−1 −1  1]       [− − +]
 *
 *   trigger margin ⌈0.5·3⌉ = 2;  gates of layer 2 are open for |z2| ≤ ⌊0.5·4⌋ = 2, half its 4 inputs
 *
 *   x0 = + + −, label 1:  z1 = 1 1 −1 −3   a1 = + + − −   z2 = 2 −2 0   a2 = + − +   ŷ = 1 −3   wrong: triggers
 *      a*2 = − + −, all gates open:        Σ = −3 1 3 −1               a*1 = − + + −
 *   x1 = − + +, label 1:  z1 = 1 1 −1 1    a1 = + + − +   z2 = 4 0 2    a2 = + + +   ŷ = 3 −1   wrong: triggers
 *      a*2 = − + −, gates closed open open: Σ = −2 2 2 0               a*1 = − + + 0 (no target)
 *      (with the first gate open Σ would be −3 1 3 −1)
 *   x2 = + − +, label 0:  z1 = 1 −3 3 1    a1 = + − + +   z2 = 0 0 2    a2 = + + +   ŷ = 3 −1   right, lead 4
 *
 *   layer 2: x0: s = −2 −2 0: neuron 0 towards −;  x1: s = −4 0 −2: neuron 2 towards −
 *      h0 −= 2·(+ + − −) → −1 1 1 7, two flips;  h2 −= 2·(+ + − +) → 1 −3 −1 −1, one flip
 *   layer 1: x0: s = −1 1 −1 3;  x1: s = −1 1 −1 1: both 0 towards − and 2 towards +
 *      h0 −= 2·(x0 + x1) = (0 4 0) → 1 −3 3;  h2 += (0 4 0) → 5 3 1;  two flips
 */
const HIDDEN_1 = [1, 1, 3, -1, 1, -3, 5, -1, 1, -1, -1, 1];
const HIDDEN_2 = [1, 3, -1, 5, -1, 1, 3, 1, 3, -1, -3, 1];
const CLASSIFIER = BitMatrix.fromSigns([
  [1, 1, 1],
  [-1, 1, -1],
]);
const SAMPLES = BitMatrix.fromSigns([
  [1, 1, -1],
  [-1, 1, 1],
  [1, -1, 1],
]);
const LABELS = Int32Array.of(1, 1, 0);
const AFTER_1 = [1, -3, 3, -1, 1, -3, 5, 3, 1, -1, -1, 1];
const AFTER_2 = [-1, 1, 1, 7, -1, 1, 3, 1, 1, -3, -1, -1];

function learner(options: object): BepLearner {
  const config = bepConfig.parse({
    name: 'bep',
    layers: [4, 3],
    groupSize: [2, 3],
    robustness: 0.5,
    gate: 0.5,
    hiddenBits: 4,
    ...options,
  });
  const context = { kernels: selectKernels('reference'), streams: randomStreams(7) };
  const made = new BepLearner(
    config,
    { input: vector(3), classes: 2, batchSize: 3, hasValidation: false },
    context,
  );
  made.loadState({
    ...made.saveState(),
    'layer-1/hidden': Int16Array.from(HIDDEN_1),
    'layer-2/hidden': Int16Array.from(HIDDEN_2),
    classifier: CLASSIFIER.words,
  });
  return made;
}

function trainOnce(made: BepLearner, order = Uint32Array.of(0, 1, 2)) {
  return made.trainEpoch({
    data: { inputs: SAMPLES, labels: LABELS },
    order,
    batchSize: 3,
    afterBatch: () => undefined,
  });
}

function hiddenOf(made: BepLearner): number[][] {
  return made.layers.map(({ weights }) => [...weights.hidden.values]);
}

describe('one batch of BEP, worked out by hand', () => {
  it('carries the desired activations back through the open gates', () => {
    const kernels = ternaryKernels(selectKernels('reference'));
    const [, second] = learner({}).layers;
    const empty = (neurons: number) => ({
      preActivations: new Int32Matrix(2, neurons),
      activations: new BitMatrix(2, neurons),
      gates: new BitMatrix(2, neurons),
      errorSums: new Int32Matrix(2, neurons),
      desired: ternaryMatrix(kernels, 2, neurons),
    });
    const batch = [empty(4), empty(3)];
    batch[1].preActivations.values.set([2, -2, 0, 4, 0, 2]);
    for (const b of [0, 1])
      CLASSIFIER.signs(1).forEach((s, k) => {
        batch[1].desired.set(b, k, s as 1 | -1);
      });
    const samples = new SampleList(Uint32Array.of(0, 1));
    samples.count = 2;
    const visible = second.weights.visible;
    const layers = [
      { visible, gateLimit: 1 },
      { visible, gateLimit: 2 },
    ];
    propagateDesired(kernels, layers, batch, samples);
    expect([0, 1].map((row) => [...batch[1].gates.signs(row)])).toEqual([
      [1, 1, 1],
      [-1, 1, 1],
    ]);
    expect([...batch[0].errorSums.values]).toEqual([-3, 1, 3, -1, -2, 2, 2, 0]);
    expect([0, 1].map((row) => [...batch[0].desired.values(row)])).toEqual([
      [-1, 1, 1, -1],
      [-1, 1, 1, 0],
    ]);
  });

  it('triggers at the output and updates all layers at once', async () => {
    const made = learner({ reinforcement: 0 });
    const observation = await trainOnce(made);
    expect(hiddenOf(made)).toEqual([AFTER_1, AFTER_2]);
    expect(observation.trainAccuracy).toBeCloseTo(100 / 3);
    expect(observation.layers?.[0]).toMatchObject({ triggerShare: 2 / 3, flips: 2, boundShare: 0 });
    expect(observation.layers?.[1]).toMatchObject({ triggerShare: 2 / 3, flips: 3, boundShare: 1 / 12 });
    // |h1|: seven of 1, four of 3, one of 5
    expect(observation.layers?.[0].depthHistogram.slice(0, 4)).toEqual([7, 4, 1, 0]);
  });

  it('lets a closed gate decide: with group size 1 the fourth neuron steps only without it', async () => {
    const gated = learner({ reinforcement: 0, groupSize: 1 });
    await trainOnce(gated);
    const open = learner({ reinforcement: 0, groupSize: 1, gate: 1 });
    await trainOnce(open);
    // x1 wants a*1 = − + + 0 with the gate, and − + + − without: then neuron 3 with z = 1 steps away from x1.
    expect(hiddenOf(gated)[0].slice(9)).toEqual([-1, -1, 1]);
    expect(hiddenOf(open)[0].slice(9)).toEqual([1, -3, -1]);
  });

  it('names the width in the gate: ν times the inputs of the gated layer, 0.25·4 = 1', async () => {
    // |z2| = 2 2 0 and 4 0 2 leave one gate each: x0 neuron 2 (w = + − − +), x1 neuron 1 (w = − + + +)
    //   x0: Σ = −w2 = − + + −;  x1: Σ = w1 = − + + +: as before. With ν·3 = 0 the same gates are open.
    const made = learner({ reinforcement: 0, gate: 0.25 });
    await trainOnce(made);
    expect(hiddenOf(made)).toEqual([AFTER_1, AFTER_2]);
    // Nothing is within 0.2·4 = 0.8 but z = 0: x0 neuron 2, x1 neuron 1.
    const narrow = learner({ reinforcement: 0, gate: 0.2 });
    await trainOnce(narrow);
    expect(hiddenOf(narrow)).toEqual([AFTER_1, AFTER_2]);
  });

  it('triggers on a right sample whose lead is below r·K of the last layer', async () => {
    // With rows + + + and + + − the logits of x2 are 3 and 1. 0.5·3 = 1.5 is no more than the lead of 2, 0.7·3 = 2.1 is:
    //   a*2 = + + + is what layer 2 gives; Σ = 1 1 −1 3, a*1 = + + − +, s = 1 −3 −3 1: neuron 1 towards +, 2 towards −
    const train = async (robustness: number) => {
      const made = learner({ reinforcement: 0, robustness });
      const classifier = BitMatrix.fromSigns([
        [1, 1, 1],
        [1, 1, -1],
      ]);
      made.loadState({ ...made.saveState(), classifier: classifier.words });
      await trainOnce(made, Uint32Array.of(2));
      return hiddenOf(made);
    };
    expect(await train(0.5)).toEqual([HIDDEN_1, HIDDEN_2]);
    expect(await train(0.7)).toEqual([[1, 1, 3, 1, -1, -1, 3, 1, -1, -1, -1, 1], HIDDEN_2]);
  });

  it('reinforces every layer after its steps, from a stream of its own', async () => {
    const made = learner({ reinforcement: 1 });
    await trainOnce(made);
    const expected = [AFTER_1, AFTER_2].map((after, l) =>
      reinforced(after, RandomStream.named(7, `bep/layer-${l + 1}/reinforcement`), {
        inputs: [3, 4][l],
        bound: 7,
      }),
    );
    expect(expected).not.toEqual([AFTER_1, AFTER_2]);
    expect(hiddenOf(made)).toEqual(expected);
  });

  it('does not reinforce when no sample triggers', async () => {
    const made = learner({ reinforcement: 1 });
    await trainOnce(made, Uint32Array.of(2));
    expect(hiddenOf(made)).toEqual([HIDDEN_1, HIDDEN_2]);
  });

  it('counts its operations exactly', async () => {
    const made = learner({ reinforcement: 0 });
    await trainOnce(made);
    // 3 samples forward: 4·3 + 3·4 + 2·3 = 30 bits each; 2 triggers back through 3·4 bits;
    // 4 steps of 3 weights and 2 steps of 4, 4 bits each
    expect(made.operations()).toEqual({
      xnorBits: 114,
      popcountBits: 114,
      stepBits: 4 * (4 * 3 + 2 * 4),
      floatOperations: 0,
    });
    // model: 24 weights of 4 bits and 6 of the classifier; 2 bits of each neuron, a third in layer 1, where there may be no
    // target, a gate in layer 2; 3 samples
    expect(made.memoryBits).toEqual({ model: 4 * 24 + 6, activations: 3 * (2 * 7 + 4 + 3) });
    expect(made.parameters).toBe(24);
  });
});
