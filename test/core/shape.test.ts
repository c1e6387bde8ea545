import { describe, expect, it } from 'vitest';
import {
  channelColumns,
  checkShape,
  type ImageShape,
  type Shape,
  shapeText,
  sizeOf,
  vector,
  withLevels,
} from '../../src/core/shape.js';

const RGB: Shape = { kind: 'image', channels: 3, height: 2, width: 2 };
const GREY: ImageShape = { kind: 'image', channels: 1, height: 28, width: 28 };
const SERIES: Shape = { kind: 'sequence', steps: 3, of: vector(2) };
const FILM: Shape = { kind: 'sequence', steps: 2, of: RGB };

const listed = (shape: Shape): number[][] => channelColumns(shape).map((columns) => [...columns]);

describe('a shape', () => {
  it('has as many columns as its parts together', () => {
    expect([vector(5), GREY, RGB, SERIES, FILM].map(sizeOf)).toEqual([5, 784, 12, 6, 24]);
  });

  it('is told in a few characters', () => {
    expect([vector(5), GREY, RGB, SERIES, FILM].map(shapeText)).toEqual([
      '5',
      '28×28',
      '3×2×2',
      '3 steps of 2',
      '2 steps of 3×2×2',
    ]);
  });

  it('knows which columns hold the same quantity', () => {
    expect(listed(vector(3))).toEqual([[0], [1], [2]]);
    expect(listed(RGB)).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9, 10, 11],
    ]);
    expect(listed(SERIES)).toEqual([
      [0, 2, 4],
      [1, 3, 5],
    ]);
    expect(listed(FILM)[1]).toEqual([4, 5, 6, 7, 16, 17, 18, 19]);
  });

  it('with interleaved channels has them side by side at each pixel', () => {
    const last: Shape = { kind: 'image', channels: 2, height: 1, width: 3, interleaved: 2 };
    expect(listed(last)).toEqual([
      [0, 2, 4],
      [1, 3, 5],
    ]);
  });
});

describe('levels in the place of each column', () => {
  it('are channels of an image, numbers of a vector, and leave a sequence its steps', () => {
    expect(withLevels(GREY, 3)).toEqual({
      kind: 'image',
      channels: 3,
      height: 28,
      width: 28,
      interleaved: 3,
    });
    expect(withLevels(vector(4), 3)).toEqual(vector(12));
    expect(withLevels(SERIES, 2)).toEqual({ kind: 'sequence', steps: 3, of: vector(4) });
    expect(withLevels(GREY, 1)).toEqual(GREY);
  });

  it.each<[string, Shape]>([
    ['planes', RGB],
    ['channels side by side', { ...RGB, interleaved: 3 }],
    ['steps', SERIES],
    ['images in steps', FILM],
  ])('stand where a thermometer writes them, level l of column c at c · levels + l: %s', (_, shape) => {
    const leveled = channelColumns(withLevels(shape, 4)).map((columns) => [...columns]);
    const expected = channelColumns(shape).flatMap((columns) =>
      [0, 1, 2, 3].map((level) => [...columns].map((column) => column * 4 + level)),
    );
    const byFirst = (one: number[], other: number[]): number => one[0] - other[0];
    expect(leveled.sort(byFirst)).toEqual(expected.sort(byFirst));
  });

  it('keep the channel that they are levels of together: channel c · levels + l', () => {
    const levels = channelColumns(withLevels(RGB, 2));
    expect(Array.from(levels[2 * 1 + 1])).toEqual(
      Array.from(channelColumns(RGB)[1], (column) => 2 * column + 1),
    );
  });
});

describe('checkShape', () => {
  it.each<[unknown, string]>([
    [vector(0), 'shape.size: expected an integer of at least 1, got 0'],
    [{ ...GREY, height: 1.5 }, 'shape.height: expected an integer of at least 1, got 1.5'],
    [{ ...RGB, interleaved: 2 }, 'shape.interleaved: expected a divisor of 3 channels, got 2'],
    [
      { kind: 'sequence', steps: 2, of: vector(-1) },
      'shape.of.size: expected an integer of at least 1, got -1',
    ],
    [{ kind: 'picture' }, "shape.kind: expected vector, image or sequence, got 'picture'"],
  ])('refuses %j', (shape, message) => {
    expect(() => checkShape('shape', shape as Shape)).toThrow(message);
  });
});
