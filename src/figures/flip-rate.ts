import type { PlotData } from 'plotly.js';
import { checkRows } from '../analysis/group-rows.js';
import { facetLayout, oneLegend, panelAxes } from './facets.js';
import type { Figure } from './figure.js';
import { type Column, groupBy, groupByNumber, overSeeds, seriesName } from './groups.js';
import { logAxis } from './log-axis.js';
import { seriesStyle } from './theme.js';

/** Changes of sign in one layer in one epoch of one run; see `layerRows`. */
export interface FlipRow {
  readonly epoch: number;
  readonly layer: number;
  /** Percent of the layer's weights; above 100 when they flip more than once on average. */
  readonly flipPercent: number;
}

/** What to draw, and how. */
export interface FlipRateOptions<R> {
  readonly title?: string;
  /** Column that names the lines; rows of the same name, layer and epoch are seeds. Default: rule. */
  readonly series?: Column<R>;
}

/**
 * How often visible weights flip over epochs, on a logarithmic axis: one line per series, the mean over seeds; one
 * panel per layer. Epochs without any flip are gaps.
 * @param rows - at least one
 * @throws ArgumentError when there are no rows
 */
export function flipRate<R extends FlipRow>(rows: readonly R[], options: FlipRateOptions<R> = {}): Figure {
  checkRows(rows);
  const { title = 'Flips of visible weights', series = 'rule' as Column<R> } = options;
  const names = [...new Set(rows.map((row) => seriesName(row, series)))];
  const layers = groupByNumber(rows, ({ layer }) => layer);
  const data = layers.flatMap(([, ofLayer], panel) =>
    [...groupBy(ofLayer, (row) => seriesName(row, series))].map(([name, group]): Partial<PlotData> => {
      const { color, dash } = seriesStyle(names.indexOf(name));
      const epochs = groupByNumber(group, ({ epoch }) => epoch);
      const means = epochs.map(([, seeds]) => overSeeds(seeds, 'flipPercent').mean);
      return {
        type: 'scatter',
        mode: 'lines',
        name,
        legendgroup: name,
        x: epochs.map(([epoch]) => epoch),
        y: means.map((mean) => (mean > 0 ? mean : null)),
        line: { color, dash },
        ...panelAxes(panel),
      } as Partial<PlotData>;
    }),
  );
  return {
    data: oneLegend(data),
    layout: facetLayout(title, {
      titles: layers.map(([layer]) => (layers.length > 1 ? `layer ${layer}` : '')),
      columns: layers.length,
      xTitle: 'epoch',
      yTitle: 'flips per epoch (%)',
      yaxis: logAxis(data.flatMap(({ y }) => (y as (number | null)[]).filter((mean) => mean !== null))),
      sharesY: true,
    }),
  };
}
