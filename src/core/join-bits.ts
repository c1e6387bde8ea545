import { type BitMatrix, WORD_BITS } from './bit-matrix.js';

/**
 * Rows side by side: row r of `out` is row r of `left`, then row r of `right`.
 * @param out - [rows, left.columns + right.columns], overwritten; shapes are not checked
 */
export function joinBits(left: BitMatrix, right: BitMatrix, out: BitMatrix): void {
  const shift = left.columns % WORD_BITS;
  const first = Math.floor(left.columns / WORD_BITS);
  const words = Math.ceil(right.columns / WORD_BITS);
  out.words.fill(0);
  for (let row = 0; row < out.rows; row++) {
    const target = row * out.rowWords;
    out.words.set(
      left.words.subarray(row * left.rowWords, row * left.rowWords + first + Number(shift > 0)),
      target,
    );
    for (let w = 0; w < words; w++) {
      const word = right.words[row * right.rowWords + w];
      out.words[target + first + w] |= word << shift;
      // What does not fit; beyond the last column there is nothing.
      if (shift > 0 && word >>> (WORD_BITS - shift) !== 0) {
        out.words[target + first + w + 1] |= word >>> (WORD_BITS - shift);
      }
    }
  }
}
