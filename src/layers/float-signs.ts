import { BitMatrix } from '../core/bit-matrix.js';
import type { Float32Matrix } from '../core/float-matrix.js';

/** sign(x) of every entry, packed; sign(0) = +1. */
export function signsOf({ rows, columns, values }: Float32Matrix): BitMatrix {
  const signs = new BitMatrix(rows, columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (values[row * columns + column] >= 0) signs.set(row, column, 1);
    }
  }
  return signs;
}
