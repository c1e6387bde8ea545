// A module of its own, with memory of its own: copies to and from shared memory, which the other kernels need, would take
// as long as the update.

/** Entries of a block: five of them fit the cache nearest to the core. */
export const capacity: i32 = 2048;

const BLOCK_BYTES: usize = 4 * 2048;

/** Addresses of the blocks. */
export const values: usize = memory.data(5 * 4 * 2048, 16);
export const gradient: usize = values + BLOCK_BYTES;
export const mean: usize = gradient + BLOCK_BYTES;
export const meanSquare: usize = mean + BLOCK_BYTES;
export const signs: usize = meanSquare + BLOCK_BYTES;

/**
 * One update by Adam (../../adam.ts) of the first `length` entries of the blocks, two at a time in double precision.
 * @param length - at most `capacity`; of an odd length, one entry more is written
 */
export function update(
  length: i32,
  rate: f64,
  rootScale: f64,
  beta1: f64,
  beta2: f64,
  epsilon: f64,
  bound: f64,
): void {
  const keep1 = f64x2.splat(beta1);
  const keep2 = f64x2.splat(beta2);
  const add1 = f64x2.splat(1 - beta1);
  const add2 = f64x2.splat(1 - beta2);
  const rates = f64x2.splat(rate);
  const scales = f64x2.splat(rootScale);
  const epsilons = f64x2.splat(epsilon);
  const upper = f64x2.splat(bound);
  const lower = f64x2.splat(-bound);
  const zero = f64x2.splat(0);
  for (let at: usize = 0; at < <usize>length << 2; at += 8) {
    const w = load2(values + at);
    const g = v128.and(load2(gradient + at), f64x2.le(f64x2.abs(w), upper));
    const m = f64x2.add(f64x2.mul(keep1, load2(mean + at)), f64x2.mul(add1, g));
    const s = f64x2.add(f64x2.mul(keep2, load2(meanSquare + at)), f64x2.mul(f64x2.mul(add2, g), g));
    store2(mean + at, m);
    store2(meanSquare + at, s);
    const root = f64x2.add(f64x2.mul(f64x2.sqrt(s), scales), epsilons);
    const next = f64x2.sub(w, f64x2.div(f64x2.mul(rates, m), root));
    // 0·next is NaN for what is not finite, as in the reference.
    const side = v128.bitselect(upper, lower, f64x2.gt(next, zero));
    const clipped = f64x2.add(f64x2.mul(next, zero), side);
    const stored = store2(values + at, v128.bitselect(next, clipped, f64x2.le(f64x2.abs(next), upper)));
    const isPositive = f32x4.ge(stored, f32x4.splat(0));
    v128.store64_lane(signs + at, v128.bitselect(f32x4.splat(1), f32x4.splat(-1), isPositive), 0);
  }
}

@inline
function load2(address: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(address));
}

/** @returns what was stored, in its lower half */
@inline
function store2(address: usize, pair: v128): v128 {
  const rounded = f32x4.demote_f64x2_zero(pair);
  v128.store64_lane(address, rounded, 0);
  return rounded;
}
