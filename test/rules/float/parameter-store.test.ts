import { describe, expect, it } from 'vitest';
import { randomStreams } from '../../../src/core/random.js';
import { referenceFloatKernels } from '../../../src/kernels/float-reference.js';
import { momentumStep } from '../../../src/rules/float/optimizer.js';
import { ParameterStore } from '../../../src/rules/float/parameter-store.js';
import type { OnnxTensorConstructor } from '../../../src/rules/float/runtime.js';

/** Holds what it is given. */
class Tensor {
  constructor(
    readonly type: string,
    readonly data: Float32Array,
  ) {}
}

function store(...values: number[]): ParameterStore {
  const weights = {
    name: 'w',
    shape: [values.length],
    initial: () => Float32Array.from(values),
    optimizer: momentumStep(0.1, 0.9),
    hasSigns: true,
  };
  const stream = randomStreams(1).stream('unused');
  return new ParameterStore(
    [weights],
    () => stream,
    Tensor as unknown as OnnxTensorConstructor,
    referenceFloatKernels,
  );
}

describe('the parameters of a network', () => {
  it('are not finite when a single one is not, or a single moment', () => {
    expect(store(1, 2, 3).areFinite()).toBe(true);
    expect(store(1, Number.NaN, 3).areFinite()).toBe(false);
    expect(store(1, Number.NEGATIVE_INFINITY, 3).areFinite()).toBe(false);
    const loaded = store(1, 2);
    loaded.load({ w: Float32Array.of(1, 2), 'w/velocity': Float32Array.of(0, Number.POSITIVE_INFINITY) });
    expect(loaded.areFinite()).toBe(false);
  });

  it('are fed with their signs, +1 for 0, also when they were loaded', () => {
    const made = store(0, -0.5, 2);
    expect(made.feeds['w/signs'].data).toEqual(Float32Array.of(1, -1, 1));
    made.load({ w: Float32Array.of(-3, 0, -1), 'w/velocity': new Float32Array(3) });
    expect(made.feeds['w/signs'].data).toEqual(Float32Array.of(-1, 1, -1));
    expect(made.feeds.w.data).toEqual(Float32Array.of(-3, 0, -1));
  });
});
