import type {
  AdamStep,
  Combination,
  Comparison,
  FloatKernels,
  FloatProduct,
  Gathering,
  StandardizedValues,
} from './float-kernels.js';

/** The float operations in plain TypeScript: they define what others must compute. */
export const referenceFloatKernels: FloatKernels = {
  multiply,
  adamStep,
  combine,
  compare,
  choose,
  meanOverRows,
  gather,
  sumRuns,
  standardize,
};

const COMBINED: Readonly<Record<Combination, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  minimum: lesser,
  maximum: (a, b) => -lesser(-a, -b),
};

/** Not `Math.min`: where one is NaN it is the second, as processors have it. */
function lesser(a: number, b: number): number {
  if (a < b) return a;
  return b;
}

const COMPARED: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  greater: (a, b) => a > b,
  'greater-or-equal': (a, b) => a >= b,
  'less-or-equal': (a, b) => a <= b,
};

function combine(operator: Combination, left: Float32Array, right: Float32Array, out: Float32Array): void {
  const of = COMBINED[operator];
  for (let i = 0; i < left.length; i++) out[i] = of(left[i], right[i % right.length]);
}

function compare(operator: Comparison, left: Float32Array, right: Float32Array, out: Uint8Array): void {
  const holds = COMPARED[operator];
  for (let i = 0; i < left.length; i++) out[i] = Number(holds(left[i], right[i % right.length]));
}

function choose(condition: Uint8Array, yes: Float32Array, no: Float32Array, out: Float32Array): void {
  for (let i = 0; i < condition.length; i++) {
    out[i] = condition[i] ? yes[i % yes.length] : no[i % no.length];
  }
}

function meanOverRows(values: Float32Array, out: Float32Array): void {
  const rows = values.length / out.length;
  for (let column = 0; column < out.length; column++) {
    let sum = 0;
    for (let i = column; i < values.length; i += out.length) sum += values[i];
    out[column] = sum / rows;
  }
}

function gather({ values, places, size, width, out }: Gathering): void {
  let to = 0;
  for (let start = 0; start < values.length; start += size * width) {
    for (const place of places) {
      const from = start + place * width;
      for (let c = 0; c < width; c++) out[to + c] = values[from + c];
      to += width;
    }
  }
}

function sumRuns(values: Float32Array, width: number, out: Float32Array): void {
  const length = (values.length / out.length) * width;
  const sums = new Float64Array(width);
  for (let to = 0, from = 0; to < out.length; to += width) {
    sums.fill(0);
    for (const end = from + length; from < end; from += width) {
      for (let c = 0; c < width; c++) sums[c] += values[from + c];
    }
    out.set(sums, to);
  }
}

function standardize(
  { values, mean, scale }: StandardizedValues,
  rows: Uint32Array,
  out: Float32Array,
): void {
  const columns = mean.length;
  for (let b = 0; b < rows.length; b++) {
    const first = rows[b] * columns;
    for (let c = 0; c < columns; c++) out[b * columns + c] = (values[first + c] - mean[c]) * scale[c];
  }
}

function multiply({ left, right, out, addend, rows, columns, depth, transposed, scale }: FloatProduct): void {
  const factor = Math.fround(scale);
  const result = new Float32Array(rows * columns);
  for (let m = 0; m < rows; m++) {
    for (let n = 0; n < columns; n++) {
      let sum = 0;
      for (let d = 0; d < depth; d++) {
        const l = left[transposed === 'left' ? d * rows + m : m * depth + d];
        const r = right[transposed === 'right' ? n * depth + d : d * columns + n];
        sum = fusedMultiplyAdd(l, r, sum);
      }
      const i = m * columns + n;
      result[i] = addend ? fusedMultiplyAdd(factor, sum, addend[i]) : factor * sum;
    }
  }
  out.set(result);
}

const double = new Float64Array(1);
const word = new BigUint64Array(double.buffer);

/**
 * a·b + c of 32-bit floats, rounded once to 32 bits. In double precision the product is exact; a sum that is not is rounded to
 * odd, so that rounding it once more gives what rounding the exact sum would (Boldo and Melquiond, IEEE Transactions on Computers
 * 57 (4), 2008).
 */
export function fusedMultiplyAdd(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  if (!Number.isFinite(sum)) return Math.fround(sum);
  // What the sum lost (Knuth's TwoSum).
  const added = sum - product;
  const lost = product - (sum - added) + (c - added);
  if (lost === 0) return Math.fround(sum);
  double[0] = sum;
  if ((word[0] & 1n) === 0n) {
    // Towards the exact sum: its last bit becomes 1.
    const isAway = lost > 0 === sum > 0;
    word[0] += isAway ? 1n : -1n;
  }
  return Math.fround(double[0]);
}

function adamStep({
  values,
  gradient,
  mean,
  meanSquare,
  signs,
  rate,
  rootScale,
  beta1,
  beta2,
  epsilon,
  bound,
}: AdamStep): void {
  const [newShare1, newShare2] = [1 - beta1, 1 - beta2];
  for (let i = 0; i < values.length; i++) {
    const w = values[i];
    const g = Math.abs(w) <= bound ? gradient[i] : 0;
    const m = beta1 * mean[i] + newShare1 * g;
    const s = beta2 * meanSquare[i] + newShare2 * g * g;
    mean[i] = m;
    meanSquare[i] = s;
    const next = w - (rate * m) / (Math.sqrt(s) * rootScale + epsilon);
    // max(−bound, min(bound, next)) in arithmetic, as branches on weights at the bound are mispredicted half the time.
    const isInside = Number(Math.abs(next) <= bound);
    const side = 2 * Number(next > 0) - 1;
    values[i] = next * isInside + (1 - isInside) * side * bound;
  }
  if (signs) for (let i = 0; i < values.length; i++) signs[i] = 2 * Number(values[i] >= 0) - 1;
}
