import { DataError } from '../core/errors.js';

/** More classes than this in a label column means that it holds something else. */
const MAX_CLASSES = 65_536;

/**
 * Class names for a set that gives its classes as numbers: `0` … the largest training label.
 * @throws DataError when the largest label is beyond any sensible number of classes
 */
export function classNumbersUpTo(trainLabels: ArrayLike<number>, file: string): readonly string[] {
  let [largest, position] = [0, 0];
  for (let i = 0; i < trainLabels.length; i++) {
    if (trainLabels[i] > largest) [largest, position] = [trainLabels[i], i];
  }
  if (largest < MAX_CLASSES) return Array.from({ length: largest + 1 }, (_, label) => String(label));
  const expected = `expected a class number below ${MAX_CLASSES}`;
  throw new DataError(file, `label ${largest} at position ${position} (counted from 0): ${expected}`);
}
