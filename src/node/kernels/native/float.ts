import { COMBINATIONS, COMPARISONS, type FloatKernels, TRANSPOSED } from '../../../kernels/float-kernels.js';
import type { RawFloatKernels } from './addon.js';

/** What is left out, for the addon. */
const NOTHING = new Float32Array(0);
const NO_BYTES = new Uint8Array(0);

/** The float operations of the addon, which checks all that it is handed. */
export function floatKernelsOf(raw: RawFloatKernels): FloatKernels {
  return {
    multiply({ left, right, out, addend = NOTHING, rows, columns, depth, transposed, scale }) {
      const kind = TRANSPOSED.indexOf(transposed);
      raw.multiply(left, right, out, addend, rows, columns, depth, kind, scale);
    },
    adamStep({ values, gradient, mean, meanSquare, signs = NOTHING, ...numbers }) {
      const { rate, rootScale, beta1, beta2, epsilon, bound } = numbers;
      raw.adamStep(values, gradient, mean, meanSquare, signs, rate, rootScale, beta1, beta2, epsilon, bound);
    },
    combine: (operator, left, right, out) => raw.combine(COMBINATIONS.indexOf(operator), left, right, out),
    compare: (operator, left, right, out) => raw.compare(COMPARISONS.indexOf(operator), left, right, out),
    choose: raw.choose,
    meanOverRows: raw.meanOverRows,
    gather: ({ values, places, size, width, out }) => raw.gather(values, places, size, width, out),
    sumRuns: raw.sumRuns,
    standardize({ values, mean, scale }, rows, out) {
      const [bytes, floats] = values instanceof Uint8Array ? [values, NOTHING] : [NO_BYTES, values];
      raw.standardize(bytes, floats, rows, mean, scale, out);
    },
  };
}
