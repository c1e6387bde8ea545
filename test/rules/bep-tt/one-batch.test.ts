import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { RandomStream, randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { BepTtLearner } from '../../../src/rules/bep-tt/bep-tt.js';
import { bepTtConfig } from '../../../src/rules/bep-tt/config.js';
import { reinforced } from '../binary/problem.js';

/*
 * Two steps of 2 inputs → 3 recurrent neurons (γ = 3) → 2 neurons (γ = 2), 2 classes, three sequences; worked out by hand. s_0 = + + +.
 *
 *   H_xs = [ 3  3]  W = [+ +]   H_ss = [−3 3 −3]  W = [− + −]   H_sy = [3 1  1]  W = [+ + +]   P = [+ +]  (class 0)
 *          [−1  3]      [− +]          [ 3 3 −3]      [+ + −]          [1 3 −3]      [+ + −]       [− +]  (class 1)
 *          [ 3 −1]      [+ −]          [−1 3  1]      [− + +]
 *
 *   trigger margin ⌈0.5·2⌉ = 1;  gates are open for |z| ≤ ⌊1·3⌋ = 3: of the outputs 3 inputs, of the state its 3 neurons
 *
 *   x0 = − −, + −, label 1:  z1 = −3 1 1  s1 = − + +   z2 = 1 −3 5   s2 = + − +   z_y = 1 −1   s_y = + −   ŷ = 0 −2   triggers
 *      s*_y = − +, both gates open:  Σ = 0 0 −2, s*_2 = 0 0 −;  gates open open closed:  Σ = 0 0 0, s*_1 = 0 0 0
 *   x1 = − −, − −, label 1:  z1 = −3 1 1  s1 = − + +   z2 = −1 −1 3  s2 = − − +   z_y = −1 −3  s_y = − −   ŷ = −2 0   lead 2
 *   x2 = + −, + −, label 0:  z1 = −1 −1 3 s1 = − − +   z2 = −1 −5 3  s2 = − − +   z_y = −1 −3  s_y = − −   ŷ = −2 0   triggers
 *      s*_y = + +, both open:        Σ = 2 2 0,  s*_2 = + + 0;  gates open closed open:  Σ = − + −,  s*_1 = − + −
 *
 *   outputs:  x0: s = −1 −1: neuron 0 towards −;  x2: s = −1 −3: neuron 0 towards +:  h0 += 2·(−(+ − +) + (− − +)) = −4 0 0
 *   state, by the last step:  x0: s = 0 0 −5: neuron 2, at step 2 towards −, at step 1 not at all
 *                             x2: s = −1 −5 0: neuron 0, at step 1 towards −, at step 2 towards +
 *      xs:  h2 −= 2·(+ −) → 1 1;      h0 += 2·(−(+ −) + (+ −)) = 0 0
 *      ss:  h2 −= 2·(− + +) → 1 1 −1;  h0 += 2·(−(+ + +) + (− − +)) = −4 −4 0 → −7 −1 −3
 *   state, by the sum:        x0: s = 0 0 −5: neuron 2 as before;  x2: s = 0 −6 −3: neuron 2, at step 1 towards −, at step 2 not at all
 *      xs:  h2 −= 2·((+ −) + (+ −)) → −1 3;   ss:  h2 −= 2·((− + +) + (+ + +)) → −1 −1 −3
 */
const INPUTS = [3, 3, -1, 3, 3, -1];
const STATE = [-3, 3, -3, 3, 3, -3, -1, 3, 1];
const OUTPUT = [3, 1, 1, 1, 3, -3];
const SAMPLES = BitMatrix.fromSigns([
  [-1, -1, 1, -1],
  [-1, -1, -1, -1],
  [1, -1, 1, -1],
]);
const LABELS = Int32Array.of(1, 1, 0);
const OUTPUT_AFTER = [-1, 1, 1, 1, 3, -3];
const BY_LAST = { inputs: [3, 3, -1, 3, 1, 1], state: [-7, -1, -3, 3, 3, -3, 1, 1, -1] };
const BY_SUM = { inputs: [3, 3, -1, 3, -1, 3], state: [-3, 3, -3, 3, 3, -3, -1, -1, -3] };

function learner(options: object): BepTtLearner {
  const config = bepTtConfig.parse({
    name: 'bep-tt',
    layers: [3, 2],
    groupSize: [3, 2],
    robustness: 0.5,
    gate: 1,
    hiddenBits: 4,
    expansion: 0,
    reinforcement: 0,
    ...options,
  });
  const input = { kind: 'sequence', steps: 2, of: vector(2) } as const;
  const context = { kernels: selectKernels('reference'), streams: randomStreams(7) };
  const made = new BepTtLearner(config, { input, classes: 2, batchSize: 3, hasValidation: false }, context);
  made.loadState({
    ...made.saveState(),
    'layer-1/hidden': Int16Array.from(INPUTS),
    'layer-1/state/hidden': Int16Array.from(STATE),
    'layer-2/hidden': Int16Array.from(OUTPUT),
    classifier: BitMatrix.fromSigns([
      [1, 1],
      [-1, 1],
    ]).words,
  });
  return made;
}

async function trainOnce(made: BepTtLearner) {
  const data = { inputs: SAMPLES, labels: LABELS };
  const order = Uint32Array.of(0, 1, 2);
  return made.trainEpoch({ data, order, batchSize: 3, afterBatch: () => undefined });
}

const hiddenOf = (made: BepTtLearner): number[][] => made.hiddenWeights().map(({ values }) => [...values]);

describe('one batch of BEP-TT, worked out by hand', () => {
  it('corrects the neurons that are wrong at the last step, at all steps', async () => {
    const made = learner({});
    const observation = await trainOnce(made);
    expect(hiddenOf(made)).toEqual([BY_LAST.inputs, BY_LAST.state, OUTPUT_AFTER]);
    expect(observation.trainAccuracy).toBeCloseTo(100 / 3);
    // of W_xs, W_ss and W_sy
    expect(observation.layers?.map(({ flips }) => flips)).toEqual([1, 3, 1]);
    expect(observation.layers?.map(({ triggerShare }) => triggerShare)).toEqual([2 / 3, 2 / 3, 2 / 3]);
  });

  it('or those that are wrong in the sum over the steps', async () => {
    const made = learner({ stability: 'sum' });
    await trainOnce(made);
    expect(hiddenOf(made)).toEqual([BY_SUM.inputs, BY_SUM.state, OUTPUT_AFTER]);
  });

  it('goes back as far as it is told', async () => {
    const made = learner({ stepsBack: 1 });
    await trainOnce(made);
    // Without step 1 of x2: xs h0 += 2·(+ −), ss h0 += 2·(− − +).
    expect(hiddenOf(made)).toEqual([
      [5, 1, ...BY_LAST.inputs.slice(2)],
      [-5, 1, -1, ...BY_LAST.state.slice(3)],
      OUTPUT_AFTER,
    ]);
  });

  it('reinforces each matrix by its own number of inputs', async () => {
    const made = learner({ reinforcement: 1 });
    await trainOnce(made);
    const bound = 7;
    const deeper = (hidden: number[], name: string, inputs: number) =>
      reinforced(hidden, RandomStream.named(7, `bep/${name}/reinforcement`), { inputs, bound });
    expect(hiddenOf(made)).toEqual([
      deeper(BY_LAST.inputs, 'layer-1', 2),
      deeper(BY_LAST.state, 'layer-1/state', 3),
      deeper(OUTPUT_AFTER, 'layer-2', 3),
    ]);
  });

  it('counts what it does', async () => {
    const made = learner({});
    await trainOnce(made);
    // Forward: two steps of 6 + 9 weights, 6 behind, 4 of the classifier; back for two sequences: 6 and, for one step, 9.
    // Steps: W_xs 3 of 2 weights, W_ss 3 of 3, W_sy 2 of 3, 4 bits each.
    expect(made.operations()).toEqual({
      xnorBits: 3 * (2 * 15 + 6 + 4) + 2 * (6 + 9),
      popcountBits: 3 * (2 * 15 + 6 + 4) + 2 * (6 + 9),
      stepBits: (3 * 2 + 3 * 3 + 2 * 3) * 4,
      floatOperations: 0,
    });
    expect(made.parameters).toBe(6 + 9 + 6);
    // model: weights of 4 bits, the classifier; for each of 3 samples 3 bits of 3 neurons at 2 steps, of 2 behind, and 3 gates
    expect(made.memoryBits).toEqual({ model: 4 * 21 + 4, activations: 3 * (2 * 9 + 6 + 3) });
  });
});
