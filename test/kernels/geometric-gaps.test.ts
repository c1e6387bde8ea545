import { describe, expect, it } from 'vitest';
import { Int16Matrix } from '../../src/core/int-matrix.js';
import { RandomStream } from '../../src/core/random.js';
import { GeometricGaps } from '../../src/kernels/geometric-gaps.js';
import { referenceKernels } from '../../src/kernels/reference.js';

const MASK = (1n << 64n) - 1n;

function rotateLeft(x: bigint, bits: bigint): bigint {
  return ((x << bits) | (x >> (64n - bits))) & MASK;
}

/** The stream exactly as the comment on `GeometricGaps.state` words it. */
class WrittenStream {
  s0: bigint;
  s1: bigint;

  constructor(state: Int32Array) {
    const [high0, low0, high1, low1] = Array.from(state, (word) => BigInt(word >>> 0));
    this.s0 = (high0 << 32n) | low0;
    this.s1 = (high1 << 32n) | low1;
  }

  draw(): number {
    const result = Number((this.s0 + this.s1) & 0xffffffffn);
    this.s1 ^= this.s0;
    this.s0 = rotateLeft(this.s0, 24n) ^ this.s1 ^ ((this.s1 << 16n) & MASK);
    this.s1 = rotateLeft(this.s1, 37n);
    return result;
  }

  state(): number[] {
    return [this.s0 >> 32n, this.s0, this.s1 >> 32n, this.s1].map((word) => Number(BigInt.asIntN(32, word)));
  }
}

/** Gaps between hits and the draws that this takes, as the comment on `GeometricGaps` words it. */
function writtenHits(gaps: GeometricGaps, length: number): { hits: number[]; state: number[] } {
  const stream = new WrittenStream(gaps.state);
  const hits: number[] = [];
  for (let position = 0; position < length; ) {
    const draw = stream.draw();
    const misses = gaps.thresholds.filter((threshold) => threshold <= draw).length;
    position += misses;
    if (misses < gaps.thresholds.length && position < length) hits.push(position++);
  }
  return { hits, state: stream.state() };
}

function makeGaps(name: string, probability: number): GeometricGaps {
  const gaps = new GeometricGaps(RandomStream.named(3, name));
  gaps.setProbability(probability);
  return gaps;
}

describe('GeometricGaps', () => {
  it('continues a stream without advancing it', () => {
    const stream = RandomStream.named(3, 'start');
    const gaps = new GeometricGaps(stream);
    expect(Array.from(gaps.state)).toEqual([...RandomStream.named(3, 'start').state()]);
    expect([...stream.state()]).toEqual([...RandomStream.named(3, 'start').state()]);
  });

  it('describes the stream that pure-rand computes', () => {
    const stream = RandomStream.named(3, 'formula');
    const written = new WrittenStream(Int32Array.from(stream.state()));
    for (let i = 0; i < 1000; i++) expect(written.draw()).toBe(stream.uint32());
    expect(written.state()).toEqual([...stream.state()]);
  });

  it('tabulates 1 − (1 − p)^(g+1) to within 2^−32', () => {
    for (const p of [1e-6, 0.003, 0.3, 0.9]) {
      const { thresholds } = makeGaps('table', p);
      for (const g of [0, 1, 2, 10, 100, 4095]) {
        const distribution = -Math.expm1((g + 1) * Math.log1p(-p));
        expect(Math.abs(thresholds[g] / 2 ** 32 - distribution)).toBeLessThan(2 ** -32 + 1e-12);
      }
    }
  });

  it('guides the search to the number of thresholds at most i · 2^20', () => {
    for (const p of [0, 1e-5, 0.003, 0.3, 1]) {
      const { thresholds, guide } = makeGaps('guide', p);
      guide.forEach((start, i) => {
        // Thresholds ascend: those before `start` are at most i · 2^20, the others are larger.
        if (start > 0) expect(thresholds[start - 1]).toBeLessThanOrEqual(i * 2 ** 20);
        if (start < thresholds.length) expect(thresholds[start]).toBeGreaterThan(i * 2 ** 20);
      });
    }
  });

  it('rejects what is no probability', () => {
    const gaps = makeGaps('wrong', 0.5);
    for (const wrong of [-0.1, 1.1, Number.NaN]) {
      expect(() => gaps.setProbability(wrong)).toThrow(
        `probability: expected a number in [0, 1], got ${wrong}`,
      );
    }
  });
});

describe('reinforce', () => {
  const { reinforce } = referenceKernels;

  it('deepens weights by hand, both signs, up to the bound', () => {
    const hidden = new Int16Matrix(1, 5, Int16Array.of(1, -1, 7, -7, 5));
    expect(reinforce(hidden, makeGaps('certain', 1), 7)).toBe(5);
    expect(Array.from(hidden.values)).toEqual([3, -3, 7, -7, 7]);
  });

  it('hits nothing at probability 0, but draws', () => {
    const hidden = new Int16Matrix(10, 1000, new Int16Array(10_000).fill(1));
    const gaps = makeGaps('never', 0);
    const { state } = writtenHits(gaps, 10_000);
    expect(reinforce(hidden, gaps, 7)).toBe(0);
    expect(hidden.values.every((h) => h === 1)).toBe(true);
    expect(Array.from(gaps.state)).toEqual(state);
  });

  it('hits where the draws say, call after call', () => {
    for (const probability of [1e-4, 0.02, 0.4]) {
      const gaps = makeGaps(`hits ${probability}`, probability);
      for (const length of [1, 100, 5000]) {
        const { hits, state } = writtenHits(gaps, length);
        const hidden = new Int16Matrix(1, length, new Int16Array(length).fill(1));
        expect(reinforce(hidden, gaps, 7)).toBe(hits.length);
        expect(Array.from(hidden.values).flatMap((h, i) => (h === 3 ? [i] : []))).toEqual(hits);
        expect(Array.from(gaps.state)).toEqual(state);
      }
    }
  });

  it('hits every position with the probability asked for', () => {
    const [positions, calls, p] = [50, 2000, 0.1];
    const hidden = new Int16Matrix(1, positions, new Int16Array(positions).fill(1));
    const gaps = makeGaps('frequency', p);
    for (let call = 0; call < calls; call++) reinforce(hidden, gaps, 32767);
    const hits = Array.from(hidden.values, (h) => (h - 1) / 2);
    const chiSquare = hits.reduce((sum, n) => sum + (n - calls * p) ** 2 / (calls * p * (1 - p)), 0);
    // Chi-square with 50 degrees of freedom: 99.9 % lie below 86.7, and 99.9 % above 24.7.
    expect(chiSquare).toBeLessThan(86.7);
    expect(chiSquare).toBeGreaterThan(24.7);
  });

  it('leaves gaps of g misses with probability p(1 − p)^g', () => {
    const p = 0.2;
    const length = 200_000;
    const { hits } = writtenHits(makeGaps('gaps', p), 2000);
    expect(hits.length).toBeGreaterThan(300);
    const hidden = new Int16Matrix(1, length, new Int16Array(length).fill(1));
    reinforce(hidden, makeGaps('gaps', p), 7);
    const positions = Array.from(hidden.values).flatMap((h, i) => (h === 3 ? [i] : []));
    const counts = new Array<number>(15).fill(0);
    positions.forEach((position, i) => {
      const gap = position - (i === 0 ? -1 : positions[i - 1]) - 1;
      counts[Math.min(gap, 14)]++;
    });
    const chiSquare = counts.reduce((sum, n, g) => {
      const expected = positions.length * (g < 14 ? p * (1 - p) ** g : (1 - p) ** 14);
      return sum + (n - expected) ** 2 / expected;
    }, 0);
    // Chi-square with 14 degrees of freedom: 99.9 % lie below 36.1.
    expect(chiSquare).toBeLessThan(36.1);
  });
});
