import type { BitMatrix } from '../core/bit-matrix.js';
import { DataError } from '../core/errors.js';
import { type Shape, shapeText, sizeOf } from '../core/shape.js';
import { shapeOfArray } from './array-shape.js';
import { BooleanRows } from './boolean-rows.js';
import { classesOfNumbers, numberNumbers } from './class-names.js';
import { checkSamples, createDataset, type SplitSource } from './create-dataset.js';
import type { Dataset, FeatureMatrix } from './dataset.js';
import { checkNpyHeader, checkPayload, FEATURE_TYPES, LABEL_TYPES, parseNpy } from './npy-array.js';
import { type NpyHeader, parseNpyHeader } from './npy-header.js';
import { NumberRows } from './number-rows.js';
import { holdFifthOut } from './one-file.js';
import { type BitOrder, PackedRows, packedBytes } from './packed-rows.js';
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

/** Arrays of a data set. */
export interface NpySplits {
  readonly train: NpySplit;
  readonly validation?: NpySplit | undefined;
  /** Absent where the first holds all samples: a fifth of them is held out then, see `holdFifthOut`. */
  readonly test?: NpySplit | undefined;
}

/** What a user says of an array of features, beyond what its header says. */
export interface StatedArray {
  /** What the columns mean. Default: what the dimensions say. */
  readonly shape?: Shape | undefined;
  /** Given where the array holds bits that numpy.packbits has packed: the order in which. `shape` says how many. */
  readonly packed?: BitOrder | undefined;
}

/** Features that are put together from the elements of a file, pushed in order. */
export interface FeatureRows {
  readonly features: FeatureMatrix | BitMatrix;
  /** The memory of the result where it holds what the file holds: to be read into, instead of pushing. */
  readonly room?: Uint8Array | undefined;
  /** Takes in the next bytes, a multiple of 8 unless they are the last. @throws DataError for bytes that are no features */
  push(bytes: Uint8Array): void;
}

/**
 * The features in a NumPy array of floats, integers or bools, of two dimensions or more (`shapeOfArray` says what they mean). uint8 stays
 * uint8; bool becomes a BitMatrix (true = +1), and so do packed bits; all else becomes float32, which rounds integers past 2^24 and float64.
 * @param stated - what the user says that the columns mean
 * @throws DataError for damage, Fortran or big-endian order, another element type, or another shape; not for numbers that are not
 *   finite, see `checkFinite`
 */
export function npyFeatures(source: SourceFile, stated?: Shape): NpyFeatures {
  return statedNpyFeatures(source, { shape: stated });
}

/** The same with all that a user may say of an array. @throws DataError as `npyFeatures` */
export function statedNpyFeatures(source: SourceFile, stated: StatedArray): NpyFeatures {
  const { file, bytes } = source;
  const header = parseNpyHeader(bytes, file);
  const { rows, shape } = npyRows(header, bytes.length - header.headerBytes, file, stated);
  const payload = bytes.subarray(header.headerBytes);
  if (rows.room) rows.room.set(payload);
  else rows.push(payload);
  return { file, features: rows.features, shape };
}

/**
 * Room for the features of an array, once its header is known to be sound.
 * @param payloadBytes - that follow the header
 * @throws DataError as `npyFeatures`, before anything is allocated
 */
export function npyRows(
  header: NpyHeader,
  payloadBytes: number,
  file: string,
  stated: StatedArray = {},
): { readonly rows: FeatureRows; readonly shape: Shape } {
  checkNpyHeader(header, FEATURE_TYPES, file);
  checkPayload(header, payloadBytes, file);
  const { shape: dimensions, type } = header;
  if (stated.packed !== undefined) return packedRows(header, file, stated.packed, stated.shape);
  const shape = shapeOfArray(dimensions, file, stated.shape);
  const columns = sizeOf(shape);
  const rows =
    type === 'b1'
      ? new BooleanRows(dimensions[0], columns, file)
      : new NumberRows(dimensions[0], columns, type);
  return { rows, shape };
}

function packedRows(
  { shape: dimensions, type }: NpyHeader,
  file: string,
  order: BitOrder,
  shape: Shape | undefined,
): { readonly rows: FeatureRows; readonly shape: Shape } {
  if (!shape) throw new DataError(file, 'is packed, but nothing says how many columns it has');
  const expected = packedBytes(sizeOf(shape));
  if (type !== 'u1' || dimensions.length !== 2 || dimensions[1] !== expected) {
    const found = `array of ${type} and shape [${dimensions.join(', ')}]`;
    const remedy = 'Save numpy.packbits(array.reshape(len(array), -1), axis=1)';
    throw new DataError(
      file,
      `${found}, stated to be ${shape.kind} ${shapeText(shape)} in packed bits: expected u1 and [n, ${expected}]. ${remedy}`,
    );
  }
  return { rows: new PackedRows(dimensions[0], sizeOf(shape), order, file), shape };
}

/**
 * A data set of NumPy arrays: features as `npyFeatures` reads them, labels [n] of an integer type. The classes are the numbers that occur
 * in training, or in the only array.
 * @param archive - the file that all arrays came from, if one did: its labels may be [n, 1], as Keras and MedMNIST have them
 * @throws DataError for labels of another rank or type, samples of different shapes, and everything `createDataset` refuses
 */
export function npyDataset(name: string, splits: NpySplits, archive?: string): Dataset {
  const { train, validation, test } = splits;
  const { shape } = train.features;
  for (const split of [validation, test]) if (split) checkSameShape(split.features, train.features);
  const labelsOf = ({ labels }: NpySplit): number[] => npyLabels(labels, archive !== undefined);
  const trainLabels = labelsOf(train);
  const classes = classesOfNumbers(trainLabels, train.labels.file);
  const source = ({ features: { features, file }, labels }: NpySplit, numbers: number[]): SplitSource => ({
    features,
    labels: numberNumbers(numbers, classes, labels.file),
    featuresFile: file,
    labelsFile: labels.file,
  });
  const all = source(train, trainLabels);
  if (!test) checkSamples(all);
  const parts = test ? { train: all, test: source(test, labelsOf(test)) } : holdFifthOut(all);
  const ofArrays = [train, validation, test].flatMap((split) =>
    split ? [split.features.file, split.labels.file] : [],
  );
  return createDataset({
    name,
    classes,
    shape,
    ...parts,
    validation: validation && source(validation, labelsOf(validation)),
    files: archive === undefined ? ofArrays : [archive],
  });
}

function checkSameShape({ shape, file }: NpyFeatures, train: NpyFeatures): void {
  const [found, expected] = [shape, train.shape].map((one) => `${one.kind} ${shapeText(one)}`);
  if (found === expected) return;
  throw new DataError(file, `samples are ${found}, but those of ${train.file} are ${expected}`);
}

/** Numbers, not Int32Array: that would wrap a label of 2^32 to 0 before it is checked. */
function npyLabels(source: SourceFile, takesColumn: boolean): number[] {
  const { shape, values } = parseNpy(source, LABEL_TYPES);
  if (shape.length === 1 || (takesColumn && shape.length === 2 && shape[1] === 1))
    return Array.from<number | bigint, number>(values, Number);
  const problem = `array of shape [${shape.join(', ')}], expected [n]: one class number per sample`;
  const remedy = shape[1] === 1 ? 'labels.ravel()' : 'labels.argmax(axis=1) if it is one-hot';
  throw new DataError(source.file, `${problem}. Save ${remedy}`);
}
