import { DataError } from '../core/errors.js';
import { bytesText, MOST_MATRIX_BYTES } from '../core/matrix-size.js';

/**
 * By arithmetic, before features are put together that take more than a matrix may: pictures of many pixels, columns of many categories.
 * @throws DataError naming the file
 */
export function checkFeatureSize(rows: number, columns: number, entryBytes: number, file: string): void {
  const sizeBytes = rows * columns * entryBytes;
  if (sizeBytes <= MOST_MATRIX_BYTES) return;
  const sizes = `${rows} samples of ${columns} columns take ${bytesText(sizeBytes)}`;
  throw new DataError(file, `${sizes}, expected at most ${bytesText(MOST_MATRIX_BYTES)}`);
}
