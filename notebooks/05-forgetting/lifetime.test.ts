import { describe, expect, it } from 'vitest';
import { referenceKernels } from '../../src/kernels/reference.js';
import { keptRows } from '../../src/node/studies/kept-rows.js';
import { follow, type LifetimeProtocol, lifetime } from './lifetime.js';
import { cascadeChances, cascadeMemory, type HiddenMemoryOptions, hiddenMemory } from './memories.js';

const PROTOCOL: LifetimeProtocol = {
  neurons: 8,
  inputs: 256,
  followed: 64,
  before: [64, 200],
  ages: [0, 1, 8, 64],
};

/** Standard error of a mean overlap: 1/√(patterns · neurons · inputs). */
const ERROR = 1 / Math.sqrt(64 * 8 * 256);

function signals(options: HiddenMemoryOptions): (readonly [number, number, number, number])[] {
  const memory = hiddenMemory(PROTOCOL, options, { kernels: referenceKernels, seed: 1 });
  return follow(memory, PROTOCOL, 1).map(({ before, age, signal, noise }) => {
    return [Number(before), Number(age), Number(signal), Number(noise)];
  });
}

describe('a memory', () => {
  it('of two states and chance q keeps q·(1 − q)^t, whatever came before', () => {
    for (const [, age, signal] of signals({ hiddenBits: 2, consolidation: { probability: 0.25 } })) {
      expect(Math.abs(signal - 0.25 * 0.75 ** age)).toBeLessThan(4 * ERROR);
    }
  });

  it('without a bound keeps what a majority of all patterns does, √(2/π·1/T)', () => {
    for (const [before, age, signal, noise] of signals({ hiddenBits: 16 })) {
      // The followed ones are patterns before + 1 to before + 64.
      const expected = Math.sqrt(2 / (Math.PI * (before + 32.5 + age)));
      expect(Math.abs(signal - expected)).toBeLessThan(4 * ERROR + 0.02 * expected);
      expect(noise).toBeCloseTo(1 / Math.sqrt(256), 2);
    }
  });

  it('that never goes back beyond a depth keeps what it learned first, and learns no more', () => {
    const found = signals({ hiddenBits: 16, consolidation: { threshold: 3 } });
    for (const [before, , signal] of found.filter(([first]) => first === 200)) {
      expect([before, Math.abs(signal) < 4 * ERROR]).toEqual([200, true]);
    }
  });
});

describe('a cascade', () => {
  it('has the published chances', () => {
    expect(cascadeChances(4)).toEqual({ q: [1, 0.5, 0.25, 0.25], p: [1, 0.5, 0.25, 0] });
    expect(() => cascadeChances(1)).toThrow('depths: expected an integer in [2, 16], got 1');
    expect(() => cascadeChances(3, 0.6)).toThrow('x: expected a number in (0, 0.5], got 0.6');
  });

  it('stores with 2/n where all depths are equally often taken', () => {
    for (const depths of [2, 5]) {
      const rows = follow(cascadeMemory(PROTOCOL, depths, 1), PROTOCOL, 1);
      const fresh = rows.filter(({ before, age }) => before === 200 && age === 0);
      expect(Number(fresh[0].signal)).toBeCloseTo(2 / depths, 2);
    }
  });

  it('keeps the last pattern only, with two depths that every step of both goes through', () => {
    expect(cascadeChances(2)).toEqual({ q: [1, 1], p: [1, 0] });
    const rows = follow(cascadeMemory(PROTOCOL, 2, 1), PROTOCOL, 1);
    expect(rows.find(({ before, age }) => before === 64 && age === 0)?.signal).toBe(1);
    expect(Math.abs(Number(rows.find(({ before, age }) => before === 64 && age === 1)?.signal))).toBeLessThan(
      4 * ERROR,
    );
  });
});

describe('stored lifetimes', () => {
  const stored = keptRows(`${__dirname}/rows/lifetime.jsonl`);

  it('are redrawn: each memory until it cannot be told from none', () => {
    // 11 memories, two places, three seeds, 17 ages.
    expect(stored).toHaveLength(11 * 2 * 3 * 17);
    const figures = lifetime.figures(stored.toReversed());
    const names = Object.values(figures).map(({ data }) =>
      data.flatMap((trace) => ('name' in trace && trace.name ? [trace.name] : [])),
    );
    expect(names).toEqual([
      ['1/√t', 'two states, q = 1/64', '4 bits', '6 bits', '8 bits', '16 bits'],
      ['1/√t', '16 bits', 'θ = 127', 'm = 0.002', 'halved every 128', 'cascade, n = 5', 'cascade, n = 10'],
      // What is protected has nothing left to store with.
      ['1/√t', '16 bits', 'cascade, n = 5', 'cascade, n = 10'],
    ]);
    const [{ x }] = figures['lifetime-by-bound'].data.filter(
      (trace) => 'name' in trace && trace.name === '4 bits',
    ) as unknown as { x: number[] }[];
    expect(x).toEqual([1, 2, 4, 8, 16, 32, 64]);
    expect(lifetime.tables(stored).ratios.body).toHaveLength(11 * 2);
  });

  it('refuse a memory that is not known, and runs', () => {
    expect(() => lifetime.tables([{ ...stored[0], memory: 'other' }])).toThrow(
      /^memory: expected one of two states/,
    );
    expect(() => lifetime.rows([] as never)).toThrow('records: expected none');
  });
});
