import { unzipSync } from 'fflate';
import { DataError } from '../core/errors.js';
import type { Shape } from '../core/shape.js';
import type { Dataset } from './dataset.js';
import { inflationError, inflationLimit } from './inflation.js';
import { type NpyFeatures, type NpySplit, npyDataset, statedNpyFeatures } from './npy.js';
import { parseNpyHeader } from './npy-header.js';
import type { StatedShape } from './shape-file.js';
import type { SourceFile } from './source-file.js';
import { crc32, zipChecksums } from './zip-checksums.js';

/** Names of the features and of the labels of a split. */
type Names = readonly [features: string, labels: string];

/** Under which names arrays are known; without test samples, the first are all. */
const FAMILIES: readonly { readonly train: Names; readonly validation?: Names; readonly test?: Names }[] = [
  { train: ['x_train', 'y_train'], validation: ['x_val', 'y_val'], test: ['x_test', 'y_test'] },
  {
    train: ['train_images', 'train_labels'],
    validation: ['val_images', 'val_labels'],
    test: ['test_images', 'test_labels'],
  },
  { train: ['features', 'labels'] },
  { train: ['x', 'y'] },
];

/**
 * A data set in an archive of NumPy (`numpy.savez`), as Keras (`x_train`, `y_train`, `x_test`, `y_test`; `x_val`, `y_val` for validation) or MedMNIST
 * (`train_images`, `train_labels`, …) name its arrays, or of `features` and `labels`, or `x` and `y`, of all samples. Letters may be of any case. Arrays of other
 * names are left alone. What arrays hold is as `npyDataset` says; those called images may be grey, [n, h, w], and labels [n, 1], too.
 * @param stated - what the user says of the features
 * @throws DataError for no archive, arrays that are missing, naming those that are there, two whose names differ in case, and everything that `npyDataset`
 *   refuses
 */
export function npzDataset(name: string, source: SourceFile, stated?: StatedShape): Dataset {
  const { file } = source;
  const arrays = arraysOf(source);
  const family = FAMILIES.find(({ train }) => train.some((one) => arrays.has(one)));
  if (!family) {
    const expected = FAMILIES.map(({ train }) => train.join(' and ')).join(', or ');
    throw new DataError(file, `holds ${found(arrays)}; expected ${expected}`);
  }
  const split = ([features, labels]: Names): NpySplit => ({
    features: readFeatures(take(arrays, features, file), stated),
    labels: take(arrays, labels, file),
  });
  const optional = (names: Names | undefined): NpySplit | undefined =>
    names?.some((one) => arrays.has(one)) ? split(names) : undefined;
  const [train, validation, test] = [split(family.train), optional(family.validation), optional(family.test)];
  if (validation && !test && family.test) take(arrays, family.test[0], file);
  return npyDataset(name, { train, validation, test }, file);
}

/** Arrays by their names in lower case, each called `archive.npz: x_train` in errors. */
function arraysOf({ bytes, file }: SourceFile): ReadonlyMap<string, SourceFile> {
  const arrays = new Map<string, SourceFile>();
  const checksums = zipChecksums(bytes);
  for (const [entry, contents] of Object.entries(unzipped({ bytes, file }))) {
    if (!entry.endsWith('.npy')) continue;
    const name = entry.slice(0, -'.npy'.length);
    if (crc32(contents) !== checksums?.get(entry)) {
      throw new DataError(
        `${file}: ${name}`,
        'is damaged: its CRC-32 is not the one that was written with it',
      );
    }
    const key = name.toLowerCase();
    if (arrays.has(key))
      throw new DataError(file, `holds two arrays whose names differ in case alone: ${name}`);
    arrays.set(key, { file: `${file}: ${name}`, bytes: contents });
  }
  return arrays;
}

function unzipped({ bytes, file }: SourceFile): Record<string, Uint8Array> {
  if (!(bytes[0] === 0x50 && bytes[1] === 0x4b))
    throw new DataError(file, 'is no archive of NumPy: it does not begin with PK');
  try {
    let contentBytes = 0;
    return unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!name.endsWith('.npy')) return false;
        // All together: several entries may be the same bytes.
        contentBytes += originalSize;
        const most = inflationLimit(bytes.length, contentBytes);
        if (contentBytes > most) throw inflationError(bytes.length, most, file);
        return true;
      },
    });
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(file, `is a damaged or truncated archive (${(error as Error).message})`, {
      cause: error,
    });
  }
}

function take(arrays: ReadonlyMap<string, SourceFile>, name: string, file: string): SourceFile {
  const array = arrays.get(name);
  if (array) return array;
  throw new DataError(file, `has no array ${name}; it holds ${found(arrays)}`);
}

function found(arrays: ReadonlyMap<string, SourceFile>): string {
  return arrays.size > 0 ? [...arrays.keys()].join(', ') : 'no arrays';
}

function readFeatures(source: SourceFile, stated: StatedShape | undefined): NpyFeatures {
  return statedNpyFeatures(source, { shape: stated?.shape ?? greyImages(source), packed: stated?.packed });
}

/** The shape of what is called images and has two dimensions, which would be sequences under other names. */
function greyImages({ bytes, file }: SourceFile): Shape | undefined {
  if (!file.toLowerCase().endsWith('_images')) return undefined;
  const [, ...sizes] = parseNpyHeader(bytes, file).shape;
  return sizes.length === 2 ? { kind: 'image', channels: 1, height: sizes[0], width: sizes[1] } : undefined;
}
