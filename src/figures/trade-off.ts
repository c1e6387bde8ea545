import type { PlotData } from 'plotly.js';
import type { Row } from '../core/row.js';
import { type AnyRows, asRows } from '../statistics/any-rows.js';
import { groupRows } from '../statistics/group-rows.js';
import { paretoFront } from '../statistics/pareto-front.js';
import { checkColumns } from './check-columns.js';
import { facetLayout, oneLegend, panelAxes } from './facets.js';
import type { Figure } from './figure.js';
import { groupByText, overSeeds, positiveMean } from './groups.js';
import { logAxis } from './log-axis.js';
import { type SeriesOptions, seriesColumns, seriesOf } from './series.js';
import type { SeriesStyle } from './series-style.js';
import { NEUTRAL } from './theme.js';

/** What to draw, and how. */
export interface TradeOffOptions extends SeriesOptions {
  readonly title?: string;
  /** Column of the price: `memoryMegabytes`, `booleanGates` or `trainSeconds`. */
  readonly cost: string;
  /** Column of what it buys: numbers, more is better. Default: testAccuracy. */
  readonly value?: string;
  /** Default: the column's name. */
  readonly xTitle?: string;
  /** Default: test accuracy (%), or the column's name where it is another. */
  readonly yTitle?: string;
  /** Of the price. Default: logarithmic, on which means are more than 0. */
  readonly scale?: 'logarithmic' | 'linear';
  /** Column that tells the points of a kind; rows of the same kind and point are seeds. Default: layers. */
  readonly point?: string;
}

interface Point extends Row {
  readonly dataset: string;
  readonly name: string;
  readonly text: string;
  readonly cost: number;
  readonly mean: number;
  readonly sd: number | null;
}

/**
 * Accuracy, or another gain, versus what it costs: one point per series and layers, the mean
 * over seeds with an error bar of one standard deviation, and the Pareto front of the means: what nothing cheaper
 * reaches. A panel for each data set.
 * @param table - rows, an arquero table or a danfojs data frame, one per run, see `runRows`; at least one. Read: `dataset` (a text), the columns of the options, and
 *   `seed` if there is one
 * @throws ArgumentError when there are no rows, for a column that they lack, a cost or value that is no finite number,
 *   and, on a logarithmic axis, a mean cost of 0 or less
 */
export function tradeOff(table: AnyRows, options: TradeOffOptions): Figure {
  const rows = asRows('rows', table);
  const { cost, value = 'testAccuracy', point = 'layers' } = options;
  const {
    title = '',
    scale = 'logarithmic',
    xTitle = cost,
    yTitle = value === 'testAccuracy' ? 'test accuracy (%)' : value,
  } = options;
  const columns = seriesColumns(options);
  checkColumns('rows', rows, {
    named: { cost, value, series: columns, point },
    texts: ['dataset'],
    numbers: [cost, value],
  });
  const { titleOf, styleOf } = seriesOf(rows, options);
  const points = groupRows(rows, [...new Set(['dataset', ...columns, point])]).map(
    ({ key, rows: seeds }): Point => ({
      dataset: String(key.dataset),
      name: titleOf(key),
      text: String(key[point]),
      cost: scale === 'linear' ? overSeeds(seeds, cost).mean : positiveMean(seeds, cost),
      ...overSeeds(seeds, value),
    }),
  );
  const panels = groupByText(points, 'dataset');
  const data = panels.flatMap(([, ofPanel], panel) =>
    [
      frontTrace(paretoFront(ofPanel, { maximize: 'mean', minimize: 'cost' })),
      ...groupByText(ofPanel, 'name').map(([name, own]) => pointsTrace(name, own, styleOf(name))),
    ].map((trace) => ({ ...trace, ...panelAxes(panel) })),
  );
  return {
    data: oneLegend(data),
    layout: facetLayout(title, {
      titles: panels.map(([dataset]) => (panels.length > 1 ? dataset : '')),
      columns: panels.length,
      xTitle,
      yTitle,
      xaxis: scale === 'linear' ? {} : logAxis(points.map((drawn) => drawn.cost)),
    }),
  };
}

function frontTrace(front: readonly Point[]): Partial<PlotData> {
  return {
    type: 'scatter',
    mode: 'lines',
    name: 'Pareto front',
    legendgroup: 'Pareto front',
    x: front.map(({ cost }) => cost),
    y: front.map(({ mean }) => mean),
    line: { color: NEUTRAL, shape: 'hv' },
    hoverinfo: 'skip',
  };
}

function pointsTrace(
  name: string,
  points: readonly Point[],
  { color, symbol }: SeriesStyle,
): Partial<PlotData> {
  return {
    type: 'scatter',
    mode: 'markers',
    name,
    legendgroup: name,
    x: points.map(({ cost }) => cost),
    y: points.map(({ mean }) => mean),
    error_y: { type: 'data', array: points.map(({ sd }) => sd ?? 0), color },
    text: points.map(({ text }) => text),
    marker: { color, symbol },
  } as Partial<PlotData>;
}
