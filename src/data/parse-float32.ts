import { DataError } from '../core/errors.js';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Whether a text is a decimal number and nothing else. */
export function isNumber(text: string): boolean {
  return NUMBER.test(text);
}

/**
 * A decimal number rounded to float32, white space around it left out.
 * @param placeOf - where in the file it stands, for the error
 * @throws DataError for anything else, and for a number that float32 cannot hold
 */
export function parseFloat32(text: string, file: string, placeOf: () => string): number {
  const trimmed = text.trim();
  const value = isNumber(trimmed) ? Math.fround(Number(trimmed)) : Number.NaN;
  if (Number.isFinite(value)) return value;
  const expected = 'expected a finite number that fits float32';
  throw new DataError(file, `${placeOf()}: ${JSON.stringify(text)}, ${expected}`);
}
