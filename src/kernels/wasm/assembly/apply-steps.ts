// A step adds ±1 to each column's sum: +1 where the input bit, flipped for steps away, is 1. With m steps on a
// neuron and `ones` such bits in a column, the sum is 2·ones − m, and the hidden weight moves by 4·ones − 2m.

import { columnMask, rowBytesFor } from './packed-rows';
import { scratch } from './scratch';

const GROUP: i32 = 16;
export const WORD_COLUMNS: i32 = 64;

/** Most steps that byte lanes can count. */
export const STEPS_PER_COUNT: i32 = 255;

/** Counts of 64 columns in bytes, and in 32 bits. */
export const ONES_BYTES: usize = 64;
export const COUNTS_BYTES: usize = 256;

/** Scratch memory for the counts, the end of each neuron's steps, the steps by neuron. */
function scratchBytes(steps: u32, neurons: u32): usize {
  return ONES_BYTES + COUNTS_BYTES + ((<usize>neurons + <usize>steps) << 2);
}

/**
 * hidden[k] ← clip(hidden[k] + 2·Σ direction·inputs[b]) and visible = sign(hidden) in the rows touched.
 * @returns the number of visible weights that changed sign
 */
export function applySteps(
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
  bound: i32,
): i32 {
  const rowBytes = rowBytesFor(columns);
  const ones = scratch(scratchBytes(steps, neurons));
  const counts = ones + ONES_BYTES;
  const ends = counts + COUNTS_BYTES;
  const sorted = ends + (<usize>neurons << 2);
  sortByNeuron(inputs, rowBytes, stepSamples, stepNeurons, stepDirections, steps, neurons, ends, sorted);
  let flips = 0;
  let start: i32 = 0;
  for (let k = 0; k < neurons; k++) {
    const end = load<i32>(ends + (<usize>k << 2));
    if (end > start) {
      const h = hidden + ((<usize>k * columns) << 1);
      const v = visible + <usize>k * rowBytes;
      const first = sorted + (<usize>start << 2);
      const m = end - start;
      flips +=
        m <= STEPS_PER_COUNT
          ? stepRow(h, v, first, m, columns, bound, ones)
          : stepRowOften(h, v, first, m, columns, bound, ones, counts);
    }
    start = end;
  }
  return flips;
}

/**
 * Counting sort: sorted[ends[k − 1] … ends[k]) becomes the steps of neuron k, each the address of its input row
 * with bit 0 set for a step away. Rows start at multiples of 4, so that bit is free.
 */
export function sortByNeuron(
  inputs: usize,
  rowBytes: usize,
  stepSamples: usize,
  stepNeurons: usize,
  stepDirections: usize,
  steps: i32,
  neurons: i32,
  ends: usize,
  sorted: usize,
): void {
  for (let k = 0; k < neurons; k++) store<u32>(ends + (<usize>k << 2), 0);
  for (let i = 0; i < steps; i++) {
    const at = ends + (<usize>load<u32>(stepNeurons + (<usize>i << 2)) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  let sum: u32 = 0;
  for (let k = 0; k < neurons; k++) {
    const at = ends + (<usize>k << 2);
    const count = load<u32>(at);
    store<u32>(at, sum);
    sum += count;
  }
  // Each start moves on to the neuron's end as its steps are placed.
  for (let i = 0; i < steps; i++) {
    const at = ends + (<usize>load<u32>(stepNeurons + (<usize>i << 2)) << 2);
    const place = load<u32>(at);
    store<u32>(at, place + 1);
    const row = inputs + <usize>load<u32>(stepSamples + (<usize>i << 2)) * rowBytes;
    // In a variable of its own: inside an expression of type usize the compiler would compare unsigned.
    const direction: i32 = load<i8>(stepDirections + i);
    store<u32>(sorted + (<usize>place << 2), <u32>row | (direction < 0 ? 1 : 0));
  }
}

/** One row with at most 255 steps. @returns the number of signs that changed */
function stepRow(h: usize, v: usize, first: usize, m: i32, columns: i32, bound: i32, ones: usize): i32 {
  let flips: u64 = 0;
  for (let c = 0; c < columns; c += WORD_COLUMNS) {
    const byte = <usize>c >> 3;
    countOnes(first, first + (<usize>m << 2), byte, ones);
    const end = min(columns, c + WORD_COLUMNS);
    let negative: u64 = 0;
    for (let g = c; g < end; g += GROUP) {
      const counted = v128.load(ones + (g - c));
      const at = h + (<usize>g << 1);
      const low = moveLanes(at, i16x8.extend_low_i8x16_u(counted), m, end - g, bound);
      const high = moveLanes(at + 16, i16x8.extend_high_i8x16_u(counted), m, end - g - 8, bound);
      negative |= <u64>i8x16.bitmask(i8x16.narrow_i16x8_s(low, high)) << (g - c);
    }
    flips += storeSigns(v + byte, ~negative & columnMask(columns - c));
  }
  return <i32>flips;
}

/**
 * Moves up to 8 hidden weights by 4·ones − 2m; those past the first `remaining` stay.
 * The move is at most 510, and saturation at 16 bits cannot hide a clip to a narrower bound.
 * @returns the new values
 */
@inline
function moveLanes(at: usize, ones: v128, m: i32, remaining: i32, bound: i32): v128 {
  if (remaining <= 0) return i16x8.splat(0);
  const old = v128.load(at);
  const moved = i16x8.add_sat_s(old, i16x8.sub(i16x8.shl(ones, 2), i16x8.splat(<i16>(m << 1))));
  const clipped = i16x8.max_s(i16x8.min_s(moved, i16x8.splat(<i16>bound)), i16x8.splat(<i16>-bound));
  const isOurs = i16x8.lt_s(i16x8(0, 1, 2, 3, 4, 5, 6, 7), i16x8.splat(<i16>remaining));
  const kept = v128.bitselect(clipped, old, isOurs);
  v128.store(at, kept);
  return kept;
}

/** One row with any number of steps, counted 255 at a time into 32 bits. */
function stepRowOften(
  h: usize,
  v: usize,
  first: usize,
  m: i32,
  columns: i32,
  bound: i32,
  ones: usize,
  counts: usize,
): i32 {
  let flips: u64 = 0;
  for (let c = 0; c < columns; c += WORD_COLUMNS) {
    const byte = <usize>c >> 3;
    countAll(first, m, byte, ones, counts);
    let positive: u64 = 0;
    for (let i = 0; i < min(WORD_COLUMNS, columns - c); i++) {
      const at = h + (<usize>(c + i) << 1);
      const moved = <i32>load<i16>(at) + (load<i32>(counts + (<usize>i << 2)) << 2) - (m << 1);
      const clipped = max(-bound, min(bound, moved));
      store<i16>(at, <i16>clipped);
      positive |= <u64>(clipped >= 0) << i;
    }
    flips += storeSigns(v + byte, positive);
  }
  return <i32>flips;
}

/** counts[i] = in how many of m steps bit i of the word at `byte` of the input row is 1, flipped where away; 255 steps at a time. */
export function countAll(first: usize, m: i32, byte: usize, ones: usize, counts: usize): void {
  for (let i: usize = 0; i < COUNTS_BYTES; i += 8) store<u64>(counts + i, 0);
  for (let step = 0; step < m; step += STEPS_PER_COUNT) {
    const last = min(m, step + STEPS_PER_COUNT);
    countOnes(first + (<usize>step << 2), first + (<usize>last << 2), byte, ones);
    for (let i = 0; i < WORD_COLUMNS; i++) {
      const at = counts + (<usize>i << 2);
      store<i32>(at, load<i32>(at) + load<u8>(ones + i));
    }
  }
}

/** Replaces 64 packed signs. @returns how many changed */
@inline
export function storeSigns(at: usize, signs: u64): u64 {
  const changed = popcnt(load<u64>(at) ^ signs);
  store<u64>(at, signs);
  return changed;
}

/** ones[i] = in how many of at most 255 steps bit i of the word at `byte` of the input row is 1, flipped where away. */
@inline
export function countOnes(first: usize, last: usize, byte: usize, ones: usize): void {
  // For each step: for each i < 64: ones[i] += (word >> i) & 1.
  const bits = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  let ones0 = i8x16.splat(0);
  let ones1 = i8x16.splat(0);
  let ones2 = i8x16.splat(0);
  let ones3 = i8x16.splat(0);
  for (let step = first; step < last; step += 4) {
    const tagged = <usize>load<u32>(step);
    const isAway = tagged & 1;
    const w = i64x2.splat(load<i64>(tagged - isAway + byte) ^ -(<i64>isAway));
    // Each byte eight times, one bit of it in each lane; a mask of −1 where that bit is 1.
    const w0 = v128.shuffle<i8>(w, w, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
    const w1 = v128.shuffle<i8>(w, w, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
    const w2 = v128.shuffle<i8>(w, w, 4, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5);
    const w3 = v128.shuffle<i8>(w, w, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7, 7, 7, 7, 7, 7, 7);
    ones0 = i8x16.sub(ones0, i8x16.eq(v128.and(w0, bits), bits));
    ones1 = i8x16.sub(ones1, i8x16.eq(v128.and(w1, bits), bits));
    ones2 = i8x16.sub(ones2, i8x16.eq(v128.and(w2, bits), bits));
    ones3 = i8x16.sub(ones3, i8x16.eq(v128.and(w3, bits), bits));
  }
  v128.store(ones, ones0);
  v128.store(ones, ones1, 16);
  v128.store(ones, ones2, 32);
  v128.store(ones, ones3, 48);
}
