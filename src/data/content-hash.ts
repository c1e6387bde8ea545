import { BitMatrix } from '../core/bit-matrix.js';
import { createSha256, hex, type Sha256 } from '../core/sha256.js';
import type { Shape } from '../core/shape.js';
import type { Dataset, FeatureMatrix, Samples } from './dataset.js';

/** Bytes handed to the hash at once; the hash refuses 2 GiB and more in one piece. */
const CHUNK_BYTES = 2 ** 26;

/**
 * SHA-256, in hexadecimal, over what training and measuring see: a line of JSON with the shape, the
 * number of classes and, per split, rows, columns and element type; then per split (train, validation, test) the
 * features and the labels, little-endian. Names and files do not enter.
 */
export function contentSha256(
  dataset: Pick<Dataset, 'classes' | 'shape' | 'train' | 'validation' | 'test'>,
): string {
  const hash = createSha256();
  const { train, validation, test } = dataset;
  const splits = Object.entries({ train, validation, test }).flatMap(([name, samples]) =>
    samples ? [{ name, samples }] : [],
  );
  const counts = splits.map(({ name, samples: { features } }) => [
    name,
    features.rows,
    features.columns,
    elementType(features),
  ]);
  const header = `${JSON.stringify([canonicalShape(dataset.shape), dataset.classes.length, counts])}\n`;
  hash.update(new TextEncoder().encode(header));
  for (const { samples } of splits) updateWithSamples(hash, samples);
  return hex(hash.digest());
}

/** The shape as a list, so that the order in which an object was written does not matter. */
function canonicalShape(shape: Shape): (string | number)[] {
  switch (shape.kind) {
    case 'vector':
      return [shape.kind, shape.size, ...(shape.signs ? [shape.signs] : [])];
    case 'image': {
      const { kind, channels, height, width, interleaved = 1 } = shape;
      return [kind, channels, height, width, ...(interleaved > 1 ? [interleaved] : [])];
    }
    case 'sequence':
      return [shape.kind, shape.steps, ...canonicalShape(shape.of)];
  }
}

function elementType(features: FeatureMatrix | BitMatrix): string {
  if (features instanceof BitMatrix) return 'bit';
  return features.values instanceof Uint8Array ? 'uint8' : 'float32';
}

function updateWithSamples(hash: Sha256, { features, labels }: Samples): void {
  updateInChunks(hash, features instanceof BitMatrix ? features.words : features.values);
  updateInChunks(hash, labels);
}

function updateInChunks(hash: Sha256, values: Uint8Array | Uint32Array | Float32Array | Int32Array): void {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    hash.update(bytes.subarray(start, start + CHUNK_BYTES));
  }
}
