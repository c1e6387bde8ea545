import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/bits/random.js';
import { type AdamFactors, type AdamUpdate, referenceAdam, writeSigns } from '../../src/kernels/adam.js';
import { wasmAdam } from '../../src/kernels/wasm/adam.js';

/** Lengths around the two entries and the 2048 that the wasm kernel takes at once. */
const LENGTHS = [0, 1, 2, 3, 2047, 2048, 2049, 5000];

const FACTORS = { rate: 0.01, rootScale: 2.5, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

const EXTREMES = [0, -0, 1, -1, 1e-45, -1e-45, 3.4e38, -3.4e38, 1 / 0, -1 / 0, Number.NaN];

interface Arrays {
  readonly values: Float32Array;
  readonly gradient: Float32Array;
  readonly mean: Float32Array;
  readonly meanSquare: Float32Array;
}

function wasm(): AdamUpdate {
  const update = wasmAdam();
  if (!update) throw new Error('run `node src/kernels/wasm/build.mjs` first');
  return update;
}

function randomArrays(length: number): Arrays {
  const random = RandomStream.named(length, 'adam');
  const normals = (scale: number): Float32Array =>
    Float32Array.from({ length }, () => scale * random.normal());
  return {
    values: normals(0.7),
    gradient: normals(0.1),
    mean: normals(0.1),
    meanSquare: normals(0.1).map((x) => x * x),
  };
}

/** Every extreme in every array beside every other. */
function extremeArrays(): Arrays {
  const tuples = EXTREMES.flatMap((value) =>
    EXTREMES.flatMap((gradient) =>
      EXTREMES.flatMap((mean) => EXTREMES.map((square) => [value, gradient, mean, square])),
    ),
  );
  const [values, gradient, mean, meanSquare] = [0, 1, 2, 3].map((column) =>
    Float32Array.from(tuples, (tuple) => tuple[column]),
  );
  return { values, gradient, mean, meanSquare };
}

/** Everything that some steps leave behind. `Object.is` tells −0 from 0 and takes every NaN for the same. */
function stateAfter(update: AdamUpdate, arrays: Arrays, factors: AdamFactors, steps = 1): Float32Array[] {
  const [values, mean, meanSquare] = [arrays.values, arrays.mean, arrays.meanSquare].map((a) => a.slice());
  const signs = new Float32Array(values.length);
  for (let step = 0; step < steps; step++) update(values, arrays.gradient, mean, meanSquare, factors, signs);
  return [values, mean, meanSquare, signs];
}

function firstDifference(actual: readonly Float32Array[], expected: readonly Float32Array[]): string | null {
  for (const [a, array] of expected.entries()) {
    const i = array.findIndex((value, at) => !Object.is(value, actual[a][at]));
    if (i >= 0) return `array ${a} at ${i}: ${actual[a][i]} is not ${array[i]}`;
  }
  return null;
}

describe('Adam in WebAssembly', () => {
  it.each(LENGTHS)(
    'agrees with the reference exactly, %i entries, three steps, with and without bound',
    (length) => {
      const arrays = randomArrays(length);
      for (const bound of [1, 0.5, Number.MAX_VALUE]) {
        const factors = { ...FACTORS, bound };
        expect(
          firstDifference(
            stateAfter(wasm(), arrays, factors, 3),
            stateAfter(referenceAdam, arrays, factors, 3),
          ),
        ).toBe(null);
      }
    },
  );

  it('agrees with the reference at extremes, what is no number included', () => {
    const arrays = extremeArrays();
    for (const bound of [1, Number.MAX_VALUE]) {
      const factors = { ...FACTORS, bound };
      expect(
        firstDifference(stateAfter(wasm(), arrays, factors), stateAfter(referenceAdam, arrays, factors)),
      ).toBe(null);
    }
  });

  it('writes to nothing but its arrays, and to no signs unless asked', () => {
    const { buffer } = new Float32Array(40);
    const part = (index: number): Float32Array => new Float32Array(buffer, 40 * index + 4, 7);
    wasm()(part(0), part(1).fill(1), part(2), part(3), { ...FACTORS, bound: 1 });
    const touched = Array.from(new Float32Array(buffer), (value) => value !== 0);
    const inside = (i: number): boolean => i % 10 >= 1 && i % 10 < 8;
    expect(touched).toEqual(Array.from(touched, (_, i) => inside(i)));
    expect(part(1)).toEqual(new Float32Array(7).fill(1));
  });
});

it('signs count 0 and −0 as +1', () => {
  const signs = new Float32Array(5);
  writeSigns(Float32Array.of(-2, -0, 0, 1e-45, -1e-45), signs);
  expect(signs).toEqual(Float32Array.of(-1, 1, 1, 1, -1));
});
