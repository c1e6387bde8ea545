import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { type Shape, vector } from '../../src/core/shape.js';
import { FeatureMatrix } from '../../src/data/dataset.js';
import { permuteFeatures } from '../../src/data/permute-features.js';
import { matchColumns, shapeMismatch } from '../../src/models/match-features.js';

const KNOWN = ['x', 'y', 'z'];

describe('columns found by their names', () => {
  it('come in any order', () => {
    expect(matchColumns(KNOWN, KNOWN)).toEqual({ order: Uint32Array.of(0, 1, 2) });
    expect(matchColumns(KNOWN, ['z', 'x', 'y'])).toEqual({ order: Uint32Array.of(1, 2, 0) });
  });

  it.each([
    [['x', 'z'], 'lacks y'],
    [['x', 'y', 'z', 'w'], 'has w, which the network was not trained on'],
    [['X', 'y', ' z'], 'lacks x, z; has X,  z, which the network was not trained on'],
    [['x', 'x', 'y', 'z'], 'has x more than once'],
    [['x', 'x', 'y'], 'lacks z; has x more than once'],
    [[], 'lacks x, y, z'],
  ])('are refused when they are %j', (given, mismatch) => {
    expect(matchColumns(KNOWN, given)).toEqual({ mismatch });
  });

  it('are not all listed when there are many', () => {
    const known = Array.from({ length: 11 }, (_, c) => `c${c}`);
    expect(matchColumns(known, [])).toEqual({
      mismatch: 'lacks c0, c1, c2, c3, c4, c5, c6, c7 and 3 more',
    });
  });
});

describe('features in another order of columns', () => {
  it('are numbers or bits', () => {
    const order = Uint32Array.of(2, 0, 1);
    const numbers = new FeatureMatrix(2, 3, Uint8Array.of(1, 2, 3, 4, 5, 6));
    const permuted = permuteFeatures(numbers, order);
    expect(permuted).toEqual(new FeatureMatrix(2, 3, Uint8Array.of(3, 1, 2, 6, 4, 5)));
    expect([...numbers.values]).toEqual([1, 2, 3, 4, 5, 6]);
    const bits = BitMatrix.fromSigns([[1, -1, -1]]);
    expect(permuteFeatures(bits, order)).toEqual(BitMatrix.fromSigns([[-1, 1, -1]]));
  });

  it('are the same where nothing moves', () => {
    const numbers = new FeatureMatrix(1, 2, Uint8Array.of(1, 2));
    expect(permuteFeatures(numbers, Uint32Array.of(0, 1))).toBe(numbers);
  });
});

describe('samples of a shape', () => {
  const picture = { kind: 'image', channels: 3, height: 4, width: 2 } as const;

  it('fit a network that was trained on the same, and vectors whatever has as many columns', () => {
    expect(shapeMismatch(picture, { ...picture, interleaved: 1 })).toBeUndefined();
    expect(shapeMismatch(picture, vector(24))).toBeUndefined();
    expect(shapeMismatch(vector(24), picture)).toBeUndefined();
    const steps = { kind: 'sequence', steps: 3, of: vector(8) } as const;
    expect(shapeMismatch(steps, { ...steps, of: vector(8) })).toBeUndefined();
  });

  it.each<[Shape, string]>([
    [{ kind: 'image', channels: 3, height: 2, width: 4 }, '3×2×4'],
    [{ ...picture, interleaved: 3 }, '3×4×2'],
    [{ kind: 'image', channels: 1, height: 6, width: 4 }, '6×4'],
    [{ kind: 'sequence', steps: 4, of: vector(6) }, '4 steps of 6'],
  ])('are refused when they are %j', (given, text) => {
    expect(shapeMismatch(picture, given)).toBe(
      `holds samples of ${text}, but the network was trained on 3×4×2`,
    );
  });

  it('are refused when they are vectors of other sizes', () => {
    expect(shapeMismatch(picture, vector(23))).toBe('has 23 columns, but the network was trained on 24');
    expect(shapeMismatch(vector(23), picture)).toBe('has 24 columns, but the network was trained on 23');
  });

  it('are refused when steps differ', () => {
    const steps = { kind: 'sequence', steps: 3, of: vector(8) } as const;
    expect(shapeMismatch(steps, { kind: 'sequence', steps: 8, of: vector(3) })).toBe(
      'holds samples of 8 steps of 3, but the network was trained on 3 steps of 8',
    );
  });
});
