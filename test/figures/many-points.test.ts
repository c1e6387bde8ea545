import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { largest, smallest } from '../../src/core/extremes.js';
import { learningCurves } from '../../src/figures/learning-curves.js';

const SOURCE = path.resolve(__dirname, '..', '..', 'src');

describe('many points', () => {
  it('make a figure: 20 series of 7,000 epochs', () => {
    const rows = Array.from({ length: 20 * 7000 }, (_, i) => ({
      rule: `rule ${Math.floor(i / 7000)}`,
      seed: 1,
      epoch: (i % 7000) + 1,
      trainAccuracy: 80 + (i % 10),
      validationAccuracy: 80,
      testAccuracy: 80,
    }));
    const { data } = learningCurves(rows, { series: 'rule' });
    expect(
      data.filter(({ type, mode }: { type?: string; mode?: string }) => type === 'scatter' && mode !== 'none')
        .length,
    ).toBeGreaterThanOrEqual(20);
  });

  it('have extremes', () => {
    const values = Float64Array.from({ length: 1_000_000 }, (_, i) => (i * 7919) % 1_000_003);
    expect([smallest(values), largest(values)]).toEqual([0, 1_000_002]);
    expect([smallest([]), largest([])]).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  });

  it('are nowhere spread into arguments', () => {
    const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' });
    const spread = files.filter(
      (file) =>
        file.endsWith('.ts') &&
        /Math\.(min|max)\(\s*\.\.\./.test(readFileSync(path.join(SOURCE, file), 'utf8')),
    );
    expect(spread.filter((file) => !file.startsWith('reports/'))).toEqual([]);
  });
});
