import { describe, expect, it } from 'vitest';
import { randomStreams } from '../../../src/core/random.js';
import { heUniform } from '../../../src/rules/float/initial-weights.js';

describe('heUniform', () => {
  const weights = heUniform({ inputs: 150, neurons: 400 }, randomStreams(5).stream('weights'));

  it('fills [−√(6/N), √(6/N)) with variance 2/N and mean 0', () => {
    const mean = weights.reduce((sum, w) => sum + w, 0) / weights.length;
    const variance = weights.reduce((sum, w) => sum + w * w, 0) / weights.length;
    expect(weights).toHaveLength(60_000);
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(-0.2);
    expect(Math.min(...weights)).toBeLessThan(-0.1999);
    expect(Math.max(...weights)).toBeLessThanOrEqual(0.2);
    expect(Math.max(...weights)).toBeGreaterThan(0.1999);
    // Standard errors: 0.1155/√60000 ≈ 0.0005 and 0.0119/√60000 ≈ 0.00005.
    expect(Math.abs(mean)).toBeLessThan(0.002);
    expect(Math.abs(variance - 2 / 150)).toBeLessThan(0.0002);
  });

  it('is the same for the same stream', () => {
    const again = heUniform({ inputs: 150, neurons: 400 }, randomStreams(5).stream('weights'));
    expect(again).toEqual(weights);
  });
});
