import { checkInteger } from './check.js';
import { ArgumentError } from './errors.js';

/** Numbers without an order among them. */
export interface VectorShape {
  readonly kind: 'vector';
  /** At least 1. */
  readonly size: number;
  /**
   * How many of them, at the end, are −1 or +1 by nature and no quantities: one-hot codes of categories. Binarizers and standardizers pass
   * them on as they are. Default 0.
   */
  readonly signs?: number;
}

/**
 * Pixels of one or more channels.
 *
 * Channels lie one after the other, as planes: column `(channel · height + y) · width + x`. With `interleaved` = i, runs of i channels
 * lie side by side at each pixel: channel c = g · i + l is at column `((g · height + y) · width + x) · i + l`. So the bits of a
 * thermometer lie, and with i = `channels` a picture whose channels come last.
 */
export interface ImageShape {
  readonly kind: 'image';
  /** All channels, at least 1. */
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Channels that lie side by side at each pixel; divides `channels`. Default 1: planes. */
  readonly interleaved?: number;
}

/** The same shape at each of several steps, one step after the other. */
export interface SequenceShape {
  readonly kind: 'sequence';
  /** At least 1. */
  readonly steps: number;
  /** What one step holds. */
  readonly of: Shape;
}

/** What the columns of one sample mean. */
export type Shape = VectorShape | ImageShape | SequenceShape;

/** Numbers without an order among them, the last `signs` of them −1 or +1. */
export function vector(size: number, signs = 0): VectorShape {
  return { kind: 'vector', size, ...(signs > 0 && { signs }) };
}

/** How many columns at the end of a sample are −1 or +1 by nature. */
export function signsOf(shape: Shape): number {
  return shape.kind === 'vector' ? (shape.signs ?? 0) : 0;
}

/**
 * What each layer of a network is shown: the first the input, the others what the layer below gives, K numbers.
 * @param widths - K of each layer, input side first
 */
export function layerInputs(input: Shape, widths: readonly number[]): Shape[] {
  return widths.map((_, layer) => (layer === 0 ? input : vector(widths[layer - 1])));
}

/** The steps of a sequence, and what each holds; of any other shape the one step that is all of it. */
export function stepsOf(shape: Shape): { readonly steps: number; readonly of: Shape } {
  return shape.kind === 'sequence' ? shape : { steps: 1, of: shape };
}

/** Number of columns of a sample of this shape. */
export function sizeOf(shape: Shape): number {
  switch (shape.kind) {
    case 'vector':
      return shape.size;
    case 'image':
      return shape.channels * shape.height * shape.width;
    case 'sequence':
      return shape.steps * sizeOf(shape.of);
  }
}

/**
 * The shape when `levels` columns stand in the place of each: an image gets as many channels for each, a vector as many numbers, its signs
 * staying one each, a sequence keeps its steps. Levels of column c are at c · levels + level.
 */
export function withLevels(shape: Shape, levels: number): Shape {
  if (levels === 1) return shape;
  switch (shape.kind) {
    case 'vector':
      return vector((shape.size - signsOf(shape)) * levels + signsOf(shape), signsOf(shape));
    case 'image':
      return {
        ...shape,
        channels: shape.channels * levels,
        interleaved: (shape.interleaved ?? 1) * levels,
      };
    case 'sequence':
      return { ...shape, of: withLevels(shape.of, levels) };
  }
}

/**
 * Columns that hold the same quantity at different places, for each quantity, ascending: the pixels of a channel, one number of a
 * step at all steps. Each column of a vector stands alone.
 */
export function channelColumns(shape: Shape): Uint32Array[] {
  switch (shape.kind) {
    case 'vector':
      return Array.from({ length: shape.size }, (_, column) => Uint32Array.of(column));
    case 'image':
      return imageChannels(shape);
    case 'sequence':
      return channelColumns(shape.of).map((columns) => everyStep(columns, shape));
  }
}

/**
 * Columns of images in the order of their pixels, the channels of a pixel side by side: entry i is which column stands at place i.
 * @returns undefined where they stand so already
 */
export function channelsLastColumns(shape: ImageShape): Uint32Array | undefined {
  const { channels, height, width, interleaved = 1 } = shape;
  if (interleaved === channels || height * width === 1) return undefined;
  const columns = imageChannels(shape);
  return Uint32Array.from(
    { length: sizeOf(shape) },
    (_, i) => columns[i % channels][Math.floor(i / channels)],
  );
}

function imageChannels({ channels, height, width, interleaved = 1 }: ImageShape): Uint32Array[] {
  const pixels = height * width;
  return Array.from({ length: channels }, (_, channel) => {
    const lane = channel % interleaved;
    const first = (channel - lane) * pixels + lane;
    return Uint32Array.from({ length: pixels }, (_, pixel) => first + pixel * interleaved);
  });
}

function everyStep(columns: Uint32Array, { steps, of }: SequenceShape): Uint32Array {
  const stepSize = sizeOf(of);
  const all = new Uint32Array(steps * columns.length);
  for (let i = 0; i < all.length; i++) {
    all[i] = Math.floor(i / columns.length) * stepSize + columns[i % columns.length];
  }
  return all;
}

/** A shape in a few characters: `784`, `28×28`, `3×32×32`, `24 steps of 1`. */
export function shapeText(shape: Shape): string {
  switch (shape.kind) {
    case 'vector':
      return String(shape.size);
    case 'image': {
      const { channels, height, width } = shape;
      return channels === 1 ? `${height}×${width}` : `${channels}×${height}×${width}`;
    }
    case 'sequence':
      return `${shape.steps} steps of ${shapeText(shape.of)}`;
  }
}

/** @throws ArgumentError for a kind that is none or a size that is out of range */
export function checkShape(argument: string, shape: Shape): void {
  switch (shape.kind) {
    case 'vector':
      checkInteger(`${argument}.size`, shape.size, 1);
      if (shape.signs !== undefined) checkInteger(`${argument}.signs`, shape.signs, 0, shape.size);
      return;
    case 'image': {
      const { channels, height, width, interleaved = 1 } = shape;
      for (const [name, size] of Object.entries({ channels, height, width, interleaved })) {
        checkInteger(`${argument}.${name}`, size, 1);
      }
      if (channels % interleaved === 0) return;
      throw new ArgumentError(`${argument}.interleaved`, `a divisor of ${channels} channels`, interleaved);
    }
    case 'sequence':
      checkInteger(`${argument}.steps`, shape.steps, 1);
      checkShape(`${argument}.of`, shape.of);
      return;
    default: {
      const { kind } = shape as { readonly kind: unknown };
      throw new ArgumentError(`${argument}.kind`, 'vector, image or sequence', kind);
    }
  }
}

/** @throws ArgumentError unless `rows` has the columns that `shape` says */
export function checkColumns(argument: string, rows: { readonly columns: number }, shape: Shape): void {
  const expected = sizeOf(shape);
  if (rows.columns !== expected) throw new ArgumentError(argument, `${expected} columns`, rows.columns);
}
