import type { Optimizer } from './optimizer.js';

/** Constants of synaptic intelligence; see `pathStep`. */
export interface PathConstants {
  /** c, at least 0. */
  readonly strength: number;
  /** ξ, above 0. */
  readonly damping: number;
}

/**
 * Synaptic intelligence (Zenke, Poole, Ganguli, arXiv:1703.04200): a step along the gradient of
 *
 *     loss + c · Σ_i Ω_i·(W_i − W*_i)²,   Ω_i = Σ_t max(0, ω_t,i)/(Δ_t,i² + ξ)
 *
 * with W* the weights at the end of the last task, ω_t,i = −Σ_steps G_i·ΔW_i what changes of W_i have taken off the loss of task t, and Δ_t
 * how far it went during the task.
 */
export function pathStep(inner: Optimizer, { strength, damping }: PathConstants): Optimizer {
  const first = inner.moments.length;
  return {
    moments: [...inner.moments, 'path', 'importance', 'anchor'],
    operationsPerWeight: inner.operationsPerWeight + 7,
    update({ gradient, moments, ...update }, kernels) {
      const [path, importance, anchor] = moments.slice(first);
      const { values, step } = update;
      if (step === 1) anchor.set(values);
      const before = values.slice();
      const pulled = new Float32Array(gradient.length);
      for (let i = 0; i < pulled.length; i++) {
        pulled[i] = gradient[i] + 2 * strength * importance[i] * (values[i] - anchor[i]);
      }
      inner.update({ ...update, gradient: pulled, moments: moments.slice(0, first) }, kernels);
      for (let i = 0; i < values.length; i++) path[i] -= gradient[i] * (values[i] - before[i]);
    },
    endTask({ values, moments }) {
      const [path, importance, anchor] = moments.slice(first);
      for (let i = 0; i < values.length; i++) {
        const moved = values[i] - anchor[i];
        importance[i] += Math.max(0, path[i]) / (moved * moved + damping);
      }
      path.fill(0);
      anchor.set(values);
    },
  };
}
