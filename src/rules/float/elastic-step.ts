import type { Optimizer } from './optimizer.js';

/** Constants of elastic weight consolidation; see `elasticStep`. */
export interface ElasticConstants {
  /** λ, at least 0. */
  readonly lambda: number;
  /** Whether a weight has the importance of another one. */
  readonly isShuffled: boolean;
}

/** How far away the weight is whose importance is taken for another's: a share of the layer's weights. */
const ELSEWHERE = 0.618;

/**
 * Elastic weight consolidation (Kirkpatrick et al., arXiv:1612.00796): a step along the gradient of
 *
 *     loss + λ/2 · Σ_t Σ_i F_t,i·(W_i − W*_t,i)²
 *
 * over the tasks t that have ended, with W*_t the weights at their end and F_t the diagonal of the Fisher information there. All penalties
 * together are kept in two arrays: Σ_t F_t and Σ_t F_t·W*_t. The control, `isShuffled`, gives each weight the importance of the one
 * 61.8 % of the layer further on.
 */
export function elasticStep(inner: Optimizer, { lambda, isShuffled }: ElasticConstants): Optimizer {
  return {
    moments: [...inner.moments, 'importance', 'anchor'],
    operationsPerWeight: inner.operationsPerWeight + 4,
    needsSquares: true,
    update({ gradient, moments, ...update }, kernels) {
      const [importance, anchor] = moments.slice(inner.moments.length);
      const { values } = update;
      // A loop: Float32Array.from with a function takes some twenty times as long.
      const pulled = new Float32Array(gradient.length);
      for (let i = 0; i < pulled.length; i++) {
        pulled[i] = gradient[i] + lambda * (importance[i] * values[i] - anchor[i]);
      }
      inner.update({ ...update, gradient: pulled, moments: moments.slice(0, inner.moments.length) }, kernels);
    },
    endTask({ values, moments, squares }) {
      const [importance, anchor] = moments.slice(inner.moments.length);
      const distance = isShuffled ? Math.floor(ELSEWHERE * values.length) : 0;
      for (let i = 0; i < values.length; i++) {
        const square = squares[(i + distance) % values.length];
        importance[i] += square;
        anchor[i] += square * values[i];
      }
    },
  };
}
