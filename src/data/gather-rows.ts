import { BitMatrix } from '../core/bit-matrix.js';
import { FeatureMatrix, type Samples } from './dataset.js';

/**
 * A copy of some rows of matrices that lie one below the other.
 * @param parts - at least one, all of the same columns and of the same kind, bits or numbers; not changed
 * @param rows - positions in all parts together, counted from the first row of the first; in the order of the copy
 */
export function gatherRows(
  parts: readonly Samples['features'][],
  rows: Uint32Array,
): FeatureMatrix | BitMatrix {
  const { columns } = parts[0];
  if (parts.every((part) => part instanceof BitMatrix)) {
    const gathered = new BitMatrix(rows.length, columns);
    copyRows(
      parts.map(({ words }) => words),
      gathered.rowWords,
      rows,
      gathered.words,
    );
    return gathered;
  }
  const numbers = parts.filter((part) => part instanceof FeatureMatrix);
  const areBytes = numbers.every(({ values }) => values instanceof Uint8Array);
  const values = new (areBytes ? Uint8Array : Float32Array)(rows.length * columns);
  copyRows(
    numbers.map((part) => part.values),
    columns,
    rows,
    values,
  );
  return new FeatureMatrix(rows.length, columns, values);
}

/** @param size - entries of a row */
function copyRows<Values extends Uint8Array | Float32Array | Uint32Array>(
  parts: readonly Values[],
  size: number,
  rows: Uint32Array,
  target: Values,
): void {
  const ends: number[] = [];
  for (const { length } of parts) ends.push((ends.at(-1) ?? 0) + length / size);
  rows.forEach((row, i) => {
    const part = ends.findIndex((end) => row < end);
    const first = (row - (ends[part - 1] ?? 0)) * size;
    target.set(parts[part].subarray(first, first + size), i * size);
  });
}
