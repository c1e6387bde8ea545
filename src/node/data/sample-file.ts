import path from 'node:path';
import type { BitMatrix } from '../../core/bit-matrix.js';
import { DataError } from '../../core/errors.js';
import type { Shape } from '../../core/shape.js';
import { csvSamples } from '../../data/csv.js';
import { FeatureMatrix } from '../../data/dataset.js';
import { refuseForeignFormat } from '../../data/foreign-format.js';
import { parseIdx } from '../../data/idx.js';
import { MOST_HEADER_BYTES } from '../../data/npy-header.js';
import { readSource, readStart } from './file-access.js';
import { readFiniteNpyFeatures } from './read-npy.js';

/** Samples to be classified. */
export interface UnsortedSamples {
  readonly features: FeatureMatrix | BitMatrix;
  /** Class numbers, one per row, where they are known. */
  readonly labels?: Int32Array;
  /** What the columns mean, where the file says so. */
  readonly shape?: Shape;
  /** Names of the columns, where the file has them. */
  readonly featureNames?: readonly string[];
}

/** How a file of samples is read. */
export interface SampleFileOptions {
  /** Class names; labels become their numbers. */
  readonly classes: readonly string[];
  /** The column with the class, in a CSV file. Default `label`; a file without it has no labels. */
  readonly labelColumn?: string | undefined;
}

/**
 * Reads samples from a single file, told by its name: `.npy` (features, samples first), `.csv` (with or without labels) or an
 * IDX file of images (`.idx`, `-ubyte`, each also with `.gz`).
 * @throws DataError for another name, a file that is missing or damaged, numbers that are not finite, or labels that
 *   are none of the classes
 */
export async function readSampleFile(file: string, options: SampleFileOptions): Promise<UnsortedSamples> {
  const name = path.basename(file);
  if (name.endsWith('.npy')) {
    const { features, shape } = await readFiniteNpyFeatures(file);
    return { features, shape };
  }
  if (name.endsWith('.csv')) return csvSamples(await readSource(file), options.classes, options);
  if (/(\.idx|-ubyte)(\.gz)?$/.test(name)) return readImages(file);
  const { start } = await readStart(file, MOST_HEADER_BYTES);
  refuseForeignFormat({ file, bytes: start }, '.npy, .csv or IDX');
  throw new DataError(file, 'has a name that tells no format: expected .npy, .csv, .idx or …-ubyte');
}

async function readImages(file: string): Promise<UnsortedSamples> {
  const { dimensions, values } = parseIdx(await readSource(file), 3);
  const [rows, height, width] = dimensions;
  const features = new FeatureMatrix(rows, height * width, values);
  return { features, shape: { kind: 'image', channels: 1, height, width } };
}
