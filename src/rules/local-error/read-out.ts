import type { Int32Matrix } from '../../core/int-matrix.js';
import type { Kernels } from '../../kernels/kernels.js';

/** Whose logits decide: the last layer's, or the sum of all layers'. */
export type ReadOutName = 'last' | 'summed';

/** The first layer whose logits count in a network that ends at layer `last`, by the name of the read-out. */
export const FIRST_READ: Readonly<Record<ReadOutName, (last: number) => number>> = {
  last: (last) => last,
  summed: () => 0,
};

/** How the logits of the layers become those that decide. */
export interface ReadOut {
  readonly name: ReadOutName;
  /** The first layer whose logits count in a network that ends at layer `last`. */
  firstRead(last: number): number;
  /** Memory for batches of `rows` samples. */
  allocate(rows: number): ReadOutBatch;
}

/** A read-out at work on one batch. */
export interface ReadOutBatch {
  /**
   * The logits that decide, [B, C].
   * @param logits - ŷ of layers firstRead(last) … last
   */
  decide(logits: readonly Int32Matrix[]): Int32Matrix;
  /**
   * How many training samples it gets wrong.
   * @param logits - as above
   * @param lastWrong - how many the classifier of layer `last` gets wrong
   */
  countWrong(logits: readonly Int32Matrix[], labels: Int32Array, lastWrong: number): number;
}

/**
 * The read-out of a name.
 * - `last`: the last layer's logits decide, as in the paper
 * - `summed`: Σ_l ŷ_l decides: one ±1 classifier [P_1 … P_L] on the activations of all layers, so that a layer weighs by its width
 */
export function readOut(name: ReadOutName, kernels: Kernels, classes: number): ReadOut {
  const allocate = name === 'last' ? lastLayer : (rows: number) => summedLayers(kernels, rows, classes);
  return { name, firstRead: FIRST_READ[name], allocate };
}

function lastLayer(): ReadOutBatch {
  return {
    decide: (logits) => logits[logits.length - 1],
    countWrong: (_logits, _labels, lastWrong) => lastWrong,
  };
}

function summedLayers(kernels: Kernels, rows: number, classes: number): ReadOutBatch {
  const sum = kernels.int32Matrix(rows, classes);
  const misclassified = kernels.sampleList(rows);
  const decide = (logits: readonly Int32Matrix[]): Int32Matrix => {
    sum.values.fill(0);
    for (const { values } of logits) for (let i = 0; i < values.length; i++) sum.values[i] += values[i];
    return sum;
  };
  const countWrong = (logits: readonly Int32Matrix[], labels: Int32Array): number =>
    kernels.findTriggers(decide(logits), labels, 0, misclassified);
  return { decide, countWrong };
}
