import type { FloatLayer, FloatNetwork } from '../layers/network.js';
import { inferenceGraph } from '../rules/float/graphs.js';
import { type FixedParameter, scaleName, weightsName } from '../rules/float/parameter.js';
import { clip } from '../rules/float/pieces/clip.js';
import type { Piece } from '../rules/float/pieces/piece.js';
import { product } from '../rules/float/pieces/product.js';
import { relu } from '../rules/float/pieces/relu.js';
import { scaling } from '../rules/float/pieces/scaling.js';
import { sign } from '../rules/float/pieces/sign.js';

/**
 * A network of floats as a graph, of the pieces that its learner predicts with: weights and scales are fed, not built in, so that
 * sums are rounded alike.
 * @returns the bytes of an ONNX model
 */
export function floatGraph(network: FloatNetwork): Uint8Array {
  return inferenceGraph(floatPieces(network), network.layers[0].weights.columns);
}

/** The pieces of a network of floats, input side first; weights and scales are inputs by `weightsName` and `scaleName`. */
export function floatPieces({ layers }: FloatNetwork): Piece[] {
  return layers.flatMap(piecesOf);
}

function piecesOf({ weights: { rows, columns }, scale, activation }: FloatLayer, layer: number): Piece[] {
  const pieces = [product(fed(weightsName(layer), [rows, columns]))];
  if (scale !== undefined) pieces.push(scaling(fed(scaleName(layer), [1]), rows));
  return [...pieces, ...ACTIVATIONS[activation]()];
}

const ACTIVATIONS: Readonly<Record<FloatLayer['activation'], () => Piece[]>> = {
  relu: () => [relu()],
  clip: () => [clip(1)],
  sign: () => [sign(1)],
  identity: () => [],
};

/** A parameter whose values are handed in at each prediction. */
function fed(name: string, shape: readonly number[]): FixedParameter {
  return { name, shape, initial: () => new Float32Array() };
}
