import type { LayerSize } from '../float/initial-weights.js';
import type { Optimizer } from '../float/optimizer.js';
import { layerName, type Parameter } from '../float/parameter.js';
import { withTaskCopies } from '../float/per-task.js';
import { batchNorm } from '../float/pieces/batch-norm.js';
import type { Piece } from '../float/pieces/piece.js';
import { product } from '../float/pieces/product.js';
import { scaling } from '../float/pieces/scaling.js';
import { sign } from '../float/pieces/sign.js';

/** Up to which |x| the gradient passes through sign(x), and where latent weights are clipped. */
export const PASS_BOUND = 1;

/** What stands between products and signs. */
export type Normalization = 'batch-norm' | 'scaled' | 'none';

/**
 * A network of signs; qat.ts has the equations.
 * @param weights - latent weights [K, N] of each layer, input side first
 * @param optimizer - of scale and shift of batch normalization
 * @param first - number of the first layer, counted from 0
 * @param tasks - of which each has a batch normalization of its own once it has ended. Default: none
 */
export function quantizedPieces(
  weights: readonly Parameter[],
  normalization: Normalization,
  optimizer: Optimizer,
  first = 0,
  tasks = 0,
): Piece[] {
  return weights.flatMap((latent, layer) => {
    const [neurons, inputs] = latent.shape;
    const normalized = normalizationPieces(
      layerName(first + layer),
      { neurons, inputs },
      normalization,
      optimizer,
    ).map((piece) => withTaskCopies(piece, tasks));
    return [...(layer > 0 ? [sign(PASS_BOUND)] : []), product(latent), ...normalized];
  });
}

/**
 * What stands behind the products of K neurons, none or one piece.
 * @param name - prefix of the names of its parameters
 * @param size - K, and the number of ±1 that each product sums
 */
export function normalizationPieces(
  name: string,
  { neurons, inputs }: LayerSize,
  normalization: Normalization,
  optimizer: Optimizer,
): Piece[] {
  if (normalization === 'batch-norm') return [batchNorm(name, neurons, optimizer)];
  return normalization === 'scaled' ? [scaling(1 / Math.sqrt(inputs), neurons)] : [];
}
