import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { RandomStream } from '../../../src/core/random.js';
import { SampleList, StepList } from '../../../src/kernels/lists.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { SecondaryStep } from '../../../src/rules/committee/secondary-step.js';

describe('choice of secondary steps, by hand', () => {
  it('takes samples that do not trigger and perceptrons with 0 < s ≤ θ', () => {
    const kernels = selectKernels('reference');
    const preActivations = kernels.int32Matrix(3, 6);
    // θ = 3, all draws step. Sample 0, label 0, wants + + + − − −; sample 1 triggers; sample 2, label 1, the opposite.
    preActivations.values.set([0, 1, 4, -3, 2, -4, 1, 1, 1, -1, -1, -1, -2, 0, 3, 1, 0, 3]);
    const activations = kernels.bitMatrix(3, 6);
    kernels.packSigns(preActivations, activations);
    const near = kernels.bitMatrix(3, 6);
    kernels.packGates(preActivations, 3, near);
    const triggers = new SampleList(Uint32Array.of(1, 0, 0));
    triggers.count = 1;
    const desired = BitMatrix.fromSigns([
      [1, 1, 1, -1, -1, -1],
      [-1, -1, -1, 1, 1, 1],
    ]);
    const steps = StepList.withCapacity(18);
    const secondary = new SecondaryStep({ probability: 1, threshold: 3 }, RandomStream.named(1, 'test'));
    const labels = Int32Array.of(0, 0, 1);
    secondary.select({ preActivations, activations, near, triggers, desired, labels }, steps);
    expect(steps.toArray()).toEqual([
      { sample: 0, neuron: 1, direction: 1 },
      { sample: 0, neuron: 3, direction: -1 },
      { sample: 2, neuron: 0, direction: -1 },
      { sample: 2, neuron: 3, direction: 1 },
      { sample: 2, neuron: 5, direction: 1 },
    ]);
  });
});
