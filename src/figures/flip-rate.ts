import type { PlotData } from 'plotly.js';
import type { Row } from '../core/row.js';
import { checkRows } from '../statistics/group-rows.js';
import { checkColumns } from './check-columns.js';
import { epochAxis } from './epoch-axis.js';
import { facetLayout, oneLegend, panelAxes } from './facets.js';
import type { Figure } from './figure.js';
import { groupByNumber, groupByText, overSeeds } from './groups.js';
import { logAxis } from './log-axis.js';
import { seriesStyles } from './series-style.js';

/** What to draw, and how. */
export interface FlipRateOptions {
  readonly title?: string;
  /** Column that names the lines; rows of the same name, layer and epoch are seeds. Default: rule. */
  readonly series?: string;
}

/**
 * How often visible weights flip over epochs, on a logarithmic axis: one line per series, the mean over seeds; one
 * panel per layer. Epochs without any flip are gaps.
 * @param rows - one per layer, epoch and run, see `layerRows`; at least one. Read: `epoch`, `layer`, `flipPercent`
 *   (percent of the layer's weights), the column of the series, and `seed` if there is one
 * @throws ArgumentError when there are no rows, for a column that they lack, and a cell that is no finite number
 */
export function flipRate(rows: readonly Row[], options: FlipRateOptions = {}): Figure {
  checkRows(rows);
  const { title = 'Flips of visible weights', series = 'rule' } = options;
  checkColumns('rows', rows, { named: { series }, numbers: ['epoch', 'layer', 'flipPercent'] });
  const styleOf = seriesStyles(groupByText(rows, series).map(([name]) => name));
  const layers = groupByNumber(rows, 'layer');
  const data = layers.flatMap(([, ofLayer], panel) =>
    groupByText(ofLayer, series).map(([name, group]): Partial<PlotData> => {
      const { color, dash } = styleOf(name);
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
