import { type BitMatrix, WORD_BITS } from '../../core/bit-matrix.js';
import type { Int32Matrix } from '../../core/int-matrix.js';
import { zerosOf } from '../../core/ternary-matrix.js';
import type { SampleList, StepList } from '../../kernels/lists.js';
import type { PropagationBatch } from '../bep/backward.js';

/**
 * Stabilities summed over steps: sums[b, k] = Σ_t z_t[b, k] · s*_t[b, k], in the rows of the samples listed.
 * @param steps - those that errors were carried back to
 * @param sums - [B, K], overwritten in these rows
 */
export function sumStabilities(
  steps: readonly PropagationBatch[],
  samples: SampleList,
  sums: Int32Matrix,
): void {
  const { columns } = sums;
  for (const b of samples.listed()) {
    const ofSample = sums.values.subarray(b * columns, (b + 1) * columns).fill(0);
    for (const { preActivations, desired } of steps) {
      addAgreements(preActivations.values.subarray(b * columns, (b + 1) * columns), desired, b, ofSample);
    }
  }
}

/** sums[k] += z[k] · s*[k], s* being row `b` of what is desired. Without a branch in the loop: as many signs are one as the other. */
function addAgreements(z: Int32Array, desired: BitMatrix, b: number, sums: Int32Array): void {
  const { words, rowWords } = desired;
  const zeros = zerosOf(desired)?.words;
  for (let first = 0; first < sums.length; first += WORD_BITS) {
    const word = b * rowWords + first / WORD_BITS;
    const [signs, absent] = [words[word], zeros ? zeros[word] : 0];
    const end = Math.min(first + WORD_BITS, sums.length);
    for (let k = first, bit = 0; k < end; k++, bit++) {
      const isThere = 1 - ((absent >>> bit) & 1);
      sums[k] += z[k] * (2 * ((signs >>> bit) & 1) - 1) * isThere;
    }
  }
}

/**
 * Spreads the neurons that were chosen for a sample, once, over the steps: at each of them the neuron steps towards what it should have
 * given there, and stays where nothing is desired. The mask is shared by the steps because their weights are.
 * @param chosen - of samples [0, B)
 * @param steps - those that errors were carried back to, the last of T
 * @param total - T
 * @param out - overwritten; samples are rows t·B + b of step t from 0; room for `chosen.count` × steps
 * @returns how many of the steps, which are the first in the list, are not of step 0
 */
export function spreadOverSteps(
  chosen: StepList,
  steps: readonly PropagationBatch[],
  total: number,
  out: StepList,
): number {
  out.count = 0;
  let behindFirst = 0;
  for (let i = steps.length - 1; i >= 0; i--) {
    const { desired } = steps[i];
    const { words, rowWords } = desired;
    const zeros = zerosOf(desired)?.words;
    const first = (total - steps.length + i) * desired.rows;
    if (first === 0) behindFirst = out.count;
    for (let c = 0; c < chosen.count; c++) {
      const [b, k] = [chosen.samples[c], chosen.neurons[c]];
      const word = b * rowWords + (k >>> 5);
      if (zeros && (zeros[word] >>> (k & 31)) & 1) continue;
      out.push(first + b, k, (words[word] >>> (k & 31)) & 1 ? 1 : -1);
    }
  }
  return total > steps.length ? out.count : behindFirst;
}
