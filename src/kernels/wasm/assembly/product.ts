// Samples are taken in pairs and neurons in fours: 6 loads feed 8 exclusive-ors, and 8 counters stay in registers.

import { packSigns32 } from './pack-signs';
import { rowBytesFor } from './packed-rows';

const CHUNK_BYTES: usize = 16;

/** A byte lane gains at most 8 for each chunk: 31 chunks leave it below 256. */
const CHUNKS_PER_SUM: usize = 31;

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
  multiply(inputs, weights, out, samples, neurons, rowBytesFor(columns), columns);
  if (signs) packSigns32(out, samples, neurons, signs);
}

/**
 * The product without signs.
 *
 *     for each block of 2 samples × 4 neurons
 *       for each run of 31 chunks: for each chunk: lanes[b, k] += popcnt(input[b] XOR weight[k])
 *                                  sums[b, k] += Σ lanes[b, k]
 */
export function multiply(
  inputs: usize,
  weights: usize,
  out: usize,
  samples: i32,
  neurons: i32,
  rowBytes: usize,
  columns: i32,
): void {
  const wholeBytes = rowBytes & ~(CHUNK_BYTES - 1);
  const hasHalfChunk = wholeBytes != rowBytes;
  const allColumns = i32x4.splat(columns);
  for (let k = 0; k < neurons; k += 4) {
    // The last block moves back so that it ends with the last neuron; it computes some entries twice.
    const firstNeuron = max(0, min(k, neurons - 4));
    const w0 = weights + <usize>firstNeuron * rowBytes;
    // With fewer than 4 neurons in all, the last one stands in for those that are missing.
    const w1 = weights + <usize>min(firstNeuron + 1, neurons - 1) * rowBytes;
    const w2 = weights + <usize>min(firstNeuron + 2, neurons - 1) * rowBytes;
    const w3 = weights + <usize>min(firstNeuron + 3, neurons - 1) * rowBytes;
    for (let b = 0; b < samples; b += 2) {
      const firstSample = max(0, min(b, samples - 2));
      const secondSample = min(firstSample + 1, samples - 1);
      const a = inputs + <usize>firstSample * rowBytes;
      const c = inputs + <usize>secondSample * rowBytes;
      let aSums = i32x4.splat(0);
      let cSums = i32x4.splat(0);
      let at: usize = 0;
      do {
        let a0 = i8x16.splat(0);
        let a1 = i8x16.splat(0);
        let a2 = i8x16.splat(0);
        let a3 = i8x16.splat(0);
        let c0 = i8x16.splat(0);
        let c1 = i8x16.splat(0);
        let c2 = i8x16.splat(0);
        let c3 = i8x16.splat(0);
        // One chunk fewer, which leaves room for the half chunk at the end.
        const end = min(wholeBytes, at + (CHUNKS_PER_SUM - 1) * CHUNK_BYTES);
        for (; at < end; at += CHUNK_BYTES) {
          const x = v128.load(a + at);
          const y = v128.load(c + at);
          const p = v128.load(w0 + at);
          const q = v128.load(w1 + at);
          a0 = i8x16.add(a0, differing(x, p));
          c0 = i8x16.add(c0, differing(y, p));
          a1 = i8x16.add(a1, differing(x, q));
          c1 = i8x16.add(c1, differing(y, q));
          const r = v128.load(w2 + at);
          const s = v128.load(w3 + at);
          a2 = i8x16.add(a2, differing(x, r));
          c2 = i8x16.add(c2, differing(y, r));
          a3 = i8x16.add(a3, differing(x, s));
          c3 = i8x16.add(c3, differing(y, s));
        }
        if (hasHalfChunk && at == wholeBytes) {
          const x = v128.load64_zero(a + at);
          const y = v128.load64_zero(c + at);
          const p = v128.load64_zero(w0 + at);
          const q = v128.load64_zero(w1 + at);
          a0 = i8x16.add(a0, differing(x, p));
          c0 = i8x16.add(c0, differing(y, p));
          a1 = i8x16.add(a1, differing(x, q));
          c1 = i8x16.add(c1, differing(y, q));
          const r = v128.load64_zero(w2 + at);
          const s = v128.load64_zero(w3 + at);
          a2 = i8x16.add(a2, differing(x, r));
          c2 = i8x16.add(c2, differing(y, r));
          a3 = i8x16.add(a3, differing(x, s));
          c3 = i8x16.add(c3, differing(y, s));
        }
        aSums = i32x4.add(aSums, laneSums(a0, a1, a2, a3));
        cSums = i32x4.add(cSums, laneSums(c0, c1, c2, c3));
      } while (at < wholeBytes);
      const aOut = out + ((<usize>firstSample * neurons + firstNeuron) << 2);
      const cOut = out + ((<usize>secondSample * neurons + firstNeuron) << 2);
      storeFirst(aOut, i32x4.sub(allColumns, i32x4.shl(aSums, 1)), neurons);
      storeFirst(cOut, i32x4.sub(allColumns, i32x4.shl(cSums, 1)), neurons);
    }
  }
}

@inline
function differing(x: v128, w: v128): v128 {
  return i8x16.popcnt(v128.xor(x, w));
}

/** The sums of the 16 unsigned bytes of each of four vectors. */
@inline
function laneSums(v0: v128, v1: v128, v2: v128, v3: v128): v128 {
  const u0 = i16x8.extadd_pairwise_i8x16_u(v0);
  const u1 = i16x8.extadd_pairwise_i8x16_u(v1);
  const u2 = i16x8.extadd_pairwise_i8x16_u(v2);
  const u3 = i16x8.extadd_pairwise_i8x16_u(v3);
  // Pairs of 16-bit sums: 0 1 0 1 and 2 3 2 3, then 0 1 2 3.
  const u01 = i16x8.add(v128.shuffle<i32>(u0, u1, 0, 4, 1, 5), v128.shuffle<i32>(u0, u1, 2, 6, 3, 7));
  const u23 = i16x8.add(v128.shuffle<i32>(u2, u3, 0, 4, 1, 5), v128.shuffle<i32>(u2, u3, 2, 6, 3, 7));
  const u = i16x8.add(v128.shuffle<i64>(u01, u23, 0, 2), v128.shuffle<i64>(u01, u23, 1, 3));
  return i32x4.extadd_pairwise_i16x8_u(u);
}

/** Stores the first min(4, count) lanes. */
@inline
function storeFirst(address: usize, v: v128, count: i32): void {
  if (count >= 4) {
    v128.store(address, v);
    return;
  }
  store<i32>(address, i32x4.extract_lane(v, 0));
  if (count > 1) store<i32>(address, i32x4.extract_lane(v, 1), 4);
  if (count > 2) store<i32>(address, i32x4.extract_lane(v, 2), 8);
}
