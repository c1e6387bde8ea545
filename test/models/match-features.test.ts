import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { FeatureMatrix } from '../../src/data/dataset.js';
import { permuteFeatures } from '../../src/data/permute-features.js';
import { matchColumns } from '../../src/models/match-features.js';

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
