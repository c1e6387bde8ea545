const { xoroshiro128plus } = require('pure-rand/generator/xoroshiro128plus');
const { uniformInt } = require('pure-rand/distribution/uniformInt');

/**
 * What frames and series of danfojs ask of a tensor of TensorFlow.js: a number, a list or rows, arithmetic and comparisons that stretch sides
 * of length 1. Numbers are kept in double precision, where TensorFlow.js rounds them to single.
 */
class Tensor {
  /** @param rows - lists of equal length */
  constructor(rows, rank) {
    this.rows = rows;
    this.rank = rank;
  }

  get shape() {
    const [height, width] = [this.rows.length, this.rows[0]?.length ?? 0];
    return [[], [width], [height, width]][this.rank];
  }

  /** What danfojs takes for the type of a column. */
  get dtype() {
    return 'float32';
  }

  arraySync() {
    if (this.rank === 2) return this.rows.map((row) => [...row]);
    return this.rank === 1 ? [...this.rows[0]] : this.rows[0][0];
  }

  clone() {
    return new Tensor(this.arraySyncRows(), this.rank);
  }

  arraySyncRows() {
    return this.rows.map((row) => [...row]);
  }

  transpose() {
    return new Tensor(
      this.rows[0].map((_, column) => this.rows.map((row) => row[column])),
      2,
    );
  }

  argMax() {
    return this.best((a, b) => a > b);
  }

  argMin() {
    return this.best((a, b) => a < b);
  }

  best(isBetter) {
    const [values] = this.rows;
    const best = values.reduce((sofar, value, i) => (isBetter(value, values[sofar]) ? i : sofar), 0);
    return new Tensor([[best]], 0);
  }

  combine(other, operation) {
    const [a, b] = [this.rows, other.rows];
    const height = stretched(a.length, b.length);
    const width = stretched(a[0].length, b[0].length);
    const at = (rows, i, j) => {
      const row = rows[rows.length === 1 ? 0 : i];
      return row[row.length === 1 ? 0 : j];
    };
    const rows = Array.from({ length: height }, (_, i) =>
      Array.from({ length: width }, (_, j) => operation(at(a, i, j), at(b, i, j))),
    );
    return new Tensor(rows, Math.max(this.rank, other.rank));
  }
}

function stretched(a, b) {
  if (a === b || b === 1) return a;
  if (a === 1) return b;
  throw new Error(`operands of ${a} and ${b} values side by side do not fit`);
}

const OPERATIONS = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  divNoNan: (a, b) => (b === 0 ? 0 : a / b),
  pow: (a, b) => a ** b,
  /** With the sign of the divisor. */
  mod: (a, b) => a - b * Math.floor(a / b),
  greater: (a, b) => Number(a > b),
  greaterEqual: (a, b) => Number(a >= b),
  less: (a, b) => Number(a < b),
  lessEqual: (a, b) => Number(a <= b),
  equal: (a, b) => Number(a === b),
  notEqual: (a, b) => Number(a !== b),
};
for (const [name, operation] of Object.entries(OPERATIONS)) {
  Tensor.prototype[name] = function (other) {
    return this.combine(other, operation);
  };
}

const asNumbers = (values) =>
  Array.from(values, (value) => {
    if (typeof value !== 'string') return Number(value);
    throw new Error(`expected numbers, got '${value}'`);
  });

/** The order is drawn from the seed; the first `num` are taken. */
function shuffled(values, seed) {
  const drawn = [...values];
  const generator = xoroshiro128plus(hashOf(seed));
  for (let i = drawn.length - 1; i > 0; i--) {
    const j = uniformInt(generator, 0, i);
    [drawn[i], drawn[j]] = [drawn[j], drawn[i]];
  }
  return drawn;
}

function hashOf(text) {
  let hash = 0;
  for (const letter of text) hash = (Math.imul(hash, 31) + letter.codePointAt(0)) | 0;
  return hash;
}

const known = {
  Tensor,
  scalar: (value) => new Tensor([[Number(value)]], 0),
  tensor1d: (values) => new Tensor([asNumbers(values)], 1),
  tensor2d: (values, [, width] = []) =>
    new Tensor(
      Array.isArray(values[0])
        ? values.map(asNumbers)
        : Array.from({ length: values.length / width }, (_, i) =>
            asNumbers(values.slice(i * width, (i + 1) * width)),
          ),
      2,
    ),
  data: {
    array: (values) => ({
      shuffle: (_size, seed) => ({
        take: (count) => ({ toArray: async () => shuffled(values, seed).slice(0, count) }),
      }),
    }),
  },
};

module.exports = new Proxy(known, {
  get: (functions, name) => {
    if (name in functions || name === '__esModule' || typeof name === 'symbol') return functions[name];
    throw new Error(
      `xnorlab leaves TensorFlow.js out, which this needs for '${name}': install danfojs-node for it`,
    );
  },
});
