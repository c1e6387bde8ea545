import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { power } from '../../src/core/power.js';

describe('power', () => {
  const BASES = [0.9, 0.999, 0.99, 0.98, 0.95, 0.5, 0.75, 0.9999, 1e-3, 1 - 2 ** -53, 2 ** -1022];
  const EXPONENTS = [...Array.from({ length: 20_000 }, (_, i) => i + 1), 1e6, 2 ** 31 - 1];
  const all = (power: (base: number, exponent: number) => number): number[] =>
    BASES.flatMap((base) => EXPONENTS.map((exponent) => power(base, exponent)));

  it('has the bits that Node 20 and 22 give a power, on every Node', () => {
    const hash = createHash('sha256')
      .update(Buffer.from(Float64Array.from(all(power)).buffer))
      .digest('hex');
    expect(hash).toBe('faf12d856200f1c23ff34027b28a73c269491052eeb75b8e595395ab8ff3bc72');
  });

  it('differs by two bits at most from what this Node says', () => {
    for (const base of BASES) {
      for (const exponent of EXPONENTS.filter((each) => base ** each > 1e-300)) {
        const distance = Math.abs(power(base, exponent) / base ** exponent - 1);
        if (distance > 2 ** -50) expect({ base, exponent, distance }).toBe('within two bits');
      }
    }
  });

  it.each([
    [0.5, 10, 2 ** -10],
    [0.5, 1074, 2 ** -1074],
    [0.5, 1080, 0],
    [0.25, 3, 1 / 64],
    [0, 3, 0],
  ])('%d to the power of %d is exact', (base, exponent, value) => {
    expect(power(base, exponent)).toBe(value);
  });

  it.each([
    [1, 2, 'base: expected 0 or a number in [2^-1022, 1), got 1'],
    [-0.5, 2, 'base: expected 0 or a number in [2^-1022, 1), got -0.5'],
    [Number.NaN, 2, 'base: expected 0 or a number in [2^-1022, 1), got NaN'],
    [0.5, 0, 'exponent: expected a whole number in [1, 2^31), got 0'],
    [0.5, 1.5, 'exponent: expected a whole number in [1, 2^31), got 1.5'],
  ])('refuses %d to the power of %d', (base, exponent, message) => {
    expect(() => power(base, exponent)).toThrow(message);
  });
});
