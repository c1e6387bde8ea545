import { BitMatrix } from '../core/bit-matrix.js';
import { permuteBits } from '../core/permute-bits.js';
import { FeatureMatrix, type Samples } from './dataset.js';

/**
 * Features with their columns in another order: column c of the result is column `order[c]` of `features`, which comes back itself
 * where nothing moves.
 * @param order - every column once; not mutated
 */
export function permuteFeatures(features: Samples['features'], order: Uint32Array): Samples['features'] {
  if (order.every((column, c) => column === c)) return features;
  if (features instanceof BitMatrix) return permuteBits(features, order);
  const { rows, columns, values } = features;
  const permuted = values.slice();
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < columns; c++) permuted[row * columns + c] = values[row * columns + order[c]];
  }
  return new FeatureMatrix(rows, columns, permuted);
}
