import { BitMatrix } from '../core/bit-matrix.js';
import { checkLength } from '../core/check.js';
import { DataError } from '../core/errors.js';
import { checkShape, type Shape, sizeOf } from '../core/shape.js';
import { contentSha256 } from './content-hash.js';
import type { Dataset, FeatureMatrix, Samples } from './dataset.js';

/** One split as it came from its files. */
export interface SplitSource {
  readonly features: FeatureMatrix | BitMatrix;
  /** Class numbers, not checked yet. */
  readonly labels: ArrayLike<number>;
  /** The file (or, for generated data, the set) to name when the features are wrong. */
  readonly featuresFile: string;
  /** The file to name when the labels are wrong. */
  readonly labelsFile: string;
  /** Position in its files of the first sample of this split. Default 0. */
  readonly firstPosition?: number;
}

/** What `createDataset` puts together. */
export interface DatasetParts extends Pick<Dataset, 'name' | 'classes' | 'shape' | 'featureNames' | 'files'> {
  readonly train: SplitSource;
  readonly validation?: SplitSource | undefined;
  readonly test: SplitSource;
}

/**
 * Checks every split and puts the data set together: the one way in which any source makes a Dataset.
 * @throws ArgumentError for a shape that is none; DataError for no samples, NaN or ±Infinity, labels outside the classes, features and labels of
 *   different number, splits of different width or kind, training samples of one class, images of a single pixel
 */
export function createDataset(parts: DatasetParts): Dataset {
  const { name, classes, shape, featureNames, files, train, validation, test } = parts;
  checkShape('shape', shape);
  if (featureNames) checkLength('featureNames', featureNames, sizeOf(shape));
  checkImageSize(train.featuresFile, shape);
  for (const split of [train, validation, test]) if (split) checkWidthAndKind(split, train, shape);
  const dataset = {
    name,
    classes,
    shape,
    ...(featureNames && { featureNames }),
    train: checkedSamples(train, classes.length),
    ...(validation && { validation: checkedSamples(validation, classes.length) }),
    test: checkedSamples(test, classes.length),
    files,
  };
  checkClasses(dataset.train.labels, train.labelsFile);
  return { ...dataset, sha256: contentSha256(dataset) };
}

function checkClasses(trainLabels: Int32Array, file: string): void {
  if (trainLabels.some((label) => label !== trainLabels[0])) return;
  throw new DataError(file, 'all samples are of one class, expected two');
}

function checkImageSize(file: string, shape: Shape): void {
  if (shape.kind !== 'image' || shape.height * shape.width > 1) return;
  throw new DataError(
    file,
    'images of 1×1 pixel: one pixel has no picture in it; expected at least two pixels',
  );
}

function checkWidthAndKind(split: SplitSource, train: SplitSource, shape: Shape): void {
  const { features, featuresFile } = split;
  const expected = sizeOf(shape);
  if (features.columns !== expected) {
    const problem = `${features.columns} features per sample, but ${train.featuresFile} has ${expected}`;
    throw new DataError(featuresFile, problem);
  }
  if (features instanceof BitMatrix !== train.features instanceof BitMatrix) {
    throw new DataError(featuresFile, `only one of this file and ${train.featuresFile} holds bits`);
  }
}

function checkedSamples(split: SplitSource, classes: number): Samples {
  checkSamples(split);
  const { features, labels, labelsFile, firstPosition } = split;
  return { features, labels: checkedLabels(labels, classes, labelsFile, firstPosition) };
}

/** @throws DataError for no samples, NaN or ±Infinity, and features and labels of different number */
export function checkSamples(split: SplitSource): void {
  const { features, labels, featuresFile, labelsFile, firstPosition } = split;
  if (features.rows === 0) throw new DataError(featuresFile, 'holds no samples');
  if (features.rows !== labels.length) {
    throw new DataError(
      labelsFile,
      `${labels.length} labels for the ${features.rows} samples of ${featuresFile}`,
    );
  }
  if (!(features instanceof BitMatrix)) checkFinite(features, featuresFile, firstPosition);
}

/**
 * @param file - to be named in the error
 * @param firstPosition - position in the file of the first row
 * @throws DataError for NaN or ±Infinity
 */
export function checkFinite({ values, columns }: FeatureMatrix, file: string, firstPosition = 0): void {
  if (values instanceof Uint8Array || allFinite(values)) return;
  const bad = values.findIndex((value) => !Number.isFinite(value));
  const row = firstPosition + Math.floor(bad / columns);
  const place = `row ${row}, column ${bad % columns} (counted from 0)`;
  throw new DataError(file, `${values[bad]} at ${place}: expected a finite number that fits float32`);
}

/** The exponent of NaN and ±Infinity is all ones: one more carries into the sign. */
function allFinite(values: Float32Array): boolean {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  let carries = 0;
  for (let i = 0; i < bits.length; i++) carries |= (bits[i] & 0x7fffffff) + 0x00800000;
  return carries >= 0;
}

function checkedLabels(labels: ArrayLike<number>, classes: number, file: string, first = 0): Int32Array {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (Number.isInteger(label) && label >= 0 && label < classes) continue;
    const expected = `expected a class number in [0, ${classes - 1}]`;
    throw new DataError(file, `label ${label} at position ${first + i} (counted from 0): ${expected}`);
  }
  return labels instanceof Int32Array ? labels : Int32Array.from(labels);
}
