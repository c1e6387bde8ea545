import type { PlotData } from 'plotly.js';
import type { Row } from '../core/row.js';
import { type AnyRows, asRows } from '../statistics/any-rows.js';
import { numberOf } from '../statistics/group-rows.js';
import { checkColumns } from './check-columns.js';
import { depthRange } from './depth-range.js';
import { epochAxis } from './epoch-axis.js';
import { facetLayout, panelAxes } from './facets.js';
import type { Figure } from './figure.js';
import { groupByNumber, levels, overSeeds } from './groups.js';
import { SEQUENTIAL } from './theme.js';

/**
 * How metaplastic depth spreads in training: share of the hidden weights by depth (y) and epoch (x), one panel per
 * layer. Rows of the same layer, epoch and depth are seeds; their mean is shown. Ranges deeper than any weight ever
 * was are left out.
 * @param table - rows, an arquero table or a danfojs data frame, of one setting, one per range of depth, layer, epoch and run, see `depthRows`; at least one. Read:
 *   `epoch`, `layer`, `depth` (lower end of the range, a power of two), `percent` (of the layer's weights), and `seed`
 *   if there is one
 * @throws ArgumentError when there are no rows, and for a cell that is no finite number
 */
export function depthOverEpochs(
  table: AnyRows,
  { title = 'Depth of hidden weights in training' }: { readonly title?: string } = {},
): Figure {
  const rows = asRows('rows', table);
  checkColumns('rows', rows, { numbers: ['epoch', 'layer', 'depth', 'percent'] });
  const depthOf = (row: Row): number => numberOf(row, 'depth');
  const reached = rows.filter((row) => numberOf(row, 'percent') > 0);
  const deepest = reached.reduce((most, row) => Math.max(most, depthOf(row)), 1);
  const used = rows.filter((row) => depthOf(row) <= deepest);
  const depths = levels(used, 'depth').map(Number);
  const layers = groupByNumber(used, 'layer');
  const data = layers.map(([layer, ofLayer], i): Partial<PlotData> => {
    const epochs = groupByNumber(ofLayer, 'epoch');
    return {
      type: 'heatmap',
      name: `layer ${layer}`,
      x: epochs.map(([epoch]) => epoch),
      y: depths.map(depthRange),
      z: depths.map((depth) =>
        epochs.map(([, ofEpoch]) => {
          const shares = ofEpoch.filter((row) => row.depth === depth);
          return shares.length === 0 ? null : overSeeds(shares, 'percent').mean;
        }),
      ),
      coloraxis: 'coloraxis',
      ...panelAxes(i),
    } as Partial<PlotData>;
  });
  return {
    data,
    layout: {
      ...facetLayout(title, {
        titles: layers.map(([layer]) => `layer ${layer}`),
        columns: layers.length,
        xTitle: 'epoch',
        xaxis: epochAxis(rows),
        yTitle: 'depth |h|',
        yaxis: { type: 'category' },
        sharesY: true,
      }),
      coloraxis: { colorscale: SEQUENTIAL, cmin: 0, colorbar: { title: { text: 'hidden weights (%)' } } },
    } as NonNullable<Figure['layout']>,
  };
}
