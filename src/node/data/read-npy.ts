import { createReadStream } from 'node:fs';
import { type Shape, sizeOf } from '../../core/shape.js';
import { shapeOfArray } from '../../data/array-shape.js';
import { BooleanRows } from '../../data/boolean-rows.js';
import { checkFinite } from '../../data/create-dataset.js';
import { FeatureMatrix } from '../../data/dataset.js';
import { type NpyFeatures, npyFeatures } from '../../data/npy.js';
import { checkNpyHeader, checkPayload, FEATURE_TYPES } from '../../data/npy-array.js';
import { MOST_HEADER_BYTES, type NpyHeader, parseNpyHeader } from '../../data/npy-header.js';
import { readBytes, readStart } from './file-access.js';

/** Bytes of a file that are in memory at a time. */
const CHUNK_BYTES = 2 ** 22;

/**
 * The features in a .npy file, as `npyFeatures` reads them. Bools are packed while they are read, so that only their bits, an eighth of
 * the file, need to fit in memory.
 * @throws DataError as `npyFeatures`, or for a file that cannot be read
 */
export async function readNpyFeatures(file: string, stated?: Shape): Promise<NpyFeatures> {
  const { start, sizeBytes } = await readStart(file, MOST_HEADER_BYTES);
  const header = parseNpyHeader(start, file);
  if (header.type !== 'b1') return npyFeatures({ file, bytes: await readBytes(file) }, stated);
  checkNpyHeader(header, FEATURE_TYPES, file);
  checkPayload(header, sizeBytes - header.headerBytes, file);
  return packBooleans(file, header, stated);
}

/** @throws DataError as `readNpyFeatures`, and for numbers that are not finite */
export async function readFiniteNpyFeatures(file: string): Promise<NpyFeatures> {
  const read = await readNpyFeatures(file);
  if (read.features instanceof FeatureMatrix) checkFinite(read.features, file);
  return read;
}

async function packBooleans(
  file: string,
  { shape: dimensions, headerBytes }: NpyHeader,
  stated?: Shape,
): Promise<NpyFeatures> {
  const shape = shapeOfArray(dimensions, file, stated);
  const rows = new BooleanRows(dimensions[0], sizeOf(shape), file);
  const chunks: AsyncIterable<Uint8Array> = createReadStream(file, {
    start: headerBytes,
    highWaterMark: CHUNK_BYTES,
  });
  for await (const chunk of chunks) rows.push(chunk);
  return { file, features: rows.bits, shape };
}
