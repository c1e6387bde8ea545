import { describe, expect, it } from 'vitest';
import { heatMap } from '../../src/figures/heat-map.js';
import { valueScale } from '../../src/figures/value-scale.js';

interface Map {
  readonly zmin?: number;
  readonly zmax?: number;
  readonly text?: string[][];
  readonly texttemplate: string;
  readonly colorbar: { title: { text: string }; tickvals?: number[]; ticktext?: string[] };
}

/** A row of cells. */
function mapOf(values: readonly number[], options: object = {}): Map {
  const rows = values.map((v, x) => ({ x, y: 0, v }));
  const [trace] = heatMap(rows, { x: 'x', y: 'y', value: 'v', ...options }).data;
  return trace as unknown as Map;
}

describe('the scale of a heat map', () => {
  it('leaves out a value at chance, marks its cell, and says so', () => {
    // Quartiles of 10, 80, 81, 82 by type 7: 62.5 and 81.25, so that the fence is at 34.375.
    const map = mapOf([10, 80, 81, 82]);
    expect(map).toMatchObject({
      zmin: 80,
      zmax: 82,
      text: [[' ▾', '', '', '']],
      texttemplate: '%{z:.1f}%{text}',
    });
    expect(map.colorbar.title.text).toBe('v<br>(▾ 1 below)');
    expect(map.colorbar).toMatchObject({
      tickvals: [80, 80.5, 81, 81.5, 82],
      ticktext: ['≤ 80.0', '80.5', '81', '81.5', '82'],
    });
  });

  it('counts equal values once, so that half of the cells at chance do not keep it down', () => {
    const map = mapOf([10, 10, 10.04, 10, 80, 81, 82]);
    expect(map.zmin).toBe(80);
    expect(map.colorbar.title.text).toBe('v<br>(▾ 4 below)');
  });

  it('has both ends, where values lie beyond both', () => {
    const map = mapOf([1, 50, 51, 52, 53, 99]);
    expect(map).toMatchObject({ zmin: 50, zmax: 53 });
    expect(map.text).toEqual([[' ▾', '', '', '', '', ' ▴']]);
    expect(map.colorbar.title.text).toBe('v<br>(▾ 1 below, ▴ 1 above)');
    expect(map.colorbar.ticktext?.at(-1)).toBe('≥ 53.0');
  });

  it('says nothing where nothing is left out, or nothing is to be', () => {
    for (const map of [mapOf([80, 81, 82, 83]), mapOf([10, 80, 81, 82], { range: 'all' })]) {
      expect(map).toMatchObject({ texttemplate: '%{z:.1f}', colorbar: { title: { text: 'v' } } });
      expect(map).not.toHaveProperty('zmin');
    }
  });

  it('can be set, and refuses what is no range', () => {
    expect(mapOf([10, 80, 82], { range: [79, 81] })).toMatchObject({
      zmin: 79,
      zmax: 81,
      text: [[' ▾', '', ' ▴']],
    });
    for (const range of [[81, 79], [1, Number.NaN], 'full']) {
      expect(() => valueScale([1, 2], range as never, 1)).toThrow(
        "range: expected 'robust', 'all' or two ascending numbers, got",
      );
    }
  });
});
