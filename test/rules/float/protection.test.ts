import { describe, expect, it } from 'vitest';
import { referenceFloatKernels } from '../../../src/kernels/float-reference.js';
import { consolidatedStep } from '../../../src/rules/float/consolidated-step.js';
import { elasticStep } from '../../../src/rules/float/elastic-step.js';
import { adamStep, gradientStep, type Optimizer } from '../../../src/rules/float/optimizer.js';
import { pathStep } from '../../../src/rules/float/path-step.js';
import { protectedStep } from '../../../src/rules/float/protection.js';
import { qatConfig } from '../../../src/rules/quantized/qat.js';

/** An optimizer with arrays of its own, which start at 0 as in training. */
class Trained {
  readonly moments: Float32Array[];
  step = 0;

  constructor(
    readonly optimizer: Optimizer,
    readonly values: Float32Array,
    readonly signs?: Float32Array,
  ) {
    this.moments = optimizer.moments.map(() => new Float32Array(values.length));
  }

  update(...gradient: number[]): number[] {
    const { values, moments, signs } = this;
    const of = { values, moments, signs, gradient: Float32Array.from(gradient), step: ++this.step };
    this.optimizer.update(of, referenceFloatKernels);
    return [...values];
  }

  endTask(...squares: number[]): void {
    const { values, moments } = this;
    this.optimizer.endTask?.({ values, moments, squares: Float32Array.from(squares) });
  }

  moment(name: string): number[] {
    return [...this.moments[this.optimizer.moments.indexOf(name)]];
  }
}

describe('consolidatedStep', () => {
  it('shortens changes towards zero by 1 − tanh²(m·|W|), and no others', () => {
    const signs = new Float32Array(4);
    const made = new Trained(
      consolidatedStep(gradientStep(1), { m: 2, isShuffled: false }),
      Float32Array.of(0.25, -0.25, 0.25, -2),
      signs,
    );
    // f(0.5) = 1 − tanh²(0.5) = 0.7864477, at an entry of the table; f(4) = 0.0013409.
    const [towards, beyond, away, deep] = made.update(0.125, -0.5, -0.125, -1);
    expect(towards).toBeCloseTo(0.25 - 0.7864477 * 0.125, 6);
    expect(beyond).toBeCloseTo(-0.25 + 0.7864477 * 0.5, 6);
    expect(away).toBe(0.375);
    expect(deep).toBeCloseTo(-2 + 0.0013409, 6);
    expect([...signs]).toEqual([1, 1, 1, -1]);
  });

  it('is the published rule: the first moment times f in the update of a weight alone', () => {
    const constants = { learningRate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 };
    const start = Float32Array.from({ length: 50 }, (_, i) => Math.sin(7 * i) / 3);
    const made = new Trained(
      consolidatedStep(adamStep(constants), { m: 1.35, isShuffled: false }),
      start.slice(),
    );
    const [weights, mean, square] = [Array.from(start), new Array(50).fill(0), new Array(50).fill(0)];
    for (let step = 1; step <= 20; step++) {
      const gradient = Array.from(start, (_, i) => Math.cos(3 * i + step * (i % 3)));
      made.update(...gradient);
      for (let i = 0; i < 50; i++) {
        const g = Math.fround(gradient[i]);
        mean[i] = 0.9 * mean[i] + 0.1 * g;
        square[i] = 0.99 * square[i] + 0.01 * g * g;
        const f = Math.sign(weights[i]) * mean[i] > 0 ? 1 - Math.tanh(1.35 * Math.abs(weights[i])) ** 2 : 1;
        const rate = 0.01 / (1 - 0.9 ** step);
        weights[i] -= (rate * f * mean[i]) / (Math.sqrt(square[i] / (1 - 0.99 ** step)) + 1e-8);
      }
    }
    const farthest = Math.max(...weights.map((w, i) => Math.abs(w - made.values[i])));
    expect(farthest).toBeLessThan(1e-5);
    expect(made.moment('first-moment')[7]).toBeCloseTo(mean[7], 5);
  });

  it('takes the depth of the weight 61.8 % further on for the control', () => {
    const made = new Trained(
      consolidatedStep(gradientStep(1), { m: 8, isShuffled: true }),
      // ⌊0.618·3⌋ = 1: the first looks at the second, the last at the first.
      Float32Array.of(1, 0, 0.0625),
    );
    const [first, middle, last] = made.update(0.5, 0.25, 0.03125);
    expect(first).toBe(0.5);
    // From 0 no way is one towards it.
    expect(middle).toBe(-0.25);
    expect(last).toBeCloseTo(0.0625 - 0.03125 * (1 - Math.tanh(8) ** 2), 7);
  });

  it('is what it wraps with m = 0', () => {
    const [plain, wrapped] = [
      gradientStep(0.25),
      consolidatedStep(gradientStep(0.25), { m: 0, isShuffled: false }),
    ].map((optimizer) => new Trained(optimizer, Float32Array.of(1, -1, 0)));
    expect(wrapped.update(1, 1, 1)).toEqual(plain.update(1, 1, 1));
  });
});

describe('elasticStep', () => {
  it('pulls to the weights at the end of each task, by their importance', () => {
    const made = new Trained(
      elasticStep(gradientStep(0.5), { lambda: 2, isShuffled: false }),
      Float32Array.of(1, -1),
    );
    expect(made.update(1, 0)).toEqual([0.5, -1]);
    made.endTask(0.25, 0);
    // 0.5·(2·0.25·(0.5 − 0.5)) = 0
    expect(made.update(-1, 1)).toEqual([1, -1.5]);
    // λ·F·(W − W*) = 2·0.25·(1 − 0.5) = 0.25
    expect(made.update(0, 0)).toEqual([0.875, -1.5]);
    made.endTask(0.5, 1);
    made.values.set([1.875, -0.5]);
    // 2·(0.25·(1.875 − 0.5) + 0.5·(1.875 − 0.875)) = 1.6875;  2·1·(−0.5 + 1.5) = 2
    expect(made.update(0, 0)).toEqual([1.875 - 0.5 * 1.6875, -1.5]);
  });

  it('gives each weight the importance of another for the control', () => {
    const made = new Trained(
      elasticStep(gradientStep(1), { lambda: 1, isShuffled: true }),
      Float32Array.of(0, 0, 0),
    );
    made.endTask(1, 2, 4);
    expect(made.moment('importance')).toEqual([2, 4, 1]);
  });
});

describe('pathStep', () => {
  it('weighs weights by what their changes took off the loss, over how far they went', () => {
    const made = new Trained(
      pathStep(gradientStep(0.5), { strength: 1, damping: 0.5 }),
      Float32Array.of(1, 1),
    );
    made.update(1, -2);
    made.update(1, 1);
    // 1 → 0.5 → 0 and 1 → 2 → 1.5: −Σ G·ΔW = 0.5 + 0.5 and 2 + 0.5.
    expect(made.moment('path')).toEqual([1, 2.5]);
    made.endTask(0, 0);
    // 1/(1 + 0.5) and 2.5/(0.25 + 0.5)
    const [first, second] = made.moment('importance');
    expect([first, second]).toEqual([Math.fround(2 / 3), Math.fround(10 / 3)]);
    expect(made.moment('path')).toEqual([0, 0]);
    made.values.set([0.5, 1.5]);
    // 2·c·Ω·(W − W*): 2·(2/3)·0.5 and 0.
    expect(made.update(0, 0)[0]).toBeCloseTo(0.5 - 0.5 * (2 / 3), 6);
    expect(made.values[1]).toBe(1.5);
  });

  it('counts no importance for changes that raised the loss', () => {
    const made = new Trained(pathStep(gradientStep(-1), { strength: 1, damping: 1 }), Float32Array.of(0));
    made.update(1);
    made.endTask(0);
    expect(made.moment('importance')).toEqual([0]);
  });
});

describe('options of protection', () => {
  it('choose one way at most', () => {
    const inner = gradientStep(1);
    expect(protectedStep(inner, {})).toBe(inner);
    expect(protectedStep(inner, { elastic: { lambda: 1, shuffled: false } }).moments).toEqual([
      'importance',
      'anchor',
    ]);
    const both = { name: 'qat', layers: [2], elastic: { lambda: 1 }, path: { strength: 1 } };
    expect(qatConfig.safeParse(both).error?.message).toMatch(/at most one of consolidation, elastic, path/);
  });
});
