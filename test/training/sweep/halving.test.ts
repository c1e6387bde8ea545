import { describe, expect, it } from 'vitest';
import { rungs } from '../../../src/training/sweep/halving.js';

const settings = (eta: number, minEpochs: number) => ({
  kind: 'successive-halving' as const,
  eta,
  minEpochs,
});

describe('rungs', () => {
  it.each([
    // candidates, epochs, eta, minEpochs, [epochs, candidates] of each rung
    [
      27,
      27,
      3,
      1,
      [
        [1, 27],
        [3, 9],
        [9, 3],
        [27, 1],
      ],
    ],
    [
      10,
      20,
      3,
      2,
      [
        [2, 10],
        [6, 3],
        [20, 1],
      ],
    ],
    [
      8,
      5,
      2,
      1,
      [
        [1, 8],
        [2, 4],
        [4, 2],
        [5, 1],
      ],
    ],
    [
      100,
      4,
      2,
      1,
      [
        [1, 100],
        [2, 50],
        [4, 25],
      ],
    ],
    [4, 9, 4, 9, [[9, 4]]],
    [1, 9, 3, 1, [[9, 1]]],
  ])('%i candidates, %i epochs, η %i, from %i', (candidates, epochs, eta, minEpochs, expected) => {
    expect(
      rungs(candidates, epochs, settings(eta, minEpochs)).map((rung) => [rung.epochs, rung.candidates]),
    ).toEqual(expected);
  });
});
