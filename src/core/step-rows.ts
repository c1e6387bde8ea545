import { type BitMatrix, columnMask, WORD_BITS } from './bit-matrix.js';

/**
 * Sequences as rows of their steps, those of one step together: row t·R + r of `out` holds columns t·n … (t + 1)·n − 1 of row r.
 * @param sequences - [R, T·n]
 * @param out - [T·R, n], overwritten
 */
export function stepRows(sequences: BitMatrix, out: BitMatrix): void {
  const { rows, columns, rowWords, words } = sequences;
  const n = out.columns;
  const steps = columns / n;
  const used = Math.ceil(n / WORD_BITS);
  const lastMask = columnMask(n, used - 1);
  for (let step = 0; step < steps; step++) {
    const first = (step * n) >>> 5;
    const shift = (step * n) & 31;
    for (let row = 0; row < rows; row++) {
      const from = row * rowWords + first;
      const end = (row + 1) * rowWords;
      const to = (step * rows + row) * out.rowWords;
      for (let word = 0; word < used; word++) {
        const low = words[from + word] >>> shift;
        const next = from + word + 1;
        // A shift by 32 is one by 0.
        const high = shift > 0 && next < end ? words[next] << (WORD_BITS - shift) : 0;
        out.words[to + word] = low | high;
      }
      out.words[to + used - 1] &= lastMask;
      out.words.fill(0, to + used, to + out.rowWords);
    }
  }
}
