import { type BitMatrix, WORD_BITS } from '../core/bit-matrix.js';
import type { Int16Matrix, Int32Matrix } from '../core/int-matrix.js';
import type { Kernels } from '../kernels/kernels.js';

/** Products of samples with digits, in memory for one number of samples. */
export interface DigitBatch {
  /** [B, D·C]. */
  readonly products: Int32Matrix;
  /** [B, C]. */
  readonly logits: Int32Matrix;
}

/**
 * A classifier of odd integers, computed with the binary product: an odd w with |w| < 2^D is Σ_{j<D} 2^j·d_j with digits d_j = ±1, those
 * of (w + 2^D − 1)/2 in binary, so that
 *
 *     Σ_k w_ck·a_k = Σ_j 2^j · (Σ_k d_jck·a_k).
 */
export class OddDigits {
  /** Row j·C + c: digits j of class c, [D·C, K]. */
  readonly #planes: BitMatrix;
  readonly #kernels: Kernels;

  /**
   * @param classes - C
   * @param columns - K
   * @param digits - D, in [1, 15]
   */
  constructor(
    kernels: Kernels,
    readonly classes: number,
    columns: number,
    readonly digits: number,
  ) {
    this.#kernels = kernels;
    this.#planes = kernels.bitMatrix(digits * classes, columns);
  }

  /** Memory for `rows` samples. */
  allocate(rows: number): DigitBatch {
    return {
      products: this.#kernels.int32Matrix(rows, this.#planes.rows),
      logits: this.#kernels.int32Matrix(rows, this.classes),
    };
  }

  /** Takes over odd integers, [C, K], of absolute value below 2^D. */
  set({ values }: Int16Matrix): void {
    const { columns, rowWords, words } = this.#planes;
    const { classes, digits } = this;
    const largest = 2 ** digits - 1;
    const ofDigits = new Uint32Array(digits);
    for (let c = 0; c < classes; c++) {
      for (let first = 0; first < columns; first += WORD_BITS) {
        ofDigits.fill(0);
        const count = Math.min(WORD_BITS, columns - first);
        for (let i = 0; i < count; i++) {
          const code = (values[c * columns + first + i] + largest) >> 1;
          for (let j = 0; j < digits; j++) ofDigits[j] |= ((code >>> j) & 1) << i;
        }
        for (let j = 0; j < digits; j++) {
          words[(j * classes + c) * rowWords + first / WORD_BITS] = ofDigits[j];
        }
      }
    }
  }

  /**
   * The logits of activations. Overwrites the batch.
   * @param activations - [B, K]
   * @returns the logits of the batch
   */
  multiply(activations: BitMatrix, { products, logits }: DigitBatch): Int32Matrix {
    const { classes, digits } = this;
    this.#kernels.product(activations, this.#planes, products);
    for (let b = 0; b < logits.rows; b++) {
      const row = b * products.columns;
      for (let c = 0; c < classes; c++) {
        let logit = 0;
        for (let j = digits - 1; j >= 0; j--) logit = 2 * logit + products.values[row + j * classes + c];
        logits.values[b * classes + c] = logit;
      }
    }
    return logits;
  }
}
