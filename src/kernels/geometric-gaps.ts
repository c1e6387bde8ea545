import { checkNumber } from '../core/check.js';
import type { RandomStream } from '../core/random.js';

const TWO_TO_32 = 2 ** 32;

/** Longest gap that one draw can tell; longer ones continue with another draw. */
const MAXIMUM_TABLE_LENGTH = 4096;

/**
 * Entries of the guide, a power of two: one for each value of a draw's most significant bits. With so many the search
 * that starts there rarely passes more than one threshold.
 */
export const GUIDE_LENGTH = 4096;

/** Words of a state. */
export const STATE_LENGTH = 4;

/** Draws of the same guide entry. */
const GUIDE_STEP = TWO_TO_32 / GUIDE_LENGTH;

/**
 * Draws which positions are hit when each is hit independently with a small probability p, by drawing the gaps
 * between hits. A gap of g misses has probability p·(1 − p)^g, so the cost is that of the hits alone.
 *
 * Everything a backend needs is integers, so that all of them draw the same:
 *
 *     u ← next 32 bits of the stream              (xoroshiro128+, see `state`)
 *     g ← number of thresholds ≤ u
 *     g < thresholds.length: pass g misses, then hit the next position
 *     otherwise: pass thresholds.length misses, hit nothing, draw again (the distribution has no memory)
 *
 * The probability is met to within 2^−32.
 */
export class GeometricGaps {
  /**
   * State of the stream, mutated by every draw: the high and low words of s0, then of s1. A draw gives the low
   * word of s0 + s1 mod 2^64, then s1 ^= s0; s0 ← rotl(s0, 24) ^ s1 ^ (s1 << 16); s1 ← rotl(s1, 37).
   */
  readonly state: Int32Array;

  /** thresholds[g] = ⌊2^32 · (1 − (1 − p)^(g+1))⌋, ascending: a draw below it passes at most g misses. */
  readonly thresholds: Uint32Array = new Uint32Array(MAXIMUM_TABLE_LENGTH);

  /** guide[i] = number of thresholds ≤ i · 2^20: where the search for a draw u starts, i = u >>> 20. */
  readonly guide: Uint32Array = new Uint32Array(GUIDE_LENGTH);

  /** @param stream - where the draws start; not advanced */
  constructor(stream: RandomStream) {
    this.state = Int32Array.from(stream.state());
  }

  /** Sets the probability of a hit. @throws ArgumentError outside [0, 1] */
  setProbability(probability: number): void {
    checkNumber('probability', probability, 0, 1);
    let missesOnly = 1;
    for (let g = 0; g < MAXIMUM_TABLE_LENGTH; g++) {
      missesOnly *= 1 - probability;
      this.thresholds[g] = Math.min(Math.floor(TWO_TO_32 * (1 - missesOnly)), TWO_TO_32 - 1);
    }
    let g = 0;
    for (let i = 0; i < GUIDE_LENGTH; i++) {
      while (g < MAXIMUM_TABLE_LENGTH && this.thresholds[g] <= i * GUIDE_STEP) g++;
      this.guide[i] = g;
    }
  }
}
