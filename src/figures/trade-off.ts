import type { PlotData } from 'plotly.js';
import { checkRows } from '../analysis/group-rows.js';
import { paretoFront } from '../analysis/pareto-front.js';
import type { Row } from '../bits/row.js';
import { facetLayout, oneLegend, panelAxes } from './facets.js';
import type { Figure } from './figure.js';
import { type Column, groupBy, overSeeds, seriesName } from './groups.js';
import { logAxis } from './log-axis.js';
import { NEUTRAL, seriesStyle } from './theme.js';

/** The outcome of a run; see `runRows`. */
export interface TradeOffRow {
  readonly dataset: string;
  readonly layers: string;
  /** Percent. */
  readonly testAccuracy: number;
}

/** What to draw, and how. */
export interface TradeOffOptions<R> {
  readonly title?: string;
  /** Column of the price: `memoryMegabytes`, `booleanGates` or `trainSeconds`; more than 0. */
  readonly cost: Column<R>;
  /** Default: the column's name. */
  readonly xTitle?: string;
  /** Column that names the kinds of points. Default: rule. */
  readonly series?: Column<R>;
}

interface Point extends Row {
  readonly dataset: string;
  readonly name: string;
  readonly layers: string;
  readonly cost: number;
  readonly mean: number;
  readonly sd: number | null;
}

/**
 * Accuracy versus what it costs, on a logarithmic axis: one point per series and layers, the mean over seeds with an
 * error bar of one standard deviation, and the Pareto front of the means: what nothing cheaper reaches. A panel for
 * each data set.
 * @param rows - one per run; at least one
 * @throws ArgumentError when there are no rows, or a cost is no finite number
 */
export function tradeOff<R extends TradeOffRow>(rows: readonly R[], options: TradeOffOptions<R>): Figure {
  checkRows(rows);
  const { cost, title = '', xTitle = cost, series = 'rule' } = options;
  const key = (row: R): string => JSON.stringify([row.dataset, seriesName(row, series), row.layers]);
  const points = [...groupBy(rows, key).values()].map((seeds): Point => {
    const [row] = seeds;
    return {
      dataset: row.dataset,
      name: seriesName(row, series),
      layers: row.layers,
      cost: overSeeds(seeds, cost).mean,
      ...overSeeds(seeds, 'testAccuracy'),
    };
  });
  const names = [...new Set(points.map(({ name }) => name))];
  const panels = [...groupBy(points, ({ dataset }) => dataset)];
  const data = panels.flatMap(([, ofPanel], panel) =>
    [
      frontTrace(paretoFront(ofPanel, { maximize: 'mean', minimize: 'cost' })),
      ...[...groupBy(ofPanel, ({ name }) => name)].map(([name, own]) =>
        pointsTrace(name, own, names.indexOf(name)),
      ),
    ].map((trace) => ({ ...trace, ...panelAxes(panel) })),
  );
  return {
    data: oneLegend(data),
    layout: facetLayout(title, {
      titles: panels.map(([dataset]) => (panels.length > 1 ? dataset : '')),
      columns: panels.length,
      xTitle,
      yTitle: 'test accuracy (%)',
      xaxis: logAxis(points.map((point) => point.cost)),
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

function pointsTrace(name: string, points: readonly Point[], style: number): Partial<PlotData> {
  const { color, symbol } = seriesStyle(style);
  return {
    type: 'scatter',
    mode: 'markers',
    name,
    legendgroup: name,
    x: points.map(({ cost }) => cost),
    y: points.map(({ mean }) => mean),
    error_y: { type: 'data', array: points.map(({ sd }) => sd ?? 0), color },
    text: points.map(({ layers }) => layers),
    marker: { color, symbol },
  } as Partial<PlotData>;
}
