import type { PlotData } from 'plotly.js';
import { checkRows } from '../analysis/group-rows.js';
import { ArgumentError } from '../bits/errors.js';
import { facetLayout, oneLegend, panelAxes } from './facets.js';
import type { Figure } from './figure.js';
import { type Column, groupBy, groupByNumber, levels, overSeeds, seriesName } from './groups.js';
import { logAxis } from './log-axis.js';
import { NEUTRAL, seriesStyle } from './theme.js';

/** The outcome of a run; see `runRows`. */
export interface SizedRun {
  readonly dataset: string;
  /** Widths of the hidden layers, input side first, separated by commas. */
  readonly layers: string;
  readonly parameters: number;
  /** Percent. */
  readonly testAccuracy: number;
}

/** What others have published, see `PUBLISHED`: a mean, and where they say so its standard deviation. */
export interface PublishedPoint extends Omit<SizedRun, 'parameters'> {
  /** Default: those of a row of the same data set, layers and series. */
  readonly parameters?: number;
  readonly sd?: number;
  readonly source?: string;
}

/** What to draw, and how. */
export interface AccuracyVersusParametersOptions<R> {
  readonly title?: string;
  /** Column that names the lines, in `rows` and `published`. Default: rule. */
  readonly series?: Column<R>;
  /** What x shows: trainable parameters, or the width of the first hidden layer. Default: parameters. */
  readonly x?: 'parameters' | 'width';
  /** Drawn beside our own, with open markers and no line. Default: none. */
  readonly published?: readonly PublishedPoint[];
}

/** Where and as what a run or a published point is drawn. */
interface Place {
  readonly name: string;
  /** Number of the series. */
  readonly style: number;
  readonly panel: number;
}

/**
 * Accuracy versus the size of the network: one line per series, means with error bars of one standard deviation over
 * seeds; a panel for each data set (columns) and number of hidden layers (rows).
 * @param rows - one per run; at least one
 * @throws ArgumentError when there are no rows, or a published point belongs to no panel or has no size
 */
export function accuracyVersusParameters<R extends SizedRun>(
  rows: readonly R[],
  options: AccuracyVersusParametersOptions<R> = {},
): Figure {
  checkRows(rows);
  const { title = 'Accuracy versus size', series = 'rule', x = 'parameters', published = [] } = options;
  const nameOf = (row: object): string => seriesName(row, series);
  const names = [...new Set([...rows, ...published].map(nameOf))];
  const datasets = levels(rows, 'dataset');
  const panels = groupByNumber(rows, depth).flatMap(([layers]) =>
    datasets.map((dataset) => ({ dataset, layers })),
  );
  const placeOf = (row: R | PublishedPoint): Place => ({
    name: nameOf(row),
    style: names.indexOf(nameOf(row)),
    panel: panels.findIndex(({ dataset, layers }) => dataset === row.dataset && layers === depth(row)),
  });
  const sizeOf = (row: R | PublishedPoint): number | undefined => {
    if (x === 'width') return width(row);
    const isTwin = (own: R): boolean =>
      own.dataset === row.dataset && own.layers === row.layers && nameOf(own) === nameOf(row);
    return row.parameters ?? rows.find(isTwin)?.parameters;
  };
  const lines = [...groupBy(rows, (row) => JSON.stringify(placeOf(row))).values()].map((group) =>
    line(groupByNumber(group, x === 'width' ? width : ({ parameters }) => parameters), placeOf(group[0])),
  );
  const points = published.map((row, i) => {
    const place = placeOf(row);
    const size = sizeOf(row);
    if (place.panel < 0) throw new ArgumentError(`published[${i}]`, 'a data set and depth of the rows', row);
    if (size === undefined) {
      throw new ArgumentError(`published[${i}].parameters`, 'a number, or a row of the same network', size);
    }
    return publishedPoint(row, place, size);
  });
  const data = [...lines, ...points, ...(points.length > 0 ? [PUBLISHED_ENTRY] : [])];
  return {
    data: oneLegend(data),
    layout: facetLayout(title, {
      titles: panels.map(({ dataset, layers }) => `${dataset}, L = ${layers}`),
      columns: datasets.length,
      xTitle: x === 'parameters' ? 'trainable parameters' : 'width of hidden layers',
      yTitle: 'test accuracy (%)',
      xaxis: logAxis([...lines, ...points].flatMap((trace) => trace.x as number[])),
    }),
  };
}

const PUBLISHED_ENTRY: Partial<PlotData> = {
  type: 'scatter',
  mode: 'markers',
  name: 'published',
  x: [null],
  y: [null],
  marker: { color: NEUTRAL, symbol: 'circle-open' },
};

function depth({ layers }: Pick<SizedRun, 'layers'>): number {
  return layers.split(',').length;
}

function width({ layers }: Pick<SizedRun, 'layers'>): number {
  return Number(layers.split(',')[0]);
}

function line(
  sizes: readonly [number, readonly SizedRun[]][],
  { name, style, panel }: Place,
): Partial<PlotData> {
  const { color, dash, symbol } = seriesStyle(style);
  const summaries = sizes.map(([, seeds]) => overSeeds(seeds, 'testAccuracy'));
  return {
    type: 'scatter',
    mode: 'lines+markers',
    name,
    legendgroup: name,
    x: sizes.map(([size]) => size),
    y: summaries.map(({ mean }) => mean),
    error_y: { type: 'data', array: summaries.map(({ sd }) => sd ?? 0), color },
    text: sizes.map(([, [{ layers }]]) => layers),
    line: { color, dash },
    marker: { color, symbol },
    ...panelAxes(panel),
  } as Partial<PlotData>;
}

function publishedPoint(
  { testAccuracy, sd, source = '' }: PublishedPoint,
  { name, style, panel }: Place,
  size: number,
): Partial<PlotData> {
  const { color, symbol } = seriesStyle(style);
  return {
    type: 'scatter',
    mode: 'markers',
    name: `${name}, published`,
    legendgroup: name,
    showlegend: false,
    x: [size],
    y: [testAccuracy],
    ...(sd === undefined ? {} : { error_y: { type: 'data', array: [sd], color } }),
    text: [source],
    marker: { color, symbol: `${symbol}-open` },
    ...panelAxes(panel),
  } as Partial<PlotData>;
}
