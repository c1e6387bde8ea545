import { BitMatrix, WORD_BITS } from './bit-matrix.js';

/**
 * A matrix with its columns in another order: column c of the result is column `order[c]` of `bits`.
 * @param order - every column once; not checked, not mutated
 */
export function permuteBits(bits: BitMatrix, order: Uint32Array): BitMatrix {
  const permuted = new BitMatrix(bits.rows, bits.columns);
  const sourceWord = order.map((column) => Math.floor(column / WORD_BITS));
  const sourceBit = order.map((column) => column % WORD_BITS);
  for (let row = 0; row < bits.rows; row++) {
    const first = row * bits.rowWords;
    for (let start = 0; start < bits.columns; start += WORD_BITS) {
      const end = Math.min(start + WORD_BITS, bits.columns);
      let word = 0;
      for (let c = start; c < end; c++) {
        word |= ((bits.words[first + sourceWord[c]] >>> sourceBit[c]) & 1) << (c - start);
      }
      permuted.words[first + start / WORD_BITS] = word;
    }
  }
  return permuted;
}
