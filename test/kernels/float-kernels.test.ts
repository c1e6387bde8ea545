import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.js';
import { COMBINATIONS, COMPARISONS, type FloatKernels, TRANSPOSED } from '../../src/kernels/float-kernels.js';
import { fusedMultiplyAdd, referenceFloatKernels } from '../../src/kernels/float-reference.js';
import { instructionSets, nativeKernels } from '../../src/node/kernels/native/backend.js';

/** Numbers of all sizes, with those that rounding makes most trouble of. */
const ODD_NUMBERS = [0, -0, 1, -1, 3, 2 ** -149, -(2 ** -126), 1 + 2 ** -23, 2 ** 24 + 2, 1e30, -1e-30];

function random(stream: RandomStream, length: number): Float32Array {
  return Float32Array.from({ length }, () =>
    stream.below(8) === 0
      ? ODD_NUMBERS[stream.below(ODD_NUMBERS.length)]
      : stream.normal() * 2 ** (stream.below(20) - 10),
  );
}

/** The 32-bit float next to an integer, the even one of two. */
function nearest(integer: bigint): number {
  const magnitude = integer < 0n ? -integer : integer;
  const dropped = BigInt(Math.max(0, magnitude.toString(2).length - 24));
  const kept = magnitude >> dropped;
  const rest = 2n * (magnitude - (kept << dropped));
  const half = 1n << dropped;
  const isUp = rest > half || (rest === half && dropped > 0n && (kept & 1n) === 1n);
  const rounded = Number(kept + (isUp ? 1n : 0n)) * 2 ** Number(dropped);
  return integer < 0n ? -rounded : rounded;
}

describe('fusedMultiplyAdd', () => {
  it('rounds the exact result once', () => {
    const mantissa = fc.integer({ min: -(2 ** 24), max: 2 ** 24 });
    // Around the size of the product, where the sum is likely to lie halfway or near it.
    const exponent = fc.integer({ min: 0, max: 50 });
    fc.assert(
      fc.property(mantissa, mantissa, mantissa, exponent, (a, b, c, e) => {
        const expected = nearest(BigInt(a) * BigInt(b) + (BigInt(c) << BigInt(e)));
        expect(fusedMultiplyAdd(a, b, c * 2 ** e) === expected).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });

  it('is not what rounding twice gives', () => {
    // (2^-12 + 2^-27)·(2^-12 - 2^-27) = 2^-24 - 2^-54 lies below half the spacing of floats at 1, but so little that doubles,
    // next to 1 + 2^-23, cannot tell it from half, which would be rounded up to the even neighbour.
    const [a, b] = [2 ** -12 + 2 ** -27, 2 ** -12 - 2 ** -27];
    expect(Math.fround(a * b + (1 + 2 ** -23))).toBe(1 + 2 ** -22);
    expect(fusedMultiplyAdd(a, b, 1 + 2 ** -23)).toBe(1 + 2 ** -23);
    expect(fusedMultiplyAdd(-a, b, -1 - 2 ** -23)).toBe(-1 - 2 ** -23);
    // (1 + 2^-22)² = 1 + 2^-21 + 2^-44: what is left of it beside -1 was not rounded away before.
    const odd = 1 + 2 ** -22;
    expect(fusedMultiplyAdd(odd, odd, -1)).toBe(2 ** -21 + 2 ** -44);
  });
});

describe('the reference of the float kernels', () => {
  it.each([
    ['none', [1, 2, 3, 4], [5, 6, 7, 8]],
    ['left', [1, 3, 2, 4], [5, 6, 7, 8]],
    ['right', [1, 2, 3, 4], [5, 7, 6, 8]],
  ] as const)('multiplies, with %s transposed', (transposed, left, right) => {
    const out = new Float32Array(4);
    const product = { rows: 2, columns: 2, depth: 2, transposed, scale: 0.5 };
    referenceFloatKernels.multiply({
      left: Float32Array.from(left),
      right: Float32Array.from(right),
      out,
      addend: Float32Array.of(100, 200, 300, 400),
      ...product,
    });
    // [[1, 2], [3, 4]]·[[5, 6], [7, 8]] = [[19, 22], [43, 50]].
    expect(out).toEqual(Float32Array.of(109.5, 211, 321.5, 425));
  });

  it('combines, compares and chooses with operands that are repeated', () => {
    const [left, row] = [Float32Array.of(1, 2, 3, 4), Float32Array.of(2, 3)];
    const out = new Float32Array(4);
    const combined = COMBINATIONS.map((operator) => {
      referenceFloatKernels.combine(operator, left, row, out);
      return [...out];
    });
    const third = Math.fround(2 / 3);
    expect(combined).toEqual([
      [3, 5, 5, 7],
      [-1, -1, 1, 1],
      [2, 6, 6, 12],
      [0.5, third, 1.5, Math.fround(4 / 3)],
      [1, 2, 2, 3],
      [2, 3, 3, 4],
    ]);
    const truths = new Uint8Array(4);
    const compared = COMPARISONS.map((operator) => {
      referenceFloatKernels.compare(operator, left, Float32Array.of(2, 4), truths);
      return [...truths];
    });
    expect(compared).toEqual([
      [0, 0, 1, 0],
      [0, 0, 1, 1],
      [1, 1, 0, 1],
    ]);
    referenceFloatKernels.choose(Uint8Array.of(1, 0, 0, 1), row, Float32Array.of(-1), out);
    expect([...out]).toEqual([2, -1, -1, 3]);
    const means = new Float32Array(2);
    referenceFloatKernels.meanOverRows(left, means);
    expect([...means]).toEqual([2, 3]);
  });

  it('gathers places of arrays, and adds up runs', () => {
    // Two arrays of three runs of two.
    const values = Float32Array.from({ length: 12 }, (_, i) => i);
    const out = new Float32Array(8);
    referenceFloatKernels.gather({ values, places: Int32Array.of(2, 0), size: 3, width: 2, out });
    expect([...out]).toEqual([4, 5, 0, 1, 10, 11, 6, 7]);
    const sums = new Float32Array(4);
    referenceFloatKernels.sumRuns(values, 2, sums);
    expect([...sums]).toEqual([0 + 2 + 4, 1 + 3 + 5, 6 + 8 + 10, 7 + 9 + 11]);
    // Doubles hold what floats would lose.
    const one = new Float32Array(1);
    referenceFloatKernels.sumRuns(Float32Array.of(2 ** 24, 1, 1), 1, one);
    expect(one[0]).toBe(2 ** 24 + 2);
  });

  it('standardizes rows in the order asked for', () => {
    const from = {
      values: Uint8Array.of(1, 2, 30, 40),
      mean: Float64Array.of(1, 0.5),
      scale: Float64Array.of(2, 0.1),
    };
    const out = new Float32Array(6);
    referenceFloatKernels.standardize(from, Uint32Array.of(1, 0, 1), out);
    expect([...out]).toEqual([58, 3.95, 0, 0.15, 58, 3.95].map(Math.fround));
  });
});

/** Shapes around the sizes of tiles and panels of every instruction set, and of none at all. */
const SIZES = [1, 2, 5, 6, 7, 11, 12, 13, 15, 16, 17, 31, 32, 33, 50];

describe.each(instructionSets())('float kernels of native (%s)', (instructionSet) => {
  const loaded = nativeKernels({ instructionSet });
  const { float: native } = (loaded as { kernels: { float: FloatKernels } }).kernels;

  it('multiply as the reference does, to the bit', () => {
    const stream = RandomStream.named(1, `multiply/${instructionSet}`);
    for (let round = 0; round < 150; round++) {
      const [rows, columns, depth] = [0, 0, 0].map(() => SIZES[stream.below(SIZES.length)]);
      const transposed = TRANSPOSED[round % 3];
      const scale = [1, -0.01, 0.3][stream.below(3)];
      const [left, right] = [random(stream, rows * depth), random(stream, depth * columns)];
      const addend = stream.below(2) ? random(stream, rows * columns) : undefined;
      const product = { left, right, addend, rows, columns, depth, transposed, scale };
      const [out, expected] = [new Float32Array(rows * columns), new Float32Array(rows * columns)];
      native.multiply({ ...product, out });
      referenceFloatKernels.multiply({ ...product, out: expected });
      expect(out, `${rows}×${depth}·${depth}×${columns}, ${transposed}`).toEqual(expected);
    }
  });

  it('multiply ±1 as the reference does, and what is nearly ±1', () => {
    const stream = RandomStream.named(5, `units/${instructionSet}`);
    for (const depth of [1, 31, 32, 33, 64, 100, 131]) {
      for (const odd of [undefined, 2, -0, Number.NaN, 1 + 2 ** -23]) {
        const [rows, columns] = [SIZES[stream.below(SIZES.length)], SIZES[stream.below(SIZES.length)]];
        const units = (length: number): Float32Array =>
          Float32Array.from({ length }, () => 2 * stream.below(2) - 1);
        const [left, right] = [units(rows * depth), units(columns * depth)];
        const one = stream.below(2) ? left : right;
        if (odd !== undefined) one[stream.below(one.length)] = odd;
        const scale = [1, -0.3][stream.below(2)];
        const product = { left, right, rows, columns, depth, transposed: 'right', scale } as const;
        const [out, expected] = [new Float32Array(rows * columns), new Float32Array(rows * columns)];
        native.multiply({ ...product, out });
        referenceFloatKernels.multiply({ ...product, out: expected });
        expect(out, `${rows}×${depth}·${depth}×${columns}, ${odd}`).toEqual(expected);
      }
    }
  });

  it('add to what they overwrite', () => {
    const stream = RandomStream.named(2, `in place/${instructionSet}`);
    const [left, right, out] = [random(stream, 20 * 40), random(stream, 20 * 50), random(stream, 40 * 50)];
    const product = {
      left,
      right,
      rows: 40,
      columns: 50,
      depth: 20,
      transposed: 'left',
      scale: -0.1,
    } as const;
    const expected = out.slice();
    referenceFloatKernels.multiply({ ...product, addend: expected.slice(), out: expected });
    native.multiply({ ...product, addend: out, out });
    expect(out).toEqual(expected);
  });

  it('take a step of Adam as the reference does, to the bit', () => {
    const stream = RandomStream.named(3, `adam/${instructionSet}`);
    const constants = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
    for (const length of [1, 3, 4, 5, 8, 100, 1001]) {
      for (const bound of [1, Number.MAX_VALUE]) {
        const values = random(stream, length).map((value) => Math.max(-bound, Math.min(bound, value)));
        const [gradient, mean] = [random(stream, length), random(stream, length)];
        const meanSquare = random(stream, length).map(Math.abs);
        const signs = new Float32Array(length);
        const step = {
          values,
          gradient,
          mean,
          meanSquare,
          signs,
          rate: 0.01,
          rootScale: 3,
          ...constants,
          bound,
        };
        const expected = structuredClone(step);
        native.adamStep(step);
        referenceFloatKernels.adamStep(expected);
        expect(step).toEqual(expected);
      }
    }
  });

  it('combine, compare, choose and average as the reference does, to the bit', () => {
    const stream = RandomStream.named(4, `elements/${instructionSet}`);
    for (const columns of [1, 3, 8, 17, 64, 525]) {
      const length = columns * 7;
      const left = random(stream, length);
      left[0] = Number.NaN;
      for (const right of [random(stream, length), random(stream, columns), random(stream, 1)]) {
        for (const operator of COMBINATIONS) {
          const [out, expected] = [new Float32Array(length), new Float32Array(length)];
          native.combine(operator, left, right, out);
          referenceFloatKernels.combine(operator, left, right, expected);
          expect(out, operator).toEqual(expected);
        }
        for (const operator of COMPARISONS) {
          const [out, expected] = [new Uint8Array(length), new Uint8Array(length)];
          native.compare(operator, left, right, out);
          referenceFloatKernels.compare(operator, left, right, expected);
          expect(out, operator).toEqual(expected);
          const [chosen, wanted] = [new Float32Array(length), new Float32Array(length)];
          native.choose(out, right, left, chosen);
          referenceFloatKernels.choose(out, right, left, wanted);
          expect(chosen).toEqual(wanted);
        }
      }
      const [means, expected] = [new Float32Array(columns), new Float32Array(columns)];
      native.meanOverRows(left, means);
      referenceFloatKernels.meanOverRows(left, expected);
      expect(means).toEqual(expected);
    }
  });

  it('gather places and add up runs as the reference does, to the bit', () => {
    const stream = RandomStream.named(7, `gather/${instructionSet}`);
    for (const width of [1, 3, 8, 17, 64]) {
      for (const [outer, size, count] of [
        [1, 1, 1],
        [3, 5, 9],
        [2, 7, 4],
      ]) {
        const values = random(stream, outer * size * width);
        const places = Int32Array.from({ length: count }, () => stream.below(size));
        const [out, expected] = [0, 0].map(() => new Float32Array(outer * count * width));
        native.gather({ values, places, size, width, out });
        referenceFloatKernels.gather({ values, places, size, width, out: expected });
        expect(out).toEqual(expected);
        const [sums, wanted] = [0, 0].map(() => new Float32Array(outer * width));
        native.sumRuns(values, width, sums);
        referenceFloatKernels.sumRuns(values, width, wanted);
        expect(sums).toEqual(wanted);
      }
    }
  });

  it.each([Uint8Array, Float32Array])('standardize a %o as the reference does, to the bit', (Values) => {
    const stream = RandomStream.named(6, `standardize/${instructionSet}`);
    for (const columns of [1, 3, 8, 17, 64, 525]) {
      const reals = () => Float64Array.from(random(stream, columns), (value) => value / 3);
      const values =
        Values === Uint8Array
          ? Uint8Array.from({ length: 5 * columns }, () => stream.below(256))
          : random(stream, 5 * columns);
      const from = { values, mean: reals(), scale: reals() };
      const rows = Uint32Array.of(4, 0, 0, 3);
      const [out, expected] = [new Float32Array(4 * columns), new Float32Array(4 * columns)];
      native.standardize(from, rows, out);
      referenceFloatKernels.standardize(from, rows, expected);
      expect(out).toEqual(expected);
      expect(() => native.standardize(from, Uint32Array.of(0, 5, 0, 0), out)).toThrow('rows');
    }
  });

  it('refuse arrays that do not fit', () => {
    const [two, three] = [new Float32Array(2), new Float32Array(3)];
    const product = { rows: 1, columns: 1, depth: 3, transposed: 'none', scale: 1 } as const;
    expect(() => native.multiply({ left: three, right: two, out: two, ...product })).toThrow(
      "right: expected 3 entries, got '2 entries'",
    );
    expect(() => native.combine('add', two, three, two)).toThrow(
      "right: expected a divisor of the other operand's entries, got '3 entries'",
    );
    expect(() => native.meanOverRows(three, two)).toThrow('out: expected a divisor of the entries of values');
    const gathering = {
      values: three,
      places: Int32Array.of(0),
      size: 3,
      width: 1,
      out: new Float32Array(1),
    };
    expect(() => native.gather({ ...gathering, size: 2 })).toThrow(
      "values: expected a multiple of size times width, got '3 entries'",
    );
    expect(() => native.gather({ ...gathering, out: two })).toThrow(
      "out: expected 1 entries, got '2 entries'",
    );
    for (const place of [3, -1]) {
      expect(() => native.gather({ ...gathering, places: Int32Array.of(place) })).toThrow('places');
    }
    expect(() => native.sumRuns(three, 1, two)).toThrow(
      "out: expected a multiple of the width, and a divisor of the entries of values, got '2 entries'",
    );
    const ones = { mean: Float64Array.of(1, 1), scale: Float64Array.of(1, 1) };
    expect(() => native.standardize({ values: three, ...ones }, Uint32Array.of(0), two)).toThrow(
      'mean: expected a divisor of the entries of values',
    );
    expect(() => native.standardize({ values: two, ...ones }, Uint32Array.of(0), three)).toThrow(
      "out: expected 2 entries, got '3 entries'",
    );
  });
});
