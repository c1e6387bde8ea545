// Steps of which those towards zero may be refused (../../consolidation.ts). Random words are made for 64 columns at a time, in 32 lanes.

import { COUNTS_BYTES, countAll, ONES_BYTES, sortByNeuron, storeSigns, WORD_COLUMNS } from './apply-steps';
import { rowBytesFor } from './packed-rows';
import { scratch } from './scratch';

const LANES: i32 = 32;
const LANE_BYTES: usize = 128;
const LARGEST_WORD: u32 = 32767;
const LAST_LIMIT: i32 = 63;

/**
 * hidden[k] ← clip(hidden[k] + 2·Σ direction·inputs[b]) where that is away from zero, or a random word is at most the limit of the
 * depth; visible = sign(hidden) in the rows touched.
 * @param state - the high and low words of s0, then of s1; mutated
 * @returns the number of visible weights that changed sign
 */
export function applyConsolidatedSteps(
  hidden: usize,
  neurons: i32,
  columns: i32,
  visible: usize,
  inputs: usize,
  _samples: i32,
  stepSamples: usize,
  stepNeurons: usize,
  stepDirections: usize,
  steps: i32,
  state: usize,
  limits: usize,
  offset: i32,
  shift: i32,
  bound: i32,
): i32 {
  const rowBytes = rowBytesFor(columns);
  const lists = ((<usize>(<u32>neurons) << 1) + <usize>(<u32>steps)) << 2;
  const counts = scratch(COUNTS_BYTES + ONES_BYTES + 2 * LANE_BYTES + lists);
  const ones = counts + COUNTS_BYTES;
  const lanes = ones + ONES_BYTES;
  const drawn = lanes + LANE_BYTES;
  const ends = drawn + LANE_BYTES + (<usize>neurons << 2);
  const sorted = ends + (<usize>neurons << 2);
  draw(state, drawn, <u32>neurons + LANES);
  sortByNeuron(inputs, rowBytes, stepSamples, stepNeurons, stepDirections, steps, neurons, ends, sorted);
  let flips: u64 = 0;
  let start: i32 = 0;
  for (let k = 0; k < neurons; k++) {
    const end = load<i32>(ends + (<usize>k << 2));
    if (end > start) {
      const ofRow = load<u32>(drawn + LANE_BYTES + (<usize>k << 2));
      for (let i = 0; i < LANES; i++) {
        const lane = <usize>i << 2;
        store<u32>(lanes + lane, load<u32>(drawn + lane) ^ rotl<u32>(ofRow, i));
      }
      const first = sorted + (<usize>start << 2);
      const m = end - start;
      for (let c = 0; c < columns; c += WORD_COLUMNS) {
        const byte = <usize>c >> 3;
        countAll(first, m, byte, ones, counts);
        nextWords(lanes);
        const at = hidden + ((<usize>k * columns + c) << 1);
        const signs = move(at, min(WORD_COLUMNS, columns - c), counts, m, lanes, limits, offset, shift, bound);
        flips += storeSigns(visible + <usize>k * rowBytes + byte, signs);
      }
    }
    start = end;
  }
  return <i32>flips;
}

/** Writes `count` draws of xoroshiro128+. */
function draw(state: usize, out: usize, count: u32): void {
  let s0 = (<u64>load<u32>(state) << 32) | load<u32>(state, 4);
  let s1 = (<u64>load<u32>(state, 8) << 32) | load<u32>(state, 12);
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(out + (<usize>i << 2), <u32>(s0 + s1));
    s1 ^= s0;
    s0 = rotl(s0, 24) ^ s1 ^ (s1 << 16);
    s1 = rotl(s1, 37);
  }
  store<u32>(state, <u32>(s0 >> 32));
  store<u32>(state, <u32>s0, 4);
  store<u32>(state, <u32>(s1 >> 32), 8);
  store<u32>(state, <u32>s1, 12);
}

/** One step of xorshift in each lane. */
function nextWords(lanes: usize): void {
  for (let lane = lanes; lane < lanes + LANE_BYTES; lane += 16) {
    let x = v128.load(lane);
    x = v128.xor(x, i32x4.shl(x, 13));
    x = v128.xor(x, i32x4.shr_u(x, 17));
    x = v128.xor(x, i32x4.shl(x, 5));
    v128.store(lane, x);
  }
}

/** Moves up to 64 hidden weights, those that are not refused. @returns their signs, packed */
function move(
  h: usize,
  count: i32,
  counts: usize,
  m: i32,
  words: usize,
  limits: usize,
  offset: i32,
  shift: i32,
  bound: i32,
): u64 {
  let positive: u64 = 0;
  for (let i = 0; i < count; i++) {
    const at = h + (<usize>i << 1);
    const before: i32 = load<i16>(at);
    // 64 bits: the change of many steps may not fit into 32.
    const change = 4 * <i64>load<i32>(counts + (<usize>i << 2)) - 2 * <i64>m;
    const entry = min(LAST_LIMIT, max(0, abs(before) - offset) >> shift);
    const limit: i32 = load<i16>(limits + (<usize>entry << 1));
    const word = <i32>(load<u16>(words + (<usize>i << 1)) & LARGEST_WORD);
    const isRefused = (change ^ <i64>before) < 0 && word > limit;
    const moved = isRefused ? before : <i32>max(-(<i64>bound), min(<i64>bound, <i64>before + change));
    store<i16>(at, <i16>moved);
    positive |= <u64>(moved >= 0) << i;
  }
  return positive;
}
