import { checkInteger, checkLength } from './check.js';
import { ArgumentError } from './errors.js';
import { matrixEntries } from './matrix-size.js';

/** Bits in one element of `words`. */
export const WORD_BITS = 32;

/** Rows start on 64-bit boundaries, so that a backend may read two words at once. */
const ROW_ALIGNMENT_WORDS = 2;

/**
 * A matrix of ±1, packed one bit per entry: bit 1 is +1, bit 0 is −1.
 *
 * Column `c` of row `r` is bit `c % 32` (from the least significant) of `words[r * rowWords + (c >>> 5)]`.
 *
 * Invariant: the bits of a row past `columns` are 0. Every writer keeps it and every reader relies on it: two
 * rows then differ only in real columns, and popcount(a XOR b) needs no mask.
 */
export class BitMatrix {
  /** Number of 32-bit words in one row; even. */
  readonly rowWords: number;
  /** `rows * rowWords` words, row after row. Writing to it directly must keep the invariant. */
  readonly words: Uint32Array;

  /**
   * A matrix of −1, or a view on words that are already packed.
   * @param rows - at least 0
   * @param columns - at least 1
   * @param words - not copied; must hold exactly `rows * rowWords` words and keep the invariant
   * @throws ArgumentError when a size is out of range, `words` has another length, or without it the matrix is larger than 4 GiB
   */
  constructor(
    readonly rows: number,
    readonly columns: number,
    words?: Uint32Array,
  ) {
    checkInteger('rows', rows, 0);
    checkInteger('columns', columns, 1);
    this.rowWords = rowWordsFor(columns);
    if (words) checkLength('words', words, rows * this.rowWords);
    this.words = words ?? new Uint32Array(matrixEntries(rows, columns, this.rowWords, 4));
  }

  /**
   * Packs rows of ±1.
   * @throws ArgumentError when the rows differ in length or an entry is neither +1 nor −1
   */
  static fromSigns(signs: readonly ArrayLike<number>[]): BitMatrix {
    const matrix = new BitMatrix(signs.length, signs[0]?.length ?? 1);
    signs.forEach((row, r) => {
      checkLength(`signs[${r}]`, row, matrix.columns);
      for (let c = 0; c < row.length; c++) {
        if (row[c] !== 1 && row[c] !== -1) throw new ArgumentError(`signs[${r}][${c}]`, '+1 or −1', row[c]);
        matrix.set(r, c, row[c] as 1 | -1);
      }
    });
    return matrix;
  }

  /** The entry at (`row`, `column`): +1 or −1. @throws ArgumentError outside the matrix */
  get(row: number, column: number): 1 | -1 {
    return (this.words[this.wordIndex(row, column)] >>> (column % WORD_BITS)) & 1 ? 1 : -1;
  }

  /** Sets the entry at (`row`, `column`). @throws ArgumentError outside the matrix */
  set(row: number, column: number, sign: 1 | -1): void {
    const word = this.wordIndex(row, column);
    const mask = 1 << (column % WORD_BITS);
    if (sign === 1) this.words[word] |= mask;
    else this.words[word] &= ~mask;
  }

  /** Row `row` unpacked to ±1, `columns` entries. @throws ArgumentError outside the matrix */
  signs(row: number): Int8Array {
    const first = this.wordIndex(row, 0);
    const signs = new Int8Array(this.columns);
    for (let column = 0; column < signs.length; column++) {
      const word = this.words[first + (column >>> 5)];
      signs[column] = (word >>> (column % WORD_BITS)) & 1 ? 1 : -1;
    }
    return signs;
  }

  /** A view on rows [start, end): shares the words, copies nothing. */
  rowRange(start: number, end: number): BitMatrix {
    checkInteger('start', start, 0, this.rows);
    checkInteger('end', end, start, this.rows);
    const words = this.words.subarray(start * this.rowWords, end * this.rowWords);
    return new BitMatrix(end - start, this.columns, words);
  }

  /** The same entries in words of its own. */
  copy(): BitMatrix {
    return new BitMatrix(this.rows, this.columns, Uint32Array.from(this.words));
  }

  private wordIndex(row: number, column: number): number {
    checkInteger('row', row, 0, this.rows - 1);
    checkInteger('column', column, 0, this.columns - 1);
    return row * this.rowWords + Math.floor(column / WORD_BITS);
  }
}

/** Number of 32-bit words that a packed row of `columns` entries takes. */
export function rowWordsFor(columns: number): number {
  return Math.ceil(columns / (WORD_BITS * ROW_ALIGNMENT_WORDS)) * ROW_ALIGNMENT_WORDS;
}

/** The bits of the last used words of a row that belong to real columns, for word `word` of the row. */
export function columnMask(columns: number, word: number): number {
  const used = columns - word * WORD_BITS;
  if (used >= WORD_BITS) return 0xffffffff;
  return used <= 0 ? 0 : 2 ** used - 1;
}
