import type { PlotData } from 'plotly.js';
import { type AnyRows, asRows } from '../statistics/any-rows.js';
import { checkColumns } from './check-columns.js';
import { epochAxis } from './epoch-axis.js';
import { facetLayout, oneLegend, panelAxes } from './facets.js';
import type { Figure } from './figure.js';
import { groupByNumber, overSeeds } from './groups.js';
import { logAxis } from './log-axis.js';
import { type SeriesOptions, seriesColumns, seriesOf } from './series.js';

/** What to draw, and how. */
export interface FlipRateOptions extends SeriesOptions {
  readonly title?: string;
}

/**
 * How often visible weights flip over epochs, on a logarithmic axis: one line per series, the mean over seeds; one
 * panel per layer. Epochs without any flip are gaps.
 * @param table - rows, an arquero table or a danfojs data frame, one per layer, epoch and run, see `layerRows`; at least one. Read: `epoch`, `layer`, `flipPercent`
 *   (percent of the layer's weights), the column of the series, and `seed` if there is one
 * @throws ArgumentError when there are no rows, for a column that they lack, and a cell that is no finite number
 */
export function flipRate(table: AnyRows, options: FlipRateOptions = {}): Figure {
  const rows = asRows('rows', table);
  const { title = 'Flips of visible weights' } = options;
  checkColumns('rows', rows, {
    named: { series: seriesColumns(options) },
    numbers: ['epoch', 'layer', 'flipPercent'],
  });
  const series = seriesOf(rows, options);
  const layers = groupByNumber(rows, 'layer');
  const data = layers.flatMap(([, ofLayer], panel) =>
    series.groups(ofLayer).map(([name, group]): Partial<PlotData> => {
      const { color, dash } = series.styleOf(name);
      const epochs = groupByNumber(group, 'epoch');
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
      xaxis: epochAxis(rows),
      yaxis: logAxis(data.flatMap(({ y }) => (y as (number | null)[]).filter((mean) => mean !== null))),
      sharesY: true,
    }),
  };
}
