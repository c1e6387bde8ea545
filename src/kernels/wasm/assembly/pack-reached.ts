import { columnMask, rowBytesFor } from './packed-rows';

const LANES: i32 = 4;
const WORD_COLUMNS: i32 = 64;

/** out[r, c] = 1 where values[r, c] ≥ thresholds[c]. */
export function packReached(values: usize, rows: i32, columns: i32, thresholds: usize, out: usize): void {
  const rowBytes = rowBytesFor(columns);
  for (let row = 0; row < rows; row++) {
    for (let first = 0; first < columns; first += WORD_COLUMNS) {
      let reached: u64 = 0;
      for (let c = first; c < min(columns, first + WORD_COLUMNS); c += LANES) {
        const at = <usize>c << 2;
        const isReached = i32x4.ge_s(v128.load(values + at), v128.load(thresholds + at));
        reached |= <u64>i32x4.bitmask(isReached) << (c - first);
      }
      store<u64>(out + (<usize>first >> 3), reached & columnMask(columns - first));
    }
    values += <usize>columns << 2;
    out += rowBytes;
  }
}
