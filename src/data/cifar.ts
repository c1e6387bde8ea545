import { DataError } from '../core/errors.js';
import { createDataset, type SplitSource } from './create-dataset.js';
import { type Dataset, FeatureMatrix } from './dataset.js';
import { decodeText } from './decode-text.js';
import { refuseForeignFormat } from './foreign-format.js';
import { type Pickled, PickledArray, parsePickle } from './pickle.js';
import type { SourceFile } from './source-file.js';

/** How a set of the CIFAR family lies in its files. */
export interface CifarLayout {
  /** The folder that its archive unpacks into. */
  readonly folder: string;
  /** Bytes for an image after the other, or a pickle of Python. */
  readonly form: 'binary' | 'python';
  readonly train: readonly string[];
  readonly test: string;
  /** Kinds of labels, in the order in which they stand before an image; the last one is the default. */
  readonly labels: readonly string[];
  /** The file with the names of the classes. */
  readonly namesFile: (labels: string) => string;
}

const BATCHES = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}`);
const COARSE_AND_FINE = ['coarse_labels', 'fine_labels'];
const singular = (labels: string): string => labels.replace(/s$/, '');
/** Where the names stand in a pickle of Python; the files for C are called so. */
const namesKey = (labels: string): string => `${singular(labels)}_names`;

/** The four archives of the CIFAR family: 10 or 100 classes, for C or for Python. */
export const CIFAR_LAYOUTS: readonly CifarLayout[] = [
  {
    folder: 'cifar-10-batches-bin',
    form: 'binary',
    train: BATCHES.map((name) => `${name}.bin`),
    test: 'test_batch.bin',
    labels: ['labels'],
    namesFile: () => 'batches.meta.txt',
  },
  {
    folder: 'cifar-10-batches-py',
    form: 'python',
    train: BATCHES,
    test: 'test_batch',
    labels: ['labels'],
    namesFile: () => 'batches.meta',
  },
  {
    folder: 'cifar-100-binary',
    form: 'binary',
    train: ['train.bin'],
    test: 'test.bin',
    labels: COARSE_AND_FINE,
    namesFile: (labels) => `${namesKey(labels)}.txt`,
  },
  {
    folder: 'cifar-100-python',
    form: 'python',
    train: ['train'],
    test: 'test',
    labels: COARSE_AND_FINE,
    namesFile: () => 'meta',
  },
];

/** All files of a set. */
export function cifarFiles({ train, test, labels, namesFile }: CifarLayout): readonly string[] {
  return [...new Set([...train, test, ...labels.map(namesFile)])];
}

const [CHANNELS, HEIGHT, WIDTH] = [3, 32, 32];
const PIXELS = CHANNELS * HEIGHT * WIDTH;

interface Batch {
  readonly file: string;
  /** One after the other, each its red, green and blue plane. */
  readonly images: Uint8Array;
  readonly labels: ArrayLike<number>;
}

/**
 * A data set of the CIFAR family: colour images of 32×32 pixels, the red plane first. All batches train; there is no validation part.
 * @param fileOf - contents of a file, by its name
 * @param labels - which of several kinds of labels; default `fine_labels` where there are two
 * @throws DataError for a damaged file, labels of another kind or outside the classes, and batches of different sizes
 */
export function cifarDataset(
  name: string,
  layout: CifarLayout,
  fileOf: (name: string) => SourceFile,
  labels: string = layout.labels[layout.labels.length - 1],
): Dataset {
  if (!layout.labels.includes(labels)) {
    throw new DataError(name, `has no column ${labels} for the class, but ${layout.labels.join(' and ')}`);
  }
  const names = fileOf(layout.namesFile(labels));
  const { classes, imagesPerBatch } = parseNames(names, layout, labels);
  const read = (file: string): Batch => readBatch(fileOf(file), layout, labels, classes.length);
  const train = layout.train.map(read);
  const test = read(layout.test);
  checkCounts(train, imagesPerBatch);
  const images = new Uint8Array(train.reduce((sum, batch) => sum + batch.images.length, 0));
  train.reduce((start, batch) => {
    images.set(batch.images, start);
    return start + batch.images.length;
  }, 0);
  const split = ({ file, images, labels }: Batch): SplitSource => ({
    features: new FeatureMatrix(labels.length, PIXELS, images),
    labels,
    featuresFile: file,
    labelsFile: file,
  });
  return createDataset({
    name,
    classes,
    shape: { kind: 'image', channels: CHANNELS, height: HEIGHT, width: WIDTH },
    train: split({
      file: train[0].file,
      images,
      labels: train.flatMap((batch) => Array.from(batch.labels)),
    }),
    test: split(test),
    files: [...train, test, names].map(({ file }) => file),
  });
}

function parseNames(
  source: SourceFile,
  { form }: CifarLayout,
  labels: string,
): { readonly classes: readonly string[]; readonly imagesPerBatch?: number } {
  if (form === 'binary') {
    refuseForeignFormat(source, 'names of classes, one a line');
    const lines = decodeText(source).split('\n');
    return {
      classes: checkedNames(
        lines.map((line) => line.trim()).filter((line) => line !== ''),
        source.file,
      ),
    };
  }
  const meta = dictionary(source);
  const names = entry(meta, namesKey(labels), source.file);
  if (!Array.isArray(names)) throw new DataError(source.file, `${namesKey(labels)} is no list of names`);
  const count = meta.get('num_cases_per_batch');
  return {
    classes: checkedNames(
      names.map((one) => text(one, source.file)),
      source.file,
    ),
    ...(typeof count === 'number' && { imagesPerBatch: count }),
  };
}

function checkedNames(names: readonly string[], file: string): readonly string[] {
  const again = names.find((one, i) => names.indexOf(one) !== i);
  if (again !== undefined) throw new DataError(file, `names the class ${JSON.stringify(again)} twice`);
  if (names.length < 2) throw new DataError(file, `names ${names.length} classes, expected two at least`);
  return names;
}

function readBatch(source: SourceFile, layout: CifarLayout, labels: string, classes: number): Batch {
  const batch = layout.form === 'binary' ? binaryBatch(source, layout, labels) : pythonBatch(source, labels);
  const wrong = Array.from(batch.labels).findIndex((label) => !(label >= 0 && label < classes));
  if (wrong < 0) return batch;
  const problem = `image ${wrong} (counted from 0): label ${batch.labels[wrong]}`;
  throw new DataError(source.file, `${problem}, expected one of the ${classes} classes`);
}

/** A byte for each kind of label, then the planes of the image. */
function binaryBatch(source: SourceFile, { labels: kinds }: CifarLayout, labels: string): Batch {
  const { bytes, file } = source;
  refuseForeignFormat(source, 'images of the CIFAR family');
  const recordBytes = kinds.length + PIXELS;
  const count = bytes.length / recordBytes;
  if (!Number.isInteger(count)) {
    const expected = `a multiple of ${recordBytes}: ${kinds.length} of labels and ${PIXELS} of pixels for each image`;
    throw new DataError(file, `${bytes.length} bytes, expected ${expected}. Truncated?`);
  }
  const images = new Uint8Array(count * PIXELS);
  const numbers = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const start = i * recordBytes;
    numbers[i] = bytes[start + kinds.indexOf(labels)];
    images.set(bytes.subarray(start + kinds.length, start + recordBytes), i * PIXELS);
  }
  return { file, images, labels: numbers };
}

function pythonBatch(source: SourceFile, labels: string): Batch {
  const { file } = source;
  const batch = dictionary(source);
  const data = entry(batch, 'data', file);
  const numbers = entry(batch, labels, file);
  if (!(data instanceof PickledArray)) throw new DataError(file, 'data is no array of NumPy');
  const [count, pixels] = data.shape;
  const isRight = data.type === 'u1' && data.shape.length === 2 && pixels === PIXELS && !data.fortranOrder;
  if (!isRight || data.bytes.length !== count * PIXELS) {
    const found = `array of ${data.type} and shape [${data.shape.join(', ')}] in ${data.bytes.length} bytes`;
    throw new DataError(file, `data is an ${found}, expected u1 and [n, ${PIXELS}] in C order`);
  }
  if (!Array.isArray(numbers) || !numbers.every(Number.isInteger)) {
    throw new DataError(file, `${labels} is no list of class numbers`);
  }
  if (numbers.length !== count) throw new DataError(file, `${numbers.length} ${labels} for ${count} images`);
  return { file, images: data.bytes, labels: numbers };
}

function dictionary(source: SourceFile): ReadonlyMap<string, Pickled> {
  const found = parsePickle(source);
  if (found instanceof Map) return found;
  throw new DataError(source.file, 'is a pickle of something else, expected a dictionary');
}

function entry(found: ReadonlyMap<string, Pickled>, key: string, file: string): Pickled {
  const value = found.get(key);
  if (value !== undefined) return value;
  throw new DataError(
    file,
    `has no ${key}; it holds ${[...found.keys()].slice(0, 12).join(', ') || 'nothing'}`,
  );
}

function text(value: Pickled, file: string): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  throw new DataError(file, 'names of classes that are no texts');
}

/** A batch that was cut off between two images would not be seen otherwise. */
function checkCounts(batches: readonly Batch[], stated?: number): void {
  const [first] = batches;
  const expected = stated ?? first.labels.length;
  const whose = stated === undefined ? `${first.file} has ${expected}` : `its meta data says ${expected}`;
  const other = batches.find(({ labels }) => labels.length !== expected);
  if (batches.length > 1 && other)
    throw new DataError(other.file, `holds ${other.labels.length} images, but ${whose}`);
}
