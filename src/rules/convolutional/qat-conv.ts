import { z } from 'zod';
import { adamOptions } from '../float/adam-options.js';
import { describeNetwork } from '../float/description.js';
import { DivergedError } from '../float/diverged-error.js';
import { createFloatLearner } from '../float/float-learner.js';
import type { FloatTraining } from '../float/float-training.js';
import { weightParameter } from '../float/initial-weights.js';
import { floatMemory } from '../float/memory.js';
import { adamStep } from '../float/optimizer.js';
import { layerName, weightsName } from '../float/parameter.js';
import { atPositions } from '../float/pieces/composed.js';
import { channelsLast, flattened } from '../float/pieces/layouts.js';
import { positionsOf } from '../float/pieces/maps.js';
import { patches } from '../float/pieces/patches.js';
import type { Piece } from '../float/pieces/piece.js';
import { maxPool } from '../float/pieces/pools.js';
import { product } from '../float/pieces/product.js';
import { sign } from '../float/pieces/sign.js';
import {
  latentOptions,
  NORMALIZES_TWICE,
  normalizationOf,
  normalizesOnce,
} from '../quantized/latent-options.js';
import { type Normalization, normalizationPieces, PASS_BOUND } from '../quantized/pieces.js';
import type { Problem, RuleDefinition } from '../rule.js';
import {
  architectureOptions,
  channelsOf,
  fanIn,
  type NetworkSize,
  outputsOf,
  STEM_POOL,
  sizesOf,
  withImage,
} from './architecture.js';

/** What lies outside of maps: one of the two signs, so that products are of signs alone. */
const PADDING = -1;

/** Options of the rule `qat-conv`. */
export const qatConvConfig = z
  .strictObject({
    name: z.literal('qat-conv'),
    ...architectureOptions,
    batchNorm: z
      .boolean()
      .default(true)
      .describe(
        'Batch normalization of channels before every sign, and before the softmax. Fully binary at inference without.',
      ),
    ...latentOptions,
    ...adamOptions,
  })
  .refine(normalizesOnce, NORMALIZES_TWICE);

/** Checked options of the rule `qat-conv`, defaults filled in. */
export type QatConvConfig = z.output<typeof qatConvConfig>;

/**
 * Quantization-aware training of a convolutional network with the straight-through estimator (algorithms.md §12): `qat` with convolutions
 * in the place of dense layers, and nothing around them. Inputs, weights and activations are ±1, those of the first convolution and of
 * the read-out of the last maps, too:
 *
 *     Z_l = conv(A_{l−1}, sign W_l),   A_l = sign(f(Z_l)),   logits f(A_L · sign(W)ᵀ) of all channels and positions
 *
 * with f as in `qat`: batch normalization of channels (batchNorm), Z/√N (scaleProducts), or nothing. Outside of maps lies −1. Gradients,
 * clipping of latent weights and inference are as there (quantized/qat.ts). Sizes: convolutional/architecture.ts.
 *
 * Sources: Courbariaux, Hubara, Soudry, El-Yaniv, Bengio, arXiv:1602.02830; its networks have max-pools, ours a stride of 2.
 */
export const qatConv: RuleDefinition<typeof qatConvConfig> = {
  name: 'qat-conv',
  version: 1,
  options: qatConvConfig,
  styles: {},
  errors: [DivergedError],
  needsOnnxRuntime: true,
  inputForm: () => 'binarized',
  describe: (config, problem) => describeNetwork(networkOf(config, problem), problem),
  memory: (config, problem) => floatMemory(networkOf(config, withImage(problem)), problem),
  createLearner: (config, problem, context) =>
    createFloatLearner(networkOf(config, problem), problem, context),
};

function networkOf(config: QatConvConfig, { input, classes }: Problem): FloatTraining {
  const size = sizesOf(config, input);
  const pieces = piecesOf(config, size, classes, normalizationOf(config));
  // Scaling would change no sign and no largest logit.
  const inference = config.scaleProducts ? piecesOf(config, size, classes, 'none') : pieces;
  return {
    rule: 'qat-conv',
    inputs: 'binarized',
    learningRate: config.learningRate,
    hidden: channelsOf(size),
    sizeOption: 'blocks',
    parameters: pieces.flatMap((piece) => piece.parameters),
    stages: [{ pieces, inference }],
  };
}

function piecesOf(
  config: QatConvConfig,
  { image, stem, pooled, blocks, last }: NetworkSize,
  classes: number,
  normalization: Normalization,
): Piece[] {
  const pieces: Piece[] = [channelsLast(image)];
  const addLayer = (layer: number, channels: number, inputs: number, positions: number): void => {
    const size = { neurons: channels, inputs };
    const latent = weightParameter(weightsName(layer), size, {
      optimizer: adamStep(config, PASS_BOUND),
      hasSigns: true,
    });
    const normalized = normalizationPieces(layerName(layer), size, normalization, adamStep(config));
    const ofChannels = [product(latent), ...normalized];
    pieces.push(...ofChannels.map((piece) => atPositions(positions, piece)));
  };
  const convolutions = [stem, ...blocks.flat()];
  for (const [i, size] of convolutions.entries()) {
    const { from, inputs, channels, kernel, stride } = size;
    if (i === 1 && pooled !== stem.to) pieces.push(maxPool(stem.to, stem.channels, STEM_POOL));
    if (i > 0) pieces.push(sign(PASS_BOUND));
    pieces.push(patches(from, inputs, { kernel, stride }, PADDING));
    addLayer(i, channels, fanIn(size), outputsOf(size));
  }
  const { channels } = convolutions[convolutions.length - 1];
  const values = positionsOf(last) * channels;
  pieces.push(sign(PASS_BOUND), flattened(positionsOf(last), channels));
  addLayer(convolutions.length, classes, values, 1);
  return pieces;
}
