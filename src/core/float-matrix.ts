import { checkInteger, checkLength } from './check.js';
import { matrixEntries } from './matrix-size.js';

/** A dense row-major matrix of 32-bit floats. `values[r * columns + c]` is the entry at row `r`, column `c`. */
export class Float32Matrix {
  /**
   * @param values - `rows * columns` entries, row after row; not copied
   * @throws ArgumentError when a size is out of range, `values` has another length, or without it the matrix is larger than 4 GiB
   */
  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly values: Float32Array = new Float32Array(matrixEntries(rows, columns, columns, 4)),
  ) {
    checkInteger('rows', rows, 0);
    checkInteger('columns', columns, 1);
    checkLength('values', values, rows * columns);
  }
}
