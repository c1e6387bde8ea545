import { DataError } from '../core/errors.js';
import { classesOfNumbers, numberNumbers } from './class-names.js';
import { createDataset, type SplitSource } from './create-dataset.js';
import { type Dataset, FeatureMatrix } from './dataset.js';
import { type IdxArray, parseIdx } from './idx.js';
import type { SourceFile } from './source-file.js';

/** The four files of a data set of the MNIST family, by the names (without `.gz`) that all of them share. */
export const IDX_FILES = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
] as const;

/** One of `IDX_FILES`. */
export type IdxFileName = (typeof IDX_FILES)[number];

/** What is known of a data set of the MNIST family before its files are read. All optional. */
export interface IdxDatasetOptions {
  /** Class names; labels are their numbers. Default: the numbers that occur in training. */
  readonly classes?: readonly string[] | undefined;
  /** How many samples of the training file train; the rest of it validates. Default: all train. */
  readonly trainSamples?: number | undefined;
}

/** The other name that a file of the family goes by: `train-images.idx3-ubyte`. */
export function dottedIdxName(name: string): string {
  return name.replace('-idx', '.idx');
}

/**
 * A data set of the MNIST family: grey images; the t10k files are the test set.
 * @param fileOf - contents of the four files, unpacked
 * @throws DataError for a damaged file, or one that does not go with the others
 */
export function idxDataset(
  name: string,
  fileOf: (name: IdxFileName) => SourceFile,
  options: IdxDatasetOptions = {},
): Dataset {
  const [trainImages, trainLabels, testImages, testLabels] = IDX_FILES.map((file) =>
    parseIdx(fileOf(file), file.includes('images') ? 3 : 1),
  );
  const [rows, height, width] = trainImages.dimensions;
  checkSameSize(trainImages, testImages);
  const { trainSamples = rows } = options;
  if (options.trainSamples !== undefined && rows <= trainSamples) {
    const needed = `more than the ${trainSamples} that train, the rest being for validation`;
    throw new DataError(trainImages.file, `holds ${rows} images, expected ${needed}`);
  }
  checkSameCount(trainImages, trainLabels);
  checkSameCount(testImages, testLabels);
  const { classes, numbered } = numberingOf(trainLabels, options.classes);
  const split = (images: IdxArray, labels: IdxArray, start: number, end: number): SplitSource => ({
    features: new FeatureMatrix(images.dimensions[0], height * width, images.values).rowRange(start, end),
    labels: numbered(labels).subarray(start, end),
    featuresFile: images.file,
    labelsFile: labels.file,
    firstPosition: start,
  });
  return createDataset({
    name,
    classes,
    shape: { kind: 'image', channels: 1, height, width },
    train: split(trainImages, trainLabels, 0, trainSamples),
    validation: rows > trainSamples ? split(trainImages, trainLabels, trainSamples, rows) : undefined,
    test: split(testImages, testLabels, 0, testImages.dimensions[0]),
    files: [trainImages, trainLabels, testImages, testLabels].map(({ file }) => file),
  });
}

interface Numbering {
  readonly classes: readonly string[];
  /** Labels as numbers of the classes; not checked where the classes were given. */
  readonly numbered: (labels: IdxArray) => Uint8Array | Int32Array;
}

function numberingOf(trainLabels: IdxArray, given?: readonly string[]): Numbering {
  if (given) return { classes: given, numbered: ({ values }) => values };
  const classes = classesOfNumbers(trainLabels.values, trainLabels.file);
  return { classes, numbered: ({ values, file }) => numberNumbers(values, classes, file) };
}

function checkSameSize(train: IdxArray, test: IdxArray): void {
  const [trainSize, testSize] = [train, test].map(({ dimensions }) => dimensions.slice(1).join('×'));
  if (trainSize === testSize) return;
  throw new DataError(test.file, `images of ${testSize} pixels, but ${train.file} has ${trainSize}`);
}

/** Checked on whole files: a split would have no way to tell which of the two is short. */
function checkSameCount(images: IdxArray, labels: IdxArray): void {
  const [imageCount, labelCount] = [images.dimensions[0], labels.dimensions[0]];
  if (imageCount === labelCount) return;
  throw new DataError(labels.file, `${labelCount} labels for the ${imageCount} samples of ${images.file}`);
}
