import { BitMatrix, WORD_BITS } from '../../core/bit-matrix.js';
import { ArgumentError } from '../../core/errors.js';
import type { Inputs, RealRows } from '../../rules/rule.js';

/**
 * Inputs with their columns in another order: column c of the result is column `order[c]` of `inputs`. Bits are copied;
 * real rows are permuted when they are made.
 * @param order - every column once; not mutated
 * @throws ArgumentError when it is no such order
 */
export function permuteColumns(inputs: Inputs, order: Uint32Array): Inputs {
  if (
    order.length !== inputs.columns ||
    new Set(order).size !== order.length ||
    order.some((c) => c >= order.length)
  ) {
    throw new ArgumentError('order', `each of ${inputs.columns} columns once`, order);
  }
  return inputs instanceof BitMatrix ? permuteBits(inputs, order) : permuteRows(inputs, order);
}

function permuteBits(bits: BitMatrix, order: Uint32Array): BitMatrix {
  const permuted = new BitMatrix(bits.rows, bits.columns);
  const sourceWord = order.map((column) => Math.floor(column / WORD_BITS));
  const sourceBit = order.map((column) => column % WORD_BITS);
  for (let row = 0; row < bits.rows; row++) {
    const first = row * bits.rowWords;
    for (let start = 0; start < bits.columns; start += WORD_BITS) {
      const end = Math.min(start + WORD_BITS, bits.columns);
      let word = 0;
      for (let c = start; c < end; c++) {
        word |= ((bits.words[first + sourceWord[c]] >>> sourceBit[c]) & 1) << (c - start);
      }
      permuted.words[first + start / WORD_BITS] = word;
    }
  }
  return permuted;
}

function permuteRows(inner: RealRows, order: Uint32Array): RealRows {
  const unpermuted = new Float32Array(inner.columns);
  return {
    rows: inner.rows,
    columns: inner.columns,
    copyRow(row, target, offset) {
      inner.copyRow(row, unpermuted, 0);
      for (let c = 0; c < order.length; c++) target[offset + c] = unpermuted[order[c]];
    },
  };
}
