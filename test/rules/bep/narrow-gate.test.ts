import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { BepLearner } from '../../../src/rules/bep/bep.js';
import { bepConfig } from '../../../src/rules/bep/config.js';

/** A second layer of two neurons on two inputs, and what is fixed behind it. */
interface Output {
  readonly gate: number;
  /** H2, [2, 2]. */
  readonly hidden: readonly number[];
  /** P, one row for each class. */
  readonly classifier: readonly (readonly number[])[];
}

/**
 * The first layer after one sample x = + + + of class 1. Its two neurons, each a group of its own, have z1 = −3 and 3:
 *
 *   H1 = [−9 −9 −9]   z1 = −3   a1 = −
 *        [ 9  9  9]         3        +
 */
async function firstLayerAfter({ gate, hidden, classifier }: Output): Promise<number[]> {
  const config = bepConfig.parse({
    name: 'bep',
    layers: [2, 2],
    groupSize: 1,
    gate,
    robustness: 0,
    reinforcement: 0,
  });
  const task = { input: vector(3), classes: 2, batchSize: 1, hasValidation: false };
  const context = { kernels: selectKernels('reference'), streams: randomStreams(1) };
  const made = new BepLearner(config, task, context);
  made.loadState({
    ...made.saveState(),
    'layer-1/hidden': Int16Array.of(-9, -9, -9, 9, 9, 9),
    'layer-2/hidden': Int16Array.from(hidden),
    classifier: BitMatrix.fromSigns(classifier).words,
  });
  await made.trainEpoch({
    data: { inputs: BitMatrix.fromSigns([[1, 1, 1]]), labels: Int32Array.of(1) },
    order: Uint32Array.of(0),
    batchSize: 1,
    afterBatch: () => undefined,
  });
  return [...made.layers[0].weights.hidden.values];
}

/*
 * Where no error comes back to a neuron, because all gates above it are closed or because the errors cancel, it has no target. Version 1
 * of the rule made the error sum 0 the target +1.
 */
describe('BEP where no error comes back ', () => {
  /*
   *   W2 = [− +]   z2 =  2   a2 = +   P = [+ −] (class 0)   ŷ = 2 −2   wrong: triggers
   *        [+ −]        −2        −       [− +] (class 1)              a*2 = − +
   */
  const opposite = {
    hidden: [-1, 1, 1, -1],
    classifier: [
      [1, -1],
      [-1, 1],
    ],
  };

  it('asks for nothing below gates that are all closed', async () => {
    // ν = 0: |z2| = 2 is too much. Σ = 0 0. With the target + neuron 0 would step towards x.
    expect(await firstLayerAfter({ ...opposite, gate: 0 })).toEqual([-9, -9, -9, 9, 9, 9]);
    // Open gates: Σ = −(− +) + (+ −) = (2 −2), a*1 = + −: both step, neuron 0 towards x and neuron 1 away from it.
    expect(await firstLayerAfter({ ...opposite, gate: 1 })).toEqual([-7, -7, -7, 7, 7, 7]);
  });

  it('asks for nothing where errors cancel', async () => {
    /*
     *   W2 = [+ +]   z2 = 0   a2 = +   P = [+ +] (class 0)   ŷ = 2 −2   wrong: triggers
     *        [− +]        2        +       [− −] (class 1)              a*2 = − −
     *
     * All gates open: Σ = −(+ +) − (− +) = (0 −2), a*1 = 0 −. Only neuron 1 steps, away from x; with the target + neuron 0 would step
     * towards it.
     */
    const hidden = [1, 1, -1, 1];
    const classifier = [
      [1, 1],
      [-1, -1],
    ];
    expect(await firstLayerAfter({ gate: 1, hidden, classifier })).toEqual([-9, -9, -9, 7, 7, 7]);
  });
});
