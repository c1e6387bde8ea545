import { BitMatrix } from './bit-matrix.js';
import { checkLength } from './check.js';
import { ArgumentError } from './errors.js';

/**
 * A matrix of −1, 0 and +1 in two planes of bits: signs, and where the entry is 0. Read as the BitMatrix that it is, an entry of 0 is
 * +1 (sign(0) = +1): what knows nothing of zeros computes with a matrix of ±1.
 */
export class TernaryMatrix extends BitMatrix {
  /** +1 where the entry is 0, −1 elsewhere; of the same shape. */
  readonly zeros: BitMatrix;

  /**
   * @param signs - not copied; +1 where the entry is 0
   * @param zeros - not copied
   * @throws ArgumentError when the shapes differ
   */
  constructor(signs: BitMatrix, zeros: BitMatrix) {
    super(signs.rows, signs.columns, signs.words);
    if (zeros.rows !== signs.rows || zeros.columns !== signs.columns) {
      const shape = `the shape [${signs.rows}, ${signs.columns}] of the signs`;
      throw new ArgumentError('zeros', shape, [zeros.rows, zeros.columns]);
    }
    this.zeros = zeros;
  }

  /**
   * Packs rows of −1, 0 and +1.
   * @throws ArgumentError when the rows differ in length or an entry is something else
   */
  static fromValues(values: readonly ArrayLike<number>[]): TernaryMatrix {
    const columns = values[0]?.length ?? 1;
    const signs = new BitMatrix(values.length, columns);
    const zeros = new BitMatrix(values.length, columns);
    values.forEach((row, r) => {
      checkLength(`values[${r}]`, row, columns);
      for (let c = 0; c < columns; c++) {
        const value = row[c];
        if (value !== 1 && value !== 0 && value !== -1) {
          throw new ArgumentError(`values[${r}][${c}]`, '−1, 0 or +1', value);
        }
        if (value >= 0) signs.set(r, c, 1);
        if (value === 0) zeros.set(r, c, 1);
      }
    });
    return new TernaryMatrix(signs, zeros);
  }

  /** Row `row` unpacked to −1, 0 and +1, `columns` entries. @throws ArgumentError outside the matrix */
  values(row: number): Int8Array {
    const zeros = this.zeros.signs(row);
    return this.signs(row).map((sign, column) => (zeros[column] === 1 ? 0 : sign));
  }

  override rowRange(start: number, end: number): TernaryMatrix {
    return new TernaryMatrix(super.rowRange(start, end), this.zeros.rowRange(start, end));
  }

  override copy(): TernaryMatrix {
    return new TernaryMatrix(super.copy(), this.zeros.copy());
  }
}

/** Where the entries of a matrix are 0; undefined for one of ±1. */
export function zerosOf(matrix: BitMatrix): BitMatrix | undefined {
  return matrix instanceof TernaryMatrix ? matrix.zeros : undefined;
}
