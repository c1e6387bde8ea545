import { ArgumentError } from './errors.js';

/**
 * `base ** exponent` to the same bit on every engine. JavaScript leaves the last bits of a power open, and Node changed
 * them with version 24: Adam's corrections by β^t, and with them whole runs, would depend on the Node that trains.
 *
 * This is `__ieee754_pow` of FDLIBM as Node 20 and 22 have it, bit for bit, in the domain that is needed. FDLIBM is
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun Microsystems, Inc.
 * business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is
 * preserved.
 *
 * @param base - 0, or in [2^−1022, 1)
 * @param exponent - a whole number in [1, 2^31)
 * @throws ArgumentError outside these ranges
 */
export function power(base: number, exponent: number): number {
  if (base !== 0 && !(base >= 2 ** -1022 && base < 1)) {
    throw new ArgumentError('base', '0 or a number in [2^-1022, 1)', base);
  }
  if (!(Number.isInteger(exponent) && exponent >= 1 && exponent < 2 ** 31)) {
    throw new ArgumentError('exponent', 'a whole number in [1, 2^31)', exponent);
  }
  if (exponent === 1 || base === 0) return base;
  if (exponent === 2) return base * base;
  const [logHigh, logLow] = log2(base);
  const exponentHigh = highPart(exponent);
  const low = (exponent - exponentHigh) * logHigh + exponent * logLow;
  const high = exponentHigh * logHigh;
  // Below the smallest number that a double can hold.
  if (low + high < -1075) return 0;
  return exp2(high, low);
}

/** The logarithm of a number in (0, 1) as the sum of two, the first with 32 bits less than a double has. */
function log2(x: number): readonly [number, number] {
  const word = highWord(x);
  const fraction = word & 0xfffff;
  // x = 2^n · scaled, with `scaled` near 1 or near 1.5.
  const isNearThreeHalves = fraction > 0x3988e && fraction < 0xbb67a;
  const isNearTwo = fraction >= 0xbb67a;
  const n = (word >> 20) - 0x3ff + (isNearTwo ? 1 : 0);
  const scaledWord = (fraction | 0x3ff00000) - (isNearTwo ? 0x100000 : 0);
  const scaled = withHighWord(x, scaledWord);
  const [near, nearHigh, nearLow] = isNearThreeHalves ? THREE_HALVES : ONE;

  // s = (scaled − near) / (scaled + near), in two parts.
  const difference = scaled - near;
  const inverse = 1 / (scaled + near);
  const s = difference * inverse;
  const sHigh = highPart(s);
  const sumHigh = fromHighWord(
    ((scaledWord >> 1) | 0x20000000) + 0x80000 + (isNearThreeHalves ? 1 << 18 : 0),
  );
  const sumLow = scaled - (sumHigh - near);
  const sLow = inverse * (difference - sHigh * sumHigh - sHigh * sumLow);

  // The logarithm of scaled / near is s · (3 + s² + …) · 2 / (3 ln 2).
  const square = s * s;
  let rest =
    square * square * (L1 + square * (L2 + square * (L3 + square * (L4 + square * (L5 + square * L6)))));
  rest += sLow * (sHigh + s);
  const squareHigh = sHigh * sHigh;
  const seriesHigh = highPart(3 + squareHigh + rest);
  const seriesLow = rest - (seriesHigh - 3 - squareHigh);
  const u = sHigh * seriesHigh;
  const v = sLow * seriesHigh + seriesLow * s;
  const productHigh = highPart(u + v);
  const productLow = v - (productHigh - u);
  const zHigh = CP_HIGH * productHigh;
  const zLow = CP_LOW * productHigh + productLow * CP + nearLow;
  const high = highPart(zHigh + zLow + nearHigh + n);
  return [high, zLow - (high - n - nearHigh - zHigh)];
}

/** 2^(high + low), for a sum in [−1075, 0]. */
function exp2(high: number, low: number): number {
  const n = Math.abs(high + low) > 0.5 ? Math.round(high + low) : 0;
  const rest = high - n;
  const t = highPart(low + rest);
  const u = t * LN2_HIGH;
  const v = (low - (t - rest)) * LN2 + t * LN2_LOW;
  const z = u + v;
  const w = v - (z - u);
  const square = z * z;
  const series = z - square * (P1 + square * (P2 + square * (P3 + square * (P4 + square * P5))));
  // FDLIBM subtracts the last term from the quotient; what the engines did is kept.
  const quotient = (z * series) / (series - 2 - (w + z * w));
  return scale(1 - (quotient - z), n);
}

/** x · 2^n, rounded once. */
function scale(x: number, n: number): number {
  const word = highWord(x) + (n << 20);
  return word >> 20 > 0 ? withHighWord(x, word) : x * 2 ** (n + 54) * 2 ** -54;
}

/** A point near which logarithms are known, and its own logarithm in two parts. */
const ONE = [1, 0, 0] as const;
const THREE_HALVES = [1.5, 0.5849624872207642, 1.350039202129749e-8] as const;

const [L1, L2, L3] = [0.5999999999999946, 0.4285714285785502, 0.33333332981837743];
const [L4, L5, L6] = [0.272728123808534, 0.23066074577556175, 0.20697501780033842];
const [P1, P2, P3] = [0.16666666666666602, -0.0027777777777015593, 0.00006613756321437934];
const [P4, P5] = [-0.0000016533902205465252, 4.1381367970572385e-8];
/** ln 2, and 2 / (3 ln 2), each also in two parts. */
const [LN2, LN2_HIGH, LN2_LOW] = [Math.LN2, 0.6931471824645996, -1.904654299957768e-9];
const [CP, CP_HIGH, CP_LOW] = [0.9617966939259756, 0.9617967009544373, -7.028461650952758e-9];

const bits = new DataView(new ArrayBuffer(8));

function highWord(x: number): number {
  bits.setFloat64(0, x);
  return bits.getInt32(0);
}

function withHighWord(x: number, word: number): number {
  bits.setFloat64(0, x);
  bits.setInt32(0, word);
  return bits.getFloat64(0);
}

function fromHighWord(word: number): number {
  return withHighWord(0, word);
}

/** x without the lower half of its bits. */
function highPart(x: number): number {
  bits.setFloat64(0, x);
  bits.setInt32(4, 0);
  return bits.getFloat64(0);
}
