import { sign as signOf } from '../../core/sign.js';
import { type FixedParameter, fixed, type Parameter, scaleName, weightsName } from '../float/parameter.js';
import { clip } from '../float/pieces/clip.js';
import type { Piece } from '../float/pieces/piece.js';
import { product } from '../float/pieces/product.js';
import { scaling } from '../float/pieces/scaling.js';
import { sign } from '../float/pieces/sign.js';
import type { LearnerState } from '../rule.js';

/** Where clip(z, −1, 1) stops following z. */
const BOUND = 1;

/** In which order layers become binary: from one side on, or as they are listed, the one at the inputs being layer 1. */
export type LayerOrder = 'input-first' | 'output-first' | readonly number[];

/**
 * The layers in the order in which they become binary.
 * @param layers - L, that of the classes included
 * @returns indices from 0, input side first
 */
export function orderedLayers(layers: number, order: LayerOrder): number[] {
  if (typeof order !== 'string') return order.map((layer) => layer - 1);
  const fromInputs = Array.from({ length: layers }, (_, layer) => layer);
  return order === 'input-first' ? fromInputs : fromInputs.reverse();
}

/**
 * The stages of training: in stage s, the first s layers of the order are binary.
 * @param order - each layer once, from 0
 * @returns for each of L + 1 stages, from none binary to all binary, whether each layer, input side first, is binary
 */
export function stagesOf(order: readonly number[]): boolean[][] {
  return Array.from({ length: order.length + 1 }, (_, stage) =>
    order.map((_, layer) => order.indexOf(layer) < stage),
  );
}

/**
 * A network of which some layers are binary, and not trained; iterative.ts has the equations.
 * @param weights - [K, N] of each layer, input side first
 * @param scales - [1] of each layer, for where it is binary
 * @param isBinary - for each layer
 */
export function stagePieces(
  weights: readonly Parameter[],
  scales: readonly FixedParameter[],
  isBinary: readonly boolean[],
): Piece[] {
  return weights.flatMap((layerWeights, layer) => {
    const below = isBinary[layer - 1] ? sign(BOUND) : clip(BOUND);
    const activation = layer > 0 ? [below] : [];
    if (!isBinary[layer]) return [...activation, product(layerWeights)];
    // Not in the weights: sums of ±1 are exact, so that a product of 0 stays 0 and its sign +1.
    const scaled = scaling(scales[layer], layerWeights.shape[0]);
    return [...activation, product(fixed(layerWeights)), scaled];
  });
}

/**
 * Makes a layer binary: W ← sign(W), scale ← mean |W|.
 * @param values - parameters of the network; not mutated
 * @param layer - counted from 0
 * @returns all parameters, those of the layer new
 */
export function binarizeLayer(values: LearnerState, layer: number): LearnerState {
  const weights = Float32Array.from(values[weightsName(layer)]);
  const scale = weights.reduce((sum, weight) => sum + Math.abs(weight), 0) / weights.length;
  return {
    ...values,
    [weightsName(layer)]: weights.map(signOf),
    [scaleName(layer)]: Float32Array.of(scale),
  };
}
