import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spread } from '../../src/figures/direct-labels.js';
import type { Figure } from '../../src/figures/figure.js';
import { logAxis } from '../../src/figures/log-axis.js';
import { PAPER_WIDTHS_MM, type PaperOptions, paperFigure } from '../../src/figures/paper.js';
import { seriesStyle, seriesStyleNumbers } from '../../src/figures/series-style.js';
import { PAPER } from '../../src/figures/theme.js';
import { figures } from './sample-figures.js';

/** Width and height at 96 pixels per inch, to a tenth of a micrometre. */
function sizeMm(layout: Figure['layout']): number[] {
  return [layout?.width, layout?.height].map((px) => Number(((Number(px) * 25.4) / 96).toFixed(4)));
}

describe('a paper figure', () => {
  it('has the width of a column, in print, and no title', () => {
    const { layout } = paperFigure(figures.learningCurves);
    expect(layout?.template).toBe(PAPER);
    expect(sizeMm(layout)).toEqual([85, 63.75]);
    expect(layout?.title).toBeUndefined();
  });

  it('takes named widths and millimetres, and keeps the proportions of a wide figure', () => {
    const size = (options: PaperOptions): number[] =>
      sizeMm(paperFigure(figures.learningCurves, options).layout);
    expect(size({ width: 'double' })).toEqual([178, 108.7778]);
    expect(size({ width: 'neurips' })[0]).toBe(139.7);
    expect(size({ width: 120, aspect: 2 })).toEqual([120, 60]);
  });

  it('has more height in a narrow column, and more between rows, where there are rows of panels', () => {
    const { layout } = paperFigure(figures.accuracyVersusParameters);
    expect(sizeMm(layout)).toEqual([85, Number(((63.75 * 640) / 440).toFixed(4))]);
    expect(layout?.grid?.ygap).toBe(0.45);
    const wide = paperFigure(figures.accuracyVersusParameters, { width: 'double' }).layout;
    expect(wide?.grid).toEqual(figures.accuracyVersusParameters.layout?.grid);
  });

  it('keeps the title where asked, and room for it and for the titles of panels', () => {
    const bare = paperFigure(figures.forgetting).layout;
    const titled = paperFigure(figures.forgetting, { title: true }).layout;
    expect(titled?.title).toEqual({ text: 'Accuracy on old tasks' });
    const scale = (7 * 96) / 72 / 13;
    expect(titled?.margin?.t).toBeCloseTo((16 + 36 + 20) * scale, 9);
    expect(bare?.margin?.t).toBeCloseTo((16 + 20) * scale, 9);
  });

  it('leaves the figure for the screen alone', () => {
    const before = JSON.stringify(figures.heatMap);
    paperFigure(figures.heatMap, { title: true });
    expect(JSON.stringify(figures.heatMap)).toBe(before);
  });

  it('is refused in sizes that are none', () => {
    const names = Object.keys(PAPER_WIDTHS_MM).join(', ');
    expect(() => paperFigure(figures.heatMap, { width: 'wide' as 'single' })).toThrow(
      `width: expected one of ${names} or millimetres, more than 20, got 'wide'`,
    );
    expect(() => paperFigure(figures.heatMap, { width: Number.NaN })).toThrow('more than 20, got NaN');
    expect(() => paperFigure(figures.heatMap, { aspect: 0 })).toThrow(
      'aspect: expected a number more than 0, got 0',
    );
  });
});

describe('labels at lines', () => {
  it('stay where there is room', () => {
    expect(spread([1, 5, 9], 2)).toEqual([1, 5, 9]);
  });

  it('become a block around their mean where there is none', () => {
    expect(spread([4, 4, 4], 1)).toEqual([3, 4, 5]);
    expect(spread([0, 1, 2, 9], 2)).toEqual([-1, 1, 3, 9]);
  });

  it('are never closer than the gap, nor out of order', () => {
    const positions = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(positions, fc.integer({ min: 1, max: 20 }), (unsorted, gap) => {
        const sorted = unsorted.toSorted((a, b) => a - b);
        const places = spread(sorted, gap);
        expect(places).toHaveLength(sorted.length);
        for (let i = 1; i < places.length; i++) expect(places[i] - places[i - 1]).toBeGreaterThan(gap - 1e-9);
      }),
    );
  });
});

describe('a logarithmic axis', () => {
  it('has 1, 2 and 5 on short ranges', () => {
    expect(logAxis([30_000, 400_000])).toEqual({
      type: 'log',
      tickvals: [1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6],
      ticktext: ['10k', '20k', '50k', '100k', '200k', '500k', '1M', '2M', '5M'],
    });
  });

  it('has powers of ten on long ones, small ones as decimals and large ones as powers', () => {
    expect(logAxis([0.02, 30]).ticktext).toEqual(['0.01', '0.1', '1', '10', '100']);
    expect(logAxis([2e9, 3e12]).ticktext).toEqual(['10⁹', '10¹⁰', '10¹¹', '10¹²', '10¹³']);
    expect(logAxis([2e12, 3e12]).ticktext?.slice(0, 3)).toEqual(['10¹²', '2·10¹²', '5·10¹²']);
  });
});

describe('series', () => {
  it('look different from each other, also in grey', () => {
    const styles = Array.from({ length: 24 }, (_, i) => seriesStyle(i));
    expect(new Set(styles.map(({ dash, symbol }) => `${dash} ${symbol}`)).size).toBe(24);
    expect(new Set(styles.slice(0, 7).map(({ color }) => color)).size).toBe(7);
  });

  it('of a rule look the same whatever stands beside them', () => {
    const [alone] = seriesStyleNumbers(['sgd']);
    expect(seriesStyleNumbers(['iterative', 'local-error', 'sgd'])[2]).toBe(alone);
    expect(seriesStyleNumbers(['qat'])).toEqual(seriesStyleNumbers(['qat with batchNorm']));
  });

  it('of other names have the first styles that no rule of the figure has', () => {
    expect(seriesStyleNumbers(['4 bits', '6 bits', '8 bits'])).toEqual([0, 1, 2]);
    expect(seriesStyleNumbers(['mine', 'sgd', 'local-error', 'yours', 'theirs'])).toEqual([1, 2, 0, 3, 4]);
  });

  it('of few names have colours of their own, with adam among them', () => {
    for (const rule of ['local-error', 'bep', 'sgd', 'qat', 'committee', 'iterative']) {
      const colors = seriesStyleNumbers([rule, 'adam', 'mine']).map((style) => seriesStyle(style).color);
      expect(new Set(colors).size, rule).toBe(3);
    }
  });

  it('never have the same style as another', () => {
    const names = ['qat', 'qat with batchNorm', 'sgd, 8 bits', 'constructor', 'sgd', 'bep', 'committee'];
    expect(new Set(seriesStyleNumbers(names)).size).toBe(names.length);
  });
});
