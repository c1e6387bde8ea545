import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { RandomStream } from '../../src/core/random.js';
import { stepRows } from '../../src/core/step-rows.js';

describe('sequences as rows of their steps', () => {
  it.each([
    [1, 1, 1],
    [3, 4, 7],
    [2, 5, 32],
    [3, 3, 33],
    [2, 4, 64],
    [4, 3, 65],
    [1, 2, 100],
    [2, 28, 28],
  ])('%i sequences of %i steps of %i', (rows, steps, n) => {
    const sequences = RandomStream.named(rows, 'step-rows').signs(rows, steps * n);
    const out = new BitMatrix(steps * rows, n);
    // What was there before does not matter.
    out.words.fill(0xffffffff);
    stepRows(sequences, out);
    const expected = Array.from({ length: steps * rows }, (_, i) => {
      const [t, row] = [Math.floor(i / rows), i % rows];
      return sequences.signs(row).slice(t * n, (t + 1) * n);
    });
    // The same words, those past the columns among them.
    expect([...out.words]).toEqual([...BitMatrix.fromSigns(expected).words]);
  });
});
