/** What one update by Adam depends on besides the arrays. */
export interface AdamFactors {
  /** η/(1 − β₁ᵗ) at step t. */
  readonly rate: number;
  /** 1/√(1 − β₂ᵗ) at step t. */
  readonly rootScale: number;
  /** β₁, in [0, 1). */
  readonly beta1: number;
  /** β₂, in [0, 1). */
  readonly beta2: number;
  /** ε, above 0. */
  readonly epsilon: number;
  /** Above 0. Entries of `gradient` count as 0 where |values| is above it; new values are clipped to [−bound, bound]. */
  readonly bound: number;
}

/**
 * One update by Adam (Kingma and Ba, arXiv:1412.6980, algorithm 1), entry by entry in double precision, in the order in
 * which the formula is written; each result is rounded to 32 bits where it is stored, and only there:
 *
 *     M ← β₁·M + (1 − β₁)·G
 *     S ← β₂·S + (1 − β₂)·G²
 *     W ← clip(W − rate·M / (√S·rootScale + ε))
 *
 * The one kernel of floats: plain JavaScript takes more time for it than ONNX Runtime for the gradient. All arrays have
 * the same length; implementations agree exactly, NaN included.
 * @param values - W, mutated
 * @param gradient - G
 * @param mean - M, mutated
 * @param meanSquare - S, mutated
 * @param signs - gets the new sign(W), ±1, if given
 */
export type AdamUpdate = (
  values: Float32Array,
  gradient: Float32Array,
  mean: Float32Array,
  meanSquare: Float32Array,
  factors: AdamFactors,
  signs?: Float32Array,
) => void;

/** The definition of what `AdamUpdate` computes. */
export const referenceAdam: AdamUpdate = (values, gradient, mean, meanSquare, factors, signs) => {
  const { rate, rootScale, beta1, beta2, epsilon, bound } = factors;
  const [newShare1, newShare2] = [1 - beta1, 1 - beta2];
  for (let i = 0; i < values.length; i++) {
    const w = values[i];
    const g = Math.abs(w) <= bound ? gradient[i] : 0;
    const m = beta1 * mean[i] + newShare1 * g;
    const s = beta2 * meanSquare[i] + newShare2 * g * g;
    mean[i] = m;
    meanSquare[i] = s;
    const next = w - (rate * m) / (Math.sqrt(s) * rootScale + epsilon);
    // max(−bound, min(bound, next)) in arithmetic, as branches on weights at the bound are mispredicted half the time.
    const isInside = Number(Math.abs(next) <= bound);
    const side = 2 * Number(next > 0) - 1;
    values[i] = next * isInside + (1 - isInside) * side * bound;
  }
  if (signs) writeSigns(values, signs);
};

/** signs[i] = sign(values[i]). Arithmetic, as a choice between two numbers would be a branch, mispredicted half the time. */
export function writeSigns(values: Float32Array, signs: Float32Array): void {
  for (let i = 0; i < values.length; i++) signs[i] = 2 * Number(values[i] >= 0) - 1;
}
