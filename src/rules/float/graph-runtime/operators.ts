import type { Combination, Comparison } from '../../../kernels/float-kernels.js';
import type { Attributes, Value } from './decode-model.js';
import { gather, largestOfRuns, padded, reshape, runSums } from './map-operators.js';
import type { Machine, Operator } from './operator.js';

/**
 * The operators that our graphs use, as ONNX has them in operator set 17, for the shapes that our graphs have. Elementwise ones
 * round each result to 32 bits. Sums over a batch or a row are added up in double precision, in order, and rounded once, so that
 * every machine gives the same.
 */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  Gemm: multiply,
  Add: combined('add'),
  Sub: combined('subtract'),
  Mul: combined('multiply'),
  Div: combined('divide'),
  Min: combined('minimum'),
  Relu: ([values], _, machine) => combine('maximum', values, ZERO, machine),
  Tanh: ([values], _, machine) => mapped(values, Math.tanh, machine),
  Sigmoid: ([values], _, machine) => mapped(values, (value) => 1 / (1 + Math.exp(-value)), machine),
  Clip: ([values, low, high], _, machine) =>
    combine('minimum', combine('maximum', values, low, machine), high, machine),
  Abs: magnitudes,
  Neg: ([values], _, machine) => mapped(values, (value) => -value, machine),
  Sqrt: ([values], _, machine) => mapped(values, Math.sqrt, machine),
  PRelu: ([values, slope], _, machine) =>
    choose(
      compare('less-or-equal', values, ZERO, machine),
      combine('multiply', values, slope, machine),
      values,
      machine,
    ),
  Greater: compared('greater'),
  GreaterOrEqual: compared('greater-or-equal'),
  LessOrEqual: compared('less-or-equal'),
  Equal: equal,
  Where: ([condition, yes, no], _, machine) => choose(condition, yes, no, machine),
  ReduceMean: meanOverBatch,
  ReduceSum: (operands, attributes, machine) =>
    operands.length > 1 ? runSums(operands, attributes, machine) : total(operands, attributes, machine),
  ReduceMax: largestOfRuns,
  Reshape: reshape,
  Pad: padded,
  Gather: gather,
  ArgMax: largestOfRows,
  OneHot: oneHot,
  Softmax: (operands, _, machine) => softmax(operands[0], false, machine),
  LogSoftmax: (operands, _, machine) => softmax(operands[0], true, machine),
  Slice: columnsBetween,
  Concat: besideEachOther,
  Shape: shapeOf,
  Cast: cast,
};

const ZERO: Value = { dims: [], data: new Float32Array(1) };

/** The entries of a value that is floats in all graphs that runtimes take. */
function floats({ data }: Value): Float32Array {
  return data as Float32Array;
}

function multiply([left, right, addend]: readonly Value[], attributes: Attributes, machine: Machine): Value {
  const [transposesLeft, transposesRight] = [attributes.get('transA') === 1, attributes.get('transB') === 1];
  const [rows, depth] = transposesLeft ? left.dims.toReversed() : left.dims;
  const columns = right.dims[transposesRight ? 0 : 1];
  const out = machine.room.floats(rows * columns);
  machine.kernels.multiply({
    left: floats(left),
    right: floats(right),
    out,
    addend: addend && floats(addend),
    rows,
    columns,
    depth,
    transposed: transposesLeft ? 'left' : transposesRight ? 'right' : 'none',
    scale: Number(attributes.get('alpha') ?? 1),
  });
  return { dims: [rows, columns], data: out };
}

function combined(operator: Combination): Operator {
  return ([left, right], _, machine) => combine(operator, left, right, machine);
}

/** The right operand, or the left one, may be of fewer axes: then it is repeated. */
function combine(operator: Combination, left: Value, right: Value, machine: Machine): Value {
  const [l, r] = [floats(left), floats(right)];
  if (l.length < r.length) {
    const whole = machine.room.floats(r.length);
    for (let i = 0; i < whole.length; i++) whole[i] = l[i % l.length];
    machine.kernels.combine(operator, whole, r, whole);
    return { dims: right.dims, data: whole };
  }
  const out = machine.room.floats(l.length);
  machine.kernels.combine(operator, l, r, out);
  return { dims: left.dims.length < right.dims.length ? right.dims : left.dims, data: out };
}

function compared(operator: Comparison): Operator {
  return ([left, right], _, machine) => compare(operator, left, right, machine);
}

function compare(operator: Comparison, left: Value, right: Value, { kernels, room }: Machine): Value {
  const out = room.truths(left.data.length);
  kernels.compare(operator, floats(left), floats(right), out);
  return { dims: left.dims, data: out };
}

function choose(condition: Value, yes: Value, no: Value, { kernels, room }: Machine): Value {
  const out = room.floats(condition.data.length);
  kernels.choose(condition.data as Uint8Array, floats(yes), floats(no), out);
  return { dims: condition.dims, data: out };
}

/** Without their signs, which are the highest bits: of whole activations, where a function for each entry would take as long as a product. */
function magnitudes([{ dims, data }]: readonly Value[], _: Attributes, { room }: Machine): Value {
  const out = room.floats(data.length);
  const [from, to] = [data, out].map(({ buffer, byteOffset, length }) => {
    return new Int32Array(buffer, byteOffset, length);
  });
  for (let i = 0; i < to.length; i++) to[i] = from[i] & 0x7fffffff;
  return { dims, data: out };
}

function mapped({ dims, data }: Value, of: (value: number) => number, { room }: Machine): Value {
  const out = room.floats(data.length);
  for (let i = 0; i < out.length; i++) out[i] = of(data[i]);
  return { dims, data: out };
}

function equal([left, right]: readonly Value[], _: Attributes, { room }: Machine): Value {
  const out = room.truths(left.data.length);
  for (let i = 0; i < out.length; i++) out[i] = Number(left.data[i] === right.data[i]);
  return { dims: left.dims, data: out };
}

function meanOverBatch([values]: readonly Value[], _: Attributes, { kernels, room }: Machine): Value {
  const dims = values.dims.slice(1);
  const out = room.floats(values.data.length / values.dims[0]);
  kernels.meanOverRows(floats(values), out);
  return { dims, data: out };
}

function total([{ data }]: readonly Value[], _: Attributes, { room }: Machine): Value {
  const out = room.floats(1);
  let sum = 0;
  for (const value of data) sum += value;
  out[0] = sum;
  return { dims: [], data: out };
}

/** The index of the largest entry of each row, the lowest on ties. */
function largestOfRows([values]: readonly Value[], _: Attributes, { room }: Machine): Value {
  const [rows, columns] = values.dims;
  const out = room.integers(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let largest = 0;
    for (let column = 1; column < columns; column++) {
      if (values.data[start + column] > values.data[start + largest]) largest = column;
    }
    out[row] = largest;
  }
  return { dims: [rows], data: out };
}

/** Rows with one number where the label is, and another elsewhere. */
function oneHot([labels, depth, numbers]: readonly Value[], _: Attributes, { room }: Machine): Value {
  const rows = labels.data.length;
  const columns = depth.data[0];
  const [off, on] = numbers.data;
  const out = room.floats(rows * columns).fill(off);
  for (let row = 0; row < rows; row++) out[row * columns + labels.data[row]] = on;
  return { dims: [rows, columns], data: out };
}

/** exp(z − max) / Σ exp(z − max) of each row, or its logarithm. */
function softmax({ dims, data }: Value, isLogarithm: boolean, { room }: Machine): Value {
  const columns = dims[1];
  const out = room.floats(data.length);
  for (let start = 0; start < data.length; start += columns) {
    let largest = data[start];
    for (let i = start + 1; i < start + columns; i++) if (data[i] > largest) largest = data[i];
    let sum = 0;
    for (let i = start; i < start + columns; i++) sum += Math.exp(data[i] - largest);
    const logarithm = Math.log(sum);
    for (let i = start; i < start + columns; i++) {
      const difference = data[i] - largest;
      out[i] = isLogarithm ? difference - logarithm : Math.exp(difference) / sum;
    }
  }
  return { dims, data: out };
}

/** Some columns of a matrix, from the first on, up to the last and without it. */
function columnsBetween([values, starts, ends]: readonly Value[], _: Attributes, { room }: Machine): Value {
  const [rows, columns] = values.dims;
  const [first, end] = [starts.data[0], ends.data[0]];
  const out = room.floats(rows * (end - first));
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    out.set(floats(values).subarray(start + first, start + end), row * (end - first));
  }
  return { dims: [rows, end - first], data: out };
}

/** The columns of several matrices, one matrix after the other. */
function besideEachOther(matrices: readonly Value[], _: Attributes, { room }: Machine): Value {
  const [rows] = matrices[0].dims;
  const columns = matrices.reduce((sum, { dims }) => sum + dims[1], 0);
  const out = room.floats(rows * columns);
  let first = 0;
  for (const matrix of matrices) {
    const width = matrix.dims[1];
    for (let row = 0; row < rows; row++) {
      out.set(floats(matrix).subarray(row * width, (row + 1) * width), row * columns + first);
    }
    first += width;
  }
  return { dims: [rows, columns], data: out };
}

/** The size of the first axes. */
function shapeOf([{ dims }]: readonly Value[], attributes: Attributes, { room }: Machine): Value {
  const sizes = dims.slice(
    Number(attributes.get('start') ?? 0),
    Number(attributes.get('end') ?? dims.length),
  );
  const out = room.integers(sizes.length);
  out.set(sizes);
  return { dims: [sizes.length], data: out };
}

const FLOAT32 = 1;

function cast([{ dims, data }]: readonly Value[], attributes: Attributes, { room }: Machine): Value {
  const out = attributes.get('to') === FLOAT32 ? room.floats(data.length) : room.integers(data.length);
  out.set(data);
  return { dims, data: out };
}
