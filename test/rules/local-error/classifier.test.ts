import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { RandomStream } from '../../../src/core/random.js';
import {
  antipodalClassifier,
  equiangularClassifier,
  randomClassifier,
} from '../../../src/layers/classifier.js';

const stream = (): RandomStream => RandomStream.named(3, 'test/classifier');

/** ⟨ρ_i, ρ_j⟩ for all pairs i < j, computed entry by entry. */
function innerProducts(classifier: BitMatrix): number[] {
  const rows = Array.from({ length: classifier.rows }, (_, row) => [...classifier.signs(row)]);
  return rows.flatMap((a, i) =>
    rows.slice(i + 1).map((b) => a.reduce((sum, sign, column) => sum + sign * b[column], 0)),
  );
}

/** Σ⟨ρ_i, ρ_j⟩ + Var⟨ρ_i, ρ_j⟩, straight from [BEP] app. C. */
function objective(classifier: BitMatrix): number {
  const products = innerProducts(classifier);
  const sum = products.reduce((total, product) => total + product, 0);
  const mean = sum / products.length;
  const variance = products.reduce((total, product) => total + (product - mean) ** 2, 0) / products.length;
  return sum + variance;
}

describe('equiangular classifier', () => {
  it('cannot be improved by any single flip', () => {
    const frame = equiangularClassifier(4, 12, stream());
    const best = objective(frame);
    for (let row = 0; row < 4; row++) {
      for (let column = 0; column < 12; column++) {
        const flipped = new BitMatrix(4, 12, frame.words.slice());
        flipped.set(row, column, frame.get(row, column) === 1 ? -1 : 1);
        expect(objective(flipped)).toBeGreaterThanOrEqual(best);
      }
    }
  });

  it('spreads rows more evenly than a random draw', () => {
    const random = innerProducts(randomClassifier(10, 255, stream()));
    const frame = innerProducts(equiangularClassifier(10, 255, stream()));
    const spread = (products: number[]): number => Math.max(...products) - Math.min(...products);
    expect(spread(frame)).toBeLessThan(spread(random) / 4);
    // Ten unit vectors cannot all be further apart than cos = −1/9.
    expect(Math.min(...frame) / 255).toBeGreaterThan(-0.2);
    expect(Math.max(...frame)).toBeLessThan(0);
  });

  it('draws the same frame from the same stream', () => {
    const words = () => [...equiangularClassifier(3, 70, stream()).words];
    expect(words()).toEqual(words());
  });
});

describe('antipodal classifier', () => {
  it('is a row and its opposite, bits past the end clear', () => {
    const classifier = antipodalClassifier(BitMatrix.fromSigns([[1, -1, 1]]));
    expect([...classifier.signs(0)]).toEqual([1, -1, 1]);
    expect([...classifier.signs(1)]).toEqual([-1, 1, -1]);
    expect([...classifier.words]).toEqual([0b101, 0, 0b010, 0]);
  });
});
