import type { Int32Matrix } from './int-matrix.js';

/** Column of the largest entry in each row, the lowest one on ties. */
export function argmaxRows({ rows, columns, values }: Int32Matrix): Int32Array {
  // Plain loops: this runs for every sample that is evaluated.
  const best = new Int32Array(rows);
  for (let row = 0, first = 0; row < rows; row++, first += columns) {
    let largest = first;
    for (let i = first + 1; i < first + columns; i++) if (values[i] > values[largest]) largest = i;
    best[row] = largest - first;
  }
  return best;
}
