import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { CommitteeLearner } from '../../../src/rules/committee/committee.js';
import { committeeConfig } from '../../../src/rules/committee/config.js';

/** ±1, the first `minus` of them −1. */
function signs(length: number, minus: number): number[] {
  return Array.from({ length }, (_, i) => (i < minus ? -1 : 1));
}

it('a committee triggers on a right sample that leads by less than ⌊r·K2⌋, of its units', async () => {
  const cases = fc
    .record({ hundredths: fc.integer({ min: 0, max: 100 }), units: fc.integer({ min: 1, max: 60 }) })
    .chain(({ hundredths, units }) => {
      // A lead is even: twice the number of units in which the rows differ. Those around the margin tell most.
      const middle = Math.floor((hundredths * units) / 200);
      const differing = fc
        .integer({ min: middle - 1, max: middle + 2 })
        .map((count) => Math.max(0, Math.min(count, units)));
      return fc.tuple(fc.constant(hundredths), fc.constant(units), differing);
    });
  await fc.assert(
    fc.asyncProperty(cases, async ([hundredths, units, differing]) => {
      const config = committeeConfig.parse({
        name: 'committee',
        layers: [3 * units, units],
        robustness: hundredths / 100,
      });
      const task = { input: vector(3), classes: 2, batchSize: 1, hasValidation: false };
      const context = { kernels: selectKernels('reference'), streams: randomStreams(1) };
      const made = new CommitteeLearner(config, task, context);
      made.loadState({
        ...made.saveState(),
        'perceptrons/hidden': new Int16Array(9 * units).fill(1),
        classifier: BitMatrix.fromSigns([signs(units, 0), signs(units, differing)]).words,
      });
      const { layers } = await made.trainEpoch({
        data: { inputs: BitMatrix.fromSigns([[1, 1, 1]]), labels: Int32Array.of(0) },
        order: Uint32Array.of(0),
        batchSize: 1,
        afterBatch: () => undefined,
      });
      expect(layers?.[0].triggerShare === 1).toBe(2 * differing < Math.floor((hundredths * units) / 100));
    }),
    { numRuns: 200, seed: 1, examples: [[[29, 50, 6]], [[58, 50, 14]]] },
  );
});
