import { type BitMatrix, WORD_BITS } from '../core/bit-matrix.js';
import type { HiddenWeights } from './hidden-weights.js';

/**
 * Hysteresis in the flips of visible weights. With a flip threshold θ, a weight changes its sign only when its hidden weight
 * u has gone θ beyond 0: w ← −w when u·w < −θ. Kept here is h = u + θ·w, how far from its flip a weight is, so that w
 * is the sign of h with any θ, the kernels are the same, and B bits hold the same range. What a flip adds is that u then
 * lies θ on the other side as well: h goes from w·d, d ≥ 1 as the step has left it, to w·(d + 2θ), clipped.
 *
 * Plain TypeScript, the same on all backends. Not in the papers.
 */
export class Hysteresis {
  /** W before the step. */
  readonly #before: Uint32Array;

  /** @param threshold - θ, at least 1 */
  constructor(
    readonly threshold: number,
    visible: BitMatrix,
  ) {
    this.#before = new Uint32Array(visible.words.length);
  }

  /** Takes note of the weights before a step. */
  note({ visible }: HiddenWeights): void {
    this.#before.set(visible.words);
  }

  /**
   * Deepens the hidden weights that have changed their sign since `note`. No sign changes.
   * @param bound - largest |h|
   */
  deepenFlipped({ hidden, visible }: HiddenWeights, bound: number): void {
    const { rowWords, words } = visible;
    const depth = 2 * this.threshold;
    for (let word = 0; word < words.length; word++) {
      const row = Math.floor(word / rowWords);
      const start = row * hidden.columns + (word - row * rowWords) * WORD_BITS;
      for (let rest = words[word] ^ this.#before[word]; rest !== 0; rest &= rest - 1) {
        const i = start + 31 - Math.clz32(rest & -rest);
        const h = hidden.values[i];
        hidden.values[i] = h > 0 ? Math.min(h + depth, bound) : Math.max(h - depth, -bound);
      }
    }
  }
}
