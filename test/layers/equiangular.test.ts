import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.js';
import { equiangularClassifier } from '../../src/layers/classifier.js';

/** Pairs² · (Σ⟨ρ_i, ρ_j⟩ + Var⟨ρ_i, ρ_j⟩): an integer, so that no rounding decides what is lower. Every product is computed anew. */
function objective(rows: readonly number[][]): number {
  const products = rows.flatMap((a, i) =>
    rows.slice(i + 1).map((b) => a.reduce((sum, sign, n) => sum + sign * b[n], 0)),
  );
  const pairs = products.length;
  const sum = products.reduce((total, product) => total + product, 0);
  const squares = products.reduce((total, product) => total + product ** 2, 0);
  return sum * pairs ** 2 + squares * pairs - sum ** 2;
}

/** The frame of [BEP] app. C, one flip after the other, until a whole random order brings none. */
function frame(classes: number, neurons: number, stream: RandomStream): number[][] {
  const start = stream.signs(classes, neurons);
  const rows = Array.from({ length: classes }, (_, row) => [...start.signs(row)]);
  for (let flips = -1; flips !== 0; ) {
    flips = 0;
    for (const entry of stream.permutation(classes * neurons)) {
      const row = rows[Math.floor(entry / neurons)];
      const before = objective(rows);
      row[entry % neurons] *= -1;
      if (objective(rows) < before) flips++;
      else row[entry % neurons] *= -1;
    }
  }
  return rows;
}

describe('an equiangular frame', () => {
  it('is that of a second implementation, which recomputes every product at every flip', () => {
    const shape = fc.record({
      classes: fc.integer({ min: 2, max: 5 }),
      neurons: fc.integer({ min: 1, max: 24 }),
      seed: fc.nat(1000),
    });
    fc.assert(
      fc.property(shape, ({ classes, neurons, seed }) => {
        const stream = () => RandomStream.named(seed, 'test/frame');
        const made = equiangularClassifier(classes, neurons, stream());
        const rows = Array.from({ length: classes }, (_, row) => [...made.signs(row)]);
        expect(rows).toEqual(frame(classes, neurons, stream()));
      }),
      { numRuns: 40, seed: 2 },
    );
  });

  it('of a single row is the row that was drawn', () => {
    const stream = () => RandomStream.named(1, 'test/frame');
    expect(equiangularClassifier(1, 9, stream())).toEqual(stream().signs(1, 9));
  });
});
