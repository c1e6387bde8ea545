import { DataError } from '../core/errors.js';
import { type Shape, shapeText, vector } from '../core/shape.js';

/**
 * What the columns of an array of samples mean. Without a word from the user, the number of dimensions says it:
 * - [n, d]: vectors
 * - [n, t, d]: sequences of t steps with d numbers each
 * - [n, c, h, w]: images of c channels
 * - [n, t, c, h, w]: sequences of images
 *
 * @param dimensions - of the array, samples first
 * @param stated - what the user says, for arrays that are something else: [n, h, w] of grey images, or samples that were flattened
 * @throws DataError for other numbers of dimensions, channels that seem to come last, and an array that is not what `stated` says
 */
export function shapeOfArray(dimensions: readonly number[], file: string, stated?: Shape): Shape {
  const [, ...sizes] = dimensions;
  const array = `array of shape [${dimensions.join(', ')}]`;
  if (stated) {
    if (fits(sizes, stated)) return stated;
    throw new DataError(
      file,
      `${array}, but its samples are stated to be ${stated.kind} ${shapeText(stated)}`,
    );
  }
  switch (sizes.length) {
    case 1:
      return vector(sizes[0]);
    case 2:
      return { kind: 'sequence', steps: sizes[0], of: vector(sizes[1]) };
    case 3:
      return imageOf(sizes, array, file);
    case 4:
      return { kind: 'sequence', steps: sizes[0], of: imageOf(sizes.slice(1), array, file) };
    default:
      throw new DataError(file, `${array}, expected [n, d], [n, t, d], [n, c, h, w] or [n, t, c, h, w]`);
  }
}

/** Pictures this small are rather arrays of something else, of which nothing can be told. */
const SMALLEST_PICTURE = 8;

function imageOf([channels, height, width]: readonly number[], array: string, file: string): Shape {
  const seemLast = channels >= SMALLEST_PICTURE && height >= SMALLEST_PICTURE && [1, 3, 4].includes(width);
  if (seemLast) {
    const problem = 'channels seem to come last: save numpy.moveaxis(array, -1, -3)';
    throw new DataError(file, `${array}: ${problem}. If they do not, say so in shape.json`);
  }
  return { kind: 'image', channels, height, width };
}

/** Whether sizes of an array are those of the shape, flattened or not; dimensions of 1 may be left out. */
function fits(sizes: readonly number[], shape: Shape): boolean {
  const full = sizesOf(shape);
  const flat = full.reduce((product, size) => product * size, 1);
  const [found, expected] = [sizes, full].map((list) => list.filter((size) => size !== 1).join());
  return found === expected || (sizes.length === 1 && sizes[0] === flat);
}

function sizesOf(shape: Shape): number[] {
  switch (shape.kind) {
    case 'vector':
      return [shape.size];
    case 'image':
      return [shape.channels, shape.height, shape.width];
    case 'sequence':
      return [shape.steps, ...sizesOf(shape.of)];
  }
}
