import { z } from 'zod';
import { ArgumentError } from '../../core/errors.js';
import { type ImageShape, type Shape, shapeText } from '../../core/shape.js';
import { type MapSize, positionsOf } from '../float/pieces/maps.js';
import { windowsSize } from '../float/pieces/windows.js';
import type { Problem } from '../rule.js';

/** Side of the windows of all convolutions but the first. */
export const KERNEL = 3;

/** Options of a convolutional network, the same in all rules that train one with gradients. */
export const architectureOptions = {
  blocks: z
    .array(z.int().min(1))
    .min(1)
    .max(256)
    .describe(
      'Channels of each block, input side first: [16, 32, 64]. Where they change, maps become half as high and wide.',
    ),
  convolutions: z.int().min(1).max(64).default(1).describe('Convolutions of each block, windows of 3×3.'),
  stemKernel: z
    .int()
    .min(1)
    .default(3)
    .describe('Side of the windows of the first convolution, which has as many channels as the first block.'),
  stemStride: z.int().min(1).default(2).describe('Pixels between windows of the first convolution.'),
  stemPool: z
    .boolean()
    .default(false)
    .describe(
      'The largest in each 3×3 behind the first convolution, so that maps become half as high and wide.',
    ),
} as const;

/** Checked options of a convolutional network. */
export type Architecture = {
  readonly [Key in keyof typeof architectureOptions]: z.output<(typeof architectureOptions)[Key]>;
};

/** A convolution: [B·Q, K] from [B·P, C]. */
export interface ConvolutionSize {
  /** P. */
  readonly from: MapSize;
  /** Q. */
  readonly to: MapSize;
  /** C. */
  readonly inputs: number;
  /** K. */
  readonly channels: number;
  readonly kernel: number;
  readonly stride: number;
}

/** The sizes of a network. */
export interface NetworkSize {
  readonly image: ImageShape;
  /** The first convolution. */
  readonly stem: ConvolutionSize;
  /** What the first block sees: the maps of the first convolution, or what is left of them where it has a pool behind. */
  readonly pooled: MapSize;
  /** Convolutions of each block. */
  readonly blocks: readonly (readonly ConvolutionSize[])[];
  /** The last map. */
  readonly last: MapSize;
}

/** Windows of the pool behind the first convolution. */
export const STEM_POOL = { kernel: 3, stride: 2 } as const;

/**
 * The sizes of a network for inputs of a shape.
 * @throws ArgumentError for inputs that are no images
 */
export function sizesOf(architecture: Architecture, input: Shape): NetworkSize {
  if (input.kind !== 'image') {
    throw new ArgumentError('input', 'images, on which a convolutional network works', shapeText(input));
  }
  const { blocks, convolutions, stemKernel, stemStride, stemPool } = architecture;
  const sized = (from: MapSize, inputs: number, channels: number, kernel: number, stride: number) => ({
    from,
    to: windowsSize(from, { kernel, stride }),
    ...{ inputs, channels, kernel, stride },
  });
  const stem = sized(input, input.channels, blocks[0], stemKernel, stemStride);
  const pooled = stemPool ? windowsSize(stem.to, STEM_POOL) : stem.to;
  let [map, inputs] = [pooled, blocks[0]];
  const sizes = blocks.map((channels) =>
    Array.from({ length: convolutions }, () => {
      const size = sized(map, inputs, channels, KERNEL, channels === inputs ? 1 : 2);
      [map, inputs] = [size.to, channels];
      return size;
    }),
  );
  return { image: input, stem, pooled, blocks: sizes, last: map };
}

/** The least image: what a network takes on it, it takes on any. */
const LEAST_IMAGE: ImageShape = { kind: 'image', channels: 1, height: 1, width: 1 };

/** A problem before any data is there: of the least image. */
export function withImage(problem: Problem): Problem {
  return problem.input.kind === 'image' ? problem : { ...problem, input: LEAST_IMAGE };
}

/** Channels of all convolutions, input side first. */
export function channelsOf({ stem, blocks }: NetworkSize): number[] {
  return [stem, ...blocks.flat()].map(({ channels }) => channels);
}

/** What the product of a convolution sees: k²·C. */
export function fanIn({ kernel, inputs }: ConvolutionSize): number {
  return kernel * kernel * inputs;
}

/** Q. */
export function outputsOf({ to }: ConvolutionSize): number {
  return positionsOf(to);
}
