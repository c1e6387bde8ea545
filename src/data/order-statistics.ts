/**
 * Position, in ascending order, of the lower quantile `numerator / denominator` of `count` values: the smallest
 * value v such that at least that share of the values is ≤ v. In whole numbers, so nothing is rounded.
 * For 1/2 it is the median of an odd and the lower median of an even number of values.
 * @param count - at least 1
 * @param numerator - in [1, denominator]
 */
export function lowerQuantileRank(count: number, numerator: number, denominator: number): number {
  return Math.ceil((numerator * count) / denominator) - 1;
}

/**
 * The values at the given ranks (0 = smallest) of a set of bytes, given as how often each byte value occurs.
 * @param histogram - 256 counts, starting at `offset`
 * @param ranks - ascending, each below the sum of the counts
 */
export function histogramValuesAt(
  histogram: Uint32Array,
  offset: number,
  ranks: readonly number[],
): number[] {
  let value = 0;
  let upTo = histogram[offset]; // how many entries are ≤ value
  return ranks.map((rank) => {
    while (upTo <= rank) upTo += histogram[offset + ++value];
    return value;
  });
}

/**
 * The values at the given ranks (0 = smallest). Reorders `values`.
 * @param values - finite
 * @param ranks - ascending, each below `values.length`
 */
export function valuesAt(values: Float32Array, ranks: readonly number[]): number[] {
  let start = 0;
  return ranks.map((rank) => {
    partitionAt(values, start, rank);
    start = rank; // everything before is no larger, so the next, higher rank lies from here on
    return values[rank];
  });
}

/** Hoare's quickselect: afterwards values[rank] is in its sorted place among those from `start` on. */
function partitionAt(values: Float32Array, start: number, rank: number): void {
  let low = start;
  let high = values.length - 1;
  while (low < high) {
    const pivot = medianOfThree(values[low], values[(low + high) >>> 1], values[high]);
    let left = low;
    let right = high;
    while (left <= right) {
      while (values[left] < pivot) left++;
      while (values[right] > pivot) right--;
      if (left > right) break;
      const moved = values[left];
      values[left++] = values[right];
      values[right--] = moved;
    }
    if (rank <= right) high = right;
    else if (rank >= left) low = left;
    else return;
  }
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
