import { beforeAll, describe, expect, it } from 'vitest';
import { Int32Matrix } from '../../src/core/int-matrix.js';
import { checkedKernels } from '../../src/kernels/checked.js';
import type { Kernels } from '../../src/kernels/kernels.js';
import { referenceKernels } from '../../src/kernels/reference.js';
import { type Agrees, BOUNDS, findDisagreement } from './agreement.js';
import { describeBackward } from './conformance-backward.js';
import { describeForward } from './conformance-forward.js';
import { describeSelection } from './conformance-selection.js';
import { describeTable } from './conformance-table.js';
import { describeUpdates } from './conformance-updates.js';
import { Arena } from './operands.js';
import { trainChain } from './training-chain.js';

/**
 * The suite that every backend must pass: each operation agrees exactly with `referenceKernels`, in its outputs,
 * in the tails of packed rows and in leaving everything else alone.
 * @param name - of the backend, for the titles
 * @param makeKernels - makes the backend; called when the tests run, so that a failure is a failed test
 */
export function describeConformance(name: string, makeKernels: () => Kernels): void {
  describe(`${name} agrees with the reference`, () => {
    let kernels: Kernels;
    beforeAll(() => {
      kernels = checkedKernels(makeKernels());
    });

    const agrees: Agrees = (caseName, operation) => {
      const disagreement = findDisagreement(kernels, caseName, operation);
      if (disagreement) expect.fail(disagreement);
    };
    describeTable(agrees);
    describeForward(agrees);
    describeBackward(agrees);
    describeSelection(agrees);
    describeUpdates(agrees);

    it('allocates matrices of −1 and 0 and empty lists', () => {
      const dirt = new Arena(kernels, 'own memory');
      for (let i = 0; i < 3; i++) {
        expect(kernels.bitMatrix(3, 65).words.every((word) => word === 0)).toBe(true);
        expect(kernels.int16Matrix(3, 65).values.every((value) => value === 0)).toBe(true);
        expect(kernels.int32Matrix(3, 65).values.every((value) => value === 0)).toBe(true);
        expect(kernels.sampleList(7)).toMatchObject({ count: 0, capacity: 7 });
        expect(kernels.stepList(7)).toMatchObject({ count: 0, capacity: 7 });
        dirt.int32(new Int32Matrix(1, 1000, new Int32Array(1000).fill(-1)));
      }
      expect(kernels.bitMatrix(0, 5).words).toHaveLength(0);
      expect(kernels.sampleList(0).capacity).toBe(0);
      expect(kernels.stepList(0).capacity).toBe(0);
    });

    it('trains through every operation to the same hidden weights', () => {
      const sizes = { inputs: 129, neurons: 70, classes: 3, groupSize: 35, batchSize: 20, batches: 6 };
      for (const bound of BOUNDS) {
        const shape = { ...sizes, bound, margin: 10, probability: 0.02 };
        const result = trainChain(kernels, shape);
        expect(result).toEqual(trainChain(referenceKernels, shape));
        expect(result.steps).toBeGreaterThan(100);
      }
    });
  });
}
