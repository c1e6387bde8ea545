import { checkNumber } from './check.js';
import type { RandomStream } from './random.js';

const DIGITS = 32;

/**
 * Words of 32 independent bits, each 1 with the same probability.
 *
 * Each bit is the outcome of U < T, with U a 32-bit random integer and T = probability · 2^32 rounded to an
 * integer: exact for multiples of 2^−32, off by at most 2^−33 otherwise. The 32 comparisons of a word share
 * their draws: draw d holds binary digit d of all 32 numbers U, the first digit that differs from T's decides,
 * and drawing stops once all are decided, after about 6 draws instead of 32.
 */
export class BernoulliWords {
  readonly #stream: RandomStream;
  readonly #threshold: number;

  /**
   * @param stream - advanced by every word
   * @param probability - in [0, 1]
   * @throws ArgumentError outside that range
   */
  constructor(stream: RandomStream, probability: number) {
    checkNumber('probability', probability, 0, 1);
    this.#stream = stream;
    this.#threshold = Math.round(probability * 2 ** DIGITS);
  }

  /** The next word, a signed 32-bit integer. */
  next(): number {
    if (this.#threshold === 2 ** DIGITS) return -1;
    let remaining = this.#threshold | 0; // digits of T not compared yet, the next one in the sign bit
    let undecided = -1;
    let less = 0;
    // Once the rest of T is 0, no undecided U can be less.
    while (undecided !== 0 && remaining !== 0) {
      const digits = this.#stream.uint32();
      if (remaining < 0) {
        less |= undecided & ~digits;
        undecided &= digits;
      } else {
        undecided &= ~digits;
      }
      remaining <<= 1;
    }
    return less;
  }
}
