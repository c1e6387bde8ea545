import { checkInteger, checkLength, checkNumber } from '../core/check.js';
import type { RandomStream } from '../core/random.js';

/** Entries of the table of limits: as many as one instruction can look up in two registers. */
export const LIMIT_COUNT = 64;

/** Words of 32 bits that random words are made in at a time: two words of 16 bits each, so 64 columns. */
export const LANES = 32;

/** Largest number of a word: its upper bit is not used, so that "always" and "never" are limits like others. */
export const LARGEST_WORD = 32767;

/** How likely a step towards zero is, by depth. */
export interface ConsolidationTable {
  /** Depth up to which the first entry holds, with the rest that a shift leaves: in [0, 32767]. */
  readonly offset: number;
  /** Entries are for 2^shift depths each: in [0, 15]. */
  readonly shift: number;
  /** 64 probabilities in [0, 1]: entry i is for the depths with min(63, ⌊max(0, |h| − offset) / 2^shift⌋) = i. */
  readonly chances: readonly number[];
}

/**
 * Decides which steps towards zero are taken: metaplastic consolidation. A weight of depth |h| looks up a limit, draws a word of 15
 * bits, and its step is taken if the word is at most the limit: with probability (limit + 1)/2^15.
 *
 * Words belong to the position of a weight and the number of the call, so that no division of the work over threads can change them.
 * Everything a backend needs is integers, and nothing is multiplied:
 *
 *     lane_i ← next 32 bits of the stream, i = 0 … 31, then row_k ← next 32 bits, k = 0 … K − 1     (once a call; `state`)
 *     x_i ← lane_i XOR rotl(row_k, i)                                                                (once a row)
 *     x_i ← x_i XOR x_i << 13;  x_i ← x_i XOR x_i >>> 17;  x_i ← x_i XOR x_i << 5                    (for every 64 columns)
 *     word of column 64·b + 2i is x_i AND 32767, that of column 64·b + 2i + 1 is (x_i >>> 16) AND 32767, after b + 1 such steps
 *
 * The steps are those of Marsaglia's xorshift (Journal of Statistical Software 8 (14), 2003).
 */
export class Consolidation {
  /** State of the stream, mutated by every call, as that of GeometricGaps. */
  readonly state: Int32Array;

  /** limits[i] = round(chances[i] · 2^15) − 1: the largest word with which a step is taken; −1 takes none. */
  readonly limits: Int16Array;

  readonly offset: number;

  readonly shift: number;

  /**
   * @param stream - where the draws start; not advanced
   * @throws ArgumentError for a table that is none
   */
  constructor(stream: RandomStream, { offset, shift, chances }: ConsolidationTable) {
    checkInteger('offset', offset, 0, LARGEST_WORD);
    checkInteger('shift', shift, 0, 15);
    checkLength('chances', chances, LIMIT_COUNT);
    chances.forEach((chance, i) => {
      checkNumber(`chances[${i}]`, chance, 0, 1);
    });
    this.state = Int32Array.from(stream.state());
    this.limits = Int16Array.from(chances, (chance) => Math.round(chance * (LARGEST_WORD + 1)) - 1);
    this.offset = offset;
    this.shift = shift;
  }
}
