import type { PlotData } from 'plotly.js';
import { describe, expect, it } from 'vitest';
import { accuracyVersusParameters } from '../../src/figures/accuracy-versus-parameters.js';
import { heatMap } from '../../src/figures/heat-map.js';
import { learningCurves } from '../../src/figures/learning-curves.js';
import { isPaperFigure, paperFigure } from '../../src/figures/paper.js';
import { restyle, seriesNames } from '../../src/figures/restyle.js';
import { epochs, figures, runs, thresholds } from './sample-figures.js';

type Layout = Readonly<
  Record<string, { title?: { text?: string }; range?: number[]; ticktext?: string[]; tickvals?: number[] }>
>;

const curves = learningCurves(epochs);

describe('restyle', () => {
  it('keeps line, band and label of a series in one colour, and leaves the given figure as it is', () => {
    const before = JSON.stringify(curves);
    const changed = restyle(curves, { colours: { bep: '#aa0000' } });
    const own = (changed.data as Partial<PlotData>[]).filter(({ legendgroup }) => legendgroup === 'bep');
    expect(own.map(({ line, fillcolor }) => fillcolor ?? line?.color)).toEqual([
      '#aa000033',
      '#aa000033',
      '#aa0000',
      '#aa0000',
    ]);
    const labels = (changed.layout as unknown as Layout).yaxis2.ticktext;
    expect(labels).toEqual([
      '<span style="color:#aa0000">bep</span>',
      '<span style="color:#009E73">sgd</span>',
    ]);
    expect(JSON.stringify(curves)).toBe(before);
    expect(JSON.stringify(changed).replaceAll('#aa0000', '#D55E00')).toBe(before);
  });

  it('recolours markers, error bars and published points with the line', () => {
    const drawn = accuracyVersusParameters(runs, { published: [{ ...runs[0], testAccuracy: 75, sd: 0.5 }] });
    const changed = restyle(drawn, { colours: { bep: '#123456' } });
    const own = (changed.data as Partial<PlotData>[]).filter(({ legendgroup }) => legendgroup === 'bep');
    expect(own.length).toBeGreaterThan(4);
    expect(
      own.every(({ marker, error_y }) => marker?.color === '#123456' && error_y?.color === '#123456'),
    ).toBe(true);
  });

  it('changes title, axes, size and fonts', () => {
    const changed = restyle(curves, {
      title: 'Other words',
      axes: { x: { title: 'passes' }, y: { title: 'right (%)', range: [0, 100] } },
      size: { width: 500, height: 300 },
      fonts: { family: 'Times, serif', size: 26 },
    });
    expect(changed.layout).toMatchObject({
      width: 500,
      height: 300,
      title: { text: 'Other words' },
      font: { family: 'Times, serif' },
    });
    const layout = changed.layout as unknown as Layout;
    expect(layout.xaxis.title?.text).toBe('passes');
    expect(layout.yaxis).toMatchObject({ title: { text: 'right (%)' }, range: [0, 100] });
    // Labels stand on an axis of their own, which goes along and has no title.
    expect(layout.yaxis2.range).toEqual([0, 100]);
    expect(layout.yaxis2.title).toBeUndefined();
    expect(changed.layout?.template?.layout?.font?.size).toBe(26);
    expect(restyle(curves, { title: '' }).layout?.title).toBeUndefined();
    expect(restyle(curves, { title: '' }).layout?.margin?.t).toBe(16);
  });

  it('takes ranges in the units of a logarithmic axis, and names every panel at once', () => {
    const layout = restyle(figures.accuracyVersusParameters, {
      axes: { x: { range: [1000, 100_000], title: 'size' } },
    }).layout as unknown as Layout;
    expect(layout.xaxis.range?.map((end) => Number(end.toFixed(9)))).toEqual([3, 5]);
    // The lower row only has titles.
    expect(
      [layout.xaxis, layout.xaxis2, layout.xaxis3, layout.xaxis4].map(({ title }) => title?.text),
    ).toEqual(['', '', 'size', 'size']);
  });

  it('leaves what is printed printed', () => {
    const printed = restyle(paperFigure(curves), { fonts: { size: 12 } });
    expect(isPaperFigure(printed)).toBe(true);
    expect(isPaperFigure(restyle(curves, { fonts: { size: 12 } }))).toBe(false);
  });

  it('knows the series by name, and refuses others', () => {
    expect(seriesNames(curves)).toEqual(['bep', 'sgd', 'test', 'training']);
    expect(() => restyle(curves, { colours: { qat: '#aa0000' } })).toThrow(
      "colours: expected names of series in the figure (bep, sgd, test, training), got 'qat'",
    );
    const map = heatMap(thresholds, { x: 'robustness', y: 'reinforcement', value: 'testAccuracy' });
    expect(() => restyle(map, { colours: { bep: '#aa0000' } })).toThrow(
      'names of series in the figure (it has none)',
    );
    expect(() => restyle(curves, { colours: { bep: 'red' } })).toThrow(
      "colours.bep: expected a colour #rrggbb, got 'red'",
    );
    expect(() => restyle(map, { axes: { x: { range: [0, 1] } } })).toThrow(
      'axes.x.range: expected none for an axis of categories, got [ 0, 1 ]',
    );
    expect(() => restyle(curves, { axes: { y: { range: [2, 1] } } })).toThrow(
      'axes.y.range: expected two ascending numbers',
    );
    expect(() => restyle(curves, { size: { width: 1 } })).toThrow(
      'size.width: expected a number in [50, 10000], got 1',
    );
    expect(() => restyle(curves, { fonts: { size: 1 } })).toThrow(
      'fonts.size: expected a number in [4, 100], got 1',
    );
    expect(() => restyle(figures.weightImages, { axes: { x: { title: 'x' } } })).toThrow(
      'axes.x: expected a figure with an x axis',
    );
  });
});

describe('series', () => {
  const rows = epochs.map((row) => ({ ...row, groupSize: row.rule === 'bep' ? 15 : null }));
  const names = (options: object): unknown[] => seriesNames(learningCurves(rows, options)).slice(0, 2);

  it('are told apart by several columns, and called as one likes', () => {
    expect(names({ series: ['rule', 'groupSize'] })).toEqual(['bep, groupSize 15', 'sgd']);
    const titled = { seriesTitle: ({ rule }: { rule?: unknown }): string => `our ${rule}` };
    expect(names(titled)).toEqual(['our bep', 'our sgd']);
    // A rule under another title keeps its colour.
    expect(JSON.stringify(learningCurves(rows, titled)).replaceAll(/our (?=bep|sgd)/g, '')).toBe(
      JSON.stringify(learningCurves(rows)),
    );
  });

  it('with one title are refused, and columns that there are not', () => {
    expect(() => names({ seriesTitle: () => 'ours' })).toThrow(
      "seriesTitle: expected another title for each series, got 'ours'",
    );
    expect(() => names({ series: ['rule', 'width'] })).toThrow('series: expected a column of rows[0] (');
    expect(() => names({ series: [] })).toThrow('series: expected at least one column, got []');
  });
});
