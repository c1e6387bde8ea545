import { checkShape } from '../core/shape.js';
import { checkRows } from '../statistics/group-rows.js';
import type { Figure } from './figure.js';
import { type GridOptions, imageGrid, type Pixels } from './image-grid.js';
import { pictureLayout } from './picture-layout.js';

/** An image and what is known of it. */
export interface ShownSample {
  /** Its columns; larger is brighter. */
  readonly pixels: Pixels;
  /** What stands below it; `<br>` starts a second line. */
  readonly caption: string;
}

/**
 * Samples as images with a caption of up to two lines each.
 * @param samples - in reading order; at least one
 * @throws ArgumentError when there are none, or one has not the pixels of the shape
 */
export function sampleGrid(samples: readonly ShownSample[], options: GridOptions): Figure {
  checkRows(samples);
  const images = samples.map(({ pixels }) => pixels);
  checkShape('shape', options.shape);
  const { height, width } = pictureLayout(options.shape);
  const gap = Math.round(height / 2);
  const room = { x: Math.round(width / 7), y: gap, below: gap, besidePx: 0 };
  const { trace, layout, below } = imageGrid(images, options, room);
  return {
    data: [
      {
        ...trace,
        colorscale: [
          [0, '#000'],
          [1, '#fff'],
        ],
        showscale: false,
      } as Figure['data'][number],
    ],
    layout: {
      ...layout,
      annotations: samples.map(({ caption }, i) => ({
        ...below(i),
        text: caption,
        xanchor: 'center',
        yanchor: 'top',
      })),
    },
  };
}
