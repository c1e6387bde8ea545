// Counting by table, as in ../../../node/kernels/native/product_avx2.cpp, which says how it works: four columns of two
// samples are a table T[w] = popcount(a ^ w) + 16·popcount(b ^ w), which one swizzle looks up for 16 neurons.

import { packSigns32 } from './pack-signs';
import { rowBytesFor } from './packed-rows';
import { scratch } from './scratch';

/** Neurons of a vector, and of a block of two vectors. */
const LANES: i32 = 16;
const BLOCK: i32 = 32;

/** Columns of a step, which are 6 nibbles; steps whose counts fit into a byte; steps whose weights are spread at a time. */
const STEP_COLUMNS: i32 = 24;
const STEP_BYTES: i32 = 3;
const RUN_STEPS: i32 = 10;
const WINDOW_STEPS: i32 = 160;

/** Below so many samples it does not pay to spread the weights. */
const FEW: i32 = 4;

/** Chunks whose counts, at most 8 for each byte, fit into a byte. */
const CHUNKS_IN_BYTES: usize = 31;

/** Samples whose counts stay in the cache while the weights of a run pass. Even. */
const CHUNK: i32 = 128;

/** Bytes of a row that are spread together, and of their 16 × 16 block. */
const CHUNK_BYTES: i32 = 16;
const SQUARE_BYTES: usize = 256;

/** Bytes of a nibble of all neurons of a block in the panel, of the counts of a sample, of a table and of its address. */
const NIBBLE_BYTES: usize = 32;
const COUNT_BYTES: usize = 64;
const TABLE_BYTES: i32 = 16;
const ADDRESS_BYTES: usize = 4;

/** For nibbles a and b the table at a + 16·b. */
const TABLES: usize = memory.data(4096, 64);

for (let pair = 0; pair < 256; pair++) {
  for (let w = 0; w < TABLE_BYTES; w++) {
    const first = popcnt<i32>((pair & 15) ^ w);
    const second = popcnt<i32>((pair >> 4) ^ w);
    store<u8>(TABLES + pair * TABLE_BYTES + w, <u8>(first + 16 * second));
  }
}

/** out[b, k] = columns − 2·popcount(inputs[b] XOR weights[k]); `signs`, unless 0, gets sign(out). */
export function product(
  inputs: usize,
  samples: i32,
  columns: i32,
  weights: usize,
  neurons: i32,
  out: usize,
  signs: usize,
): void {
  const work = scratch(multiplyBytes(samples, columns));
  multiply(inputs, weights, out, samples, neurons, rowBytesFor(columns), columns, work);
  if (signs) packSigns32(out, samples, neurons, signs);
}

function stepsFor(columns: i32): i32 {
  return <i32>((<u32>columns + STEP_COLUMNS - 1) / STEP_COLUMNS);
}

/** Bytes of a row in a window of `steps`, whole chunks of them. */
function windowBytes(steps: i32): i32 {
  return (steps * STEP_BYTES + CHUNK_BYTES - 1) & ~(CHUNK_BYTES - 1);
}

/** Bytes of the addresses of tables of a pair of samples. */
function tableBytes(steps: i32): usize {
  return <usize>windowBytes(steps) * 2 * ADDRESS_BYTES;
}

/** Bytes of the weights of a block. */
function panelBytes(steps: i32): usize {
  return <usize>windowBytes(steps) * 2 * NIBBLE_BYTES;
}

/** Scratch memory that `multiply` needs: two squares, a panel, counts and tables of a chunk. */
export function multiplyBytes(samples: i32, columns: i32): usize {
  const steps = min(stepsFor(columns), WINDOW_STEPS);
  const pairs = <usize>((min(samples, CHUNK) + 1) >> 1);
  return 2 * SQUARE_BYTES + panelBytes(steps) + pairs * (2 * COUNT_BYTES + tableBytes(steps));
}

/**
 * The product without signs.
 * @param work - `multiplyBytes` of scratch memory
 */
export function multiply(
  inputs: usize,
  weights: usize,
  out: usize,
  samples: i32,
  neurons: i32,
  rowBytes: usize,
  columns: i32,
  work: usize,
): void {
  if (samples < FEW) {
    multiplyRows(inputs, weights, out, samples, neurons, rowBytes, columns);
    return;
  }
  const allSteps = stepsFor(columns);
  const panel = work + 2 * SQUARE_BYTES;
  const counts = panel + panelBytes(min(allSteps, WINDOW_STEPS));
  const tables = counts + <usize>((min(samples, CHUNK) + 1) >> 1) * 2 * COUNT_BYTES;
  for (let first = 0; first < samples; first += CHUNK) {
    const count = min(samples - first, CHUNK);
    const chunk = inputs + <usize>first * rowBytes;
    for (let step = 0; step < allSteps; step += WINDOW_STEPS) {
      const steps = min(allSteps - step, WINDOW_STEPS);
      const firstByte = <usize>(step * STEP_BYTES);
      for (let s = 0; s < count; s += 2) {
        const a = chunk + <usize>s * rowBytes;
        const b = chunk + <usize>min(s + 1, count - 1) * rowBytes;
        findTables(a, b, firstByte, rowBytes, steps, tables + <usize>(s >> 1) * tableBytes(steps));
      }
      for (let k = 0; k < neurons; k += BLOCK) {
        const width = min(neurons - k, BLOCK);
        const rows = weights + <usize>k * rowBytes;
        spread(rows, 0, width, firstByte, rowBytes, steps, panel, work);
        const to = out + ((<usize>first * neurons + k) << 2);
        if (width > LANES) {
          spread(rows, LANES, width, firstByte, rowBytes, steps, panel + LANES, work);
          countWindow(tables, panel, steps, count, counts, true);
        } else {
          countWindow(tables, panel, steps, count, counts, false);
        }
        write(counts, count, to, neurons, width, columns, step == 0);
      }
    }
  }
}

/** The product row by row, without tables. */
function multiplyRows(
  inputs: usize,
  weights: usize,
  out: usize,
  samples: i32,
  neurons: i32,
  rowBytes: usize,
  columns: i32,
): void {
  for (let k = 0; k < neurons; k++) {
    const row = weights + <usize>k * rowBytes;
    for (let s = 0; s < samples; s++) {
      const sample = inputs + <usize>s * rowBytes;
      let sums = i32x4.splat(0);
      for (let at: usize = 0; at < rowBytes; ) {
        let bytes = i8x16.splat(0);
        const end = min(rowBytes, at + CHUNKS_IN_BYTES * CHUNK_BYTES);
        for (; at < end; at += CHUNK_BYTES) {
          const differing = v128.xor(bytesAt(sample, at, rowBytes), bytesAt(row, at, rowBytes));
          bytes = i8x16.add(bytes, i8x16.popcnt(differing));
        }
        sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)));
      }
      const pairs = i32x4.add(sums, v128.shuffle<i64>(sums, sums, 1, 0));
      const differing = i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1);
      store<i32>(out + ((<usize>s * neurons + k) << 2), columns - 2 * differing);
    }
  }
}

/** 16 bytes of a row, whose length is a multiple of 8; 0 past its end. */
@inline
function bytesAt(row: usize, byte: usize, rowBytes: usize): v128 {
  if (byte + CHUNK_BYTES <= rowBytes) return v128.load(row + byte);
  return byte < rowBytes ? v128.load64_zero(row + byte) : i8x16.splat(0);
}

/** Writes the addresses of the tables of samples a and b, one for each nibble. */
function findTables(
  a: usize,
  b: usize,
  firstByte: usize,
  rowBytes: usize,
  steps: i32,
  addresses: usize,
): void {
  const low = i8x16.splat(0x0f);
  for (let first = 0; first < windowBytes(steps); first += CHUNK_BYTES) {
    const x = bytesAt(a, firstByte + first, rowBytes);
    const y = bytesAt(b, firstByte + first, rowBytes);
    const evens = v128.or(v128.and(x, low), i16x8.shl(v128.and(y, low), 4));
    const odds = v128.or(v128.and(i16x8.shr_u(x, 4), low), v128.andnot(y, low));
    const to = addresses + <usize>first * 2 * ADDRESS_BYTES;
    storeAddresses(to, interleaveLow(evens, odds));
    storeAddresses(to + <usize>CHUNK_BYTES * ADDRESS_BYTES, interleaveHigh(evens, odds));
  }
}

/** Writes the addresses of 16 tables of the pairs in `pairs`. */
@inline
function storeAddresses(to: usize, pairs: v128): void {
  const base = i32x4.splat(<i32>TABLES);
  const low = i16x8.shl(i16x8.extend_low_i8x16_u(pairs), 4);
  const high = i16x8.shl(i16x8.extend_high_i8x16_u(pairs), 4);
  v128.store(to, i32x4.add(base, i32x4.extend_low_i16x8_u(low)));
  v128.store(to, i32x4.add(base, i32x4.extend_high_i16x8_u(low)), 16);
  v128.store(to, i32x4.add(base, i32x4.extend_low_i16x8_u(high)), 32);
  v128.store(to, i32x4.add(base, i32x4.extend_high_i16x8_u(high)), 48);
}

@inline
function interleaveLow(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

@inline
function interleaveHigh(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

/**
 * Writes each nibble of 16 neurons, from `firstLane` on, to `panel`, one neuron in each byte; bytes without a neuron are
 * those of the last of `width`.
 */
function spread(
  rows: usize,
  firstLane: i32,
  width: i32,
  firstByte: usize,
  rowBytes: usize,
  steps: i32,
  panel: usize,
  squares: usize,
): void {
  const low = i8x16.splat(0x0f);
  const bytes = steps * STEP_BYTES;
  for (let first = 0; first < bytes; first += CHUNK_BYTES) {
    for (let i = 0; i < LANES; i++) {
      const row = rows + <usize>min(firstLane + i, width - 1) * rowBytes;
      v128.store(squares + (<usize>i << 4), bytesAt(row, firstByte + first, rowBytes));
    }
    // Four times halves that interleave: row i, column j to row j, column i.
    for (let round = 0; round < 2; round++) {
      interleaveHalves(squares, squares + SQUARE_BYTES);
      interleaveHalves(squares + SQUARE_BYTES, squares);
    }
    for (let i = 0; i < min(bytes - first, CHUNK_BYTES); i++) {
      const column = v128.load(squares + (<usize>i << 4));
      const to = panel + <usize>(first + i) * 2 * NIBBLE_BYTES;
      v128.store(to, v128.and(column, low));
      v128.store(to, v128.and(i16x8.shr_u(column, 4), low), NIBBLE_BYTES);
    }
  }
}

function interleaveHalves(from: usize, to: usize): void {
  for (let i: usize = 0; i < SQUARE_BYTES / 2; i += 16) {
    const a = v128.load(from + i);
    const b = v128.load(from + i, SQUARE_BYTES / 2);
    v128.store(to + 2 * i, interleaveLow(a, b));
    v128.store(to + 2 * i, interleaveHigh(a, b), 16);
  }
}

/** Counts, for each sample and neuron of a block of one vector or two, the columns in which they differ. */
@inline
function countWindow(
  tables: usize,
  panel: usize,
  steps: i32,
  samples: i32,
  counts: usize,
  isWide: boolean,
): void {
  for (let step = 0; step < steps; step += RUN_STEPS) {
    const run = min(steps - step, RUN_STEPS);
    const weights = panel + <usize>(step * STEP_BYTES) * 2 * NIBBLE_BYTES;
    const addresses = tables + <usize>(step * STEP_BYTES) * 2 * ADDRESS_BYTES;
    for (let s = 0; s < samples; s += 2) {
      const ofPair = addresses + <usize>(s >> 1) * tableBytes(steps);
      countRun(ofPair, weights, run, step == 0, counts + <usize>s * COUNT_BYTES, isWide);
    }
  }
}

@inline
function countRun(
  addresses: usize,
  panel: usize,
  steps: i32,
  isFirst: boolean,
  counts: usize,
  isWide: boolean,
): void {
  let both = i8x16.splat(0);
  let second = i8x16.splat(0);
  let otherBoth = i8x16.splat(0);
  let otherSecond = i8x16.splat(0);
  const high = i8x16.splat(<i8>0xf0);
  for (; steps > 0; steps--) {
    const t0 = v128.load(load<u32>(addresses));
    const t1 = v128.load(load<u32>(addresses, 4));
    const t2 = v128.load(load<u32>(addresses, 8));
    const sum = addThree(t0, t1, t2, panel);
    both = i8x16.add(both, sum);
    let otherSum = sum;
    if (isWide) {
      otherSum = addThree(t0, t1, t2, panel + 16);
      otherBoth = i8x16.add(otherBoth, otherSum);
    }
    const t3 = v128.load(load<u32>(addresses, 12));
    const t4 = v128.load(load<u32>(addresses, 16));
    const t5 = v128.load(load<u32>(addresses, 20));
    const next = addThree(t3, t4, t5, panel + 3 * NIBBLE_BYTES);
    both = i8x16.add(both, next);
    second = i8x16.add(second, meanOfHigh(sum, next, high));
    if (isWide) {
      const otherNext = addThree(t3, t4, t5, panel + 3 * NIBBLE_BYTES + 16);
      otherBoth = i8x16.add(otherBoth, otherNext);
      otherSecond = i8x16.add(otherSecond, meanOfHigh(otherSum, otherNext, high));
    }
    addresses += 6 * ADDRESS_BYTES;
    panel += 6 * NIBBLE_BYTES;
  }
  addCounts(counts, both, second, high, isFirst);
  if (isWide) addCounts(counts + 32, otherBoth, otherSecond, high, isFirst);
}

@inline
function addThree(t0: v128, t1: v128, t2: v128, panel: usize): v128 {
  const sum = i8x16.add(
    i8x16.swizzle(t0, v128.load(panel)),
    i8x16.swizzle(t1, v128.load(panel, NIBBLE_BYTES)),
  );
  return i8x16.add(sum, i8x16.swizzle(t2, v128.load(panel, 2 * NIBBLE_BYTES)));
}

/** The sum of the high nibbles of two sums: the mean of two multiples of 16 is exact. */
@inline
function meanOfHigh(a: v128, b: v128, high: v128): v128 {
  return i16x8.shr_u(i8x16.avgr_u(v128.and(a, high), v128.and(b, high)), 3);
}

/** Takes the two samples apart and adds them to their counts of 16 bits. */
@inline
function addCounts(counts: usize, both: v128, second: v128, high: v128, isFirst: boolean): void {
  addBytes(counts, i8x16.sub(both, v128.and(i16x8.shl(second, 4), high)), isFirst);
  addBytes(counts + COUNT_BYTES, second, isFirst);
}

@inline
function addBytes(counts: usize, bytes: v128, isFirst: boolean): void {
  let low = i16x8.extend_low_i8x16_u(bytes);
  let high = i16x8.extend_high_i8x16_u(bytes);
  if (!isFirst) {
    low = i16x8.add(low, v128.load(counts));
    high = i16x8.add(high, v128.load(counts, 16));
  }
  v128.store(counts, low);
  v128.store(counts, high, 16);
}

/** out ← columns − 2·counts, or what is there − 2·counts, of `width` neurons. */
function write(
  counts: usize,
  samples: i32,
  out: usize,
  neurons: i32,
  width: i32,
  columns: i32,
  isFirst: boolean,
): void {
  const all = i32x4.splat(columns);
  for (let s = 0; s < samples; s++) {
    const from = counts + <usize>s * COUNT_BYTES;
    const to = out + ((<usize>s * neurons) << 2);
    if (width == BLOCK) {
      for (let k: usize = 0; k < <usize>BLOCK; k += 4) {
        const twice = i32x4.shl(v128.load_ext<u16>(from + (k << 1)), 1);
        v128.store(to + (k << 2), i32x4.sub(isFirst ? all : v128.load(to + (k << 2)), twice));
      }
    } else {
      for (let k: usize = 0; k < <usize>width; k++) {
        const value = isFirst ? columns : load<i32>(to + (k << 2));
        store<i32>(to + (k << 2), value - 2 * <i32>load<u16>(from + (k << 1)));
      }
    }
  }
}
