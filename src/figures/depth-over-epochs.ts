import type { PlotData } from 'plotly.js';
import { checkRows } from '../analysis/group-rows.js';
import { depthRange } from './depth-range.js';
import { facetLayout, panelAxes } from './facets.js';
import type { Figure } from './figure.js';
import { groupByNumber, levels, overSeeds } from './groups.js';
import { SEQUENTIAL } from './theme.js';

/** A layer's share of hidden weights in one range of depth after one epoch; see `depthRows`. */
export interface DepthShare {
  readonly epoch: number;
  readonly layer: number;
  /** Lower end of the range, a power of two. */
  readonly depth: number;
  readonly percent: number;
}

/**
 * How metaplastic depth spreads in training: share of the hidden weights by depth (y) and epoch (x), one panel per
 * layer. Rows of the same layer, epoch and depth are seeds; their mean is shown. Ranges deeper than any weight ever
 * was are left out.
 * @param rows - of one setting; at least one
 * @throws ArgumentError when there are no rows
 */
export function depthOverEpochs(
  rows: readonly DepthShare[],
  { title = 'Depth of hidden weights in training' }: { readonly title?: string } = {},
): Figure {
  checkRows(rows);
  const deepest = rows.reduce((most, { depth, percent }) => (percent > 0 ? Math.max(most, depth) : most), 1);
  const used = rows.filter(({ depth }) => depth <= deepest);
  const depths = levels(used, 'depth').map(Number);
  const layers = groupByNumber(used, ({ layer }) => layer);
  const data = layers.map(([layer, ofLayer], i): Partial<PlotData> => {
    const epochs = groupByNumber(ofLayer, ({ epoch }) => epoch);
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
        yTitle: 'depth |h|',
        yaxis: { type: 'category' },
        sharesY: true,
      }),
      coloraxis: { colorscale: SEQUENTIAL, cmin: 0, colorbar: { title: { text: 'hidden weights (%)' } } },
    } as NonNullable<Figure['layout']>,
  };
}
