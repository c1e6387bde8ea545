import { describe, expect, it } from 'vitest';
import type { Row } from '../../src/core/row.js';
import { type Shape, vector } from '../../src/core/shape.js';
import { ablationPanel } from '../../src/figures/ablation-panel.js';
import { accuracyVersusParameters } from '../../src/figures/accuracy-versus-parameters.js';
import { confusionMatrix } from '../../src/figures/confusion-matrix.js';
import { depthHistogram } from '../../src/figures/depth-histogram.js';
import { depthOverEpochs } from '../../src/figures/depth-over-epochs.js';
import { effectSizes } from '../../src/figures/effect-sizes.js';
import type { Figure } from '../../src/figures/figure.js';
import { flipRate } from '../../src/figures/flip-rate.js';
import { forgetting } from '../../src/figures/forgetting.js';
import { heatMap } from '../../src/figures/heat-map.js';
import { learningCurves } from '../../src/figures/learning-curves.js';
import { lifetimes } from '../../src/figures/lifetimes.js';
import { optionCurves } from '../../src/figures/option-curves.js';
import { sampleGrid } from '../../src/figures/sample-grid.js';
import { stateRaster } from '../../src/figures/state-raster.js';
import { tradeOff } from '../../src/figures/trade-off.js';
import { weightImages } from '../../src/figures/weight-images.js';
import { epochRows } from '../../src/records/rows.js';
import { sampleRecord } from '../sample-record.js';
import { depths, epochs, figures, flips, memories, runs, thresholds } from './sample-figures.js';

/** Sample standard deviation of two numbers that are 4, or 2, apart. */
const SD_OF_4_APART = Math.sqrt(8);
const SD_OF_2_APART = Math.sqrt(2);

describe('learning curves', () => {
  const { data } = learningCurves(epochs);

  it('show the mean over seeds, solid for the test and dotted for the training set', () => {
    expect(data.filter((trace) => 'mode' in trace && trace.mode === 'lines')).toMatchObject([
      { name: 'bep, test', x: [1, 2, 3], y: [67, 68, 69], line: { dash: 'solid' } },
      { name: 'bep, training', y: [74, 75, 76], line: { dash: 'dot' } },
      { name: 'sgd, test', y: [77, 78, 79] },
      { name: 'sgd, training', y: [84, 85, 86] },
      { name: 'test', x: [null], line: { dash: 'solid' } },
      { name: 'training', x: [null], line: { dash: 'dot' } },
    ]);
  });

  it('have bands of one standard deviation about the mean', () => {
    const [test, training] = data as unknown as { x: number[]; y: number[]; fill: string }[];
    expect(test).toMatchObject({ x: [1, 2, 3, 3, 2, 1], fill: 'toself' });
    expect(test.y).toEqual([
      67 + SD_OF_4_APART,
      68 + SD_OF_4_APART,
      69 + SD_OF_4_APART,
      69 - SD_OF_4_APART,
      68 - SD_OF_4_APART,
      67 - SD_OF_4_APART,
    ]);
    expect(training.y[0]).toBeCloseTo(74 + SD_OF_2_APART, 12);
  });

  it('have no bands for a single seed', () => {
    const single = learningCurves(epochRows([sampleRecord]));
    expect(single.data.filter((trace) => 'fill' in trace)).toEqual([]);
    expect(single.data[0]).toMatchObject({ name: 'local-error, test', x: [1, 2], y: [67, 72] });
  });

  it('write the names at the ends of the test lines', () => {
    const { layout } = learningCurves(epochs);
    expect(layout?.yaxis2).toMatchObject({
      tickvals: [69, 79],
      ticktext: ['<span style="color:#D55E00">bep</span>', '<span style="color:#009E73">sgd</span>'],
    });
  });

  it('give each series a dash of its own without the training set', () => {
    const lines = learningCurves(epochs, { training: false }).data.filter(
      (trace) => 'mode' in trace && trace.mode === 'lines',
    );
    expect(lines).toMatchObject([{ line: { dash: 'dash' } }, { line: { dash: 'dot' } }]);
  });
});

describe('accuracy versus parameters', () => {
  it('has a panel for each depth and data set, and a line for each rule with error bars over seeds', () => {
    const { data, layout } = accuracyVersusParameters(runs);
    expect(layout?.annotations?.map(({ text }) => text)).toEqual([
      'prototypes, L = 2',
      'fashion-mnist, L = 2',
      'prototypes, L = 3',
      'fashion-mnist, L = 3',
    ]);
    expect(data).toHaveLength(8);
    expect(data[0]).toMatchObject({
      name: 'bep',
      xaxis: 'x',
      x: [30_000, 70_000],
      y: [73, 74],
      showlegend: true,
    });
    expect(data[0]).toMatchObject({ error_y: { array: [SD_OF_2_APART, SD_OF_2_APART] } });
    expect(data[1]).toMatchObject({ name: 'bep', xaxis: 'x3', x: [31_000], showlegend: false });
  });

  it('can show the width instead', () => {
    const { data, layout } = accuracyVersusParameters(runs, { x: 'width' });
    expect(data[0]).toMatchObject({ x: [35, 75] });
    expect(layout?.xaxis3?.title).toEqual({ text: 'width of hidden layers' });
  });

  it('finds the size of a published network among our own', () => {
    const published = [{ rule: 'sgd', dataset: 'prototypes', layers: '75,75', testAccuracy: 80 }];
    const point = accuracyVersusParameters(runs, { published }).data.at(-2);
    expect(point).toMatchObject({
      x: [70_000],
      y: [80],
      marker: { color: '#009E73', symbol: 'diamond-open' },
    });
  });

  it('refuses a published point that belongs nowhere', () => {
    const draw = (point: object): unknown =>
      accuracyVersusParameters(runs, { published: [{ ...runs[0], ...point }] });
    expect(() => draw({ dataset: 'mnist' })).toThrow(
      'published[0]: expected a data set and depth of the rows, got {',
    );
    expect(() => draw({ layers: '5,5', parameters: null })).toThrow(
      'published[0].parameters: expected a number, or a row of the same network, got null',
    );
  });

  it('refuses layers that are no widths, and published points without what it draws', () => {
    expect(() => accuracyVersusParameters([{ ...runs[0], layers: 'start 64' }])).toThrow(
      "layers: expected widths separated by commas, got 'start 64'",
    );
    const { testAccuracy: _, ...point } = runs[0];
    expect(() => accuracyVersusParameters(runs, { published: [point] })).toThrow(
      'published[0].testAccuracy: expected a finite number, got undefined',
    );
    expect(() => accuracyVersusParameters(runs, { published: [{ ...runs[0], sd: '0.5' }] })).toThrow(
      "published[0].sd: expected a finite number or null, got '0.5'",
    );
  });

  it('does not need the parameters to show the width', () => {
    const [{ parameters: _, ...run }] = runs;
    expect(() => accuracyVersusParameters([run], { x: 'width' })).not.toThrow();
    expect(() => accuracyVersusParameters([run])).toThrow(
      'rows[0].parameters: expected a finite number, got undefined',
    );
  });
});

describe('depth', () => {
  it('is shown in percent of each layer after an epoch', () => {
    const { data, layout } = depthHistogram(sampleRecord.epochs[0]);
    expect(data).toMatchObject([
      { name: 'layer 1', x: ['1', '2–3', '4–7'], y: [50, 25, 25] },
      { name: 'layer 2', y: [100, 0, 0] },
    ]);
    expect(layout).toMatchObject({
      title: { text: 'Depth of hidden weights after epoch 1' },
      barmode: 'group',
    });
  });

  it('is refused for a rule without hidden weights', () => {
    const { layers: _, ...epoch } = sampleRecord.epochs[0];
    expect(() => depthHistogram(epoch)).toThrow(
      'epoch.layers: expected an epoch of a rule with hidden weights, got undefined',
    );
  });

  it('is shown over epochs, without ranges that no weight reached, as the mean over seeds', () => {
    const other = depths.map((row) => ({ ...row, percent: row.depth === 1 ? 50 : row.percent }));
    const { data } = depthOverEpochs([...depths, ...other]);
    expect(data).toHaveLength(2);
    expect(data[0]).toMatchObject({
      x: [1, 2],
      y: ['1', '2–3'],
      z: [
        [60, 45],
        [30, 60],
      ],
    });
  });

  it('is shown over epochs the same whatever the order of rows', () => {
    expect(depthOverEpochs(depths.toReversed())).toEqual(depthOverEpochs(depths));
  });
});

describe('flip rate', () => {
  it('is the mean over seeds, a panel for each layer', () => {
    const { data } = flipRate(flips, { series: 'bits' });
    expect(data).toMatchObject([
      { name: '2 bits', y: [6, 3], xaxis: 'x' },
      { name: '8 bits', y: [3, 1.5], xaxis: 'x' },
      { name: '2 bits', y: [3, 1.5], xaxis: 'x2', showlegend: false },
      { name: '8 bits', y: [1.5, 0.75], xaxis: 'x2' },
    ]);
  });

  it('has gaps where nothing flips', () => {
    const rows = [2, 0].map((flipPercent, i) => ({ rule: 'bep', layer: 1, epoch: i + 1, flipPercent }));
    expect(flipRate(rows).data[0]).toMatchObject({ y: [2, null] });
  });
});

describe('heat map', () => {
  it('shows the mean over seeds at ascending settings', () => {
    const { data } = heatMap(thresholds, {
      x: 'robustness',
      y: 'reinforcement',
      value: 'testAccuracy',
      digits: 2,
    });
    expect(data[0]).toMatchObject({
      x: ['0.25', '0.5'],
      y: ['0', '1'],
      z: [
        [82.5, 83.5],
        [83.5, 84.5],
      ],
      texttemplate: '%{z:.2f}',
    });
  });

  it('leaves pairs without a row blank', () => {
    const { data } = heatMap(thresholds.slice(0, 5), {
      x: 'robustness',
      y: 'reinforcement',
      value: 'testAccuracy',
    });
    expect(data[0]).toMatchObject({
      z: [
        [82, 83.5],
        [null, 84.5],
      ],
    });
  });
});

describe('effect sizes', () => {
  const { data } = figures.effectSizes;

  it('are sorted, the largest on top', () => {
    expect(data[0]).toMatchObject({ y: ['deeper', 'wider', 'once'], x: [-0.5, 1, 2] });
  });

  it('have the lengths of their intervals, and are filled where these leave out zero', () => {
    expect(data[0]).toMatchObject({
      error_x: { array: [0.75, 0.75, 0], arrayminus: [1, 0.5, 0] },
      marker: { symbol: ['circle-open', 'circle', 'circle-open'] },
    });
  });
});

describe('an effect size that is none', () => {
  const row = { name: 'wider', meanDifference: 1, low95: null, high95: null };

  it('is refused', () => {
    expect(() => effectSizes([{ ...row, meanDifference: Number.NaN }])).toThrow(
      'rows[0].meanDifference: expected a finite number, got NaN',
    );
    expect(() => effectSizes([{ ...row, name: null }])).toThrow('rows[0].name: expected a text, got null');
  });

  it('is refused without the columns of its interval, which may be null', () => {
    const { high95: _, ...rest } = row;
    expect(() => effectSizes([row, rest])).toThrow(
      'rows[1].high95: expected a finite number or null, got undefined',
    );
  });
});

describe('ablation panel', () => {
  it('shows every seed beside mean and standard deviation of its level', () => {
    const rows = [
      { groupSize: 35, testAccuracy: 80 },
      { groupSize: 5, testAccuracy: 70 },
      { groupSize: 35, testAccuracy: 84 },
    ];
    const { data, layout } = ablationPanel(rows, { option: 'groupSize', value: 'testAccuracy' });
    expect(data).toMatchObject([
      { x: [1.15, 0.15, 1.15], y: [80, 70, 84] },
      { x: [0, 1], y: [70, 82], error_y: { array: [0, SD_OF_4_APART] } },
    ]);
    expect(layout?.xaxis).toMatchObject({ ticktext: ['5', '35'], title: { text: 'groupSize' } });
    expect(data[1]).toMatchObject({ mode: 'lines+markers' });
  });

  it('joins no levels that are not numbers', () => {
    const rows = ['median', 'per image'].map((binarizer) => ({ binarizer, seed: 1, testAccuracy: 80 }));
    const { data } = ablationPanel(rows, { option: 'binarizer', value: 'testAccuracy' });
    expect(data[1]).toMatchObject({ mode: 'markers', x: [0, 1] });
  });
});

describe('option curves', () => {
  const { data, layout } = figures.optionCurves;
  const lines = data.filter((trace) => 'mode' in trace && trace.mode?.startsWith('lines'));

  it('have a line per series over the levels in order, and a dotted one across for each reference', () => {
    expect(layout?.xaxis).toMatchObject({ ticktext: ['0.25', '0.5'], tickvals: [0, 1] });
    expect(lines).toMatchObject([
      { name: 'sgd', x: [-0.3, 1.3], y: [85, 85], line: { dash: 'dot' } },
      { name: '0', x: [0, 1], y: [82.5, 83.5] },
      { name: '1', x: [0, 1], y: [83.5, 84.5] },
    ]);
  });

  it('have bands over seeds, and names at the ends', () => {
    const [band] = data as unknown as { y: number[] }[];
    const half = SD_OF_2_APART / 2;
    [82.5 + half, 83.5 + half, 83.5 - half, 82.5 - half].forEach((y, i) => {
      expect(band.y[i]).toBeCloseTo(y, 12);
    });
    const { tickvals, ticktext } = layout?.yaxis2 ?? {};
    expect(ticktext?.map((text) => String(text).replaceAll(/<[^>]*>/g, ''))).toEqual(['0', '1', 'sgd']);
    expect(tickvals?.[0]).toBeLessThanOrEqual(83.5);
  });

  it('leave out levels that a series lacks', () => {
    const rows = [
      { option: 'a', series: 'x', value: 1 },
      { option: 'b', series: 'x', value: 2 },
      { option: 'b', series: 'y', value: 3 },
    ];
    const figure = optionCurves(rows, { option: 'option', value: 'value', series: 'series' });
    expect(figure.data).toMatchObject([{ name: 'x', x: [0, 1] }, { name: 'y', x: [1], y: [3] }, {}]);
  });
});

describe('lifetimes', () => {
  const { data, layout } = figures.lifetimes;

  it('have a line per series on logarithmic axes, means over seeds', () => {
    expect(data.slice(1)).toMatchObject([
      { name: 'power 0.5', x: [1, 4, 16], y: [8, 4, 2] },
      { name: 'power 1', x: [1, 4, 16], y: [8, 2, 0.5] },
    ]);
    expect(layout).toMatchObject({ xaxis: { type: 'log' }, yaxis: { type: 'log' } });
  });

  it('have a guide that falls with the square root of age and ends in the strongest of the oldest', () => {
    expect(data[0]).toMatchObject({ name: '1/√t', x: [1, 16], y: [8, 2], line: { dash: 'dot' } });
    // No higher than the strongest: it begins where it would be.
    const [guide] = lifetimes(
      memories.map((row) => ({ ...row, signalToNoise: Math.min(row.signalToNoise, 6) })),
      { series: 'memory' },
    ).data;
    expect(guide).toMatchObject({ x: [2.56, 16], y: [expect.closeTo(5, 12), 2] });
  });

  it('refuse what logarithmic axes do not have', () => {
    const of = (change: Row) => () => lifetimes([{ ...memories[0], ...change }], { series: 'memory' });
    expect(of({ age: 0 })).toThrow('age: expected a mean over seeds above 0, got 0');
    expect(of({ signalToNoise: -1 })).toThrow('signalToNoise: expected a mean over seeds above 0, got -1');
    expect(of({ age: null })).toThrow('rows[0].age: expected a finite number, got null');
  });
});

describe('forgetting', () => {
  it('has a panel per series and a line per task, from the step that taught it', () => {
    const lines = figures.forgetting.data.filter((trace) => 'mode' in trace && trace.mode !== 'none');
    expect(lines).toMatchObject([
      { name: 'task 1', xaxis: 'x', x: [1, 2], y: [81.5, 71.5], showlegend: true },
      { name: 'task 2', xaxis: 'x', x: [2], y: [81.5], showlegend: true },
      { name: 'task 1', xaxis: 'x2', y: [81.5, 61.5], showlegend: false },
      { name: 'task 2', xaxis: 'x2' },
    ]);
  });
});

describe('trade-off', () => {
  it('draws the front of the means through what nothing cheaper reaches', () => {
    const rows = [
      { rule: 'a', dataset: 'mnist', layers: '1', cost: 1, testAccuracy: 70 },
      { rule: 'a', dataset: 'mnist', layers: '2', cost: 10, testAccuracy: 79 },
      { rule: 'a', dataset: 'mnist', layers: '2', cost: 30, testAccuracy: 81 },
      { rule: 'b', dataset: 'mnist', layers: '1', cost: 15, testAccuracy: 75 },
      { rule: 'b', dataset: 'mnist', layers: '2', cost: 50, testAccuracy: 79 },
    ];
    const { data } = tradeOff(rows, { cost: 'cost' });
    expect(data).toMatchObject([
      { name: 'Pareto front', x: [1, 15, 20], y: [70, 75, 80] },
      { name: 'a', x: [1, 20], y: [70, 80], error_y: { array: [0, SD_OF_2_APART] } },
      { name: 'b', x: [15, 50] },
    ]);
  });

  it('says that it shows the test accuracy', () => {
    expect(figures.tradeOff.layout?.yaxis?.title).toEqual({ text: 'test accuracy (%)' });
  });

  it('can show another value, and tell points by another column', () => {
    const rows = [1, 2].map((rate) => ({
      rule: 'sgd',
      dataset: 'mnist',
      rate,
      forgotten: 5 * rate,
      learned: 80 + rate,
    }));
    const options = { cost: 'forgotten', value: 'learned', point: 'rate' };
    const { data, layout } = tradeOff(rows, options);
    expect(data[1]).toMatchObject({ x: [5, 10], y: [81, 82], text: ['1', '2'] });
    expect(layout?.yaxis?.title).toEqual({ text: 'learned' });
    expect(tradeOff(rows, { ...options, yTitle: 'learned (%)' }).layout?.yaxis?.title).toEqual({
      text: 'learned (%)',
    });
  });

  it('refuses a cost that a logarithmic axis cannot show', () => {
    const rows = [-1, 1].map((cost, seed) => ({ ...runs[0], seed, cost }));
    expect(() => tradeOff(rows, { cost: 'cost' })).toThrow('cost: expected a mean over seeds above 0, got 0');
    expect(() => tradeOff(rows.slice(1), { cost: 'cost' })).not.toThrow();
    const { layout, data } = tradeOff(rows, { cost: 'cost', scale: 'linear' });
    expect(layout?.xaxis?.type).not.toBe('log');
    expect(data.flatMap((trace) => (trace as { x: number[] }).x)).toContain(0);
  });
});

describe('images', () => {
  it('stand side by side with gaps between', () => {
    const { data } = weightImages(
      [
        [1, 2],
        [3, -4],
        [5, 6],
      ],
      { shape: vector(2), columns: 2 },
    );
    const gap = null;
    const blank = [gap, gap, gap, gap, gap, gap];
    expect(data[0]).toMatchObject({
      z: [[1, 2, gap, gap, 3, -4], blank, blank, [5, 6, gap, gap, gap, gap]],
      zmin: -6,
      zmax: 6,
    });
  });

  it('stand as their shape says: channels below each other, steps beside each other', () => {
    const drawn = (shape: Shape): unknown => weightImages([[1, 2, 3, 4, 5, 6, 7, 8]], { shape }).data[0];
    const rgb = { kind: 'image', channels: 2, height: 2, width: 2 } as const;
    const rows = [
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ];
    expect(drawn(rgb)).toMatchObject({ z: rows });
    // Channels at each pixel lie side by side: 1, 3, 5, 7 are the first one's.
    expect(drawn({ ...rgb, interleaved: 2 })).toMatchObject({
      z: [
        [1, 3],
        [5, 7],
        [2, 4],
        [6, 8],
      ],
    });
    expect(drawn({ kind: 'sequence', steps: 4, of: vector(2) })).toMatchObject({
      z: [
        [1, 3, 5, 7],
        [2, 4, 6, 8],
      ],
    });
    const frame = { kind: 'image', channels: 1, height: 2, width: 2 } as const;
    expect(drawn({ kind: 'sequence', steps: 2, of: frame })).toMatchObject({
      z: [
        [1, 2, 5, 6],
        [3, 4, 7, 8],
      ],
    });
  });

  it('have their captions below them', () => {
    expect(figures.sampleGrid.layout?.annotations).toMatchObject([
      { text: 'shirt<br>as coat', x: 0.5, y: 1.5, yanchor: 'top' },
      { text: 'coat<br>as bag', x: 2.5, y: 1.5 },
    ]);
  });

  it('are refused when their size is another', () => {
    expect(() =>
      sampleGrid([{ pixels: [1, 2, 3], caption: '' }], {
        shape: { kind: 'image', channels: 1, height: 2, width: 2 },
      }),
    ).toThrow('images[0]: expected 4 entries, got 3');
  });
});

describe('confusion matrix', () => {
  it('writes counts and percent of the true class', () => {
    expect(figures.confusionMatrix.data[0]).toMatchObject({
      z: [
        [90, 10],
        [0, 100],
      ],
      text: [
        ['9<br>90 %', '1<br>10 %'],
        ['', '2<br>100 %'],
      ],
    });
  });

  it('leaves the row of a class without samples blank, and says why', () => {
    const [trace] = confusionMatrix([
      [3, 1],
      [0, 0],
    ]).data as unknown as { y: string[]; z: unknown[][]; text: string[][] }[];
    expect(trace.z).toEqual([
      [75, 25],
      [null, null],
    ]);
    expect(trace.text[1]).toEqual(['', '']);
    expect(trace.y).toEqual(['0', '1<br>(no samples)']);
    expect(() => confusionMatrix([[Number.NaN]])).toThrow(
      'counts[0][0]: expected an integer of at least 0, got NaN',
    );
  });

  it('refuses what is not square, and names that do not fit', () => {
    expect(() => confusionMatrix([[1, 2]])).toThrow('counts: expected a square matrix, got [ [ 1, 2 ] ]');
    expect(() => confusionMatrix([[1]], { classes: [] })).toThrow('classes.length: expected 1, got 0');
    const twins = { classes: ['cat', 'cat'] };
    const counts = [
      [1, 0],
      [0, 1],
    ];
    expect(() => confusionMatrix(counts, twins)).toThrow("classes: expected each name once, got 'cat'");
  });

  it('shows names that Plotly would take for markup, and numbers as names', () => {
    const classes = ['<s>', 'R&amp;D', '10'];
    const figure = confusionMatrix(
      classes.map((_, i) => classes.map((_, j) => Number(i === j))),
      { classes },
    );
    const shown = ['&lt;s&gt;', 'R&amp;amp;D', '10'];
    expect(figure.data[0]).toMatchObject({ x: shown, y: shown });
    expect([figure.layout?.xaxis?.type, figure.layout?.yaxis?.type]).toEqual(['category', 'category']);
  });
});

describe('states of a recurrent network', () => {
  it('stand side by side, a free column between, in the colour of their class', () => {
    const { data, layout } = figures.stateRaster;
    expect(data.map((trace) => (trace as { x: number[] }).x)).toEqual([[0, 1], [3], [5, 6, 7]]);
    expect((data[0] as { z: number[][] }).z).toEqual([
      [1, 1],
      [0, 1],
      [1, 0],
    ]);
    const colors = data.map((trace) => (trace as { colorscale: [number, string][] }).colorscale[1][1]);
    expect(colors[0]).toBe(colors[2]);
    expect(colors[0]).not.toBe(colors[1]);
    expect(layout?.xaxis).toMatchObject({ tickvals: [0, 1, 3, 5, 7], ticktext: ['1', '2', '1', '1', '3'] });
    expect(layout?.annotations).toMatchObject([
      { text: 'sitting', x: 0.5 },
      { text: 'walking', x: 3 },
      { text: 'sitting', x: 6 },
    ]);
  });

  it('are drawn of the neurons that are asked for, 64 by default', () => {
    const rowsOf = (neurons: number, options = {}): number =>
      (stateRaster([{ label: 'a', states: [new Int8Array(neurons)] }], options).data[0] as { y: number[] }).y
        .length;
    expect([rowsOf(100), rowsOf(9), rowsOf(9, { neurons: 4 })]).toEqual([64, 9, 4]);
    expect(() => rowsOf(9, { neurons: 10 })).toThrow('neurons: expected an integer in [1, 9], got 10');
  });

  it('are refused where there are none, or of different lengths', () => {
    expect(() => stateRaster([{ label: 'a', states: [] }])).toThrow('series[0].states.length: expected');
    const states = [[1, 1], [1]];
    expect(() => stateRaster([{ label: 'a', states }])).toThrow('series[0].states[1]: expected 2 entries');
  });
});

describe('figures of rows', () => {
  it.each([
    [1, '1', "[ 1, '1' ]"],
    [null, 'null', "[ null, 'null' ]"],
  ])('are refused when %j and %j would be one column', (one, other, shown) => {
    const rows = [
      { size: one, rule: 'sgd', accuracy: 80 },
      { size: other, rule: 'sgd', accuracy: 90 },
    ];
    expect(() => heatMap(rows, { x: 'size', y: 'rule', value: 'accuracy' })).toThrow(
      `rows.size: expected values of one kind, which differ as texts, got ${shown}`,
    );
  });

  it('are refused when two effects would be one line', () => {
    const effect = { name: 'hysteresis', meanDifference: 1, low95: 0, high95: 2 };
    expect(() => effectSizes([effect, { ...effect, meanDifference: 3 }])).toThrow(
      "rows: expected another name for each effect, got 'hysteresis'",
    );
  });

  it('are refused when a mean would mix settings', () => {
    const mixed = [...epochs, { ...epochs[0], testAccuracy: 1 }];
    expect(() => learningCurves(mixed)).toThrow(
      'rows: expected one row per seed at each point; keep one setting or show its column ' +
        '(for rule bep, epoch 1, trainAccuracy 73, seed 1 they differ in what was measured only: what was varied is no ' +
        'column; `columns` of runRows makes it one), got 2',
    );
    expect(() => tradeOff([...runs, runs[0]], { cost: 'memoryMegabytes' })).toThrow(
      'rows: expected one row per seed',
    );
    const { seed: _, ...row } = runs[0];
    expect(() => tradeOff([row, { ...row }], { cost: 'memoryMegabytes' })).not.toThrow();
  });

  /** Rows as they are read from a file or a store, with every column that any figure reads. */
  const stored: readonly Row[] = [1, 2].map((number) => ({
    ...{ rule: 'bep', dataset: 'mnist', layers: '35,35', seed: number, name: `effect ${number}` },
    ...{ epoch: 1, layer: 1, step: 1, task: 1, depth: 1, parameters: 1, cost: 1, option: 1 },
    ...{
      testAccuracy: number,
      trainAccuracy: number,
      accuracy: number,
      percent: number,
      flipPercent: number,
    },
    ...{ meanDifference: number, low95: null, high95: null },
  }));
  const drawAll = {
    ablationPanel: (rows) => ablationPanel(rows, { option: 'option', value: 'testAccuracy' }),
    accuracyVersusParameters: (rows) => accuracyVersusParameters(rows),
    depthOverEpochs: (rows) => depthOverEpochs(rows),
    effectSizes: (rows) => effectSizes(rows),
    flipRate: (rows) => flipRate(rows),
    forgetting: (rows) => forgetting(rows),
    heatMap: (rows) => heatMap(rows, { x: 'option', y: 'epoch', value: 'testAccuracy' }),
    learningCurves: (rows) => learningCurves(rows),
    optionCurves: (rows) => optionCurves(rows, { option: 'option', value: 'testAccuracy', series: 'rule' }),
    tradeOff: (rows) => tradeOff(rows, { cost: 'cost' }),
  } satisfies Record<string, (rows: readonly Row[]) => Figure>;

  it.each(Object.entries(drawAll))('are drawn as they are stored: %s', (_, draw) => {
    expect(draw(stored).data.length).toBeGreaterThan(0);
  });

  it.each<[keyof typeof drawAll, string, string]>([
    ['ablationPanel', 'option', 'option'],
    ['ablationPanel', 'testAccuracy', 'value'],
    ['accuracyVersusParameters', 'rule', 'series'],
    ['flipRate', 'rule', 'series'],
    ['forgetting', 'rule', 'series'],
    ['heatMap', 'option', 'x'],
    ['heatMap', 'epoch', 'y'],
    ['heatMap', 'testAccuracy', 'value'],
    ['learningCurves', 'rule', 'series'],
    ['optionCurves', 'option', 'option'],
    ['optionCurves', 'rule', 'series'],
    ['optionCurves', 'testAccuracy', 'value'],
    ['tradeOff', 'cost', 'cost'],
    ['tradeOff', 'layers', 'point'],
    ['tradeOff', 'rule', 'series'],
    ['tradeOff', 'testAccuracy', 'value'],
  ])('are refused without a column that is named: %s, %s', (name, column, option) => {
    const { [column]: _, ...other } = stored[1];
    expect(() => drawAll[name]([stored[0], other])).toThrow(
      `${option}: expected a column of rows[1] (${Object.keys(other).join(', ')}), got '${column}'`,
    );
  });

  it.each<[keyof typeof drawAll, string[]]>([
    ['ablationPanel', ['testAccuracy']],
    ['accuracyVersusParameters', ['testAccuracy', 'parameters']],
    ['depthOverEpochs', ['epoch', 'layer', 'depth', 'percent']],
    ['effectSizes', ['meanDifference']],
    ['flipRate', ['epoch', 'layer', 'flipPercent']],
    ['forgetting', ['step', 'task', 'accuracy']],
    ['heatMap', ['testAccuracy']],
    ['learningCurves', ['epoch', 'testAccuracy', 'trainAccuracy']],
    ['optionCurves', ['testAccuracy']],
    ['tradeOff', ['cost', 'testAccuracy']],
  ])('are refused with anything but numbers where these are needed: %s', (name, columns) => {
    for (const column of columns) {
      for (const [cell, shown] of [
        ['12', "'12'"],
        [null, 'null'],
        [Number.NaN, 'NaN'],
      ] as const) {
        expect(() => drawAll[name]([stored[0], { ...stored[1], [column]: cell }]), column).toThrow(
          `rows[1].${column}: expected a finite number, got ${shown}`,
        );
      }
    }
  });

  it('are refused without a text where one is needed', () => {
    for (const draw of [drawAll.accuracyVersusParameters, drawAll.tradeOff]) {
      expect(() => draw([{ ...stored[0], dataset: 1 }])).toThrow('rows[0].dataset: expected a text, got 1');
    }
    const { layers: _, ...row } = stored[0];
    expect(() => drawAll.accuracyVersusParameters([row])).toThrow(
      'rows[0].layers: expected a text, got undefined',
    );
  });

  it('have cells and nothing else, by their type', () => {
    // @ts-expect-error a list is no cell
    expect(() => heatMap([{ x: 1, y: 1, value: [1] }], { x: 'x', y: 'y', value: 'value' })).toThrow(
      'rows[0].value: expected a finite number, got [ 1 ]',
    );
  });

  it('are refused without any', () => {
    const options = {
      x: 'x',
      y: 'x',
      value: 'x',
      option: 'x',
      series: 'x',
      cost: 'x',
      height: 1,
      width: 1,
    } as never;
    const builders: ((rows: never[], options: never) => unknown)[] = [
      ablationPanel,
      accuracyVersusParameters,
      depthOverEpochs,
      effectSizes,
      flipRate,
      forgetting,
      heatMap,
      learningCurves,
      optionCurves,
      sampleGrid,
      stateRaster,
      tradeOff,
      weightImages,
    ];
    for (const builder of builders) {
      expect(() => builder([], options), builder.name).toThrow('rows: expected at least one row, got []');
    }
  });
});
