import type { BitMatrix } from '../core/bit-matrix.js';
import { DataError } from '../core/errors.js';
import { type Shape, shapeText, sizeOf } from '../core/shape.js';
import { shapeOfArray } from './array-shape.js';
import { BooleanRows } from './boolean-rows.js';
import { classesOfNumbers, numberNumbers } from './class-names.js';
import { createDataset, type SplitSource } from './create-dataset.js';
import { type Dataset, FeatureMatrix } from './dataset.js';
import { FEATURE_TYPES, LABEL_TYPES, type NpyArray, parseNpy } from './npy-array.js';
import type { SourceFile } from './source-file.js';

/** Features of samples, with what their columns mean. */
export interface NpyFeatures {
  /** The file they came from. */
  readonly file: string;
  readonly features: FeatureMatrix | BitMatrix;
  readonly shape: Shape;
}

/** Features and labels of one split. */
export interface NpySplit {
  readonly features: NpyFeatures;
  readonly labels: SourceFile;
}

/**
 * The features in a NumPy array of floats, integers or bools, of two dimensions or more (`shapeOfArray` says what they mean). uint8 stays
 * uint8; bool becomes a BitMatrix (true = +1); all else becomes float32, which rounds integers past 2^24 and float64.
 * @param stated - what the user says that the columns mean
 * @throws DataError for damage, Fortran or big-endian order, another element type, or another shape; not for numbers that are not
 *   finite, see `checkFinite`
 */
export function npyFeatures(source: SourceFile, stated?: Shape): NpyFeatures {
  const { file } = source;
  const array = parseNpy(source, FEATURE_TYPES);
  const shape = shapeOfArray(array.shape, file, stated);
  return { file, features: toFeatures(array, sizeOf(shape), file), shape };
}

/**
 * A data set of NumPy arrays: features as `npyFeatures` reads them, labels [n] of an integer type. The classes are the numbers that occur
 * in training.
 * @throws DataError for labels of another rank or type, samples of different shapes, and everything `createDataset` refuses
 */
export function npyDataset(
  name: string,
  splits: { readonly train: NpySplit; readonly validation?: NpySplit | undefined; readonly test: NpySplit },
): Dataset {
  const { train, validation, test } = splits;
  const { shape } = train.features;
  for (const split of [validation, test]) if (split) checkSameShape(split.features, train.features);
  const trainLabels = npyLabels(train.labels);
  const classes = classesOfNumbers(trainLabels, train.labels.file);
  const source = ({ features: { features, file }, labels }: NpySplit, numbers: number[]): SplitSource => ({
    features,
    labels: numberNumbers(numbers, classes, labels.file),
    featuresFile: file,
    labelsFile: labels.file,
  });
  return createDataset({
    name,
    classes,
    shape,
    train: source(train, trainLabels),
    validation: validation && source(validation, npyLabels(validation.labels)),
    test: source(test, npyLabels(test.labels)),
    files: [train, validation, test].flatMap((split) =>
      split ? [split.features.file, split.labels.file] : [],
    ),
  });
}

function checkSameShape({ shape, file }: NpyFeatures, train: NpyFeatures): void {
  const [found, expected] = [shape, train.shape].map((one) => `${one.kind} ${shapeText(one)}`);
  if (found === expected) return;
  throw new DataError(file, `samples are ${found}, but those of ${train.file} are ${expected}`);
}

/** Numbers, not Int32Array: that would wrap a label of 2^32 to 0 before it is checked. */
function npyLabels(source: SourceFile): number[] {
  const { shape, values } = parseNpy(source, LABEL_TYPES);
  if (shape.length === 1) return Array.from<number | bigint, number>(values, Number);
  const problem = `array of shape [${shape.join(', ')}], expected [n]: one class number per sample`;
  const remedy = shape[1] === 1 ? 'labels.ravel()' : 'labels.argmax(axis=1) if it is one-hot';
  throw new DataError(source.file, `${problem}. Save ${remedy}`);
}

function toFeatures(
  { shape: [rows], type, values }: NpyArray,
  columns: number,
  file: string,
): FeatureMatrix | BitMatrix {
  if (type === 'b1' && values instanceof Uint8Array) {
    const packed = new BooleanRows(rows, columns, file);
    packed.push(values);
    return packed.bits;
  }
  if (values instanceof Uint8Array || values instanceof Float32Array)
    return new FeatureMatrix(rows, columns, values);
  const converted = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) converted[i] = Number(values[i]);
  return new FeatureMatrix(rows, columns, converted);
}
