import { describe, expect, it } from 'vitest';
import { confusionCounts } from '../../src/records/confusion-counts.js';

describe('confusionCounts', () => {
  it('counts predictions (columns) of each true class (rows)', () => {
    const labels = Int32Array.of(0, 0, 0, 1, 2, 2);
    const predictions = Int32Array.of(0, 2, 2, 1, 1, 2);
    expect(confusionCounts(labels, predictions, 3)).toEqual([
      [1, 0, 2],
      [0, 1, 0],
      [0, 1, 1],
    ]);
  });

  it('refuses what is no class, and lists that do not belong together', () => {
    expect(() => confusionCounts(Int32Array.of(0, 2), Int32Array.of(0, 0), 2)).toThrow(
      'labels[1]: expected an integer in [0, 1], got 2',
    );
    expect(() => confusionCounts(Int32Array.of(0), Int32Array.of(-1), 2)).toThrow(
      'predictions[0]: expected an integer in [0, 1], got -1',
    );
    expect(() => confusionCounts(Int32Array.of(0), Int32Array.of(0, 1), 2)).toThrow(
      'predictions: expected 1 entries, got 2',
    );
  });
});
