import { checkInteger, checkLength } from './check.js';

/** A dense row-major matrix of 32-bit floats. `values[r * columns + c]` is the entry at row `r`, column `c`. */
export class Float32Matrix {
  /**
   * @param values - `rows * columns` entries, row after row; not copied
   * @throws ArgumentError when a size is out of range or `values` has another length
   */
  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly values: Float32Array = new Float32Array(rows * columns),
  ) {
    checkInteger('rows', rows, 0);
    checkInteger('columns', columns, 1);
    checkLength('values', values, rows * columns);
  }
}
