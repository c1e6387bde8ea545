import type { Value } from './decode-model.js';
import type { Operator } from './operator.js';

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
export const gather: Operator = ([values, listed], attributes, { kernels, room }) => {
  const axis = Number(attributes.get('axis'));
  const { outer, size, width } = around(values, axis);
  const places = listed.data as Int32Array;
  const out = room.floats(outer * places.length * width);
  kernels.gather({ values: values.data as Float32Array, places, size, width, out });
  return { dims: values.dims.toSpliced(axis, 1, places.length), data: out };
};

/** Sums along an axis, added up in double precision in order and rounded once. */
export const runSums: Operator = ([values, { data: axes }], _, { kernels, room }) => {
  const { outer, width } = around(values, axes[0]);
  const out = room.floats(outer * width);
  kernels.sumRuns(values.data as Float32Array, width, out);
  return { dims: values.dims.toSpliced(axes[0], 1), data: out };
};

/** The largest along an axis. */
export const largestOfRuns: Operator = ([values], attributes, { room }) => {
  const [axis] = attributes.get('axes') as readonly number[];
  const { outer, size, width } = around(values, axis);
  const { data } = values;
  const out = room.floats(outer * width).fill(Number.NEGATIVE_INFINITY);
  for (let a = 0; a < outer; a++) {
    for (let i = 0; i < size; i++) {
      const from = (a * size + i) * width;
      for (let c = 0; c < width; c++) {
        if (data[from + c] > out[a * width + c]) out[a * width + c] = data[from + c];
      }
    }
  }
  return { dims: values.dims.toSpliced(axis, 1), data: out };
};

/** How many arrays there are along an axis, how long they are, and how many entries lie side by side in them. */
function around({ dims }: Value, axis: number): { outer: number; size: number; width: number } {
  const product = (sizes: readonly number[]): number => sizes.reduce((whole, size) => whole * size, 1);
  return { outer: product(dims.slice(0, axis)), size: dims[axis], width: product(dims.slice(axis + 1)) };
}
