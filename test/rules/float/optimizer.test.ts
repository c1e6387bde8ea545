import { describe, expect, it } from 'vitest';
import { referenceFloatKernels } from '../../../src/kernels/float-reference.js';
import { adamStep, gradientStep, momentumStep, type Optimizer } from '../../../src/rules/float/optimizer.js';

/** Powers of two, so that every step below is exact. */
const HALVES = { learningRate: 0.25, beta1: 0.5, beta2: 0.75, epsilon: 0.5 };

function update(
  optimizer: Optimizer,
  values: Float32Array,
  gradient: Float32Array,
  moments: Float32Array[],
  step: number,
): void {
  optimizer.update({ values, gradient, moments, step }, referenceFloatKernels);
}

describe('gradientStep', () => {
  it('moves by −η·G', () => {
    const values = Float32Array.of(1, -2, 0);
    const gradient = Float32Array.of(2, -4, 0);
    update(gradientStep(0.25), values, gradient, [], 1);
    expect(values).toEqual(Float32Array.of(0.5, -1, 0));
    expect(gradient).toEqual(Float32Array.of(2, -4, 0));
  });
});

describe('momentumStep', () => {
  it('adds the gradient to the decayed velocity and moves along it', () => {
    const [values, velocity] = [Float32Array.of(1, 1), Float32Array.of(4, 0)];
    update(momentumStep(0.25, 0.5), values, Float32Array.of(2, -2), [velocity], 1);
    expect(velocity).toEqual(Float32Array.of(4, -2));
    expect(values).toEqual(Float32Array.of(0, 1.5));
  });
});

describe('adamStep', () => {
  it('corrects the moments of the first step', () => {
    const [values, mean, square] = [Float32Array.of(1), Float32Array.of(0), Float32Array.of(0)];
    update(adamStep(HALVES), values, Float32Array.of(-1.5), [mean, square], 1);
    // M̂ = G = −1.5, √Ŝ = 1.5: W + 0.25·1.5/(1.5 + 0.5).
    expect([mean[0], square[0]]).toEqual([-0.75, 0.5625]);
    expect(values[0]).toBe(1.1875);
  });

  it('takes moments and the number of the step into account', () => {
    const [values, mean, square] = [Float32Array.of(1), Float32Array.of(4), Float32Array.of(0.25)];
    update(adamStep(HALVES), values, Float32Array.of(1), [mean, square], 2);
    // M = 2.5, S = 0.1875 + 0.25 = 0.4375 = 1 − 0.75², so √Ŝ = 1; M̂ = 2.5/0.75. W − 0.25·(10/3)/1.5.
    expect([mean[0], square[0]]).toEqual([2.5, 0.4375]);
    expect(values[0]).toBeCloseTo(1 - 5 / 9, 7);
  });

  it('clips to a bound other than 1, on both sides', () => {
    const values = Float32Array.of(0.5, -0.5);
    update(
      adamStep(HALVES, 0.5),
      values,
      Float32Array.of(-1.5, 1.5),
      [new Float32Array(2), new Float32Array(2)],
      1,
    );
    // Unclipped: ±(0.5 + 0.25·1.5/2).
    expect(values).toEqual(Float32Array.of(0.5, -0.5));
  });

  it('with a bound, counts gradients beyond it as 0 and clips to it', () => {
    const values = Float32Array.of(1, -1, 3, -3, 0);
    const [mean, square] = [new Float32Array(5), new Float32Array(5)];
    update(adamStep(HALVES, 1), values, Float32Array.of(-1.5, 1.5, 1.5, -1.5, 1.5), [mean, square], 1);
    expect(mean).toEqual(Float32Array.of(-0.75, 0.75, 0, 0, 0.75));
    expect(square).toEqual(Float32Array.of(0.5625, 0.5625, 0, 0, 0.5625));
    expect(values).toEqual(Float32Array.of(1, -1, 1, -1, -0.1875));
  });

  it('keeps what is no number', () => {
    const values = Float32Array.of(Number.NaN, 0);
    update(adamStep(HALVES, 1), values, Float32Array.of(0, Number.NaN), [values.slice(), values.slice()], 1);
    expect(values).toEqual(Float32Array.of(Number.NaN, Number.NaN));
  });
});
