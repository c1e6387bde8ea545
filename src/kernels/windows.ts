import { checkInteger } from '../core/check.js';
import { ArgumentError } from '../core/errors.js';

/** Longest side of a map, and of a window. */
export const LARGEST_SIDE = 1024;

/** Most channels of a map. */
export const MOST_CHANNELS = 2 ** 16;

/** What windows are made of. */
export interface WindowOptions {
  /** Positions of a map, down. */
  readonly height: number;
  /** Positions of a map, across. */
  readonly width: number;
  /** Bits at each position. */
  readonly channels: number;
  /** Side of a window, in positions. */
  readonly size: number;
  /** From a window to the next, in positions. Default: 1. */
  readonly stride?: number;
  /** Positions that are added at each side of a map. Default: 0. */
  readonly padding?: number;
  /** What is there. Default: −1. */
  readonly paddingSign?: 1 | -1;
  /** Whether the last windows down and across may end beyond the padded map. Default: they lie on it as a whole. */
  readonly mayEndOutside?: boolean;
}

/** Square windows of maps whose channels come last: `kernels.patches` cuts them out, `kernels.pool` lets their positions vote. */
export class Windows {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
  readonly paddingSign: 1 | -1;
  /** Windows down. */
  readonly outHeight: number;
  /** Windows across. */
  readonly outWidth: number;

  /** @throws ArgumentError for a number out of range, or a window that is larger than the padded map */
  constructor({
    height,
    width,
    channels,
    size,
    stride = 1,
    padding = 0,
    paddingSign = -1,
    mayEndOutside = false,
  }: WindowOptions) {
    for (const [name, side] of Object.entries({ height, width, size, stride })) {
      checkInteger(name, side, 1, LARGEST_SIDE);
    }
    checkInteger('channels', channels, 1, MOST_CHANNELS);
    checkInteger('padding', padding, 0, LARGEST_SIDE);
    if (paddingSign !== 1 && paddingSign !== -1) {
      throw new ArgumentError('paddingSign', '1 or -1', paddingSign);
    }
    const most = Math.min(height, width) + 2 * padding;
    if (size > most && !mayEndOutside)
      throw new ArgumentError('size', `at most ${most}, the side of the padded map`, size);
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.size = size;
    this.stride = stride;
    this.padding = padding;
    this.paddingSign = paddingSign;
    const windows = (side: number): number => {
      const steps = Math.max(0, side + 2 * padding - size) / stride;
      return (mayEndOutside ? Math.ceil(steps) : Math.floor(steps)) + 1;
    };
    this.outHeight = windows(height);
    this.outWidth = windows(width);
  }

  /** Columns of a map. */
  get mapSize(): number {
    return this.height * this.width * this.channels;
  }

  /** Columns of a window. */
  get patchSize(): number {
    return this.size * this.size * this.channels;
  }

  /** Windows of a map. */
  get count(): number {
    return this.outHeight * this.outWidth;
  }
}
