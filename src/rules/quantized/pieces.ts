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
 * @param tasks - of which each has a batch normalization of its own once it has ended. Default: none
 */
export function quantizedPieces(
  weights: readonly Parameter[],
  normalization: Normalization,
  optimizer: Optimizer,
  tasks = 0,
): Piece[] {
  return weights.flatMap((latent, layer) => {
    const [neurons, inputs] = latent.shape;
    const pieces = layer > 0 ? [sign(PASS_BOUND), product(latent)] : [product(latent)];
    if (normalization === 'batch-norm')
      pieces.push(withTaskCopies(batchNorm(layerName(layer), neurons, optimizer), tasks));
    if (normalization === 'scaled') pieces.push(scaling(1 / Math.sqrt(inputs), neurons));
    return pieces;
  });
}
