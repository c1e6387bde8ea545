import { join } from 'node:path';
import { type NpyArray, parse } from 'npyjs';
import { BitMatrix, WORD_BITS } from '../core/bit-matrix.js';
import { DataError } from '../core/errors.js';
import { vector } from '../core/shape.js';
import { isFolder, readBytes } from '../node/data/file-access.js';
import { classNumbersUpTo } from './class-numbers.js';
import { checkFinite, createDataset, type SplitSource } from './create-dataset.js';
import { type Dataset, FeatureMatrix, type SplitName } from './dataset.js';

const FEATURE_TYPES = ['f4', 'f8', 'f2', 'u1', 'i1', 'u2', 'i2', 'u4', 'i4', 'u8', 'i8', 'b1'];
const LABEL_TYPES = ['u1', 'i1', 'u2', 'i2', 'u4', 'i4', 'u8', 'i8'];

/** What npyjs hands over: its declared type leaves out that booleans come as a plain array. */
type NpyValues = boolean[] | Exclude<NpyArray['data'], DataView>;

/** An array of the element types that we accept, in C order, its size checked. */
interface CheckedArray {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number | bigint | boolean> & NpyValues;
}

/**
 * Reads a data set of NumPy files: `train/features.npy` ([n, d]; float, integer or bool) and `train/labels.npy`
 * ([n], integer), the same under `test/` and, if that folder is there, `validation/`.
 *
 * uint8 features stay uint8; bool ones become a BitMatrix (true = +1); all others become float32, which rounds
 * integers past 2^24 and float64. Classes are 0 … the largest training label.
 * @throws DataError for a missing or damaged file, Fortran or big-endian order, another rank or element type,
 *   and everything `createDataset` refuses
 */
export async function loadNpyDataset(name: string, folder: string): Promise<Dataset> {
  const hasValidation = await isFolder(join(folder, 'validation'));
  const train = await readSplit(folder, 'train');
  const validation = hasValidation ? await readSplit(folder, 'validation') : undefined;
  const test = await readSplit(folder, 'test');
  return createDataset({
    name,
    classes: classNumbersUpTo(train.labels, train.labelsFile),
    shape: vector(train.features.columns),
    train,
    validation,
    test,
    files: [train, validation, test].flatMap((split) =>
      split ? [split.featuresFile, split.labelsFile] : [],
    ),
  });
}

/**
 * Reads the features of samples from a single NumPy file, [n, d], as `loadNpyDataset` does.
 * @throws DataError as `loadNpyDataset`, and for numbers that are not finite
 */
export async function readNpyFeatures(file: string): Promise<FeatureMatrix | BitMatrix> {
  const features = toFeatures(parseNpy(await readBytes(file), file, 2, FEATURE_TYPES));
  if (!(features instanceof BitMatrix)) checkFinite(features, file);
  return features;
}

async function readSplit(folder: string, split: SplitName): Promise<SplitSource> {
  const featuresFile = join(folder, split, 'features.npy');
  const labelsFile = join(folder, split, 'labels.npy');
  const features = toFeatures(parseNpy(await readBytes(featuresFile), featuresFile, 2, FEATURE_TYPES));
  const labels = parseNpy(await readBytes(labelsFile), labelsFile, 1, LABEL_TYPES);
  // Not Int32Array yet: that would wrap a label of 2^32 to 0 before it is checked.
  return { features, labels: Array.from(labels.values, Number), featuresFile, labelsFile };
}

/**
 * Reads one .npy file with npyjs and refuses what npyjs lets pass: Fortran order, a payload longer or shorter
 * than the shape says, empty dimensions.
 * @throws DataError for those, another rank or an element type that is not in `types`
 */
function parseNpy(bytes: Buffer, file: string, rank: number, types: readonly string[]): CheckedArray {
  const { data, shape, dtype, fortranOrder } = parseWithNpyjs(bytes, file);
  const size = `[${shape.join(', ')}]`;
  if (shape.length !== rank) {
    throw new DataError(file, `array of shape ${size}, expected ${rank === 1 ? '[n]' : '[n, d]'}`);
  }
  if (!types.includes(dtype)) {
    throw new DataError(file, `element type ${dtype}, expected one of ${types.join(', ')}`);
  }
  if (fortranOrder && rank > 1) {
    throw new DataError(file, 'is in Fortran order; save numpy.ascontiguousarray(array) instead');
  }
  if (shape.some((length) => !(length >= 1))) throw new DataError(file, `holds no samples: shape ${size}`);
  const values = data as CheckedArray['values'];
  const expected = shape.reduce((product, length) => product * length, 1);
  if (values.length !== expected) {
    const verdict = values.length < expected ? 'truncated' : 'trailing bytes';
    throw new DataError(
      file,
      `shape ${size} needs ${expected} elements, ${values.length} follow: ${verdict}`,
    );
  }
  return { dtype, shape, values };
}

function parseWithNpyjs(bytes: Buffer, file: string): NpyArray {
  const { buffer, byteOffset, byteLength } = bytes;
  const whole = byteOffset === 0 && byteLength === buffer.byteLength;
  try {
    return parse((whole ? buffer : buffer.slice(byteOffset, byteOffset + byteLength)) as ArrayBuffer);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const bigEndian = message.includes('dtype: >');
    const hint = bigEndian ? 'save it little-endian, as array.astype("<f4")' : 'truncated or damaged?';
    throw new DataError(file, `cannot be read as .npy (${message}): ${hint}`, { cause: error });
  }
}

function toFeatures({ dtype, shape: [rows, columns], values }: CheckedArray): FeatureMatrix | BitMatrix {
  if (dtype === 'b1') return packBooleans(rows, columns, values);
  if (values instanceof Uint8Array || values instanceof Float32Array) {
    return new FeatureMatrix(rows, columns, values);
  }
  const converted = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) converted[i] = Number(values[i]);
  return new FeatureMatrix(rows, columns, converted);
}

function packBooleans(rows: number, columns: number, values: ArrayLike<unknown>): BitMatrix {
  const bits = new BitMatrix(rows, columns);
  for (let i = 0; i < values.length; i++) {
    const [row, column] = [Math.floor(i / columns), i % columns];
    if (values[i])
      bits.words[row * bits.rowWords + Math.floor(column / WORD_BITS)] |= 1 << (column % WORD_BITS);
  }
  return bits;
}
