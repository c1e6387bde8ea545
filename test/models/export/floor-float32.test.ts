import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floorFloat32 } from '../../../src/models/export/floor-float32.js';

describe('the 32-bit float at or below a number', () => {
  it('is worked out by hand', () => {
    expect(floorFloat32(0.5)).toBe(0.5);
    expect(floorFloat32(-3)).toBe(-3);
    expect(floorFloat32(0)).toBe(0);
    // 0.1f is 0.100000001490116…, the one below 0.0999999940395355…
    expect(floorFloat32(0.1)).toBe(0.09999999403953552);
    expect(floorFloat32(-0.1)).toBe(-0.10000000149011612);
    expect(floorFloat32(1e-60)).toBe(0);
    expect(floorFloat32(-1e-60)).toBe(-(2 ** -149));
    expect(floorFloat32(1e300)).toBe(2 ** 128 - 2 ** 104);
    expect(floorFloat32(-1e300)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('parts 32-bit floats as the number does', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(number, fc.float({ noNaN: true }), (threshold, x) => {
        const floor = floorFloat32(threshold);
        expect(Math.fround(floor)).toBe(floor);
        for (const value of [x, floor, Math.fround(threshold)]) expect(value > floor).toBe(value > threshold);
      }),
      { seed: 1 },
    );
  });
});
