// The product over open gates is made of two whole products with the transposed weights. With the gates g as ±1,
//
//     Σ_{g_k = +1} d_k·w_kn = ½·(Σ_k d_k·w_kn + Σ_k (g_k·d_k)·w_kn)

import { columnMask, rowBytesFor } from './packed-rows';
import { multiply, multiplyBytes } from './product';
import { scratch } from './scratch';

const BLOCK: i32 = 64;
const BLOCK_BYTES: usize = 512;

/** `multiply` may read so far past its operands. */
const MARGIN_BYTES: usize = 64;

/** Samples at a time, so that their products stay in the cache until they are added. */
const CHUNK: i32 = 64;

function transposedBytes(columns: i32, rowBytes: usize): usize {
  return <usize>columns * rowBytes + MARGIN_BYTES;
}

/** Factors of a chunk: d of its samples, then g·d. */
function factorBytes(samples: i32, rowBytes: usize): usize {
  return <usize>(2 * min(samples, CHUNK)) * rowBytes + MARGIN_BYTES;
}

/** Scratch memory for a block, the transposed weights, factors and products of a chunk. */
function scratchBytes(samples: i32, columns: i32, rowBytes: usize): usize {
  const products = (<usize>(2 * min(samples, CHUNK)) * columns) << 2;
  return BLOCK_BYTES + transposedBytes(columns, rowBytes) + factorBytes(samples, rowBytes) + products;
}

/** out[b, n] = Σ desired[b, k]·weights[k, n] over the k with gates[b, k] = 1, for the listed samples b. */
export function backProduct(
  desired: usize,
  _samples: i32,
  neurons: i32,
  gates: usize,
  weights: usize,
  columns: i32,
  listed: usize,
  listedCount: i32,
  out: usize,
): void {
  if (listedCount == 0) return;
  const rowBytes = rowBytesFor(neurons);
  const block = scratch(scratchBytes(listedCount, columns, rowBytes));
  const transposed = block + BLOCK_BYTES;
  const factors = transposed + transposedBytes(columns, rowBytes);
  const products = factors + factorBytes(listedCount, rowBytes);
  const work = scratch(multiplyBytes(2 * min(listedCount, CHUNK), neurons));
  transpose(weights, neurons, columns, transposed, block);
  for (let first = 0; first < listedCount; first += CHUNK) {
    const count = min(CHUNK, listedCount - first);
    const chunk = listed + (<usize>first << 2);
    writeFactors(desired, gates, neurons, rowBytes, chunk, count, factors);
    multiply(factors, transposed, products, 2 * count, columns, rowBytes, neurons, work);
    addProducts(products, columns, chunk, count, out);
  }
}

/** Writes d of the chunk's samples, then g·d of the same; bits past the last column stay 0. */
function writeFactors(
  desired: usize,
  gates: usize,
  neurons: i32,
  rowBytes: usize,
  listed: usize,
  count: i32,
  factors: usize,
): void {
  for (let i = 0; i < count; i++) {
    const row = <usize>load<u32>(listed + (<usize>i << 2)) * rowBytes;
    const whole = factors + <usize>i * rowBytes;
    const turned = factors + <usize>(count + i) * rowBytes;
    for (let byte: usize = 0; byte < rowBytes; byte += 8) {
      const d = load<u64>(desired + row + byte);
      store<u64>(whole + byte, d);
      const mask = columnMask(neurons - <i32>(byte << 3));
      store<u64>(turned + byte, ~(d ^ load<u64>(gates + row + byte)) & mask);
    }
  }
}

/** out[listed[i]] ← half the sum of the two products of sample i. */
function addProducts(products: usize, columns: i32, listed: usize, count: i32, out: usize): void {
  const rowBytes = <usize>columns << 2;
  for (let i = 0; i < count; i++) {
    const whole = products + <usize>i * rowBytes;
    const turned = products + <usize>(count + i) * rowBytes;
    const to = out + <usize>load<u32>(listed + (<usize>i << 2)) * rowBytes;
    for (let at: usize = 0; at < rowBytes; at += 4) {
      const a = load<i32>(whole + at);
      const b = load<i32>(turned + at);
      // Their mean without overflow: the sum is even.
      store<i32>(to + at, (a & b) + ((a ^ b) >> 1));
    }
  }
}

/** out[n, k] = matrix[k, n], in blocks of 64 × 64; `block` has room for one. */
function transpose(matrix: usize, rows: i32, columns: i32, out: usize, block: usize): void {
  const rowBytes = rowBytesFor(columns);
  const outRowBytes = rowBytesFor(rows);
  for (let column = 0; column < columns; column += BLOCK) {
    const width = min(columns - column, BLOCK);
    for (let row = 0; row < rows; row += BLOCK) {
      const height = min(rows - row, BLOCK);
      const from = matrix + <usize>row * rowBytes + (<usize>column >> 3);
      for (let r = 0; r < BLOCK; r++) {
        const word: u64 = r < height ? load<u64>(from + <usize>r * rowBytes) : 0;
        store<u64>(block + (<usize>r << 3), word);
      }
      transposeBlock(block);
      const to = out + <usize>column * outRowBytes + (<usize>row >> 3);
      for (let c = 0; c < width; c++) {
        store<u64>(to + <usize>c * outRowBytes, load<u64>(block + (<usize>c << 3)));
      }
    }
  }
}

/** Bit c of word r ↔ bit r of word c: blocks of 32, 16, … 1 bits beside the diagonal change places. */
function transposeBlock(block: usize): void {
  let low: u64 = 0x00000000ffffffff;
  for (let half = BLOCK >> 1; half > 0; half >>= 1) {
    for (let r = 0; r < BLOCK; r = (r + half + 1) & ~half) {
      const upper = block + (<usize>r << 3);
      const lower = block + (<usize>(r + half) << 3);
      const a = load<u64>(upper);
      const b = load<u64>(lower);
      const swapped = ((a >> half) ^ b) & low;
      store<u64>(upper, a ^ (swapped << half));
      store<u64>(lower, b ^ swapped);
    }
    low ^= low << (half >> 1);
  }
}
