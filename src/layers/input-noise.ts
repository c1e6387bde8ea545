import { BernoulliWords } from '../core/bernoulli-words.js';
import { type BitMatrix, columnMask, WORD_BITS } from '../core/bit-matrix.js';
import { RandomStream } from '../core/random.js';

/**
 * Flip noise on inputs, a regularizer: every bit is flipped with the same probability, independently, afresh each time
 * a sample is shown. Draws come in the order of rows and, within a row, of words; plain TypeScript, the same on all
 * backends.
 */
export class InputNoise {
  readonly #probability: number;
  #stream: RandomStream;
  #flips: BernoulliWords;

  /**
   * @param probability - in [0, 1]
   * @param stream - advanced by every flip of a matrix
   */
  constructor(probability: number, stream: RandomStream) {
    this.#probability = probability;
    this.#stream = stream;
    this.#flips = new BernoulliWords(stream, probability);
  }

  /** Flips bits of `inputs` in place. */
  flip({ rows, columns, rowWords, words }: BitMatrix): void {
    const usedWords = Math.ceil(columns / WORD_BITS);
    for (let row = 0; row < rows; row++) {
      for (let word = 0; word < usedWords; word++) {
        words[row * rowWords + word] ^= this.#flips.next() & columnMask(columns, word);
      }
    }
  }

  /** State of the stream of draws, four 32-bit integers. */
  saveState(): Uint32Array {
    return Uint32Array.from(this.#stream.state());
  }

  /** Returns to a state that `saveState` gave. */
  loadState(state: ArrayLike<number>): void {
    this.#stream = RandomStream.fromState(Array.from(state, (word) => word | 0));
    this.#flips = new BernoulliWords(this.#stream, this.#probability);
  }
}
