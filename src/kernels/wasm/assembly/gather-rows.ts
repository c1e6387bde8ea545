import { rowBytesFor } from './packed-rows';

/** out[i] = source[rows[i]] for i < count. */
export function gatherRows(source: usize, _sourceRows: i32, columns: i32, rows: usize, count: i32, out: usize): void {
  const rowBytes = rowBytesFor(columns);
  for (let i = 0; i < count; i++) {
    const from = source + <usize>load<u32>(rows + (<usize>i << 2)) * rowBytes;
    for (let byte: usize = 0; byte < rowBytes; byte += 8) store<u64>(out + byte, load<u64>(from + byte));
    out += rowBytes;
  }
}
