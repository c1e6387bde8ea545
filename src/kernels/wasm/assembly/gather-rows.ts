/** out[i] = source[rows[i]] for i < count. */
export function gatherRows(source: usize, rows: usize, count: u32, out: usize, rowBytes: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const from = source + <usize>load<u32>(rows + (<usize>i << 2)) * rowBytes;
    for (let byte: usize = 0; byte < rowBytes; byte += 8) store<u64>(out + byte, load<u64>(from + byte));
    out += rowBytes;
  }
}
