import { type BitMatrix, columnMask, WORD_BITS } from '../../core/bit-matrix.js';
import { popcount } from '../../core/popcount.js';
import type { StepList } from '../../kernels/lists.js';
import type { BinaryLayer } from '../../layers/binary-layer.js';

/**
 * Makes metaplastic steps: every weight whose sign times its input is the step's direction goes one step deeper,
 * h ← clip(h + 2·sign(h)). No weight changes sign, so the order of the steps does not matter.
 *
 * Plain TypeScript, the same on all backends. About half of the weights move, in no pattern that a branch could be
 * predicted by: all are rewritten without branches, two at a time where rows are whole pairs.
 * @param layer - its hidden weights are mutated; no sign changes
 * @param inputs - [B, N]
 * @returns the number of weights, those at the bound included
 */
export function deepenRightWeights(
  { weights: { hidden, visible }, bound }: Pick<BinaryLayer, 'weights' | 'bound'>,
  inputs: BitMatrix,
  steps: StepList,
): number {
  const { columns, values } = hidden;
  // Signed words: the arithmetic below then stays within 32-bit integers.
  const inputWords = signedWords(inputs);
  const visibleWords = signedWords(visible);
  const words = Math.ceil(columns / WORD_BITS);
  const masks = Int32Array.from({ length: words }, (_, w) => columnMask(columns, w));
  const inPairs = columns % 2 === 0;
  const pairs = new Int32Array(values.buffer, values.byteOffset, inPairs ? values.length / 2 : 0);
  let deepened = 0;
  for (let i = 0; i < steps.count; i++) {
    const inputWord = steps.samples[i] * inputs.rowWords;
    const weightWord = steps.neurons[i] * visible.rowWords;
    const row = steps.neurons[i] * columns;
    const invert = steps.directions[i] === 1 ? -1 : 0;
    for (let w = 0; w < words; w++) {
      const right = (inputWords[inputWord + w] ^ visibleWords[weightWord + w] ^ invert) & masks[w];
      const start = row + w * WORD_BITS;
      const end = Math.min(start + WORD_BITS, row + columns);
      deepened += popcount(right);
      if (inPairs) deepenPairs(pairs, start / 2, end / 2, right, bound);
      else deepenSingly(values, start, end, right, bound);
    }
  }
  return deepened;
}

/** Deepens values[start + i] where bit i of `bits` is 1, for start + i < end. */
function deepenSingly(values: Int16Array, start: number, end: number, bits: number, bound: number): void {
  for (let i = start, rest = bits; i < end; i++, rest >>= 1) {
    const h = values[i];
    const negative = h >> 31; // −1 or 0; (2 ^ −1) + 1 is −2
    const deeper = h + (((rest & 1) << 1) ^ negative) - negative;
    values[i] = Math.min(Math.max(deeper, -bound), bound);
  }
}

/**
 * Deepens weights 2·i and 2·i + 1, the halves (lanes) of pairs[start + i], where bits 2·i and 2·i + 1 of `bits` are 1.
 *
 * A variable called by a plural holds one bit for each lane, at bit 0 and at bit 16. A lane that moves never crosses 0
 * and stops at the bound, so that nothing is carried from one lane into the other.
 */
function deepenPairs(pairs: Int32Array, start: number, end: number, bits: number, bound: number): void {
  const bounds = bound * 0x10001;
  for (let i = start, rest = bits; i < end; i++, rest >>= 2) {
    const pair = pairs[i];
    const negatives = (pair >>> 15) & 0x10001;
    // −bound is bound ^ 0xfffe, as bound is odd. What is 0 in a lane is at the bound; adding 0x7fff carries the others.
    const distances = pair ^ bounds ^ Math.imul(negatives, 0xfffe);
    const free = ((distances + 0x7fff7fff) >>> 15) & 0x10001;
    const moving = Math.imul(rest & 3, 0x8001) & free;
    pairs[i] = pair + (moving << 1) - ((moving & negatives) << 2);
  }
}

function signedWords({ words }: BitMatrix): Int32Array {
  return new Int32Array(words.buffer, words.byteOffset, words.length);
}
