import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { BitMatrix, columnMask } from './bit-matrix.js';
import { checkInteger } from './check.js';
import { sha256 } from './sha256.js';

const TWO_TO_32 = 2 ** 32;

/**
 * A named, seeded stream of random numbers: xoroshiro128+ whose state is the first 128 bits of
 * SHA-256("`seed`/`name`").
 *
 * All randomness of xnorlab comes from such streams. Streams with different names are independent, so drawing
 * more from one (a longer run, another batch size) never shifts another.
 */
export class RandomStream {
  readonly #generator: RandomGenerator;

  private constructor(generator: RandomGenerator) {
    this.#generator = generator;
  }

  /**
   * @param seed - an integer in [0, 2^53 − 1]
   * @param name - what the stream is for, a path: `local-error/layer-1/reinforcement`
   * @throws ArgumentError for a seed that is no such integer
   */
  static named(seed: number, name: string): RandomStream {
    checkInteger('seed', seed, 0);
    const digest = new DataView(sha256(`${seed}/${name}`).buffer);
    return RandomStream.fromState([0, 4, 8, 12].map((offset) => digest.getInt32(offset, true)));
  }

  /** Continues a stream exactly where `state()` was read. */
  static fromState(state: readonly number[]): RandomStream {
    return new RandomStream(xoroshiro128plusFromState([...state]));
  }

  /** Four 32-bit integers that determine everything the stream will ever draw. */
  state(): readonly number[] {
    return this.#generator.getState();
  }

  /** Uniform in [0, 2^32), an integer. */
  uint32(): number {
    return this.#generator.next() >>> 0;
  }

  /** Uniform in [0, 1), a multiple of 2^−53. */
  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** Uniform in [0, `bound`), an integer, without modulo bias. @throws ArgumentError outside [1, 2^32] */
  below(bound: number): number {
    checkInteger('bound', bound, 1, TWO_TO_32);
    if (bound === TWO_TO_32) return this.uint32();
    for (;;) {
      const draw = this.uint32();
      // The limit lies above 2^32 − bound. It takes a floating-point remainder, the other line one of integers.
      if (draw < TWO_TO_32 - bound || draw < TWO_TO_32 - (TWO_TO_32 % bound)) return draw % (bound >>> 0);
    }
  }

  /** Normal with mean 0 and standard deviation 1 (Box–Muller, one draw per call). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** A uniformly random order of 0 … `length` − 1 (Fisher–Yates). */
  permutation(length: number): Uint32Array {
    const order = new Uint32Array(length);
    for (let i = 0; i < length; i++) order[i] = i;
    for (let last = length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      const moved = order[last];
      order[last] = order[other];
      order[other] = moved;
    }
    return order;
  }

  /** A matrix of independent fair ±1. */
  signs(rows: number, columns: number): BitMatrix {
    const matrix = new BitMatrix(rows, columns);
    for (let row = 0; row < rows; row++) {
      for (let word = 0; word < matrix.rowWords; word++) {
        const mask = columnMask(columns, word);
        if (mask) matrix.words[row * matrix.rowWords + word] = this.uint32() & mask;
      }
    }
    return matrix;
  }
}

/** The streams of one run: the same names give the same draws whenever the seed is the same. */
export interface RandomStreams {
  readonly seed: number;
  /** The stream called `name`, at its beginning. */
  stream(name: string): RandomStream;
}

/** The streams of a seed. @throws ArgumentError for a seed that is not an integer in [0, 2^53 − 1] */
export function randomStreams(seed: number): RandomStreams {
  checkInteger('seed', seed, 0);
  return { seed, stream: (name) => RandomStream.named(seed, name) };
}
