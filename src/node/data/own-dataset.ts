import { join } from 'node:path';
import { DataError } from '../../core/errors.js';
import type { Shape } from '../../core/shape.js';
import { channelSeriesDataset } from '../../data/channel-series.js';
import { cifarDataset, cifarFiles } from '../../data/cifar.js';
import { csvDataset } from '../../data/csv.js';
import type { Dataset } from '../../data/dataset.js';
import { IDX_FILES, idxDataset } from '../../data/idx-dataset.js';
import { type NpySplit, npyDataset } from '../../data/npy.js';
import { npzDataset } from '../../data/npz.js';
import { seriesDataset } from '../../data/series-table.js';
import { parseShapeFile, type StatedShape } from '../../data/shape-file.js';
import type { SourceFile } from '../../data/source-file.js';
import { tableDataset } from '../../data/table-dataset.js';
import { isFile, isFolder, readSource } from './file-access.js';
import { idxFileIn } from './find-file.js';
import type { OwnFolder, SeriesFiles } from './own-formats.js';
import { loadPictures, pictureFiles } from './picture-folders.js';
import { readNpyFeatures } from './read-npy.js';
import type { TableGroup } from './table-files.js';

/** How one's own data set is read. */
export interface OwnOptions {
  /** The column with the class, of a table; of CIFAR-100 `fine_labels` or `coarse_labels`. Default: what the format says. */
  readonly labelColumn?: string | undefined;
  /** The last so many steps of series, where these are of different lengths. */
  readonly window?: number | undefined;
}

/**
 * Reads a data set of the user's:
 * - `train.csv`, `test.csv` and, if it is there, `validation.csv`: `csvDataset`
 * - `train/features.npy` and `train/labels.npy`, the same under `test/` and, if that folder is there, `validation/`: `npyDataset`
 * - the four files of the MNIST family: `idxDataset`, all of the training file training
 * - a table of KEEL or Weka, or without a header, or one for training and one for testing: `tableDataset`
 * - an archive of NumPy: `npzDataset`
 * - series of the UCR archive, `NAME_TRAIN.tsv` and `NAME_TEST.tsv`, or of the UEA archive, `NAME_TRAIN.ts` and `NAME_TEST.ts`, in a folder
 *   of their name: `seriesDataset`, `channelSeriesDataset`
 * - an archive of CIFAR-10 or CIFAR-100, unpacked: `cifarDataset`
 * - pictures in folders of their classes: `loadPictures`
 *
 * A `shape.json` beside them says what the columns mean, where the files do not: `parseShapeFile`.
 * @throws DataError for a file that is missing or damaged, and for everything that those refuse
 */
export async function loadOwnDataset(
  name: string,
  set: OwnFolder,
  options: OwnOptions = {},
): Promise<Dataset> {
  const { folder } = set;
  switch (set.format) {
    case 'csv':
      return loadCsv(name, folder, options);
    case 'npy':
      return loadNpy(name, folder);
    case 'idx':
      return loadIdx(name, folder);
    case 'table':
      return loadTable(name, set.tables, options);
    case 'npz':
      return npzDataset(name, await readSource(set.file), await statedShape(folder));
    case 'series':
      return loadSeries(name, set.files, options);
    case 'pictures':
      return loadPictures(name, folder);
    case 'cifar': {
      const sources = await readSources(cifarFiles(set.layout), (file) => join(folder, file));
      return cifarDataset(name, set.layout, (file) => sourceOf(sources, file), options.labelColumn);
    }
  }
}

/** All files that decide what a set holds, also the optional ones that are not there. */
export async function ownFiles(set: OwnFolder): Promise<string[]> {
  const { folder } = set;
  const shape = join(folder, 'shape.json');
  const splits = ['train', 'validation', 'test'];
  switch (set.format) {
    case 'csv':
      return [...splits.map((split) => join(folder, `${split}.csv`)), shape];
    case 'npy':
      return [
        ...splits.flatMap((split) => ['features.npy', 'labels.npy'].map((file) => join(folder, split, file))),
        shape,
      ];
    case 'idx':
      return [shape, ...(await Promise.all(IDX_FILES.map((file) => idxFileIn(folder, file))))];
    case 'table': {
      const { all, train, test } = set.tables;
      return [all, train, test].filter((file) => file !== undefined);
    }
    case 'npz':
      return [set.file, shape];
    case 'series':
      return [set.files.train, set.files.test];
    case 'pictures':
      return pictureFiles(folder);
    case 'cifar':
      return cifarFiles(set.layout).map((file) => join(folder, file));
  }
}

async function loadSeries(
  name: string,
  { ending, train, test }: SeriesFiles,
  options: OwnOptions,
): Promise<Dataset> {
  const files = { train: await readSource(train), test: await readSource(test) };
  return ending === 'tsv' ? seriesDataset(name, files) : channelSeriesDataset(name, files, options);
}

async function loadTable(
  name: string,
  { all, train, test }: TableGroup,
  options: OwnOptions,
): Promise<Dataset> {
  if (all !== undefined) return tableDataset(name, { train: await readSource(all) }, options);
  if (train === undefined || test === undefined) {
    const [has, lacks] = train === undefined ? ['testing', 'training'] : ['training', 'testing'];
    throw new DataError(train ?? test ?? name, `is a table for ${has} without one for ${lacks} beside it`);
  }
  return tableDataset(name, { train: await readSource(train), test: await readSource(test) }, options);
}

async function loadCsv(name: string, folder: string, { labelColumn }: OwnOptions): Promise<Dataset> {
  const shape = await statedColumns(folder);
  const validation = join(folder, 'validation.csv');
  return csvDataset(
    name,
    {
      train: await readSource(join(folder, 'train.csv')),
      validation: (await isFile(validation)) ? await readSource(validation) : undefined,
      test: await readSource(join(folder, 'test.csv')),
    },
    { labelColumn, shape },
  );
}

async function loadNpy(name: string, folder: string): Promise<Dataset> {
  const stated = await statedShape(folder);
  const read = async (split: string): Promise<NpySplit> => ({
    features: await readNpyFeatures(join(folder, split, 'features.npy'), stated),
    labels: await readSource(join(folder, split, 'labels.npy')),
  });
  const hasValidation = await isFolder(join(folder, 'validation'));
  return npyDataset(name, {
    train: await read('train'),
    validation: hasValidation ? await read('validation') : undefined,
    test: await read('test'),
  });
}

async function loadIdx(name: string, folder: string): Promise<Dataset> {
  const sources = await readSources(IDX_FILES, (file) => idxFileIn(folder, file));
  return idxDataset(name, (file) => sourceOf(sources, file));
}

async function readSources(
  names: readonly string[],
  pathOf: (name: string) => string | Promise<string>,
): Promise<ReadonlyMap<string, SourceFile>> {
  const sources = new Map<string, SourceFile>();
  for (const name of names) sources.set(name, await readSource(await pathOf(name)));
  return sources;
}

async function statedShape(folder: string): Promise<StatedShape | undefined> {
  const file = join(folder, 'shape.json');
  return (await isFile(file)) ? parseShapeFile(await readSource(file)) : undefined;
}

/** What is stated of a table, which has no packed bits. */
async function statedColumns(folder: string): Promise<Shape | undefined> {
  const stated = await statedShape(folder);
  if (stated?.packed === undefined) return stated?.shape;
  throw new DataError(
    join(folder, 'shape.json'),
    'packed: expected beside .npy arrays only, found beside tables',
  );
}

/** @throws Error for a name that is none of those that were read */
export function sourceOf(sources: ReadonlyMap<string, SourceFile>, name: string): SourceFile {
  const source = sources.get(name);
  if (!source) throw new Error(`${name} was not read`);
  return source;
}
