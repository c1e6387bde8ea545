import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ArgumentError } from '../../src/core/errors.js';
import { parse } from '../../src/core/parse.js';

const schema = z.strictObject({
  share: z.number().min(0).max(1).default(0.5),
  width: z.int().min(1),
  kind: z.enum(['a', 'b']).optional(),
  list: z.array(z.int()).min(1).optional(),
  either: z.union([z.int(), z.array(z.int().min(1))]).optional(),
  part: z.discriminatedUnion('name', [z.strictObject({ name: z.literal('x'), size: z.int() })]).optional(),
});

function failure(value: unknown): string {
  try {
    parse(schema, value);
  } catch (error) {
    if (error instanceof ArgumentError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('parse', () => {
  it('fills in defaults', () => {
    expect(parse(schema, { width: 2 })).toEqual({ width: 2, share: 0.5 });
  });

  it.each([
    [{ width: 2, share: 1.5 }, 'share: expected a number of at most 1, got 1.5'],
    [{ width: 2, share: Number.NaN }, 'share: expected a number, got NaN'],
    [{ width: 2, share: '0.5' }, "share: expected a number, got '0.5'"],
    [{ width: 0 }, 'width: expected a number of at least 1, got 0'],
    [{ width: 1.5 }, 'width: expected an integer, got 1.5'],
    [{}, 'width: expected a number, got undefined'],
    [{ width: 2, kind: 'c' }, "kind: expected one of a, b, got 'c'"],
    [{ width: 2, list: [] }, 'list: expected a list whose length is at least 1, got []'],
    [{ width: 2, either: [3, 0] }, 'either.1: expected a number of at least 1, got 0'],
    [{ width: 2, wrong: 1 }, 'value: expected no key wrong, got { width: 2, wrong: 1 }'],
    [
      { width: 2, part: { name: 'x', size: 1, more: 2 } },
      "part: expected no key more, got { name: 'x', size: 1, more: 2 }",
    ],
    [{ width: 2, part: { name: 'y' } }, "part.name: expected one of x, got 'y'"],
    ['text', "value: expected an object, got 'text'"],
  ])('%o', (value, expected) => {
    expect(failure(value)).toBe(expected);
  });
});
