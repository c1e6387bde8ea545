import { type BitMatrix, columnMask, WORD_BITS } from '../../bits/bit-matrix.js';
import type { Int32Matrix } from '../../bits/int-matrix.js';
import { RandomStream } from '../../bits/random.js';
import type { SampleList, StepList } from '../../kernels/lists.js';
import type { BinaryLayer } from '../binary/binary-layer.js';

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
 * deeper, h ← clip(h + 2·sign(h)). No weight changes sign, so the order of the steps does not matter.
 *
 * Draws come in the order of samples and, within a sample, of perceptrons, one 32-bit draw for each perceptron within
 * the threshold. Plain TypeScript, the same on all backends.
 */
export class SecondaryStep {
  readonly #threshold: number;
  /** A draw below it makes a step. */
  readonly #drawLimit: number;
  #stream: RandomStream;

  constructor({ probability, threshold }: SecondaryOptions, stream: RandomStream) {
    this.#threshold = threshold;
    this.#drawLimit = Math.round(probability * TWO_TO_32);
    this.#stream = stream;
  }

  /**
   * Chooses which perceptrons step, as steps towards their desired activation.
   * @param steps - capacity at least B · K1; overwritten
   */
  select({ preActivations, triggers, desired, labels }: SecondaryView, steps: StepList): void {
    const { rows, columns, values } = preActivations;
    steps.count = 0;
    let nextTrigger = 0;
    for (let b = 0; b < rows; b++) {
      if (nextTrigger < triggers.count && triggers.indices[nextTrigger] === b) {
        nextTrigger++;
        continue;
      }
      for (let k = 0; k < columns; k++) {
        const z = values[b * columns + k];
        if (z === 0 || Math.abs(z) > this.#threshold) continue;
        const direction = z > 0 ? 1 : -1;
        if (direction !== desired.get(labels[b], k)) continue;
        if (this.#stream.uint32() < this.#drawLimit) steps.push(b, k, direction);
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

/**
 * Makes the steps: every weight whose sign times its input is the step's direction goes one step deeper.
 * @param layer - its hidden weights are mutated; no sign changes
 * @param inputs - [B, N]
 * @returns the number of weights, those at the bound included
 */
export function deepenRightWeights(
  { weights, bound }: BinaryLayer,
  inputs: BitMatrix,
  steps: StepList,
): number {
  const { hidden, visible } = weights;
  let deepened = 0;
  for (let i = 0; i < steps.count; i++) {
    const inputWord = steps.samples[i] * inputs.rowWords;
    const weightWord = steps.neurons[i] * visible.rowWords;
    const first = steps.neurons[i] * hidden.columns;
    for (let w = 0; w < visible.rowWords; w++) {
      const differing = inputs.words[inputWord + w] ^ visible.words[weightWord + w];
      const right = (steps.directions[i] === 1 ? ~differing : differing) & columnMask(hidden.columns, w);
      deepened += deepenWord(hidden.values, first + w * WORD_BITS, right, bound);
    }
  }
  return deepened;
}

/** Deepens values[first + i] for each 1 bit i of `bits`. @returns their number */
function deepenWord(values: Int16Array, first: number, bits: number, bound: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) {
    const position = first + 31 - Math.clz32(rest & -rest);
    const h = values[position];
    values[position] = h > 0 ? Math.min(h + 2, bound) : Math.max(h - 2, -bound);
    count++;
  }
  return count;
}
