import { describe, expect, it } from 'vitest';

describe('typed arrays in toEqual', () => {
  it('are equal with the same bytes, wherever these lie', () => {
    const whole = Int16Array.of(9, 1, -2, 9);
    expect(whole.subarray(1, 3)).toEqual(Int16Array.of(1, -2));
    expect({ deep: [whole] }).toEqual({ deep: [whole.slice()] });
    expect(Float32Array.of(Number.NaN, -0)).toEqual(Float32Array.of(Number.NaN, -0));
  });

  it.each([
    [Int16Array.of(1, 2), Int16Array.of(1, 3)],
    [Int16Array.of(1, 2), Int16Array.of(1)],
    [Float32Array.of(0), Float32Array.of(-0)],
    [Uint8Array.of(1), Int8Array.of(1)],
    [new Float32Array(1), new Int32Array(1)],
  ])('are not with others: %o, %o', (one, other) => {
    expect(one).not.toEqual(other);
    expect({ deep: one }).not.toEqual({ deep: other });
  });
});
