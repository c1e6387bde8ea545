import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { fixedNorm, withThresholds } from '../../../src/rules/quantized/fold-norm.js';

const WEIGHTS = [1, -1, 1, 1];

/** One neuron on four inputs, with products −4, −2, 0, 2, 4. */
function neuron(norm: { mean: number; deviation: number; scale: number; shift: number }) {
  const one = (value: number): Float32Array => Float32Array.of(value);
  const layer = withThresholds(BitMatrix.fromSigns([WEIGHTS]), {
    mean: one(norm.mean),
    deviation: one(norm.deviation),
    scale: one(norm.scale),
    shift: one(norm.shift),
  });
  return { weights: [...layer.weights.signs(0)], thresholds: [...(layer.thresholds ?? [])] };
}

describe('batch normalization before a sign', () => {
  it('is a threshold between two products', () => {
    // (z − 1)/2 · 3 + 1 ≥ 0 from z = 1/3 on.
    expect(neuron({ mean: 1, deviation: 2, scale: 3, shift: 1 })).toEqual({
      weights: WEIGHTS,
      thresholds: [2],
    });
    // At z = 2 the sum is 0, whose sign is +1.
    expect(neuron({ mean: 2, deviation: 1, scale: 1, shift: 0 }).thresholds).toEqual([2]);
  });

  it('turns the weights where its scale is negative', () => {
    // −(z − 1) ≥ 0 up to z = 1: of the products of turned weights, from −0 on.
    expect(neuron({ mean: 1, deviation: 1, scale: -1, shift: 0 })).toEqual({
      weights: [-1, 1, -1, -1],
      thresholds: [0],
    });
    // −(z + 2) ≥ 0 up to z = −2: from 2 on.
    expect(neuron({ mean: -2, deviation: 1, scale: -1, shift: 0 }).thresholds).toEqual([2]);
  });

  it('may be the same for every product', () => {
    expect(neuron({ mean: 0, deviation: 1, scale: 0, shift: 1 }).thresholds).toEqual([-4]);
    expect(neuron({ mean: 0, deviation: 1, scale: 0, shift: -1 }).thresholds).toEqual([6]);
    expect(neuron({ mean: 9, deviation: 1, scale: 1, shift: 0 }).thresholds).toEqual([6]);
    expect(neuron({ mean: -9, deviation: 1, scale: 1, shift: 0 }).thresholds).toEqual([-4]);
  });

  it('takes the running statistics, with ε added to the variance', () => {
    const norm = fixedNorm(
      {
        'layer-2/scale': Float32Array.of(5),
        'layer-2/shift': Float32Array.of(6),
        'layer-2/running-mean': Float32Array.of(7),
        'layer-2/running-variance': Float32Array.of(9),
      },
      1,
    );
    expect([...norm.scale, ...norm.shift, ...norm.mean]).toEqual([5, 6, 7]);
    expect(norm.deviation[0]).toBe(Math.fround(Math.sqrt(Math.fround(9 + Math.fround(0.001)))));
  });
});
