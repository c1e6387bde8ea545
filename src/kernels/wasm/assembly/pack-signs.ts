import { columnMask, rowBytesFor } from './packed-rows';

const GROUP: i32 = 16;
const LANES: i32 = 4;
const WORD_COLUMNS: i32 = 64;

/** out[r, c] = sign(values[r, c]) for integers of `entryBytes` bytes. */
export function packSigns(values: usize, entryBytes: i32, rows: i32, columns: i32, out: usize): void {
  if (entryBytes == 2) packSigns16(values, rows, columns, out);
  else packSigns32(values, rows, columns, out);
}

function packSigns16(values: usize, rows: i32, columns: i32, out: usize): void {
  const rowBytes = rowBytesFor(columns);
  for (let row = 0; row < rows; row++) {
    for (let first = 0; first < columns; first += WORD_COLUMNS) {
      let negative: u64 = 0;
      for (let c = first; c < min(columns, first + WORD_COLUMNS); c += GROUP) {
        const at = values + (<usize>c << 1);
        const signs = i8x16.narrow_i16x8_s(v128.load(at), v128.load(at, 16));
        negative |= <u64>i8x16.bitmask(signs) << (c - first);
      }
      store<u64>(out + (<usize>first >> 3), ~negative & columnMask(columns - first));
    }
    values += <usize>columns << 1;
    out += rowBytes;
  }
}

export function packSigns32(values: usize, rows: i32, columns: i32, out: usize): void {
  const rowBytes = rowBytesFor(columns);
  for (let row = 0; row < rows; row++) {
    for (let first = 0; first < columns; first += WORD_COLUMNS) {
      let negative: u64 = 0;
      for (let c = first; c < min(columns, first + WORD_COLUMNS); c += GROUP) {
        const at = values + (<usize>c << 2);
        // Saturation keeps the sign.
        const low = i16x8.narrow_i32x4_s(v128.load(at), v128.load(at, 16));
        const high = i16x8.narrow_i32x4_s(v128.load(at, 32), v128.load(at, 48));
        negative |= <u64>i8x16.bitmask(i8x16.narrow_i16x8_s(low, high)) << (c - first);
      }
      store<u64>(out + (<usize>first >> 3), ~negative & columnMask(columns - first));
    }
    values += <usize>columns << 2;
    out += rowBytes;
  }
}

/** out[r, c] = 1 where |values[r, c]| ≤ limit, in one comparison: value + limit wraps around below 0. */
export function packGates(values: usize, rows: i32, columns: i32, limit: u32, out: usize): void {
  const rowBytes = rowBytesFor(columns);
  const shift = i32x4.splat(limit);
  const width = i32x4.splat(2 * limit);
  for (let row = 0; row < rows; row++) {
    for (let first = 0; first < columns; first += WORD_COLUMNS) {
      let open: u64 = 0;
      for (let c = first; c < min(columns, first + WORD_COLUMNS); c += LANES) {
        const shifted = i32x4.add(v128.load(values + (<usize>c << 2)), shift);
        open |= <u64>i32x4.bitmask(i32x4.le_u(shifted, width)) << (c - first);
      }
      store<u64>(out + (<usize>first >> 3), open & columnMask(columns - first));
    }
    values += <usize>columns << 2;
    out += rowBytes;
  }
}
