import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { localErrorConfig } from '../../../src/rules/local-error/config.js';
import { LocalErrorLearner } from '../../../src/rules/local-error/local-error.js';

const SAMPLE = BitMatrix.fromSigns([[1, 1, 1]]);

/**
 * Whether a sample of class 0 triggers in a layer with activations `activations` and a classifier of the rows `rows`.
 * Every neuron sees three inputs of +1 with three weights of the sign of its activation.
 */
async function triggers(activations: number[], rows: number[][], options: object): Promise<boolean> {
  const neurons = activations.length;
  const config = localErrorConfig.parse({
    name: 'local-error',
    layers: [neurons],
    groupSize: neurons,
    ...options,
  });
  const task = { input: vector(3), classes: 2, batchSize: 1, hasValidation: false };
  const context = { kernels: selectKernels('reference'), streams: randomStreams(1) };
  const made = new LocalErrorLearner(config, task, context);
  made.loadState({
    ...made.saveState(),
    'layer-1/hidden': Int16Array.from(activations.flatMap((a) => [a, a, a])),
    'layer-1/classifier': Int16Array.from(rows.flat()),
  });
  const { layers } = await made.trainEpoch({
    data: { inputs: SAMPLE, labels: Int32Array.of(0) },
    order: Uint32Array.of(0),
    batchSize: 1,
    afterBatch: () => undefined,
  });
  return layers?.[0].triggerShare === 1;
}

/** ±1, the first `minus` of them −1. */
function signs(length: number, minus: number): number[] {
  return Array.from({ length }, (_, i) => (i < minus ? -1 : 1));
}

describe('the trigger margin', () => {
  it('is ⌊r·K⌋ in integers: a right sample triggers when it leads by less', async () => {
    const cases = fc
      .record({ hundredths: fc.integer({ min: 0, max: 100 }), neurons: fc.integer({ min: 1, max: 120 }) })
      .chain(({ hundredths, neurons }) => {
        const margin = Math.floor((hundredths * neurons) / 100);
        // A lead is even: twice the number of neurons in which the rows differ. Those around the margin tell most.
        const differing = fc
          .integer({ min: Math.floor(margin / 2) - 1, max: Math.ceil(margin / 2) + 1 })
          .map((count) => Math.max(0, Math.min(count, neurons)));
        return fc.record({ hundredths: fc.constant(hundredths), neurons: fc.constant(neurons), differing });
      });
    await fc.assert(
      fc.asyncProperty(cases, async ({ hundredths, neurons, differing }) => {
        const rows = [signs(neurons, 0), signs(neurons, differing)];
        const triggered = await triggers(signs(neurons, 0), rows, { robustness: hundredths / 100 });
        expect(triggered).toBe(2 * differing < Math.floor((hundredths * neurons) / 100));
      }),
      { numRuns: 200, seed: 1, examples: [[{ hundredths: 29, neurons: 100, differing: 14 }]] },
    );
  });

  it.each([
    // ⌊0.25·4⌋ = 1, ⌊0.6·4⌋ = ⌊2.4⌋ = 2, ⌊0.75·4⌋ = 3, ⌊1·4⌋ = 4, and y of 4 neurons is even
    { y: 0, robustness: 0.24, triggered: false },
    { y: 0, robustness: 0.25, triggered: true },
    { y: 2, robustness: 0.6, triggered: false },
    { y: 2, robustness: 0.74, triggered: false },
    { y: 2, robustness: 0.75, triggered: true },
    { y: 4, robustness: 1, triggered: false },
    // ⌊0.5·5⌋ = 2 and ⌊0.7·5⌋ = 3
    { y: 1, robustness: 0.5, triggered: true },
    { y: 3, robustness: 0.7, triggered: false },
  ])('of a single unit with y = $y and r = $robustness is ⌊r·K⌋ for |y|', async ({ y, ...of }) => {
    const neurons = y % 2 === 0 ? 4 : 5;
    const activations = signs(neurons, (neurons - y) / 2);
    const rows = [signs(neurons, 0), signs(neurons, neurons)];
    const options = { robustness: of.robustness, output: 'single-unit' };
    expect(await triggers(activations, rows, options)).toBe(of.triggered);
  });
});
