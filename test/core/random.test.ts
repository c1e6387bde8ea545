import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnMask } from '../../src/core/bit-matrix.js';
import { RandomStream, randomStreams } from '../../src/core/random.js';

const SEEDED = { seed: 1, numRuns: 100 };

const draws = (stream: RandomStream, count: number) => Array.from({ length: count }, () => stream.uint32());

/** Σ (n − e)²/e over the counts of equally likely values. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, n) => sum + n, 0) / counts.length;
  return counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
}

describe('RandomStream', () => {
  it('draws the same in every version', () => {
    // Computed by another implementation, from SHA-256 and the published formula.
    expect(draws(RandomStream.named(1, 'a'), 4)).toEqual([557279610, 3014934944, 3807352943, 605937915]);
    const longest = RandomStream.named(Number.MAX_SAFE_INTEGER, 'local-error/layer-1');
    expect(draws(longest, 2)).toEqual([1794336441, 1601525832]);
    const words = RandomStream.named(1, 'd').signs(2, 40).words;
    expect(Array.from(words)).toEqual([3800342073, 162, 3329893937, 107]);
    const stream = RandomStream.named(1, 'b');
    expect(stream.uniform()).toBe(0.5843991468225529);
    // Pinned to what this version draws.
    expect(stream.below(1000)).toBe(616);
    expect(stream.normal()).toBeCloseTo(-0.6604849306414756, 12);
    expect(Array.from(RandomStream.named(1, 'c').permutation(8))).toEqual([2, 0, 5, 1, 7, 3, 4, 6]);
  });

  it('starts at the first 128 bits of SHA-256("seed/name")', () => {
    const digest = createHash('sha256').update('7/some/path').digest();
    const words = new Int32Array(digest.buffer.slice(digest.byteOffset, digest.byteOffset + 16));
    expect([...RandomStream.named(7, 'some/path').state()]).toEqual(Array.from(words));
  });

  it('differs by seed and by name, and not otherwise', () => {
    const first = draws(RandomStream.named(1, 'x'), 3);
    expect(draws(RandomStream.named(1, 'x'), 3)).toEqual(first);
    expect(draws(RandomStream.named(2, 'x'), 3)).not.toEqual(first);
    expect(draws(RandomStream.named(1, 'y'), 3)).not.toEqual(first);
  });

  it('continues from any state', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 50 }), (seed, before) => {
        const stream = RandomStream.named(seed, 'resume');
        draws(stream, before);
        const state = stream.state();
        const resumed = RandomStream.fromState(state);
        expect(draws(resumed, 5)).toEqual(draws(stream, 5));
        expect(RandomStream.fromState(state).state()).toEqual(state);
      }),
      SEEDED,
    );
  });

  it('rejects what is no seed', () => {
    for (const seed of [-1, 0.5, 2 ** 53, Number.NaN]) {
      const message = `seed: expected an integer of at least 0, got ${seed}`;
      expect(() => RandomStream.named(seed, 'x')).toThrow(expect.objectContaining({ message }));
      expect(() => randomStreams(seed)).toThrow(expect.objectContaining({ message }));
    }
  });

  it('draws integers below a bound, each as often', () => {
    const stream = RandomStream.named(1, 'below');
    expect(stream.below(1)).toBe(0);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 20_000; i++) counts[stream.below(10)]++;
    // Chi-square with 9 degrees of freedom: 99.9 % lie below 27.9.
    expect(chiSquare(counts)).toBeLessThan(27.9);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (bound) => {
        const draw = stream.below(bound);
        expect(Number.isInteger(draw) && draw >= 0 && draw < bound).toBe(true);
      }),
      SEEDED,
    );
  });

  it('draws below bounds that do not divide 2^32 without bias', () => {
    const stream = RandomStream.named(1, 'bias');
    // With a plain remainder, the lower half would come twice as often.
    const bound = 3 * 2 ** 30;
    let lower = 0;
    for (let i = 0; i < 10_000; i++) if (stream.below(bound) < bound / 3) lower++;
    // 1/3 of 10,000 with a standard deviation of 47.
    expect(Math.abs(lower - 3333)).toBeLessThan(4 * 47);
    const whole = RandomStream.named(1, 'whole');
    expect(whole.below(2 ** 32)).toBe(RandomStream.named(1, 'whole').uint32());
  });

  it('draws uniform numbers in [0, 1) with 53 bits', () => {
    const stream = RandomStream.named(1, 'uniform');
    const values = Array.from({ length: 20_000 }, () => stream.uniform());
    expect(values.every((u) => u >= 0 && u < 1 && Number.isInteger(u * 2 ** 53))).toBe(true);
    const counts = new Array<number>(20).fill(0);
    for (const u of values) counts[Math.floor(20 * u)]++;
    // Chi-square with 19 degrees of freedom: 99.9 % lie below 43.8.
    expect(chiSquare(counts)).toBeLessThan(43.8);
  });

  it('draws every one of the 32 bits as often as not', () => {
    const stream = RandomStream.named(1, 'bits');
    const ones = new Array<number>(32).fill(0);
    for (const draw of draws(stream, 10_000)) {
      for (let bit = 0; bit < 32; bit++) ones[bit] += (draw >>> bit) & 1;
    }
    // 5,000 with a standard deviation of 50.
    for (const n of ones) expect(Math.abs(n - 5000)).toBeLessThan(4 * 50);
  });

  it('draws normal numbers with mean 0 and standard deviation 1', () => {
    const stream = RandomStream.named(1, 'normal');
    const values = Array.from({ length: 20_000 }, () => stream.normal());
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(values.length));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / values.length));
    // 4.55 % lie beyond two standard deviations.
    const beyond = values.filter((x) => Math.abs(x) > 2).length;
    expect(Math.abs(beyond - 910)).toBeLessThan(4 * Math.sqrt(910));
    expect(values.every(Number.isFinite)).toBe(true);
  });

  it('permutes: every index once', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 300 }), (seed, length) => {
        const order = RandomStream.named(seed, 'order').permutation(length);
        expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i));
      }),
      SEEDED,
    );
  });

  it('permutes into every order as often', () => {
    const stream = RandomStream.named(1, 'orders');
    const counts = new Map<string, number>();
    for (let i = 0; i < 12_000; i++) {
      const order = stream.permutation(4).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    // Chi-square with 23 degrees of freedom: 99.9 % lie below 49.7.
    expect(chiSquare([...counts.values()])).toBeLessThan(49.7);
  });

  it('draws fair signs and keeps the tails clean', () => {
    for (const columns of [1, 31, 32, 33, 63, 64, 65, 1000]) {
      const rows = 20;
      const matrix = RandomStream.named(1, `signs ${columns}`).signs(rows, columns);
      const { rowWords, words } = matrix;
      words.forEach((word, i) => {
        expect(word & ~columnMask(columns, i % rowWords)).toBe(0);
      });
      const plus = Array.from({ length: rows }, (_, row) => matrix.signs(row)).reduce(
        (sum, row) => sum + row.filter((value) => value === 1).length,
        0,
      );
      const entries = rows * columns;
      expect(Math.abs(plus - entries / 2)).toBeLessThan(4 * Math.sqrt(entries / 4));
    }
  });
});

describe('randomStreams', () => {
  it('gives every stream of a seed by name, at its beginning', () => {
    const streams = randomStreams(5);
    expect(streams.seed).toBe(5);
    expect(draws(streams.stream('x'), 3)).toEqual(draws(RandomStream.named(5, 'x'), 3));
    expect(draws(streams.stream('x'), 3)).toEqual(draws(RandomStream.named(5, 'x'), 3));
  });

  it.each([1, 3, 50_000, 2 ** 31 + 1, 3 * 2 ** 30, 2 ** 32 - 1, 2 ** 32])(
    'below(%d) skips what would favour small numbers',
    (bound) => {
      const [stream, draws] = [RandomStream.named(1, 'below'), RandomStream.named(1, 'below')];
      const limit = 2 ** 32 - (2 ** 32 % bound);
      for (let i = 0; i < 500; i++) {
        let draw = draws.uint32();
        while (draw >= limit) draw = draws.uint32();
        expect(stream.below(bound)).toBe(draw % bound);
      }
    },
  );
});
