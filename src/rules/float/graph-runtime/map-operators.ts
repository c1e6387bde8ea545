import type { Value } from './decode-model.js';
import type { Operator } from './operators.js';

/** The same entries with other sizes, of which one may be −1: what is left. Nothing is copied. */
export const reshape: Operator = ([{ dims, data }, { data: sizes }]) => {
  const given = [...sizes];
  const known = given.reduce((product, size) => (size < 0 ? product : product * size), 1);
  const whole = dims.reduce((product, size) => product * size, 1);
  return { dims: given.map((size) => (size < 0 ? whole / known : size)), data };
};

/** [A, N + 1, C] from [A, N, C]: one more at the end of the second axis. */
export const padded: Operator = ([values, , { data: padding }], _, { room }) => {
  const [outer, size, inner] = values.dims;
  const out = room.floats(outer * (size + 1) * inner);
  const data = values.data as Float32Array;
  const length = size * inner;
  for (let a = 0; a < outer; a++) {
    const start = a * (length + inner);
    out.set(data.subarray(a * length, (a + 1) * length), start);
    out.fill(padding[0], start + length, start + length + inner);
  }
  return { dims: [outer, size + 1, inner], data: out };
};

/** Of each of the arrays along an axis those at the listed places. */
export const gather: Operator = ([values, { data: listed }], attributes, { room }) => {
  const { outer, size, inner } = around(values, Number(attributes.get('axis')));
  const { data } = values;
  const count = listed.length;
  const out = room.floats(outer * count * inner);
  let to = 0;
  for (let a = 0; a < outer; a++) {
    const start = a * size * inner;
    for (let i = 0; i < count; i++) {
      const from = start + listed[i] * inner;
      for (let c = 0; c < inner; c++) out[to + c] = data[from + c];
      to += inner;
    }
  }
  const dims = values.dims.toSpliced(Number(attributes.get('axis')), 1, count);
  return { dims, data: out };
};

/** Sums along an axis, added up in double precision in order and rounded once. */
export const runSums: Operator = ([values, { data: axes }], _, { room }) => {
  const { outer, size, inner } = around(values, axes[0]);
  const { data } = values;
  const out = room.floats(outer * inner);
  const sums = new Float64Array(inner);
  for (let a = 0; a < outer; a++) {
    sums.fill(0);
    let from = a * size * inner;
    for (let i = 0; i < size; i++) {
      for (let c = 0; c < inner; c++) sums[c] += data[from + c];
      from += inner;
    }
    out.set(sums, a * inner);
  }
  return { dims: values.dims.toSpliced(axes[0], 1), data: out };
};

/** The largest along an axis. */
export const largestOfRuns: Operator = ([values], attributes, { room }) => {
  const [axis] = attributes.get('axes') as readonly number[];
  const { outer, size, inner } = around(values, axis);
  const { data } = values;
  const out = room.floats(outer * inner).fill(Number.NEGATIVE_INFINITY);
  for (let a = 0; a < outer; a++) {
    for (let i = 0; i < size; i++) {
      const from = (a * size + i) * inner;
      for (let c = 0; c < inner; c++) {
        if (data[from + c] > out[a * inner + c]) out[a * inner + c] = data[from + c];
      }
    }
  }
  return { dims: values.dims.toSpliced(axis, 1), data: out };
};

/** How many arrays there are along an axis, how long they are, and how many entries lie side by side in them. */
function around({ dims }: Value, axis: number): { outer: number; size: number; inner: number } {
  const product = (sizes: readonly number[]): number => sizes.reduce((whole, size) => whole * size, 1);
  return { outer: product(dims.slice(0, axis)), size: dims[axis], inner: product(dims.slice(axis + 1)) };
}
