import { type BitMatrix, WORD_BITS } from '../../core/bit-matrix.js';
import type { Int32Matrix } from '../../core/int-matrix.js';
import { RandomStream } from '../../core/random.js';
import type { SampleList, StepList } from '../../kernels/lists.js';

const TWO_TO_32 = 2 ** 32;

/** Options of the secondary step. */
export interface SecondaryOptions {
  /** p_s, in [0, 1]. */
  readonly probability: number;
  /** θ_m, at least 1. */
  readonly threshold: number;
}

/** What the secondary step looks at, for a batch of B samples and K1 perceptrons. */
export interface SecondaryView {
  /** z, [B, K1]. */
  readonly preActivations: Int32Matrix;
  /** sign(z), [B, K1]. */
  readonly activations: BitMatrix;
  /** [B, K1], +1 where |z| ≤ `threshold`. */
  readonly near: BitMatrix;
  /** Samples that trigger: they get no secondary step. In ascending order. */
  readonly triggers: SampleList;
  /** a*, [C, K1]. */
  readonly desired: BitMatrix;
  /** Which row of `desired` each of the B samples wants. */
  readonly labels: Int32Array;
}

/**
 * SBPI's purely metaplastic step ([SBPI]): for a sample that does not trigger and a perceptron of stability
 * 0 < s_k = z_k·a*_k ≤ θ_m, with probability p_s, the weights that are on the right side (h·x·a*_k > 0) go one step
 * deeper, h ← clip(h + 2·sign(h)): `deepenRightWeights`. Chosen here: which samples and perceptrons.
 *
 * Draws come in the order of samples and, within a sample, of perceptrons, one 32-bit draw for each perceptron within
 * the threshold. Plain TypeScript, the same on all backends.
 */
export class SecondaryStep {
  /** θ_m. */
  readonly threshold: number;
  /** A draw below it makes a step. */
  readonly #drawLimit: number;
  #stream: RandomStream;

  constructor({ probability, threshold }: SecondaryOptions, stream: RandomStream) {
    this.threshold = threshold;
    this.#drawLimit = Math.round(probability * TWO_TO_32);
    this.#stream = stream;
  }

  /**
   * Chooses which perceptrons step, as steps towards their desired activation.
   * @param steps - capacity at least B · K1; overwritten
   */
  select(
    { preActivations, activations, near, triggers, desired, labels }: SecondaryView,
    steps: StepList,
  ): void {
    const { rows, columns, values } = preActivations;
    const { rowWords } = near;
    steps.count = 0;
    let nextTrigger = 0;
    for (let b = 0; b < rows; b++) {
      if (nextTrigger < triggers.count && triggers.indices[nextTrigger] === b) {
        nextTrigger++;
        continue;
      }
      for (let w = 0; w < rowWords; w++) {
        const differing = activations.words[b * rowWords + w] ^ desired.words[labels[b] * rowWords + w];
        for (let rest = near.words[b * rowWords + w] & ~differing; rest !== 0; rest &= rest - 1) {
          const k = w * WORD_BITS + 31 - Math.clz32(rest & -rest);
          const z = values[b * columns + k];
          if (z !== 0 && this.#stream.uint32() < this.#drawLimit) steps.push(b, k, z > 0 ? 1 : -1);
        }
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
  }
}
