import { checkInteger, checkLength } from './check.js';
import { matrixEntries } from './matrix-size.js';

/** A dense row-major matrix of integers. `values[r * columns + c]` is the entry at row `r`, column `c`. */
export class IntMatrix<Values extends Int16Array | Int32Array> {
  /** @throws ArgumentError when a size is out of range or `values` has another length */
  constructor(
    readonly rows: number,
    readonly columns: number,
    /** `rows * columns` entries, row after row; not copied. */
    readonly values: Values,
  ) {
    checkInteger('rows', rows, 0);
    checkInteger('columns', columns, 1);
    checkLength('values', values, rows * columns);
  }

  /** The entry at (`row`, `column`). @throws ArgumentError outside the matrix */
  get(row: number, column: number): number {
    checkInteger('row', row, 0, this.rows - 1);
    checkInteger('column', column, 0, this.columns - 1);
    return this.values[row * this.columns + column];
  }
}

/** Integers of 16 bits: hidden weights. */
export class Int16Matrix extends IntMatrix<Int16Array> {
  constructor(rows: number, columns: number, values?: Int16Array) {
    super(rows, columns, values ?? new Int16Array(matrixEntries(rows, columns, columns, 2)));
  }
}

/** Integers of 32 bits: pre-activations and logits. */
export class Int32Matrix extends IntMatrix<Int32Array> {
  constructor(rows: number, columns: number, values?: Int32Array) {
    super(rows, columns, values ?? new Int32Array(matrixEntries(rows, columns, columns, 4)));
  }
}
