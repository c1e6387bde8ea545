import { rowBytesFor } from './packed-rows';

/** out[r, j] = 1 where at least half of the `groupSize` bits of group j are 1. */
export function packMajority(activations: usize, rows: i32, neurons: i32, groupSize: i32, out: usize): void {
  const groups = neurons / groupSize;
  const rowBytes = rowBytesFor(neurons);
  const outRowBytes = rowBytesFor(groups);
  for (let row = 0; row < rows; row++) {
    for (let byte: usize = 0; byte < outRowBytes; byte += 8) {
      const first = <i32>(byte << 3);
      let word: u64 = 0;
      for (let j = first; j < min(first + 64, groups); j++) {
        const ones = countBits(activations, j * groupSize, (j + 1) * groupSize);
        if (2 * ones >= groupSize) word |= (<u64>1) << (j - first);
      }
      store<u64>(out + byte, word);
    }
    activations += rowBytes;
    out += outRowBytes;
  }
}

/** Number of 1 bits in [begin, end) of a row. */
@inline
function countBits(row: usize, begin: i32, end: i32): i32 {
  let count: i32 = 0;
  for (let bit = begin; bit < end; ) {
    const offset = bit & 63;
    const width = min(end - bit, 64 - offset);
    const word = load<u64>(row + ((<usize>bit >> 6) << 3)) >>> offset;
    count += <i32>popcnt(word << (64 - width));
    bit += width;
  }
  return count;
}
