import type { BitMatrix } from '../../core/bit-matrix.js';
import { type FixedNorm, normalized, type SignLayer } from '../../layers/network.js';
import { layerName } from '../float/parameter.js';
import { batchNormNames, VARIANCE_EPSILON } from '../float/pieces/batch-norm.js';
import type { LearnerState } from '../rule.js';

/**
 * Batch normalization of a layer at inference, as plain data.
 * @param values - parameters of the network by name
 * @param layer - counted from 0
 */
export function fixedNorm(values: LearnerState, layer: number): FixedNorm {
  const names = batchNormNames(layerName(layer));
  const copy = (name: string): Float32Array => Float32Array.from(values[name]);
  const epsilon = Math.fround(VARIANCE_EPSILON);
  return {
    mean: copy(names.runningMean),
    // As the graph computes it: every step is rounded to 32 bits.
    deviation: copy(names.runningVariance).map((variance) => Math.sqrt(Math.fround(variance + epsilon))),
    scale: copy(names.scale),
    shift: copy(names.shift),
  };
}

/**
 * A layer whose neurons give the sign of normalized products, as one of integer thresholds. The products z of N ±1 are the
 * integers −N, −N + 2 … N, and normalization does not change their order (or turns it round, where its scale is negative: then
 * weights and products change their sign). So there is a first of them whose sign is +1: the threshold, N + 2 where there is
 * none. It is searched for with the normalization itself, so that not one product is rounded to the other side.
 * @param weights - [K, N]
 */
export function withThresholds(weights: BitMatrix, norm: FixedNorm): SignLayer {
  const { rows, columns } = weights;
  const thresholds = new Int32Array(rows);
  const oriented = weights.copy();
  for (let k = 0; k < rows; k++) {
    const direction = norm.scale[k] < 0 ? -1 : 1;
    if (direction < 0) turnRow(oriented, k);
    thresholds[k] = firstPlus(columns, (product) => normalized(norm, k, direction * product) >= 0);
  }
  return { weights: oriented, thresholds };
}

/** Changes the sign of every entry of a row. */
function turnRow(matrix: BitMatrix, row: number): void {
  matrix.signs(row).forEach((sign, column) => {
    matrix.set(row, column, sign === 1 ? -1 : 1);
  });
}

/** The smallest of −N, −N + 2 … N that `isPlus`, which then all larger ones are; N + 2 if none is. */
function firstPlus(inputs: number, isPlus: (product: number) => boolean): number {
  let [low, high] = [0, inputs + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isPlus(2 * middle - inputs)) high = middle;
    else low = middle + 1;
  }
  return 2 * low - inputs;
}
