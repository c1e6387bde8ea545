import type { BitMatrix } from '../core/bit-matrix.js';
import type { Int32Matrix } from '../core/int-matrix.js';
import { RandomStream } from '../core/random.js';
import type { Kernels } from '../kernels/kernels.js';

/**
 * Ties of pre-activations broken at random: an activation with z = 0 becomes +1 or −1, each with probability 1/2, where sign(0) = +1 would
 * always make it +1. Draws come in the order of rows and, within a row, of words: one for each word of 32 neurons of which any is tied. The
 * same on all backends. Not in the papers.
 */
export class RandomTies {
  #stream: RandomStream;

  /** @param stream - advanced by every word with a tie */
  constructor(stream: RandomStream) {
    this.#stream = stream;
  }

  /**
   * Breaks the ties of a batch.
   * @param preActivations - z, [B, K]
   * @param activations - sign(z), [B, K]; mutated
   * @param tied - [B, K]; overwritten
   */
  break(kernels: Kernels, preActivations: Int32Matrix, activations: BitMatrix, tied: BitMatrix): void {
    kernels.packGates(preActivations, 0, tied);
    for (let i = 0; i < tied.words.length; i++) {
      if (tied.words[i] !== 0) activations.words[i] ^= tied.words[i] & this.#stream.uint32();
    }
  }

  /** State of the stream of draws, four 32-bit integers. */
  saveState(): Uint32Array {
    return Uint32Array.from(this.#stream.state());
  }

  /** Returns to a state that `saveState` gave. */
  loadState(state: ArrayLike<number>): void {
    this.#stream = RandomStream.fromState(Array.from(state, (word) => word | 0));
  }
}
