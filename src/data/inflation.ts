import { DataError } from '../core/errors.js';
import { bytesText } from '../core/matrix-size.js';

/** So much may come of any archive. */
const FREE_BYTES = 2 ** 26;

/** DEFLATE makes at most 1032 bytes of one; data sets that are mostly zeros come to some two hundred. */
const MOST_RATIO = 256;

/**
 * How many bytes an archive is unpacked to at most.
 * @param toldBytes - that it says it holds, if it is whole
 */
export function inflationLimit(packedBytes: number, toldBytes: number): number {
  return isLikely(packedBytes, toldBytes) ? Math.max(toldBytes + 1, FREE_BYTES) : FREE_BYTES;
}

/** Whether so much comes of so little where nobody wants to do harm, and nothing is damaged. */
export function isLikely(packedBytes: number, contentBytes: number): boolean {
  return contentBytes <= MOST_RATIO * packedBytes;
}

/** What is said of an archive that would come to more than `limitBytes`. @param file - what to name */
export function inflationError(packedBytes: number, limitBytes: number, file: string): DataError {
  const sizes = `${bytesText(packedBytes)} unpack to more than ${bytesText(limitBytes)}`;
  return new DataError(file, `${sizes}, which data does not: if it is meant so, unpack it first`);
}
