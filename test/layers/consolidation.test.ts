import { describe, expect, it } from 'vitest';
import type { ConsolidationTable } from '../../src/kernels/consolidation.js';
import { consolidationTable, plasticity } from '../../src/layers/consolidation.js';
import { checkConsolidation } from '../../src/rules/binary/check-consolidation.js';

/** How likely a step from depth `depth` towards zero is. */
function chanceAt(table: ConsolidationTable | undefined, depth: number): number {
  if (!table) return 1;
  const { offset, shift, chances } = table;
  return chances[Math.min(63, Math.floor(Math.max(0, depth - offset) / 2 ** shift))];
}

describe('how likely a step towards zero is', () => {
  it('is 1 − tanh²(m·|h|), in ranges of at most 0.2/m', () => {
    for (const m of [1e-4, 0.003, 0.02, 0.35, 1]) {
      const table = consolidationTable({ m }, 0);
      const width = 2 ** (table?.shift ?? 0);
      expect(m > 0.05 || width * m <= 0.2).toBe(true);
      let farthest = 0;
      for (let start = 0; start <= 32767; start += width) {
        const odd = Array.from({ length: width / 2 }, (_, i) => 1 - Math.tanh(m * (start + 2 * i + 1)) ** 2);
        const mean = odd.reduce((sum, one) => sum + one, 0) / odd.length;
        const found = [start + 1, start + width - 1].map((depth) => Math.abs(chanceAt(table, depth) - mean));
        farthest = Math.max(farthest, ...found);
      }
      expect(farthest).toBeLessThan(2 ** -16);
    }
    expect(plasticity(0)).toBe(1);
    expect(plasticity(0.8)).toBeCloseTo(1 - Math.tanh(0.8) ** 2, 14);
  });

  it('is 1 up to a threshold and 0 beyond it', () => {
    for (const threshold of [0, 1, 99, 100, 4095]) {
      const table = consolidationTable({ threshold }, 0);
      const depths = Array.from({ length: 2500 }, (_, i) => 2 * i + 1);
      const expected = depths.map((depth) => Number(depth <= threshold));
      expect(depths.map((depth) => chanceAt(table, depth))).toEqual(expected);
    }
  });

  it('halves every so many depths, until it is less than a word can tell', () => {
    for (const halving of [1, 16, 256]) {
      const table = consolidationTable({ halving }, 0);
      const depths = Array.from({ length: 16384 }, (_, i) => 2 * i + 1);
      const stairs = depths.map((depth) => Math.floor(depth / halving));
      const expected = stairs.map((stair) => (stair < 16 ? 2 ** -stair : 0));
      expect(depths.map((depth) => chanceAt(table, depth))).toEqual(expected);
    }
  });

  it('is the same at any depth for the control', () => {
    const table = consolidationTable({ probability: 0.25 }, 0);
    expect([1, 63, 4095, 32767].map((depth) => chanceAt(table, depth))).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it('may differ from layer to layer, and protects nothing at 0, 32767 and 1', () => {
    const options = { m: [0, 0.5] };
    expect(consolidationTable(options, 0)).toBeUndefined();
    expect(chanceAt(consolidationTable(options, 1), 1)).toBeCloseTo(1 - Math.tanh(0.5) ** 2, 5);
    expect(consolidationTable({ threshold: 32767 }, 0)).toBeUndefined();
    expect(consolidationTable({ probability: [1] }, 0)).toBeUndefined();
  });
});

describe('checkConsolidation', () => {
  it('wants one option, and one entry for each layer', () => {
    expect(() => checkConsolidation(undefined, 2)).not.toThrow();
    expect(() => checkConsolidation({ m: 1 }, 2)).not.toThrow();
    expect(() => checkConsolidation({ threshold: [1, 2] }, 2)).not.toThrow();
    const one = /^rule.consolidation: expected one of m, threshold, halving, probability, got/;
    expect(() => checkConsolidation({}, 2)).toThrow(one);
    expect(() => checkConsolidation({ m: 1, halving: 2 }, 2)).toThrow(one);
    expect(() => checkConsolidation({ m: [1] }, 2)).toThrow(
      /^rule.consolidation.m: expected 2 entries, one for each layer, got 1/,
    );
  });
});
