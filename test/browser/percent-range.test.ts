import { describe, expect, it } from 'vitest';
import { percentRange } from '../../src/live/percent-range.js';

describe('the range of an axis in percent', () => {
  it.each([
    [null, null, -2, 102],
    // All the same: something around it, never 200 %.
    [100, 100, 98, 102],
    [0, 0, -2, 2],
    [50, 90, 46, 94],
    [10, 99, 1.1, 102],
  ])('of values from %j to %j is %d to %d', (least, most, from, to) => {
    const [low, high] = percentRange(undefined, least, most);
    expect(low).toBeCloseTo(from);
    expect(high).toBeCloseTo(to);
  });
});
