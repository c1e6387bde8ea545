import { describe, expect, it } from 'vitest';
import { negativeExponential } from '../../src/core/negative-exponential.js';

describe('negativeExponential', () => {
  it('is e^−x, to the last bits', () => {
    for (let i = 0; i <= 4000; i++) {
      const x = i / 97;
      const expected = Math.exp(-x);
      expect(Math.abs(negativeExponential(x) / expected - 1)).toBeLessThan(2 ** -52 * (4 + 4 * x));
    }
  });

  it('is 1 at 0, 0 far away, and refuses what is below', () => {
    expect([0, 700, 1e300].map(negativeExponential)).toEqual([1, 0, 0]);
    expect(negativeExponential(1)).toBeCloseTo(0.36787944117144233, 15);
    expect(() => negativeExponential(-1)).toThrow(/^x: expected a number in \[0, .*\], got -1/);
    expect(() => negativeExponential(Number.NaN)).toThrow(/^x: .* got NaN/);
  });
});
