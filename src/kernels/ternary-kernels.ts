import { BitMatrix } from '../core/bit-matrix.js';
import { type Int16Matrix, Int32Matrix } from '../core/int-matrix.js';
import { TernaryMatrix, zerosOf } from '../core/ternary-matrix.js';
import type { Kernels } from './kernels.js';

/** A ternary matrix of −1 in memory that the kernels read without copying. */
export function ternaryMatrix(kernels: Kernels, rows: number, columns: number): TernaryMatrix {
  return new TernaryMatrix(kernels.bitMatrix(rows, columns), kernels.bitMatrix(rows, columns));
}

/** The same entries in memory that the kernels read without copying. */
export function inMemoryOf<Matrix extends BitMatrix>(kernels: Kernels, matrix: Matrix): Matrix;
export function inMemoryOf(kernels: Kernels, matrix: BitMatrix): BitMatrix {
  const copy = kernels.bitMatrix(matrix.rows, matrix.columns);
  copy.words.set(matrix.words);
  return matrix instanceof TernaryMatrix ? new TernaryMatrix(copy, inMemoryOf(kernels, matrix.zeros)) : copy;
}

/**
 * The same kernels on matrices that may have zeros: where an operand of `product`, `packSigns`, `packMajority`, `selectNeurons` or
 * `applySteps` is a TernaryMatrix, its zeros count as 0, and where it is written, 0 stays 0: sign(0) = 0. What computes with them need
 * not know. On matrices of ±1 they are the kernels given. `reinforce` sees no signs: `keepZeros` after it.
 *
 * - A desired activation of 0 is never wrong (its stability is 0), so that no neuron is selected for it.
 * - A vote of 0 counts for neither side, and a vote that is tied gives 0.
 */
export function ternaryKernels(kernels: Kernels): Kernels {
  const groupsOf = new Map<string, TernaryMatrix>();
  const groups = (count: number, size: number): TernaryMatrix => {
    const key = `${count} of ${size}`;
    const matrix = groupsOf.get(key) ?? inMemoryOf(kernels, groupMatrix(count, size));
    groupsOf.set(key, matrix);
    return matrix;
  };
  const packSigns = (values: Int16Matrix | Int32Matrix, out: BitMatrix): void => {
    kernels.packSigns(values, out);
    if (!(out instanceof TernaryMatrix)) return;
    if (values instanceof Int32Matrix) kernels.packGates(values, 0, out.zeros);
    else packZeros(values, out.zeros);
  };
  return {
    ...kernels,
    product(inputs, weights, out, signs) {
      const [inputZeros, weightZeros] = [zerosOf(inputs), zerosOf(weights)];
      if (inputZeros || weightZeros) {
        kernels.ternaryProduct(inputs, weights, out, inputZeros, weightZeros);
        if (signs) packSigns(out, signs);
      } else {
        kernels.product(inputs, weights, out, signs);
        if (signs instanceof TernaryMatrix) kernels.packGates(out, 0, signs.zeros);
      }
    },
    packSigns,
    packMajority(activations, groupSize, out) {
      if (activations instanceof TernaryMatrix || out instanceof TernaryMatrix) {
        const members = groups(out.columns, groupSize);
        const votes = new Int32Matrix(out.rows, out.columns);
        kernels.ternaryProduct(activations, members, votes, zerosOf(activations), members.zeros);
        packSigns(votes, out);
      } else kernels.packMajority(activations, groupSize, out);
    },
    selectNeurons(preActivations, samples, desired, desiredRows, groupSize, steps) {
      const zeros = zerosOf(desired);
      kernels.selectNeurons(preActivations, samples, desired, desiredRows, groupSize, steps, zeros);
    },
    applySteps(hidden, visible, inputs, steps, bound) {
      const [zeros, inputZeros] = [zerosOf(visible), zerosOf(inputs)];
      return zeros || inputZeros
        ? kernels.applyTernarySteps(hidden, visible, inputs, steps, bound, zeros, inputZeros)
        : kernels.applySteps(hidden, visible, inputs, steps, bound);
    },
  };
}

/**
 * Puts weights back to 0 that `reinforce` has moved from there: sign(0) = 0, so that they have no side to go deeper on.
 * @param hidden - [K, N], mutated
 * @param visible - [K, N], sign(hidden) as it was before
 */
export function keepZeros(hidden: Int16Matrix, visible: BitMatrix): void {
  const zeros = zerosOf(visible);
  if (!zeros) return;
  for (let row = 0; row < zeros.rows; row++) {
    forEachOne(zeros, row, (column) => {
      hidden.values[row * hidden.columns + column] = 0;
    });
  }
}

/** zeros[r, c] = +1 where values[r, c] = 0, else −1. */
function packZeros({ columns, values }: Int16Matrix, zeros: BitMatrix): void {
  zeros.words.fill(0);
  values.forEach((value, i) => {
    if (value === 0) zeros.set(Math.floor(i / columns), i % columns, 1);
  });
}

/** [groups, groups·groupSize]: +1 where a neuron is in a group, else 0. */
function groupMatrix(groups: number, groupSize: number): TernaryMatrix {
  const signs = new BitMatrix(groups, groups * groupSize);
  const zeros = new BitMatrix(groups, groups * groupSize);
  for (let j = 0; j < groups; j++) {
    for (let k = 0; k < signs.columns; k++) {
      signs.set(j, k, 1);
      if (Math.floor(k / groupSize) !== j) zeros.set(j, k, 1);
    }
  }
  return new TernaryMatrix(signs, zeros);
}

/** Visits the columns of a row that are +1. */
function forEachOne({ rowWords, words }: BitMatrix, row: number, visit: (column: number) => void): void {
  for (let w = 0; w < rowWords; w++) {
    for (let rest = words[row * rowWords + w]; rest !== 0; rest &= rest - 1) {
      visit(w * 32 + 31 - Math.clz32(rest & -rest));
    }
  }
}
