import { BitMatrix } from '../core/bit-matrix.js';
import { ArgumentError } from '../core/errors.js';
import { type Shape, shapeText, signsOf, sizeOf, vector } from '../core/shape.js';
import { contentSha256 } from './content-hash.js';
import { type Dataset, FeatureMatrix, type Samples } from './dataset.js';

/** How samples are shown as sequences. A plain object, as it stands in a configuration. */
export interface SequenceView {
  /** Pieces of equal size that samples which are no sequences are cut into, in the order of their columns: the steps. Default: as they are. */
  readonly steps?: number | undefined;
  /** How many of the last steps are shown. Default: all. */
  readonly window?: number | undefined;
}

/**
 * The same data set as sequences of so many steps: a picture of one channel in pieces of its pixels, row after row, numbers in pieces of
 * as many. The columns stay as they are.
 * @throws ArgumentError for data that is a sequence, has several channels or one-hot columns, or cannot be cut so
 */
export function cutIntoSteps(dataset: Dataset, steps: number): Dataset {
  const { shape } = dataset;
  const size = sizeOf(shape);
  const isPlain =
    shape.kind === 'vector' ? signsOf(shape) === 0 : shape.kind === 'image' && shape.channels === 1;
  if (!isPlain) {
    const expected = `none, as samples are ${shape.kind === 'sequence' ? 'sequences already' : 'more than one row of numbers'}`;
    throw new ArgumentError('dataset.steps', `${expected}: ${shapeText(shape)}`, steps, ['dataset', 'steps']);
  }
  if (size % steps !== 0) {
    throw new ArgumentError('dataset.steps', `a divisor of the ${size} numbers of a sample`, steps, [
      'dataset',
      'steps',
    ]);
  }
  return rehashed({ ...dataset, shape: { kind: 'sequence', steps, of: pieceOf(shape, size / steps) } });
}

/** Pixels stay those of one channel, numbers stay numbers. */
function pieceOf(shape: Shape, size: number): Shape {
  return shape.kind === 'image' ? { kind: 'image', channels: 1, height: 1, width: size } : vector(size);
}

/**
 * The same data set with the last steps of its sequences alone.
 * @param count - how many, at least 1
 * @throws ArgumentError for data that is no sequence, or has fewer steps
 */
export function lastSteps(dataset: Dataset, count: number): Dataset {
  const { shape, name } = dataset;
  if (shape.kind !== 'sequence' || count > shape.steps) {
    const expected =
      shape.kind === 'sequence' ? `at most the ${shape.steps} steps` : 'none for data that is no sequence';
    throw new ArgumentError('dataset.window', `${expected} of ${name}`, count, ['dataset', 'window']);
  }
  const { train, validation, test, featureNames } = dataset;
  const columns = count * sizeOf(shape.of);
  const cut = ({ features, labels }: Samples): Samples => ({
    features: lastColumns(features, columns),
    labels,
  });
  return rehashed({
    ...dataset,
    shape: { ...shape, steps: count },
    ...(featureNames && { featureNames: featureNames.slice(-columns) }),
    train: cut(train),
    ...(validation && { validation: cut(validation) }),
    test: cut(test),
  });
}

function rehashed(dataset: Dataset): Dataset {
  return { ...dataset, sha256: contentSha256(dataset) };
}

/** The last columns of every row; the same matrix where these are all. @param count - at most as many as there are */
export function lastColumns<Features extends Samples['features']>(
  features: Features,
  count: number,
): Features;
export function lastColumns(features: Samples['features'], count: number): Samples['features'] {
  const { rows, columns } = features;
  if (count === columns) return features;
  const first = columns - count;
  if (features instanceof BitMatrix) {
    return BitMatrix.fromSigns(Array.from({ length: rows }, (_, row) => features.signs(row).subarray(first)));
  }
  const { values } = features;
  const last = new (values instanceof Uint8Array ? Uint8Array : Float32Array)(rows * count);
  for (let row = 0; row < rows; row++) {
    last.set(values.subarray(row * columns + first, (row + 1) * columns), row * count);
  }
  return new FeatureMatrix(rows, count, last);
}

/** The columns behind others that do not matter: 0, or −1 of bits. */
export function behindColumns(features: Samples['features'], count: number): Samples['features'] {
  const { rows, columns } = features;
  if (features instanceof BitMatrix) {
    const front = new Int8Array(count).fill(-1);
    return BitMatrix.fromSigns(Array.from({ length: rows }, (_, row) => [...front, ...features.signs(row)]));
  }
  const { values } = features;
  const all = new (values instanceof Uint8Array ? Uint8Array : Float32Array)(rows * (count + columns));
  for (let row = 0; row < rows; row++) {
    all.set(values.subarray(row * columns, (row + 1) * columns), row * (count + columns) + count);
  }
  return new FeatureMatrix(rows, count + columns, all);
}
