import { BitMatrix } from '../../core/bit-matrix.js';
import { ArgumentError } from '../../core/errors.js';
import { permuteBits } from '../../core/permute-bits.js';
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
