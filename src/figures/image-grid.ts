import type { Layout, PlotData } from 'plotly.js';
import { ArgumentError } from '../core/errors.js';
import { MARGIN_PX, SCREEN_WIDTH_PX, titledLayout } from './theme.js';

/** Pixels of an image, row by row. */
export type Pixels = ArrayLike<number>;

/** How images stand on a page. */
export interface GridOptions {
  readonly title?: string;
  /** Pixels of one image. */
  readonly height: number;
  readonly width: number;
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
 * @param images - at least one; values of each row by row
 * @throws ArgumentError when an image has not `height` · `width` values
 */
export function imageGrid(
  images: readonly Pixels[],
  { title = '', height, width, columns = Math.ceil(Math.sqrt(images.length)) }: GridOptions,
  room: GridRoom,
): ImageGrid {
  images.forEach((image, i) => {
    if (image.length !== height * width) {
      throw new ArgumentError(`images[${i}].length`, `${height} · ${width} pixels`, image.length);
    }
  });
  const step = { x: width + room.x, y: height + room.y };
  const rows = Math.ceil(images.length / columns);
  const size = { x: columns * step.x - room.x, y: rows * step.y - room.y + room.below };
  const z = Array.from({ length: size.y }, () => new Array<number | null>(size.x).fill(null));
  images.forEach((image, i) => {
    const [top, left] = [Math.floor(i / columns) * step.y, (i % columns) * step.x];
    for (let p = 0; p < image.length; p++) {
      z[top + Math.floor(p / width)][left + (p % width)] = Number(image[p].toPrecision(3));
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
