import type { PlotData } from 'plotly.js';
import { ArgumentError } from '../core/errors.js';
import type { Row } from '../core/row.js';
import { type AnyRows, asRows } from '../statistics/any-rows.js';
import { groupRows, keyText, numberOf, numberOrNull } from '../statistics/group-rows.js';
import { checkColumns } from './check-columns.js';
import { facetLayout, oneLegend, panelAxes } from './facets.js';
import type { Figure } from './figure.js';
import { groupByNumber, levels, overSeeds } from './groups.js';
import { logAxis } from './log-axis.js';
import { type SeriesOptions, seriesColumns, seriesOf } from './series.js';
import type { SeriesStyle } from './series-style.js';
import { NEUTRAL } from './theme.js';

/** What to draw, and how. */
export interface AccuracyVersusParametersOptions extends SeriesOptions {
  readonly title?: string;
  /** What x shows: trainable parameters, or the width of the first hidden layer. Default: parameters. */
  readonly x?: 'parameters' | 'width';
  /**
   * What others have published: drawn beside our own, with open markers and no line. Read: as of the
   * rows, those of the series too, and where they have them `parameters` (default: those of a row of the same data set, layers and series), `sd`
   * (points) and `source` (a text). Default: none.
   */
  readonly published?: AnyRows;
}

/** A run or a published point, and where and as what it is drawn. */
interface Placed extends Row {
  readonly name: string;
  readonly panel: number;
  /** What x shows. */
  readonly size: number | null;
}

/**
 * Accuracy versus the size of the network: one line per series, means with error bars of one standard deviation over
 * seeds; a panel for each data set (columns) and number of hidden layers (rows).
 * @param table - rows, an arquero table or a danfojs data frame, one per run, see `runRows`; at least one. Read: `dataset` (a text), `layers` (widths of the hidden
 *   layers, input side first, separated by commas), `testAccuracy` (percent), `parameters` if x shows them, the column
 *   of the series, and `seed` if there is one
 * @throws ArgumentError when there are no rows, for a column that they lack, a cell of another kind, and a published
 *   point that belongs to no panel or has no size
 */
export function accuracyVersusParameters(
  table: AnyRows,
  options: AccuracyVersusParametersOptions = {},
): Figure {
  const rows = asRows('rows', table);
  const { title = 'Accuracy versus size', x = 'parameters' } = options;
  const published = publishedRows(options.published).map(
    (row): Row => ({ parameters: null, sd: null, source: '', ...row }),
  );
  const columns = seriesColumns(options);
  checkColumns('rows', rows, {
    named: { series: columns },
    texts: ['dataset', 'layers'],
    numbers: x === 'parameters' ? ['testAccuracy', 'parameters'] : ['testAccuracy'],
  });
  checkColumns('published', published, {
    named: { series: columns },
    texts: ['dataset', 'layers', 'source'],
    numbers: ['testAccuracy'],
    nullableNumbers: ['parameters', 'sd'],
  });
  const { titleOf, styleOf } = seriesOf([...rows, ...published], options);
  const datasets = levels(rows, 'dataset');
  const depths = [...new Set(rows.map(depthOf))].sort((a, b) => a - b);
  const panels = depths.flatMap((depth) => datasets.map((dataset) => ({ dataset, depth })));
  const place = (row: Row): Placed => {
    const name = titleOf(row);
    const panel = panels.findIndex(({ dataset, depth }) => dataset === row.dataset && depth === depthOf(row));
    const size = x === 'width' ? widthsOf(row)[0] : numberOrNull(row, 'parameters');
    return { ...row, name, panel, size };
  };
  const lines = groupRows(rows.map(place), ['panel', 'name']).map((group) =>
    line(group.rows, styleOf(group.rows[0].name)),
  );
  const network = ['dataset', 'layers', ...columns];
  const points = published.map((row, i) => {
    const twin = rows.find((run) => keyText(run, network) === keyText(row, network));
    const own = place(row);
    const point = { ...own, size: own.size ?? (twin ? place(twin).size : null) };
    if (point.panel < 0) throw new ArgumentError(`published[${i}]`, 'a data set and depth of the rows', row);
    if (point.size !== null) return publishedPoint(point, styleOf(point.name));
    throw new ArgumentError(`published[${i}].parameters`, 'a number, or a row of the same network', null);
  });
  const data = [...lines, ...points, ...(points.length > 0 ? [PUBLISHED_ENTRY] : [])];
  return {
    data: oneLegend(data),
    layout: facetLayout(title, {
      titles: panels.map(({ dataset, depth }) => `${dataset}, L = ${depth}`),
      columns: datasets.length,
      xTitle: x === 'parameters' ? 'trainable parameters' : 'width of hidden layers',
      yTitle: 'test accuracy (%)',
      xaxis: logAxis([...lines, ...points].flatMap((trace) => trace.x as number[])),
    }),
  };
}

/** None at all is no mistake. */
function publishedRows(published: AnyRows = []): readonly Row[] {
  return Array.isArray(published) && published.length === 0 ? [] : asRows('published', published);
}

const PUBLISHED_ENTRY: Partial<PlotData> = {
  type: 'scatter',
  mode: 'markers',
  name: 'published',
  x: [null],
  y: [null],
  marker: { color: NEUTRAL, symbol: 'circle-open' },
};

function widthsOf({ layers }: Row): number[] {
  const widths = String(layers).split(',').map(Number);
  if (widths.every((width) => width > 0)) return widths;
  throw new ArgumentError('layers', 'widths separated by commas', layers);
}

function depthOf(row: Row): number {
  return widthsOf(row).length;
}

/** The runs of a series in a panel. */
function line(runs: readonly Placed[], { color, dash, symbol }: SeriesStyle): Partial<PlotData> {
  const [{ name, panel }] = runs;
  const sizes = groupByNumber(runs, 'size');
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

function publishedPoint(point: Placed, { color, symbol }: SeriesStyle): Partial<PlotData> {
  const { name, panel, size, sd, source } = point;
  return {
    type: 'scatter',
    mode: 'markers',
    name: `${name}, published`,
    legendgroup: name,
    showlegend: false,
    x: [size],
    y: [numberOf(point, 'testAccuracy')],
    ...(sd === null ? {} : { error_y: { type: 'data', array: [sd], color } }),
    text: [source],
    marker: { color, symbol: `${symbol}-open` },
    ...panelAxes(panel),
  } as Partial<PlotData>;
}
