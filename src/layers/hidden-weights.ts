import type { BitMatrix } from '../core/bit-matrix.js';
import { Int16Matrix } from '../core/int-matrix.js';
import type { RandomStream } from '../core/random.js';
import type { ConsolidationTable } from '../kernels/consolidation.js';
import type { Kernels } from '../kernels/kernels.js';
import { ternaryKernels, ternaryMatrix } from '../kernels/ternary-kernels.js';
import type { ZeroPlace } from './zeros.js';

/** Entries of a depth histogram: one for each power of two up to 2^14. */
const DEPTH_BINS = 15;

/** How hidden weights are made and bounded. */
export interface HiddenWeightOptions {
  /** B, in [2, 16]. */
  readonly hiddenBits: number;
  /** Standard deviation of the initial depths, at least 0. */
  readonly initialDepth: number;
  /** θ, at least 1; absent: a weight flips when its hidden weight changes sign. */
  readonly flipThreshold?: number | undefined;
  /** How likely steps towards zero are taken, by depth; absent: always. */
  readonly consolidation?: ConsolidationTable | undefined;
  /** Where 0 is possible beside ±1; absent: nowhere. */
  readonly zeros?: readonly ZeroPlace[] | undefined;
}

/** Largest |h| of a hidden weight of B bits: 2^(B−1) − 1, odd. */
export function hiddenBound(hiddenBits: number): number {
  return 2 ** (hiddenBits - 1) - 1;
}

/** Trainable binary weights: integers whose signs are what the network computes with. */
export interface HiddenWeights {
  /** H, odd integers in [−bound, bound], with zeros of any parity. */
  readonly hidden: Int16Matrix;
  /** W = sign(H), packed; kept in step by the kernels. With zeros a TernaryMatrix. */
  readonly visible: BitMatrix;
}

/**
 * Hidden weights of given signs. Magnitudes are |2·⌊x/2⌋ + 1| with x normal of mean 0 and standard deviation
 * `depth`: odd, so that a weight is never 0 and its sign never ambiguous. Draws beyond the bound start at it.
 *
 * With zeros they are ⌊|x|⌋ of the same draws, of any parity: x truncated towards 0, as in the published code of [LBES]. A share of
 * P(|x| < 1) then starts at 0, 1.2 % with depth 64.
 */
export function normalHiddenWeights(
  kernels: Kernels,
  signs: BitMatrix,
  options: {
    readonly depth: number;
    readonly bound: number;
    readonly stream: RandomStream;
    readonly hasZeros?: boolean;
  },
): HiddenWeights {
  const { rows, columns } = signs;
  const { depth, bound, stream, hasZeros = false } = options;
  const magnitudeOf = hasZeros
    ? (x: number) => Math.floor(Math.abs(x))
    : (x: number) => Math.abs(2 * Math.floor(x / 2) + 1);
  const hidden = kernels.int16Matrix(rows, columns);
  for (let row = 0; row < rows; row++) {
    signs.signs(row).forEach((sign, column) => {
      const magnitude = magnitudeOf(depth * stream.normal());
      hidden.values[row * columns + column] = sign * Math.min(magnitude, bound);
    });
  }
  const visible = hasZeros ? ternaryMatrix(kernels, rows, columns) : kernels.bitMatrix(rows, columns);
  ternaryKernels(kernels).packSigns(hidden, visible);
  return { hidden, visible };
}

/** Copies of H of layers that may go on changing. */
export function copyOfHidden(layers: readonly { readonly weights: HiddenWeights }[]): Int16Matrix[] {
  return layers.map(({ weights: { hidden } }) => {
    return new Int16Matrix(hidden.rows, hidden.columns, Int16Array.from(hidden.values));
  });
}

/** How deep hidden weights are. */
export interface DepthObservation {
  /** Entry i counts the weights with 2^i ≤ |h| < 2^(i+1); weights of 0 are in none. */
  readonly depthHistogram: readonly number[];
  /** Share of weights at ±bound, in [0, 1]. */
  readonly boundShare: number;
}

/** Counts weights by metaplastic depth |h|. */
export function observeDepth(hidden: Int16Matrix, bound: number): DepthObservation {
  // One count per 16-bit value first: the loop over millions of weights then does a single increment each.
  const counts = new Uint32Array(2 ** 16);
  const { values } = hidden;
  for (let i = 0; i < values.length; i++) counts[values[i] & 0xffff]++;
  const ofDepth = (depth: number): number => counts[depth] + counts[2 ** 16 - depth];
  const histogram = new Array<number>(DEPTH_BINS).fill(0);
  for (let depth = 1; depth <= bound; depth++) histogram[31 - Math.clz32(depth)] += ofDepth(depth);
  const atBound = ofDepth(bound);
  return { depthHistogram: histogram, boundShare: atBound / hidden.values.length };
}
