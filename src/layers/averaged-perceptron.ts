import type { BitMatrix } from '../core/bit-matrix.js';
import { Int16Matrix, type Int32Matrix } from '../core/int-matrix.js';
import type { Kernels } from '../kernels/kernels.js';
import type { SampleList, StepList } from '../kernels/lists.js';
import type { LearnerState } from './layer.js';
import { type DigitBatch, OddDigits } from './odd-digits.js';

/** Bits that a weight takes in training, and its sum over all batches. */
export const PERCEPTRON_BITS = { weight: 16, sum: 64 } as const;

/** Bits of a logit: integers of as many are exact as 32-bit floats, which networks with such weights are kept as. */
const LOGIT_BITS = 24;

/** What digits of 16-bit weights take. */
const MOST_DIGITS = 15;

/** What a perceptron computes for one batch. */
export interface PerceptronBatch extends DigitBatch {
  readonly triggers: SampleList;
  readonly steps: StepList;
}

/** The sizes and options of an averaged perceptron. */
export interface PerceptronOptions {
  /** C. */
  readonly classes: number;
  /** K. */
  readonly neurons: number;
  /** m, at least 0. */
  readonly margin: number;
}

/** D: so many digits of ±1 stand for a weight of a perceptron on K neurons. */
export function perceptronDigits(neurons: number): number {
  return Math.max(1, Math.min(MOST_DIGITS, LOGIT_BITS - Math.ceil(Math.log2(neurons))));
}

/**
 * An averaged perceptron of integers with a margin, for C classes on K activations of ±1. After every batch, for the samples whose label's
 * logit does not lead all others by at least m·4K,
 *
 *     ŷ = H a,   h_label ← clip(h_label + 2a),   h_rival ← clip(h_rival − 2a),   rival: the strongest class but the label
 *
 * all of a batch at once and from the weights before it. Predictions are made with the sum of H over the ends of batches: argmax Ū a,
 * U = Σ_t H_t, where Ū is U without as many of its last binary digits as it takes for |Ū| < 2^D. D = min(15, 24 − ⌈log₂ K⌉) digits are
 * what H is clipped to, too: every logit is exact in 24 bits. H starts at 1 everywhere, which adds the same to all logits: it is twice a
 * perceptron that starts at 0, and its entries are odd, as the binary product wants them (odd-digits.ts). A step moves the lead of its own
 * sample by 4K, so that m counts steps.
 *
 * Integers only, and nothing is drawn at random.
 *
 * Source: Freund, Schapire, Large margin classification using the perceptron algorithm, Machine Learning 37 (1999) 277–296; for several
 * classes Crammer, Singer, Journal of Machine Learning Research 3 (2003) 951–991 (the update of the strongest rival). As a read-out of binary
 * features: `sw965/crow` (nnlab), there of the units that fire, +1 for the right class and −1 for the strongest wrong one; here of ±1.
 */
export class AveragedPerceptron {
  readonly #kernels: Kernels;
  readonly #options: PerceptronOptions;
  readonly #bound: number;
  readonly #margin: number;
  /** H, [C, K]. */
  readonly #hidden: Int16Matrix;
  /** sign(H), which the kernels keep. */
  readonly #visible: BitMatrix;
  /** U, [C, K]: integers. */
  readonly #sums: Float64Array;
  /** Of H, and of Ū. */
  readonly #training: OddDigits;
  readonly #averaged: OddDigits;
  #trainingIsStale = true;
  #averagesAreStale = true;
  #batches = 0;
  #steps = 0;

  constructor(kernels: Kernels, options: PerceptronOptions) {
    const { classes, neurons, margin } = options;
    const digits = perceptronDigits(neurons);
    this.#kernels = kernels;
    this.#options = options;
    this.#bound = 2 ** digits - 1;
    this.#margin = Math.round(margin * 4 * neurons);
    this.#hidden = kernels.int16Matrix(classes, neurons);
    this.#visible = kernels.bitMatrix(classes, neurons);
    this.#sums = new Float64Array(classes * neurons);
    this.#training = new OddDigits(kernels, classes, neurons, digits);
    this.#averaged = new OddDigits(kernels, classes, neurons, digits);
    this.#hidden.values.fill(1);
    kernels.packSigns(this.#hidden, this.#visible);
  }

  /** Memory for a batch of `rows` samples. */
  allocate(rows: number): PerceptronBatch {
    return {
      ...this.#training.allocate(rows),
      triggers: this.#kernels.sampleList(rows),
      steps: this.#kernels.stepList(2 * rows),
    };
  }

  /**
   * Shows a batch.
   * @param activations - [B, K]
   * @param labels - B entries in [0, C)
   * @returns the number of samples that H got wrong before it was changed
   */
  update(activations: BitMatrix, labels: Int32Array, batch: PerceptronBatch): number {
    const { triggers, steps } = batch;
    if (this.#trainingIsStale) this.#training.set(this.#hidden);
    const logits = this.#training.multiply(activations, batch);
    const wrong = this.#kernels.findTriggers(logits, labels, this.#margin, triggers);
    this.#kernels.selectRivals(logits, labels, triggers, steps);
    this.#kernels.applySteps(this.#hidden, this.#visible, activations, steps, this.#bound);
    this.#trainingIsStale = triggers.count > 0;
    this.#steps += steps.count;
    const { values } = this.#hidden;
    for (let i = 0; i < values.length; i++) this.#sums[i] += values[i];
    this.#batches++;
    this.#averagesAreStale = true;
    return wrong;
  }

  /**
   * Logits to predict with. Overwrites the batch.
   * @param activations - [B, K]
   * @returns [B, C]
   */
  logits(activations: BitMatrix, batch: PerceptronBatch): Int32Matrix {
    if (this.#averagesAreStale) {
      this.#averaged.set(this.averages());
      this.#averagesAreStale = false;
    }
    return this.#averaged.multiply(activations, batch);
  }

  /** Ū, [C, K]: odd integers of D digits; H before the first batch. */
  averages(): Int16Matrix {
    const { rows, columns, values } = this.#hidden;
    if (this.#batches === 0) return new Int16Matrix(rows, columns, Int16Array.from(values));
    let largest = 0;
    for (const sum of this.#sums) largest = Math.max(largest, Math.abs(sum));
    let unit = 2;
    while (largest >= (unit / 2) * (this.#bound + 1)) unit *= 2;
    const averages = Int16Array.from(this.#sums, (sum) => 2 * Math.floor(sum / unit) + 1);
    return new Int16Matrix(rows, columns, averages);
  }

  /** Single weights that were moved, and sums that were added to, since it was made. */
  get changes(): { readonly steps: number; readonly sums: number } {
    const { classes, neurons } = this.#options;
    return { steps: this.#steps * neurons, sums: this.#batches * classes * neurons };
  }

  /** Copies the state out. */
  saveState(): LearnerState {
    return {
      'perceptron/hidden': this.#hidden.values.slice(),
      'perceptron/sums': this.#sums.slice(),
      'perceptron/counts': Float64Array.of(this.#batches, this.#steps),
    };
  }

  /** Returns to a state that `saveState` gave. */
  loadState(state: LearnerState): void {
    this.#hidden.values.set(state['perceptron/hidden']);
    this.#kernels.packSigns(this.#hidden, this.#visible);
    this.#sums.set(state['perceptron/sums']);
    [this.#batches, this.#steps] = state['perceptron/counts'];
    this.#trainingIsStale = true;
    this.#averagesAreStale = true;
  }
}
