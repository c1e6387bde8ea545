/** Which operand of a product is stored the other way round. */
export const TRANSPOSED = ['none', 'left', 'right'] as const;

/** What `combine` makes of two numbers. */
export const COMBINATIONS = ['add', 'subtract', 'multiply', 'divide', 'minimum', 'maximum'] as const;

/** Name of one. */
export type Combination = (typeof COMBINATIONS)[number];

/** What `compare` asks of two numbers. */
export const COMPARISONS = ['greater', 'greater-or-equal', 'less-or-equal'] as const;

/** Name of one. */
export type Comparison = (typeof COMPARISONS)[number];

/** A product of row-major matrices of 32-bit floats; see `FloatKernels.multiply`. */
export interface FloatProduct {
  /** L [M, D]; [D, M] where `transposed` is `left`. */
  readonly left: Float32Array;
  /** R [D, N]; [N, D] where `transposed` is `right`. */
  readonly right: Float32Array;
  /** [M, N], overwritten. */
  readonly out: Float32Array;
  /** A [M, N]; may be `out`. Default: nothing is added. */
  readonly addend?: Float32Array | undefined;
  /** M */
  readonly rows: number;
  /** N */
  readonly columns: number;
  /** D */
  readonly depth: number;
  readonly transposed: (typeof TRANSPOSED)[number];
  /** c, rounded to 32 bits. */
  readonly scale: number;
}

/** One step of Adam for parameters of a network; see `FloatKernels.adamStep`. Arrays are equally long. */
export interface AdamStep {
  /** W, updated. */
  readonly values: Float32Array;
  /** G */
  readonly gradient: Float32Array;
  /** M, updated. */
  readonly mean: Float32Array;
  /** S, updated. */
  readonly meanSquare: Float32Array;
  /** Gets the signs of W after the step, if given. */
  readonly signs?: Float32Array | undefined;
  /** η/(1 − β₁ᵗ) */
  readonly rate: number;
  /** 1/√(1 − β₂ᵗ) */
  readonly rootScale: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** b: G counts as 0 where |W| > b, and W is clipped to [−b, b] after the step. */
  readonly bound: number;
}

/** A matrix that is standardized as it is read; see `FloatKernels.standardize`. */
export interface StandardizedValues {
  /** V [R, N] */
  readonly values: Uint8Array | Float32Array;
  /** μ, N ≥ 1 entries. */
  readonly mean: Float64Array;
  /** s, N entries. */
  readonly scale: Float64Array;
}

/** Places of arrays of runs; see `FloatKernels.gather`. */
export interface Gathering {
  /** V [A, N, C] */
  readonly values: Float32Array;
  /** M of them, in [0, N). */
  readonly places: Int32Array;
  /** N, at least 1. */
  readonly size: number;
  /** C, at least 1. */
  readonly width: number;
  /** [A, M, C], overwritten; not `values`. */
  readonly out: Float32Array;
}

/**
 * The operations that carry the cost of float rules. `float-reference.ts` defines them to the bit, so that a run is the same on
 * every processor; whoever implements them otherwise must agree exactly.
 */
export interface FloatKernels {
  /**
   * out[m, n] = c · Σ_d L[m, d]·R[d, n] + A[m, n], in 32-bit floats. The sum begins with 0 and is added up in the order of d, each
   * step a fused multiply-add (rounded once); so is the last, c·Σ + A. Without A it is the rounded c·Σ.
   */
  multiply(product: FloatProduct): void;

  /**
   *     M ← β₁·M + (1 − β₁)·G,   S ← β₂·S + (1 − β₂)·G²,   W ← W − rate · M/(√S·rootScale + ε)
   *
   * computed in double precision in the order in which the formula is written, nothing fused, and rounded to 32 bits where it is
   * stored. Moments enter the update of W before they are rounded. sign(0) = +1.
   */
  adamStep(step: AdamStep): void;

  /**
   * out[i] = left[i] ∘ right[i mod n], rounded to 32 bits: `right` is repeated, as a row over the rows of a matrix or as a single
   * number. Of a minimum or maximum with NaN the result is the entry of `right`.
   * @param right - n entries, a divisor of the length of `left`
   * @param out - as long as `left`; may be `left`
   */
  combine(operator: Combination, left: Float32Array, right: Float32Array, out: Float32Array): void;

  /** out[i] = 1 where left[i] ∘ right[i mod n] holds, else 0; operands as in `combine`. */
  compare(operator: Comparison, left: Float32Array, right: Float32Array, out: Uint8Array): void;

  /**
   * out[i] = condition[i] ? yes[i mod m] : no[i mod n].
   * @param condition - bytes of 0 and 1
   * @param yes - m entries, a divisor of the length of `condition`; so is n
   * @param out - as long as `condition`
   */
  choose(condition: Uint8Array, yes: Float32Array, no: Float32Array, out: Float32Array): void;

  /**
   * out[c] = mean of column c, its entries added up in double precision in the order of the rows, divided by their number and
   * rounded once.
   * @param values - [B, K] with B ≥ 1
   * @param out - [K]
   */
  meanOverRows(values: Float32Array, out: Float32Array): void;

  /** out[a, i, c] = V[a, places[i], c]. */
  gather(gathering: Gathering): void;

  /**
   * out[r, c] = Σ_i V[r, i, c], added up in double precision in the order of i and rounded once.
   * @param values - V [R, m, C]
   * @param width - C, at least 1
   * @param out - [R, C], overwritten; not `values`
   */
  sumRuns(values: Float32Array, width: number, out: Float32Array): void;

  /**
   * out[b, c] = (V[rows[b], c] − μ[c])·s[c], computed in double precision and rounded once.
   * @param rows - B indices of rows of V
   * @param out - [B, N], overwritten
   */
  standardize(from: StandardizedValues, rows: Uint32Array, out: Float32Array): void;
}
