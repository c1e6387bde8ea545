import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { describeValue } from '../../src/core/describe-value.js';

/** What Node would print on one line. */
function inspected(value: unknown): string {
  return inspect(value, {
    depth: 1,
    compact: true,
    breakLength: Number.POSITIVE_INFINITY,
    maxArrayLength: 8,
  });
}

class Point {
  x = 1;
}

describe('describeValue', () => {
  it.each([
    [undefined],
    [null],
    [true],
    [2.5],
    [-0],
    [Number.NaN],
    [10n],
    [''],
    ['a\nb'],
    ["it's"],
    ['"'],
    ['\\'],
    [[]],
    [[1, 'a', null]],
    [{}],
    [{ a: 1, 'b-c': [2] }],
    [{ a: { b: { c: 1 } } }],
    [[[1, [2]]]],
    [new Point()],
    [new Uint8Array([1, 2])],
    [Int16Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)],
    [new Array(9).fill(0)],
    [parseInt],
    [Symbol('s')],
    [new Date(0)],
    [{ a: undefined }],
    [{ list: [] }],
  ])('says of %o what Node says', (value) => {
    expect(describeValue(value)).toBe(inspected(value));
  });

  it('cuts long values', () => {
    expect(describeValue('a'.repeat(200))).toBe(`'${'a'.repeat(79)}…`);
  });
});
