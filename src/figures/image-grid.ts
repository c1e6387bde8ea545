import type { Layout, PlotData } from 'plotly.js';
import { checkLength } from '../core/check.js';
import { checkShape, type Shape } from '../core/shape.js';
import { pictureLayout } from './picture-layout.js';
import { MARGIN_PX, SCREEN_WIDTH_PX, titledLayout } from './theme.js';

/** Numbers of a sample: its columns. */
export type Pixels = ArrayLike<number>;

/** How images stand on a page. */
export interface GridOptions {
  readonly title?: string;
  /** What the columns of a sample mean, and so where they stand: `dataset.shape`, or `record.dataset.inputShape`. */
  readonly shape: Shape;
  /** Images in a row. Default: as many as make the grid square. */
  readonly columns?: number;
}

/** Images stitched to one heat map, which is far smaller than one for each. */
export interface ImageGrid {
  readonly trace: Partial<PlotData>;
  readonly layout: Partial<Layout>;
  /** Middle of the lower edge of image i, in the coordinates of the axes. */
  readonly below: (i: number) => { x: number; y: number };
}

/** Room around images: between neighbours and below the last row in their pixels, beside the grid in the screen's. */
export interface GridRoom {
  readonly x: number;
  readonly y: number;
  readonly below: number;
  readonly besidePx: number;
}

/**
 * @param images - at least one
 * @throws ArgumentError for a shape that is none, and when an image has not as many values
 */
export function imageGrid(
  images: readonly Pixels[],
  { title = '', shape, columns = Math.ceil(Math.sqrt(images.length)) }: GridOptions,
  room: GridRoom,
): ImageGrid {
  checkShape('shape', shape);
  const { height, width, columns: columnAt } = pictureLayout(shape);
  images.forEach((image, i) => {
    checkLength(`images[${i}]`, image, columnAt.length);
  });
  const step = { x: width + room.x, y: height + room.y };
  const rows = Math.ceil(images.length / columns);
  const size = { x: columns * step.x - room.x, y: rows * step.y - room.y + room.below };
  const z = Array.from({ length: size.y }, () => new Array<number | null>(size.x).fill(null));
  images.forEach((image, i) => {
    const [top, left] = [Math.floor(i / columns) * step.y, (i % columns) * step.x];
    for (let p = 0; p < columnAt.length; p++) {
      z[top + Math.floor(p / width)][left + (p % width)] = Number(image[columnAt[p]].toPrecision(3));
    }
  });
  const layout = titledLayout(title);
  const plotWidth = SCREEN_WIDTH_PX - 2 * MARGIN_PX - room.besidePx;
  const hidden = { visible: false, constrain: 'domain' } as const;
  return {
    trace: {
      type: 'heatmap',
      z,
      hoverongaps: false,
      hovertemplate: '%{z}<extra></extra>',
    } as Partial<PlotData>,
    layout: {
      ...layout,
      height: Math.round((plotWidth * size.y) / size.x) + (layout.margin?.t ?? 0) + MARGIN_PX,
      xaxis: { ...hidden, range: [-0.5, size.x - 0.5] },
      yaxis: { ...hidden, range: [size.y - 0.5, -0.5], scaleanchor: 'x' },
    },
    below: (i) => ({
      x: (i % columns) * step.x + (width - 1) / 2,
      y: Math.floor(i / columns) * step.y + height - 0.5,
    }),
  };
}
