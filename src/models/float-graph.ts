import type { FloatLayer, FloatNetwork } from '../layers/network.js';
import { inferenceGraph } from '../rules/float/graphs.js';
import { type FixedParameter, weightsName } from '../rules/float/parameter.js';
import { clip } from '../rules/float/pieces/clip.js';
import type { Piece } from '../rules/float/pieces/piece.js';
import { product } from '../rules/float/pieces/product.js';
import { relu } from '../rules/float/pieces/relu.js';
import { scaling } from '../rules/float/pieces/scaling.js';
import { sign } from '../rules/float/pieces/sign.js';
import { scaleName } from '../rules/iterative/stages.js';

/** That of clip; where gradients pass through sign, which prediction does not need. */
const BOUND = 1;

/**
 * A network of floats as a graph: `VALUES.inputs`, weights and scales to `VALUES.predictions`. Of the pieces that its learner
 * predicts with, weights fed and not built in, so that sums are rounded alike.
 * @returns the bytes of an ONNX model
 */
export function floatGraph({ layers }: FloatNetwork): Uint8Array {
  return inferenceGraph(layers.flatMap(piecesOf), layers[0].weights.columns);
}

function piecesOf(
  { weights: { rows, columns, values }, scale, activation }: FloatLayer,
  layer: number,
): Piece[] {
  const weights: FixedParameter = {
    name: weightsName(layer),
    shape: [rows, columns],
    initial: () => values.slice(),
  };
  const pieces = [product(weights)];
  if (scale !== undefined) {
    const initial = (): Float32Array => Float32Array.of(scale);
    pieces.push(scaling({ name: scaleName(layer), shape: [1], initial }, rows));
  }
  return activation === 'identity' ? pieces : [...pieces, activationOf(activation)];
}

function activationOf(activation: Exclude<FloatLayer['activation'], 'identity'>): Piece {
  switch (activation) {
    case 'relu':
      return relu();
    case 'clip':
      return clip(BOUND);
    case 'sign':
      return sign(BOUND);
  }
}
