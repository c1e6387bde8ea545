import { join } from 'node:path';
import { DataError } from '../../core/errors.js';
import { createDataset, type SplitSource } from '../../data/create-dataset.js';
import { type Dataset, FeatureMatrix } from '../../data/dataset.js';
import { type IdxArray, parseIdx, readIdxBytes } from '../../data/idx.js';
import { checkSha256, isFile } from './file-access.js';

/** The four files of a data set of the MNIST family, by the names (without `.gz`) that all of them share. */
export const IDX_FILES = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
] as const;

/** One of `IDX_FILES`. */
export type IdxFileName = (typeof IDX_FILES)[number];

/** What is known of a data set of the MNIST family before its files are read. */
export interface IdxDatasetSpec {
  readonly name: string;
  readonly classes: readonly string[];
  /** How many samples of the training file train; the rest of it validates. */
  readonly trainSamples: number;
  /** SHA-256 of the uncompressed files, so that a copy that was compressed anew passes. */
  readonly sha256: Readonly<Record<IdxFileName, string>>;
}

/**
 * Reads a data set of the MNIST family: grey images, of which the first `trainSamples` of the training file
 * train and the rest validates; the t10k files are the test set.
 * @param folder - holds the `IDX_FILES`, each plain or with `.gz`
 * @throws DataError for a missing or damaged file, or one whose contents are not those the name promises
 */
export async function loadIdxDataset(spec: IdxDatasetSpec, folder: string): Promise<Dataset> {
  const [trainImages, trainLabels, testImages, testLabels] = await Promise.all(
    IDX_FILES.map((name) => readChecked(folder, name, spec)),
  );
  const [rows, height, width] = trainImages.dimensions;
  checkSameSize(trainImages, testImages);
  if (rows <= spec.trainSamples) {
    const needed = `more than the ${spec.trainSamples} that train, the rest being for validation`;
    throw new DataError(trainImages.file, `holds ${rows} images, expected ${needed}`);
  }
  checkSameCount(trainImages, trainLabels);
  checkSameCount(testImages, testLabels);
  return createDataset({
    name: spec.name,
    classes: spec.classes,
    shape: { kind: 'image', channels: 1, height, width },
    train: split(trainImages, trainLabels, 0, spec.trainSamples),
    validation: split(trainImages, trainLabels, spec.trainSamples, rows),
    test: split(testImages, testLabels, 0, testImages.dimensions[0]),
    files: [trainImages, trainLabels, testImages, testLabels].map(({ file }) => file),
  });
}

interface IdxFile extends IdxArray {
  readonly file: string;
}

/** The path of an IDX file, compressed or plain; undefined when the folder has neither. */
export async function findIdxFile(folder: string, name: IdxFileName): Promise<string | undefined> {
  for (const file of [join(folder, `${name}.gz`), join(folder, name)]) if (await isFile(file)) return file;
  return undefined;
}

async function readChecked(folder: string, name: IdxFileName, spec: IdxDatasetSpec): Promise<IdxFile> {
  const file = (await findIdxFile(folder, name)) ?? join(folder, `${name}.gz`);
  const bytes = await readIdxBytes(file);
  // The structure comes first: "truncated" tells more than "another hash".
  const array = parseIdx(bytes, name.includes('images') ? 3 : 1, file);
  checkSha256(bytes, spec.sha256[name], file, `${name} of ${spec.name}`);
  return { ...array, file };
}

function checkSameSize(train: IdxFile, test: IdxFile): void {
  const [trainSize, testSize] = [train, test].map(({ dimensions }) => dimensions.slice(1).join('×'));
  if (trainSize === testSize) return;
  throw new DataError(test.file, `images of ${testSize} pixels, but ${train.file} has ${trainSize}`);
}

/** Checked on whole files: a split would have no way to tell which of the two is short. */
function checkSameCount(images: IdxFile, labels: IdxFile): void {
  const [imageCount, labelCount] = [images.dimensions[0], labels.dimensions[0]];
  if (imageCount === labelCount) return;
  throw new DataError(labels.file, `${labelCount} labels for the ${imageCount} samples of ${images.file}`);
}

function split(images: IdxFile, labels: IdxFile, start: number, end: number): SplitSource {
  const [rows, height, width] = images.dimensions;
  return {
    features: new FeatureMatrix(rows, height * width, images.values).rowRange(start, end),
    labels: labels.values.subarray(start, end),
    featuresFile: images.file,
    labelsFile: labels.file,
    firstPosition: start,
  };
}
