// Matrices of −1, 0 and +1 in two planes of bits, signs and zeros; 64 columns at a time. Zeros that are left out have the address 0.

import { sortByNeuron } from './apply-steps';
import { rowBytesFor } from './packed-rows';
import { multiply, multiplyBytes } from './product';
import { scratch } from './scratch';

const WORD_COLUMNS: i32 = 64;
const WORD_BYTES: usize = 8;

/** Samples of a product at a time. */
const CHUNK: i32 = 128;

/** Sums of 64 columns in 32 bits. */
const SUMS_BYTES: usize = 256;

/**
 * out[b, k] = Σ inputs[b, n] · weights[k, n] where neither is 0. A matrix of −1, 0 and +1 is half the sum of two of ±1, one with +1 where
 * it is 0 and one with −1: the product is the mean of products of ±1, two for each factor that has zeros.
 */
export function ternaryProduct(
  inputs: usize,
  samples: i32,
  columns: i32,
  weights: usize,
  neurons: i32,
  out: usize,
  inputZeros: usize,
  weightZeros: usize,
): void {
  const rowBytes = rowBytesFor(columns);
  const inputHalves = inputZeros ? 2 : 1;
  const allNeurons = neurons * (weightZeros ? 2 : 1);
  const chunk = min(samples, CHUNK);
  const weightBytes = <usize>allNeurons * rowBytes;
  const inputBytes = <usize>(inputHalves * chunk) * rowBytes;
  const block = scratch(weightBytes + inputBytes + ((<usize>(inputHalves * chunk) * allNeurons) << 2));
  const shown = block + weightBytes;
  const products = shown + inputBytes;
  const work = scratch(multiplyBytes(inputHalves * chunk, columns));
  writeHalves(weights, weightZeros, <usize>neurons * rowBytes, block);
  for (let first = 0; first < samples; first += CHUNK) {
    const count = min(CHUNK, samples - first);
    const start = <usize>first * rowBytes;
    writeHalves(inputs + start, inputZeros ? inputZeros + start : 0, <usize>count * rowBytes, shown);
    multiply(shown, block, products, inputHalves * count, allNeurons, rowBytes, columns, work);
    const length = <usize>count * allNeurons;
    if (inputZeros) {
      for (let i: usize = 0; i < length; i++) {
        const at = products + (i << 2);
        store<i32>(at, mean(load<i32>(at), load<i32>(at + (length << 2))));
      }
    }
    for (let b = 0; b < count; b++) {
      const row = products + ((<usize>b * allNeurons) << 2);
      for (let k = 0; k < neurons; k++) {
        const at = row + (<usize>k << 2);
        store<i32>(out, weightZeros ? mean(load<i32>(at), load<i32>(at + (<usize>neurons << 2))) : load<i32>(at));
        out += 4;
      }
    }
  }
}

/** Writes signs with +1 where they are 0, then with −1 there; without zeros as they are. */
function writeHalves(signs: usize, zeros: usize, bytes: usize, halves: usize): void {
  for (let byte: usize = 0; byte < bytes; byte += WORD_BYTES) {
    const word = load<u64>(signs + byte);
    const zero = zeros ? load<u64>(zeros + byte) : 0;
    store<u64>(halves + byte, word | zero);
    if (zeros) store<u64>(halves + bytes + byte, word & ~zero);
  }
}

/** ½·(a + b) for a + b even, without overflow. */
@inline
function mean(a: i32, b: i32): i32 {
  return (a & b) + ((a ^ b) >> 1);
}

/**
 * hidden[k] ← clip(hidden[k] + 2·Σ direction·inputs[b]), inputs being 0 where `inputZeros` says so; visible = sign(hidden) and, unless it
 * is 0, `zeros` marks hidden = 0, in the rows touched.
 * @returns the number of weights that changed among −1, 0 and +1
 */
export function applyTernarySteps(
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
  zeros: usize,
  inputZeros: usize,
): i32 {
  const rowBytes = rowBytesFor(columns);
  const sums = scratch(SUMS_BYTES + ((<usize>(<u32>neurons) + <usize>(<u32>steps)) << 2));
  const ends = sums + SUMS_BYTES;
  const sorted = ends + (<usize>neurons << 2);
  sortByNeuron(inputs, rowBytes, stepSamples, stepNeurons, stepDirections, steps, neurons, ends, sorted);
  let changes: u64 = 0;
  let start: i32 = 0;
  for (let k = 0; k < neurons; k++) {
    const end = load<i32>(ends + (<usize>k << 2));
    if (end > start) {
      const first = sorted + (<usize>start << 2);
      const last = sorted + (<usize>end << 2);
      for (let c = 0; c < columns; c += WORD_COLUMNS) {
        const byte = <usize>c >> 3;
        sumSteps(first, last, inputs, inputZeros, byte, sums);
        const row = <usize>k * rowBytes + byte;
        const at = hidden + ((<usize>k * columns + c) << 1);
        changes += moveColumns(at, sums, min(WORD_COLUMNS, columns - c), bound, visible + row, zeros ? zeros + row : 0);
      }
    }
    start = end;
  }
  return <i32>changes;
}

/** sums[i] = Σ direction·input of bit i of the words at `byte` of the input rows, over all steps. */
function sumSteps(
  first: usize,
  last: usize,
  inputs: usize,
  inputZeros: usize,
  byte: usize,
  sums: usize,
): void {
  for (let i: usize = 0; i < SUMS_BYTES; i += WORD_BYTES) store<u64>(sums + i, 0);
  for (let step = first; step < last; step += 4) {
    const tagged = <usize>load<u32>(step);
    const isAway = tagged & 1;
    const row = tagged - isAway;
    const towards = load<u64>(row + byte) ^ -(<u64>isAway);
    const present = inputZeros ? ~load<u64>(inputZeros + (row - inputs) + byte) : ~(<u64>0);
    const up = towards & present;
    const down = ~towards & present;
    for (let i = 0; i < WORD_COLUMNS; i++) {
      const at = sums + (<usize>i << 2);
      store<i32>(at, load<i32>(at) + <i32>((up >> i) & 1) - <i32>((down >> i) & 1));
    }
  }
}

/** Moves up to 64 hidden weights by twice their sums and packs what they are then. @returns how many changed */
function moveColumns(h: usize, sums: usize, count: i32, bound: i32, visible: usize, zeros: usize): u64 {
  let positive: u64 = 0;
  let zero: u64 = 0;
  for (let i = 0; i < count; i++) {
    const at = h + (<usize>i << 1);
    // 64 bits: twice the sum of many steps may not fit into 32.
    const moved = <i64>load<i16>(at) + 2 * <i64>load<i32>(sums + (<usize>i << 2));
    const clipped = max(-(<i64>bound), min(<i64>bound, moved));
    store<i16>(at, <i16>clipped);
    positive |= <u64>(clipped >= 0) << i;
    zero |= <u64>(clipped == 0) << i;
  }
  let changed = positive ^ load<u64>(visible);
  store<u64>(visible, positive);
  if (zeros) {
    changed |= zero ^ load<u64>(zeros);
    store<u64>(zeros, zero);
  }
  return popcnt(changed);
}
