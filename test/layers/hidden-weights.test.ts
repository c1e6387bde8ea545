import { describe, expect, it } from 'vitest';
import { RandomStream, randomStreams } from '../../src/core/random.js';
import { vector } from '../../src/core/shape.js';
import { referenceKernels } from '../../src/kernels/reference.js';
import { normalHiddenWeights, observeDepth } from '../../src/layers/hidden-weights.js';
import { localErrorConfig } from '../../src/rules/local-error/config.js';
import { LocalErrorLearner } from '../../src/rules/local-error/local-error.js';

const ROWS = 200;
const COLUMNS = 200;

function initial(depth: number, bound = 32767) {
  const signs = RandomStream.named(5, 'test/signs').signs(ROWS, COLUMNS);
  const stream = RandomStream.named(5, 'test/depth');
  return { signs, ...normalHiddenWeights(referenceKernels, signs, { depth, bound, stream }) };
}

function share(values: Int16Array, is: (h: number) => boolean): number {
  return values.filter(is).length / values.length;
}

/** Four standard deviations of a share of that many weights. */
const TOLERANCE = 4 * Math.sqrt(0.25 / (ROWS * COLUMNS));

describe('initial hidden weights', () => {
  it.each([2, 8, 64, 500])('are normal with standard deviation %i', (depth) => {
    const { values } = initial(depth).hidden;
    // Of a normal distribution 38.29 % lie within half a standard deviation, 68.27 % within one, 95.45 % within two.
    // An odd h stands for [h − 1, h + 1), and all these limits are even, or lie between two of them.
    for (const [deviations, within] of [
      [0.5, 0.3829],
      [1, 0.6827],
      [2, 0.9545],
    ]) {
      if ((deviations * depth) % 2 !== 0) continue;
      expect(Math.abs(share(values, (h) => Math.abs(h) < deviations * depth) - within)).toBeLessThan(
        TOLERANCE,
      );
    }
    // Mean of |x|: √(2/π)·σ, with a standard deviation of 0.603·σ. Of small σ, rounding to odd moves it.
    const mean = values.reduce((sum, h) => sum + Math.abs(h), 0) / values.length;
    if (depth >= 8) expect(Math.abs(mean / depth - Math.sqrt(2 / Math.PI))).toBeLessThan(0.015);
  });

  it('have the signs that they are given, half of them +, at every depth', () => {
    const { hidden, visible, signs } = initial(64);
    expect(visible).toEqual(signs);
    expect(Array.from(hidden.values, Math.sign)).toEqual(
      Array.from({ length: ROWS }, (_, row) => [...signs.signs(row)]).flat(),
    );
    const deep = hidden.values.filter((h) => Math.abs(h) > 64);
    expect(Math.abs(share(deep, (h) => h > 0) - 0.5)).toBeLessThan(2 * TOLERANCE);
  });

  it('are odd, and all ±1 with standard deviation 0', () => {
    expect(share(initial(64).hidden.values, (h) => Math.abs(h) % 2 === 1)).toBe(1);
    expect(share(initial(0).hidden.values, (h) => Math.abs(h) === 1)).toBe(1);
  });

  it('lie at the bound where they were drawn beyond it', () => {
    const free = initial(64).hidden.values;
    const bounded = initial(64, 63).hidden.values;
    expect([...bounded]).toEqual(Array.from(free, (h) => Math.sign(h) * Math.min(Math.abs(h), 63)));
    // 31.73 % of a normal distribution lie beyond one standard deviation; 63 stands for [62, 64) itself.
    expect(Math.abs(share(free, (h) => Math.abs(h) > 64) - 0.3173)).toBeLessThan(TOLERANCE);
  });

  it('have a standard deviation of 64 in every layer if nothing else is said', () => {
    const config = localErrorConfig.parse({ name: 'local-error', layers: [150, 150], groupSize: 1 });
    const task = { input: vector(150), classes: 2, batchSize: 1, hasValidation: false };
    const context = { kernels: referenceKernels, streams: randomStreams(5) };
    const { layers } = new LocalErrorLearner(config, task, context);
    for (const { weights } of layers) {
      expect(Math.abs(share(weights.hidden.values, (h) => Math.abs(h) < 64) - 0.6827)).toBeLessThan(0.013);
    }
  });
});

describe('observed depths', () => {
  it('count weights between powers of two, and those at the bound', () => {
    const hidden = referenceKernels.int16Matrix(2, 5);
    hidden.values.set([1, -1, 3, -3, 5, 7, -7, 9, -31, 31]);
    const { depthHistogram, boundShare } = observeDepth(hidden, 31);
    expect(depthHistogram).toEqual([2, 2, 3, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(boundShare).toBe(0.2);
  });

  it('reach from 1 to 32,767, either sign', () => {
    const hidden = referenceKernels.int16Matrix(1, 6);
    hidden.values.set([-1, 16383, -16383, 16385, 32767, -32767]);
    const { depthHistogram, boundShare } = observeDepth(hidden, 32767);
    expect(depthHistogram).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3]);
    expect(boundShare).toBeCloseTo(1 / 3);
  });
});
