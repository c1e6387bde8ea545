import { describe, expect, it } from 'vitest';
import { type Shape, vector } from '../../src/core/shape.js';
import { shapeOfArray } from '../../src/data/array-shape.js';
import { npyFeatures } from '../../src/data/npy.js';
import { parseShapeFile } from '../../src/data/shape-file.js';
import { bytesOf, npyBytes, rowsOf } from './helpers.js';

const image = (channels: number, height: number, width: number): Shape => ({
  kind: 'image',
  channels,
  height,
  width,
});
const sequence = (steps: number, of: Shape): Shape => ({ kind: 'sequence', steps, of });

describe('what an array of samples holds', () => {
  it.each<[number[], Shape]>([
    [[60, 7], vector(7)],
    [[60, 24, 1], sequence(24, vector(1))],
    [[60, 100, 6], sequence(100, vector(6))],
    [[60, 1, 28, 28], image(1, 28, 28)],
    [[60, 3, 32, 32], image(3, 32, 32)],
    [[60, 2, 3, 4], image(2, 3, 4)],
    [[60, 10, 3, 32, 32], sequence(10, image(3, 32, 32))],
  ])('is told by the number of dimensions: %j', (dimensions, shape) => {
    expect(shapeOfArray(dimensions, 'f')).toEqual(shape);
  });

  it.each<[number[], Shape]>([
    [[60, 28, 28], image(1, 28, 28)],
    [[60, 784], image(1, 28, 28)],
    [[60, 1, 28, 28], image(1, 28, 28)],
    [[60, 3072], image(3, 32, 32)],
    [[60, 24], sequence(24, vector(1))],
    [[60, 6, 4], sequence(6, vector(4))],
    [[60, 32, 32, 3], image(32, 32, 3)],
  ])('or by the user, where that says something else: %j', (dimensions, stated) => {
    expect(shapeOfArray(dimensions, 'f', stated)).toEqual(stated);
  });

  it.each<[number[], Shape | undefined, string]>([
    [[60], undefined, 'f: array of shape [60], expected [n, d], [n, t, d], [n, c, h, w] or [n, t, c, h, w]'],
    [[2, 2, 2, 2, 2, 2], undefined, 'expected [n, d], [n, t, d], [n, c, h, w] or [n, t, c, h, w]'],
    [[60, 32, 32, 3], undefined, 'channels seem to come last: save numpy.moveaxis(array, -1, -3)'],
    [[60, 32, 32, 3], image(3, 32, 32), 'but its samples are stated to be image 3×32×32'],
    [
      [60, 28, 27],
      image(1, 28, 28),
      'f: array of shape [60, 28, 27], but its samples are stated to be image 28×28',
    ],
    [[60, 100, 6], sequence(6, vector(100)), 'but its samples are stated to be sequence 6 steps of 100'],
  ])('is not guessed: %j', (dimensions, stated, message) => {
    expect(() => shapeOfArray(dimensions, 'f', stated)).toThrow(message);
  });

  it('keeps the order of the elements: columns of a step, and pixels of a channel, lie together', () => {
    const values = Float32Array.from({ length: 24 }, (_, i) => i);
    const { features, shape } = npyFeatures({
      file: 'f',
      bytes: npyBytes('<f4', [2, 4, 3], bytesOf(values)),
    });
    expect(shape).toEqual(sequence(4, vector(3)));
    expect(rowsOf(features)[1]).toEqual([12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]);
  });
});

describe('shape.json', () => {
  const read = (text: string): Shape =>
    parseShapeFile({ file: 'shape.json', bytes: Buffer.from(text) }).shape;

  it('says any shape', () => {
    expect(read('{ "kind": "image", "height": 28, "width": 28 }')).toEqual(image(1, 28, 28));
    expect(read('{ "kind": "sequence", "steps": 3, "of": { "kind": "vector", "size": 2 } }')).toEqual(
      sequence(3, vector(2)),
    );
  });

  it.each([
    ['{ "kind": "image", "height": 28 }', 'shape.json: shape.width: expected'],
    ['{ "kind": "picture" }', 'shape.json: shape.kind: expected'],
    ['{ "kind": "vector", "size": 0 }', 'shape.json: shape.size: expected'],
    ['{ "kind": "vector", "size": 3, "order": "C" }', 'shape.json: shape'],
    ['[28, 28]', 'shape.json: shape: expected'],
    ['28×28', 'shape.json: is no JSON'],
  ])('is refused where it says none: %s', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
