import { largest } from '../core/extremes.js';
import { checkRows } from '../statistics/group-rows.js';
import type { Figure } from './figure.js';
import { type GridOptions, imageGrid, type Pixels } from './image-grid.js';

/** What to draw, and how. */
export interface WeightImageOptions extends GridOptions {
  /** What the grey levels are. Default: weight. */
  readonly valueTitle?: string;
}

const COLOR_BAR_PX = 100;

/**
 * Weights of neurons as images of what they look for: black for the most negative, white for the most positive, on a
 * scale that is symmetric about zero.
 * @param neurons - visible (±1) or hidden weights, one list per neuron; at least one
 * @throws ArgumentError when there are none, or one has not the weights of the shape
 */
export function weightImages(neurons: readonly Pixels[], options: WeightImageOptions): Figure {
  checkRows(neurons);
  const { trace, layout } = imageGrid(neurons, options, { x: 2, y: 2, below: 0, besidePx: COLOR_BAR_PX });
  const most = largest(neurons.map((weights) => largest(Array.from(weights, Math.abs))));
  return {
    data: [
      {
        ...trace,
        colorscale: [
          [0, '#000'],
          [1, '#fff'],
        ],
        zmin: -most,
        zmax: most,
        colorbar: {
          title: { text: options.valueTitle ?? 'weight' },
          outlinewidth: 1,
          ...(most === 1 ? { tickvals: [-1, 1] } : {}),
        },
      } as Figure['data'][number],
    ],
    // Darker than paper, so that white weights have an edge.
    layout: { ...layout, plot_bgcolor: '#7aa6c9' },
  };
}
