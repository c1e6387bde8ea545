import type { Layout, PlotData } from 'plotly.js';
import { describe, expect, it } from 'vitest';
import type { Figure } from '../../src/figures/figure.js';
import { heatMap } from '../../src/figures/heat-map.js';
import { learningCurves } from '../../src/figures/learning-curves.js';
import { optionCurves } from '../../src/figures/option-curves.js';
import { panels } from '../../src/figures/panels.js';
import { paperFigure } from '../../src/figures/paper.js';
import { restyle } from '../../src/figures/restyle.js';
import { epochs, figures } from './sample-figures.js';

const curves = learningCurves(epochs, { title: 'Curves', training: false });
const points = optionCurves(epochs, { option: 'epoch', value: 'testAccuracy', title: 'Points' });

const tracesOf = ({ data }: Figure): Partial<PlotData>[] => data as Partial<PlotData>[];
const legendOf = (figure: Figure): unknown[] =>
  tracesOf(figure)
    .filter(({ name, showlegend, mode }) => name !== undefined && showlegend !== false && mode !== 'none')
    .filter(({ legendgroup, showlegend }) => legendgroup === undefined || showlegend === true)
    .map(({ name }) => name);

function map(values: readonly number[], title: string, valueTitle = 'accuracy'): Figure {
  const rows = values.map((v, x) => ({ x, y: 0, v }));
  return heatMap(rows, { x: 'x', y: 'y', value: 'v', title, valueTitle });
}

describe('panels', () => {
  const both = panels([curves, points], { title: 'Both', letters: true });

  it('have axes, titles and letters of their own, and one legend in place of names at lines', () => {
    const layout = both.layout as Partial<Layout> & Readonly<Record<string, unknown>>;
    expect(layout.grid).toMatchObject({ rows: 1, columns: 2, pattern: 'independent' });
    expect(layout.annotations?.map(({ text }) => text)).toEqual(['(a) Curves', '(b) Points']);
    expect(layout.xaxis2).toMatchObject({ title: { text: 'epoch' } });
    expect(layout.yaxis2).toMatchObject({ title: { text: 'testAccuracy' } });
    expect(layout.yaxis3).toBeUndefined();
    expect(legendOf(both)).toEqual(['bep', 'sgd']);
    expect(tracesOf(both).map(({ yaxis }) => yaxis)).toContain('y2');
  });

  it('of a figure of several come one by one', () => {
    const three = panels([figures.flipRate, points]);
    expect(three.layout?.grid).toMatchObject({ rows: 1, columns: 3 });
    expect(three.layout?.annotations?.map(({ text }) => text)).toEqual(['layer 1', 'layer 2', 'Points']);
    expect(three.layout).toHaveProperty('yaxis2.title.text', 'flips per epoch (%)');
    expect(panels([figures.flipRate, points], { columns: 2 }).layout?.grid).toMatchObject({
      rows: 2,
      columns: 2,
    });
  });

  it('of heat maps share one colour bar, on which cells are marked', () => {
    const { data, layout } = panels([map([10, 80, 81, 82], 'one'), map([70, 85, 86], 'two')]);
    const { coloraxis } = layout as {
      coloraxis: { cmin: number; cmax: number; colorbar: { title: { text: string } } };
    };
    expect(coloraxis).toMatchObject({ cmin: 70, cmax: 86 });
    expect(coloraxis.colorbar.title.text).toBe('accuracy<br>(▾ 1 below)');
    expect(data.map((trace) => (trace as { text?: unknown }).text)).toEqual([
      [[' ▾', '', '', '']],
      [['', '', '']],
    ]);
    expect(data[0]).not.toHaveProperty('colorbar');
  });

  it('stand below each other in a narrow column', () => {
    expect(paperFigure(both, { width: 'double' }).layout?.grid).toMatchObject({ rows: 1, columns: 2 });
    const narrow = paperFigure(both, { width: 'single' }).layout;
    expect(narrow?.grid).toMatchObject({ rows: 2, columns: 1 });
    expect(Number(narrow?.height)).toBeGreaterThan(Number(narrow?.width));
    // Panels with one title for all stay as they are.
    expect(paperFigure(figures.flipRate, { width: 'single' }).layout?.grid).toMatchObject({ columns: 2 });
  });

  it('are refused where one legend, or one colour bar, could not tell', () => {
    expect(() => panels([])).toThrow('figures: expected at least one figure, got []');
    expect(() => panels([curves, restyle(points, { colours: { bep: '#123456' } })])).toThrow(
      'figures: expected one look for all series called bep',
    );
    expect(() => panels([map([1, 2], 'a'), map([1, 2], 'b', 'loss')])).toThrow(
      "figures: expected heat maps of one value, which can share a colour bar, got [ 'accuracy', 'loss' ]",
    );
    expect(() => panels([figures.weightImages])).toThrow(
      'figures[0]: expected a figure with axes; pictures stand alone',
    );
    expect(() => panels([curves], { columns: 0 })).toThrow(
      'columns: expected an integer of at least 1, got 0',
    );
  });
});
