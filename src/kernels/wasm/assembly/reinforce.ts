/**
 * Deepens hidden[i] at the positions that the draws hit (../../geometric-gaps.ts).
 * @param state - the high and low words of s0, then of s1; mutated
 * @returns the number of positions hit
 */
export function reinforce(
  hidden: usize,
  neurons: u32,
  columns: u32,
  state: usize,
  thresholds: usize,
  thresholdCount: u32,
  guide: usize,
  bound: i32,
): u32 {
  // 64 bits: a guide with any entries in it cannot make them wrap around.
  const length = <u64>neurons * columns;
  let s0 = (<u64>load<u32>(state) << 32) | load<u32>(state, 4);
  let s1 = (<u64>load<u32>(state, 8) << 32) | load<u32>(state, 12);
  let hits: u32 = 0;
  let position: u64 = 0;
  while (position < length) {
    const draw = <u32>(s0 + s1);
    s1 ^= s0;
    s0 = rotl(s0, 24) ^ s1 ^ (s1 << 16);
    s1 = rotl(s1, 37);
    let misses = load<u32>(guide + ((draw >>> 20) << 2));
    while (misses < thresholdCount && load<u32>(thresholds + (<usize>misses << 2)) <= draw) misses++;
    position += misses;
    if (misses == thresholdCount || position >= length) continue;
    const at = hidden + (<usize>position << 1);
    const h = <i32>load<i16>(at);
    store<i16>(at, <i16>max(-bound, min(bound, h >= 0 ? h + 2 : h - 2)));
    hits++;
    position++;
  }
  store<u32>(state, <u32>(s0 >> 32));
  store<u32>(state, <u32>s0, 4);
  store<u32>(state, <u32>(s1 >> 32), 8);
  store<u32>(state, <u32>s1, 12);
  return hits;
}
