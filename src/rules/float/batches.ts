import { BitMatrix, WORD_BITS } from '../../core/bit-matrix.js';
import { checkInteger, checkLength } from '../../core/check.js';
import { ArgumentError } from '../../core/errors.js';
import type { FloatKernels } from '../../kernels/float-kernels.js';
import type { EpochPlan, InputForm, Inputs, Problem, RealRows } from '../rule.js';
import type { OnnxTensor, OnnxTensorConstructor } from './runtime.js';

/** Room for the inputs and labels of one batch, filled again for every batch. */
export class BatchBuffer {
  readonly #inputs: Float32Array;
  readonly #labels: Int32Array;

  /**
   * @param capacity - most rows of a batch
   * @param columns - entries of a row
   * @param TensorOf - the runtime's tensor class, handed in because the runtime is loaded late
   * @param kernels - for rows that are standardized: all of a batch at once. Default: row by row, with the same result
   */
  constructor(
    capacity: number,
    readonly columns: number,
    readonly TensorOf: OnnxTensorConstructor,
    readonly kernels?: FloatKernels,
  ) {
    this.#inputs = new Float32Array(capacity * columns);
    this.#labels = new Int32Array(capacity);
  }

  /** The rows `order` of `rows`, float32 [order.length, columns]; valid until the next call. */
  gatherInputs(rows: RealRows, order: Uint32Array): OnnxTensor {
    const filled = this.#inputs.subarray(0, order.length * this.columns);
    if (rows.standardized && this.kernels) this.kernels.standardize(rows.standardized, order, filled);
    else for (let i = 0; i < order.length; i++) rows.copyRow(order[i], filled, i * this.columns);
    return new this.TensorOf('float32', filled, [order.length, this.columns]);
  }

  /** The entries `order` of `labels`, int32 [order.length]; valid until the next call. */
  gatherLabels(labels: Int32Array, order: Uint32Array): OnnxTensor {
    for (let i = 0; i < order.length; i++) this.#labels[i] = labels[order[i]];
    return new this.TensorOf('int32', this.#labels.subarray(0, order.length), [order.length]);
  }
}

/**
 * Inputs as rows of floats, packed bits as ±1.
 * @param form - what the rule was configured for
 * @param columns - of the problem
 * @throws ArgumentError when the inputs come in another form or width
 */
export function rowsOf(inputs: Inputs, form: InputForm, columns: number): RealRows {
  const isPacked = inputs instanceof BitMatrix;
  if (isPacked !== (form === 'binarized')) {
    const received = isPacked ? 'packed ±1 (a BitMatrix)' : 'full-precision rows';
    const expected = isPacked ? 'full-precision rows' : 'packed ±1 (a BitMatrix)';
    throw new ArgumentError('inputs', `${expected}, as the rule's inputs are '${form}'`, received);
  }
  if (inputs.columns !== columns) throw new ArgumentError('inputs', `${columns} columns`, inputs.columns);
  return isPacked ? signRows(inputs) : inputs;
}

/** A view on packed bits as rows of +1 and −1. */
export function signRows(bits: BitMatrix): RealRows {
  const { rows, columns, rowWords, words } = bits;
  return {
    rows,
    columns,
    copyRow(row, target, offset) {
      const start = row * rowWords;
      for (let column = 0; column < columns; column++) {
        const word = words[start + (column >>> 5)];
        // A choice between 1 and −1 would be a branch that is mispredicted half the time.
        target[offset + column] = 2 * ((word >>> (column % WORD_BITS)) & 1) - 1;
      }
    },
  };
}

/**
 * Checks what the graph would take silently: a label out of range is no class to it, a row index out of range
 * reads a label 0.
 * @throws ArgumentError
 */
export function checkPlan({ data, order, batchSize }: EpochPlan, problem: Problem): void {
  const { inputs, labels } = data;
  checkInteger('batchSize', batchSize, 1, problem.batchSize);
  checkLength('labels', labels, inputs.rows);
  if (order.length === 0) throw new ArgumentError('order', 'at least one row index', order);
  order.forEach((row, i) => {
    if (row >= inputs.rows) checkInteger(`order[${i}]`, row, 0, inputs.rows - 1);
    const label = labels[row];
    if (label < 0 || label >= problem.classes) checkInteger(`labels[${row}]`, label, 0, problem.classes - 1);
  });
}

/**
 * Looks for the cause of a loss that is no number in the data.
 * @throws ArgumentError naming the first entry of the rows `order` that is not finite
 */
export function checkFiniteRows(rows: RealRows, order: Uint32Array): void {
  const values = new Float32Array(rows.columns);
  for (const row of order) {
    rows.copyRow(row, values, 0);
    const column = values.findIndex((value) => !Number.isFinite(value));
    if (column >= 0) throw new ArgumentError(`inputs[${row}][${column}]`, 'a finite number', values[column]);
  }
}
