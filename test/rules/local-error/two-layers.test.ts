import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { localErrorConfig } from '../../../src/rules/local-error/config.js';
import { LocalErrorLearner } from '../../../src/rules/local-error/local-error.js';

/*
 * Two layers, 3 inputs → 3 neurons (γ = 3) → 4 neurons (γ = 2), 2 classes; four samples in two batches, for two epochs;
 * no reinforcement; |h| ≤ 7; worked out by hand.
 *
 *   H1 = [ 3  5 −1]  W1 = [+ + −]   P1 = [+ − +] (class 0)   H2 = [3 −5 −5]  W2 = [+ − −]   P2 = [− + + −] (class 0)
 *        [−1 −1  1]       [− − +]        [+ − −] (class 1)        [5 −3 −3]       [+ − −]        [+ − + −] (class 1)
 *        [ 1  3 −3]       [+ + −]                                 [3 −5 −3]       [+ − −]
 *                                                                 [1  5 −3]       [+ + −]
 *   margins ⌊0.7·3⌋ = ⌊2.1⌋ = 2 and ⌊0.7·4⌋ = ⌊2.8⌋ = 2: a lead of 0 triggers, a lead of 2 does not
 *
 *   Epoch 1, batch x0 = + − − of class 0, x1 = − + − of class 1
 *   layer 1  x0: z = 1 −1 1   a = + − +  ŷ = 3 1    right, lead 2: nothing
 *            x1: z = 1 −1 1   a = + − +  ŷ = 3 1    wrong; a* = + − −, s = 1 1 −1: neuron 2 towards −
 *            h2 −= 2·(− + −): 1 3 −3 → 3 1 −1
 *   layer 2, on a1 = + − + (the new h2 gives the same)
 *            x0: z = 1 1 1 −1  a = + + + −  ŷ = 2 2  right by the tie rule, lead 0; a* = − + + −: neuron 0 towards −
 *            x1: z = 1 1 1 −1  a = + + + −  ŷ = 2 2  wrong;                         a* = + − + −: neuron 1 towards −
 *            h0 −= 2·(+ − +): 3 −5 −5 → 1 −3 −7;  h1 −= 2·(+ − +): 5 −3 −3 → 3 −1 −5
 *   Epoch 1, batch x2 = − + + of class 0, x3 = − − + of class 1
 *   layer 1  x2: z = −1 1 −1  a = − + −  ŷ = −3 −1  wrong; a* = + − +, s = −1 −1 −1, a tie: neuron 0 towards +
 *            x3: z = −3 3 −3  a = − + −  ŷ = −3 −1  right, lead 2: nothing
 *            h0 += 2·(− + +): 3 5 −1 → 1 7 1: one flip
 *   layer 2, on a1 = − + − of both (with the new h0, x2 would have + + −)
 *            x2: z = −1 −1 −1 1  a = − − − +  ŷ = −2 −2  right by the tie rule, lead 0;
 *                a* = − + + −, s = 1 −1 | −1 −1: neurons 1 and, of a tie, 2 towards +
 *            x3: z = −1 −1 −1 1  a = − − − +  ŷ = −2 −2  wrong; a* = + − + −, s = −1 1 | −1 −1: 0 and 2 towards +
 *            h0 += 2·(− + −): 1 −3 −7 → −1 −1 −7 (−9 is clipped), one flip;  h1 likewise: 3 −1 −5 → 1 1 −7, one flip
 *            h2 += 4·(− + −): 3 −5 −3 → −1 −1 −7, one flip
 *   The last layer had 2 of 4 right.
 *
 *   Epoch 2, batch x2, x0
 *   layer 1  x2: z = 1 1 −1   a = + + −  ŷ = −1 1   wrong; a* = + − +, s = 1 −1 −1, a tie: neuron 1 towards −
 *            x0: z = −1 −1 1  a = − − +  ŷ = 1 −1   right, lead 2: nothing
 *            h1 −= 2·(− + +): −1 −1 1 → 1 −3 −1: two flips
 *   layer 2  x2: z = −1 3 −1 3   a = − + − +  ŷ = 0 −4   right, lead 4: nothing
 *            x0: z = 1 −3 1 −3   a = + − + −  ŷ = 0 4    wrong; a* = − + + −, s = −1 −3 | 1 3: neuron 0 towards −
 *            h0 −= 2·(− − +): −1 −1 −7 → 1 1 −7 (−9 is clipped): two flips
 *   Epoch 2, batch x3, x1
 *   layer 1  x3: z = −1 −1 −3  a = − − −  ŷ = −1 1   right, lead 2: nothing
 *            x1: z = −1 −1 1   a = − − +  ŷ = 1 −1   wrong; a* = + − −, s = −1 1 −1, a tie: neuron 0 towards +
 *            h0 += 2·(− + −): 1 7 1 → −1 7 −1 (9 is clipped): two flips
 *   layer 2  x3: z = −1 −1 3 −1  a = − − + −  ŷ = 2 2   wrong by the tie rule; a* = + − + −: neuron 0 towards +
 *            x1: z = −3 −3 1 −3  a = − − + −  ŷ = 2 2   wrong by the tie rule; a* = + − + −: neuron 0 towards +
 *            h0 += 2·(− − −) + 2·(− − +): 1 1 −7 → −3 −3 −7: two flips
 *   The last layer had 1 of 4 right.
 */
const SAMPLES = BitMatrix.fromSigns([
  [1, -1, -1],
  [-1, 1, -1],
  [-1, 1, 1],
  [-1, -1, 1],
]);
const LABELS = Int32Array.of(0, 1, 0, 1);

const AFTER_BATCHES = [
  [
    [3, 5, -1, -1, -1, 1, 3, 1, -1],
    [1, -3, -7, 3, -1, -5, 3, -5, -3, 1, 5, -3],
  ],
  [
    [1, 7, 1, -1, -1, 1, 3, 1, -1],
    [-1, -1, -7, 1, 1, -7, -1, -1, -7, 1, 5, -3],
  ],
  [
    [1, 7, 1, 1, -3, -1, 3, 1, -1],
    [1, 1, -7, 1, 1, -7, -1, -1, -7, 1, 5, -3],
  ],
  [
    [-1, 7, -1, 1, -3, -1, 3, 1, -1],
    [-3, -3, -7, 1, 1, -7, -1, -1, -7, 1, 5, -3],
  ],
];

function learner(): LocalErrorLearner {
  const config = localErrorConfig.parse({
    name: 'local-error',
    layers: [3, 4],
    groupSize: [3, 2],
    robustness: 0.7,
    reinforcement: 0,
    hiddenBits: 4,
  });
  const task = { input: vector(3), classes: 2, batchSize: 2, hasValidation: false };
  const context = { kernels: selectKernels('reference'), streams: randomStreams(7) };
  const made = new LocalErrorLearner(config, task, context);
  made.loadState({
    ...made.saveState(),
    'layer-1/hidden': Int16Array.of(3, 5, -1, -1, -1, 1, 1, 3, -3),
    'layer-1/classifier': Int16Array.of(1, -1, 1, 1, -1, -1),
    'layer-2/hidden': Int16Array.of(3, -5, -5, 5, -3, -3, 3, -5, -3, 1, 5, -3),
    'layer-2/classifier': Int16Array.of(-1, 1, 1, -1, 1, -1, 1, -1),
  });
  return made;
}

/** Both epochs, with what was seen of them and the hidden weights after each batch. */
async function train() {
  const made = learner();
  const afterBatches: number[][][] = [];
  const epoch = (...order: number[]) =>
    made.trainEpoch({
      data: { inputs: SAMPLES, labels: LABELS },
      order: Uint32Array.from(order),
      batchSize: 2,
      afterBatch: () => {
        afterBatches.push(made.layers.map(({ weights }) => [...weights.hidden.values]));
        return undefined;
      },
    });
  return { epochs: [await epoch(0, 1, 2, 3), await epoch(2, 0, 3, 1)], afterBatches, made };
}

describe('two epochs of two batches in two layers, worked out by hand', () => {
  it('change every hidden weight as they should, batch by batch', async () => {
    expect((await train()).afterBatches).toEqual(AFTER_BATCHES);
  });

  it('observe triggers, flips and the accuracy of the last layer', async () => {
    expect((await train()).epochs).toMatchObject([
      {
        trainAccuracy: 50,
        layers: [
          { triggerShare: 0.5, flips: 1 },
          { triggerShare: 1, flips: 3 },
        ],
      },
      {
        trainAccuracy: 25,
        layers: [
          { triggerShare: 0.5, flips: 4 },
          { triggerShare: 0.75, flips: 4 },
        ],
      },
    ]);
  });

  it('leave the local classifiers as they were drawn', async () => {
    const { made } = await train();
    expect(made.layers.map(({ classifier }) => [...classifier.hidden.values])).toEqual([
      [1, -1, 1, 1, -1, -1],
      [-1, 1, 1, -1, 1, -1, 1, -1],
    ]);
  });

  it('count steps, flips and triggers of both epochs', async () => {
    const { made } = await train();
    // Layer 1: one step a batch. Layer 2: 2, 4, 1 and 2.
    expect(made.saveState()).toMatchObject({
      'layer-1/counts': Float64Array.of(4, 0, 5),
      'layer-2/counts': Float64Array.of(9, 0, 7),
      'layer-1/classifier-counts': Float64Array.of(4, 0),
      'layer-2/classifier-counts': Float64Array.of(7, 0),
    });
    // 8 samples through 9 + 12 weights and 6 + 8 of the classifiers; 13 steps of 3 weights of 4 bits
    expect(made.operations()).toMatchObject({ xnorBits: 8 * 35, popcountBits: 8 * 35, stepBits: 13 * 3 * 4 });
  });

  it('predict by the last layer', async () => {
    /*
     *   W1 = [− + −]  W2 = [− − −]   x0 = + − −: z1 = −1 3 1   a1 = − + +, z2 = −1 1 1 −1, a2 = − + + −: ŷ = 4 0
     *        [+ − −]       [+ + −]   x1 = − + −: z1 = 3 −1 1   a1 = + − +, z2 = −1 −1 −1 −1:             ŷ = 0 0
     *        [+ + −]       [− − −]   x2 = − + +: z1 = 1 −3 −1  a1 = + − −, z2 = 1 1 1 1:                 ŷ = 0 0
     *                      [+ + −]   x3 = − − +: z1 = −1 −1 −3 a1 = − − −, z2 = 3 −1 3 −1, a2 = + − + −: ŷ = 0 4
     */
    const { made } = await train();
    expect([...(await made.predict(SAMPLES))]).toEqual([0, 0, 0, 1]);
  });
});
