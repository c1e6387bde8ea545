import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BernoulliWords } from '../../src/core/bernoulli-words.js';
import { RandomStream } from '../../src/core/random.js';

describe('BernoulliWords', () => {
  it.each([0.46, 0.44, 0.25, 0.001, 0.9, 1 / 3])(
    'sets bits with probability %s, at each of the 32 places',
    (p) => {
      const words = new BernoulliWords(RandomStream.named(1, 'test'), p);
      const draws = 40_000;
      const ones = new Float64Array(32);
      for (let i = 0; i < draws; i++) {
        const word = words.next();
        for (let bit = 0; bit < 32; bit++) ones[bit] += (word >>> bit) & 1;
      }
      const sd = Math.sqrt((p * (1 - p)) / draws);
      for (const count of ones) expect(Math.abs(count / draws - p)).toBeLessThan(4.5 * sd);
      const total = ones.reduce((sum, count) => sum + count, 0) / (32 * draws);
      expect(Math.abs(total - p)).toBeLessThan((4 * sd) / Math.sqrt(32));
    },
  );

  it('compares with the threshold exactly: the same bits as 32 separate comparisons of the same digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 }), fc.nat(), (threshold, seed) => {
        const words = new BernoulliWords(RandomStream.named(seed, 'test'), threshold / 2 ** 32);
        const digits = RandomStream.named(seed, 'test');
        // Draw d is digit d of all 32 numbers; digits that were never drawn cannot matter.
        const draws = Array.from({ length: 32 }, () => digits.uint32());
        const word = words.next();
        for (let bit = 0; bit < 32; bit++) {
          const number = draws.reduce((sum, draw) => sum * 2 + ((draw >>> bit) & 1), 0);
          expect((word >>> bit) & 1).toBe(number < threshold ? 1 : 0);
        }
      }),
    );
  });

  it('is constant at 0 and 1 and refuses anything outside', () => {
    expect(new BernoulliWords(RandomStream.named(1, 'test'), 0).next()).toBe(0);
    expect(new BernoulliWords(RandomStream.named(1, 'test'), 1).next()).toBe(-1);
    expect(() => new BernoulliWords(RandomStream.named(1, 'test'), 1.1)).toThrow(
      'probability: expected a number in [0, 1], got 1.1',
    );
  });
});
