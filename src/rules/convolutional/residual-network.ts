import { z } from 'zod';
import type { ComparedMap } from '../float/guide.js';
import { weightParameter } from '../float/initial-weights.js';
import type { Optimizer } from '../float/optimizer.js';
import { fixed } from '../float/parameter.js';
import { batchNorm } from '../float/pieces/batch-norm.js';
import { chain } from '../float/pieces/chain.js';
import { atPositions, gated, residual } from '../float/pieces/composed.js';
import { channelsLast } from '../float/pieces/layouts.js';
import { mapScaling } from '../float/pieces/map-scaling.js';
import { positionsOf } from '../float/pieces/maps.js';
import { patches } from '../float/pieces/patches.js';
import type { Piece } from '../float/pieces/piece.js';
import { averagePool, globalAveragePool, maxPool } from '../float/pieces/pools.js';
import { prelu } from '../float/pieces/prelu.js';
import { product } from '../float/pieces/product.js';
import { relu } from '../float/pieces/relu.js';
import { scaling as constantScaling } from '../float/pieces/scaling.js';
import { sign } from '../float/pieces/sign.js';
import { sigmoid, tanh } from '../float/pieces/squashed.js';
import { PASS_BOUND } from '../quantized/pieces.js';
import { type ConvolutionSize, fanIn, type NetworkSize, outputsOf, STEM_POOL } from './architecture.js';

/** What becomes of a convolution's inputs before it: nothing, tanh, or the sign. */
export type InputTreatment = 'none' | 'tanh' | 'sign';

/** What a convolution's outputs are multiplied by: nothing, three vectors, or numbers that its real inputs decide on. */
export type Scaling = 'none' | 'learned' | 'data-driven';

/** The option of rules for `hasSkip`. */
export const skipOption = z.boolean().default(true).describe('A way around every convolution.');

/** How the blocks of a network are made. */
export interface BlockOptions {
  readonly inputs: InputTreatment;
  /** Whether weights of blocks are ±1. */
  readonly hasSigns: boolean;
  readonly scaling: Scaling;
  /** Whether there is a way around every convolution. */
  readonly hasSkip: boolean;
  /** r: the gate of data-driven scaling has ⌈C/r⌉ hidden units. */
  readonly reduction: number;
  /** Of all that is not a latent weight. */
  readonly optimizer: Optimizer;
  /** Of the weights of blocks, which may become ±1. */
  readonly latentOptimizer: Optimizer;
}

/** A network's pieces, and which of them are ends of blocks. */
export interface ResidualNetwork {
  readonly pieces: readonly Piece[];
  /** The output of each block. */
  readonly maps: readonly ComparedMap[];
}

/**
 * A residual network: the first convolution, batch normalization and PReLU, then blocks of convolutions with all that is around them,
 * and the means of the last maps read out by a layer of floats. For each convolution of a block, of X [B·P, C]:
 *
 *     U = BN(X),   F = conv(a(U), w(W)),   Y = PReLU(F · s) + shortcut(X)
 *
 * with a: none, tanh or sign; w: none, or sign, and F/√N then, with N the inputs of a product; s: 1, three vectors, or
 * σ(E·ReLU(D·mean of U)), two layers without biases. The shortcut is the identity, or the mean of each 2×2 where maps become smaller, and a
 * 1×1 convolution and BN where channels change. Outside of maps lies 0, and −1 where inputs are signs.
 * @param prefix - of all names of parameters: `teacher/`
 */
export function residualNetwork(
  size: NetworkSize,
  classes: number,
  options: BlockOptions,
  prefix = '',
): ResidualNetwork {
  const { image, stem, pooled, blocks, last } = size;
  const name = (layer: number): string => `${prefix}layer-${layer}`;
  const pieces: Piece[] = [channelsLast(image), ...convolved(name(1), stem, { ...options, scaling: 'none' })];
  if (pooled !== stem.to) pieces.push(maxPool(stem.to, stem.channels, STEM_POOL));
  const maps: ComparedMap[] = [];
  let layer = 1;
  for (const block of blocks) {
    for (const convolution of block) pieces.push(halfBlock(name(++layer), convolution, options));
    const { channels, to } = block[block.length - 1];
    maps.push({ piece: pieces.length - 1, positions: positionsOf(to), channels });
  }
  const { channels } = blocks[blocks.length - 1][0];
  const readOut = weightParameter(
    `${name(++layer)}/weights`,
    { neurons: classes, inputs: channels },
    { optimizer: options.optimizer },
  );
  pieces.push(globalAveragePool(positionsOf(last), channels), product(readOut));
  return { pieces, maps };
}

/** The same network, of which nothing is trained. */
export function guiding(network: ResidualNetwork): Piece[] {
  return network.pieces.map((piece) => ({ ...piece, parameters: piece.parameters.map(fixed) }));
}

/** The first convolution with normalization and PReLU. */
function convolved(layer: string, size: ConvolutionSize, { optimizer }: BlockOptions): Piece[] {
  const { channels, kernel, stride, from, inputs } = size;
  const weights = weightParameter(
    `${layer}/weights`,
    { neurons: channels, inputs: fanIn(size) },
    { optimizer },
  );
  const ofChannels = [
    product(weights),
    batchNorm(layer, channels, optimizer),
    prelu(layer, channels, optimizer),
  ];
  return [
    patches(from, inputs, { kernel, stride }, 0),
    ...ofChannels.map((piece) => atPositions(outputsOf(size), piece)),
  ];
}

/** A convolution of a block with all that is around it. */
function halfBlock(layer: string, size: ConvolutionSize, options: BlockOptions): Piece {
  const { channels, inputs, from } = size;
  const { scaling, hasSkip, optimizer, reduction } = options;
  const body = binaryConvolution(layer, size, options);
  const scaled = {
    none: () => body,
    learned: () => [...body, mapScaling(layer, size.to, channels, optimizer)],
    'data-driven': () => [
      gated(body, gateOf(layer, size, reduction, optimizer), [outputsOf(size), channels]),
    ],
  };
  const main = [
    atPositions(positionsOf(from), batchNorm(layer, inputs, optimizer)),
    ...scaled[scaling](),
    atPositions(outputsOf(size), prelu(layer, channels, optimizer)),
  ];
  if (!hasSkip) return chain(main);
  return residual(main, shortcutOf(layer, size, optimizer), outputsOf(size) * channels);
}

function binaryConvolution(layer: string, size: ConvolutionSize, options: BlockOptions): Piece[] {
  const { channels, kernel, stride, from, inputs } = size;
  const { hasSigns } = options;
  const latent = weightParameter(
    `${layer}/weights`,
    { neurons: channels, inputs: fanIn(size) },
    { optimizer: options.latentOptimizer },
  );
  const treated = {
    none: [],
    tanh: [atPositions(positionsOf(from), tanh(inputs))],
    sign: [sign(PASS_BOUND)],
  };
  const multiplied = product(hasSigns ? { ...latent, hasSigns } : latent);
  const ofChannels = hasSigns
    ? [multiplied, constantScaling(1 / Math.sqrt(fanIn(size)), channels)]
    : [multiplied];
  return [
    ...treated[options.inputs],
    patches(from, inputs, { kernel, stride }, options.inputs === 'sign' ? -1 : 0),
    ...ofChannels.map((piece) => atPositions(outputsOf(size), piece)),
  ];
}

/** A number for each channel from what a convolution sees. */
function gateOf(layer: string, size: ConvolutionSize, reduction: number, optimizer: Optimizer): Piece[] {
  const { channels, inputs, from } = size;
  const hidden = Math.ceil(inputs / reduction);
  return [
    globalAveragePool(positionsOf(from), inputs),
    product(weightParameter(`${layer}/squeeze`, { neurons: hidden, inputs }, { optimizer })),
    relu(),
    product(weightParameter(`${layer}/excite`, { neurons: channels, inputs: hidden }, { optimizer })),
    sigmoid(channels),
  ];
}

/** The way around a convolution; none: the identity. */
function shortcutOf(layer: string, size: ConvolutionSize, optimizer: Optimizer): Piece[] {
  const { channels, inputs, from, stride } = size;
  if (channels === inputs) return [];
  const weights = weightParameter(`${layer}/shortcut/weights`, { neurons: channels, inputs }, { optimizer });
  const ofChannels = [product(weights), batchNorm(`${layer}/shortcut`, channels, optimizer)];
  return [
    averagePool(from, inputs, { kernel: stride, stride }),
    ...ofChannels.map((piece) => atPositions(outputsOf(size), piece)),
  ];
}
