import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { BepLearner } from '../../../src/rules/bep/bep.js';
import { bepConfig } from '../../../src/rules/bep/config.js';

/** ±1, the first `minus` of them −1. */
function signs(length: number, minus: number): number[] {
  return Array.from({ length }, (_, i) => (i < minus ? -1 : 1));
}

/** A learner on three inputs for two classes, with hidden weights and classifier as given. */
function learner(layers: number[], hidden: number[][], classifier: number[][], options: object): BepLearner {
  const config = bepConfig.parse({ name: 'bep', layers, groupSize: 1, reinforcement: 0, ...options });
  const task = { input: vector(3), classes: 2, batchSize: 1, hasValidation: false };
  const context = { kernels: selectKernels('reference'), streams: randomStreams(1) };
  const made = new BepLearner(config, task, context);
  const state = { ...made.saveState(), classifier: BitMatrix.fromSigns(classifier).words };
  made.loadState(
    Object.assign(state, ...hidden.map((h, l) => ({ [`layer-${l + 1}/hidden`]: Int16Array.from(h) }))),
  );
  return made;
}

/** Shows one sample x = + + +. */
function trainOn(made: BepLearner, label: number) {
  return made.trainEpoch({
    data: { inputs: BitMatrix.fromSigns([[1, 1, 1]]), labels: Int32Array.of(label) },
    order: Uint32Array.of(0),
    batchSize: 1,
    afterBatch: () => undefined,
  });
}

const HUNDREDTHS = fc.integer({ min: 0, max: 100 });
const NEURONS = fc.integer({ min: 1, max: 120 });

describe('thresholds of BEP', () => {
  it('trigger a right sample whose logit leads by less than r·K of the last layer', async () => {
    const cases = fc.record({ hundredths: HUNDREDTHS, neurons: NEURONS }).chain(({ hundredths, neurons }) => {
      // A lead is even: twice the number of neurons in which the rows differ. Those around r·K tell most.
      const middle = Math.floor((hundredths * neurons) / 200);
      const differing = fc
        .integer({ min: middle - 1, max: middle + 2 })
        .map((count) => Math.max(0, Math.min(count, neurons)));
      return fc.tuple(fc.constant(hundredths), fc.constant(neurons), differing);
    });
    await fc.assert(
      fc.asyncProperty(cases, async ([hundredths, neurons, differing]) => {
        const hidden = new Array<number>(3 * neurons).fill(1);
        const rows = [signs(neurons, 0), signs(neurons, differing)];
        const made = learner([neurons], [hidden], rows, { robustness: hundredths / 100 });
        const { layers } = await trainOn(made, 0);
        expect(layers?.[0].triggerShare === 1).toBe(200 * differing < hundredths * neurons);
      }),
      { numRuns: 200, seed: 1, examples: [[[29, 100, 14]], [[28, 100, 14]]] },
    );
  });

  it('open the gates of neurons with |z| of at most ν times their inputs', async () => {
    /*
     * The first layer gives + everywhere, the second is one neuron whose weights make z2 and whose desired activation is
     * the opposite of what it gives. Through an open gate goes −w or w, and the neurons that should be − step. Through a
     * closed one goes 0, no target: nothing steps.
     */
    const cases = fc.record({ hundredths: HUNDREDTHS, neurons: NEURONS }).chain(({ hundredths, neurons }) => {
      // z2 = K − 2·minus: around ±ν·K
      const middle = Math.floor((neurons - (hundredths * neurons) / 100) / 2);
      const minus = fc
        .tuple(fc.integer({ min: middle - 2, max: middle + 2 }), fc.boolean())
        .map(([count, opposite]) => (opposite ? neurons - count : count))
        .map((count) => Math.max(0, Math.min(count, neurons)));
      return fc.tuple(fc.constant(hundredths), fc.constant(neurons), minus);
    });
    await fc.assert(
      fc.asyncProperty(cases, async ([hundredths, neurons, minus]) => {
        const first = new Array<number>(3 * neurons).fill(9);
        const hidden = [first, signs(neurons, minus)];
        const made = learner([neurons, 1], hidden, [[1], [-1]], { robustness: 0, gate: hundredths / 100 });
        const z = neurons - 2 * minus;
        await trainOn(made, z >= 0 ? 1 : 0);
        const stepped = made.layers[0].weights.hidden.values.some((h) => h !== 9);
        expect(stepped).toBe(100 * Math.abs(z) <= hundredths * neurons);
      }),
      { numRuns: 200, seed: 2, examples: [[[29, 100, 36]], [[28, 100, 36]]] },
    );
  });
});
