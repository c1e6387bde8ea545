import { join } from 'node:path';
import { DataError } from '../../core/errors.js';
import type { Shape } from '../../core/shape.js';
import { csvDataset } from '../../data/csv.js';
import type { Dataset } from '../../data/dataset.js';
import { IDX_FILES, idxDataset } from '../../data/idx-dataset.js';
import { type NpySplit, npyDataset } from '../../data/npy.js';
import { parseShapeFile, type StatedShape } from '../../data/shape-file.js';
import type { SourceFile } from '../../data/source-file.js';
import { isFile, isFolder, readSource } from './file-access.js';
import { idxFileIn, type OwnFolder } from './locate.js';
import { readNpyFeatures } from './read-npy.js';

/** How one's own data set is read. */
export interface OwnOptions {
  /** The column with the class of a CSV set. Default `label`. */
  readonly labelColumn?: string | undefined;
}

/**
 * Reads a data set of the user's:
 * - `train.csv`, `test.csv` and, if it is there, `validation.csv`: `csvDataset`
 * - `train/features.npy` and `train/labels.npy`, the same under `test/` and, if that folder is there, `validation/`: `npyDataset`
 * - the four files of the MNIST family: `idxDataset`, all of the training file training
 *
 * A `shape.json` beside them says what the columns mean, where the files do not: `parseShapeFile`.
 * @throws DataError for a file that is missing or damaged, and for everything that those refuse
 */
export async function loadOwnDataset(
  name: string,
  { folder, format }: OwnFolder,
  options: OwnOptions = {},
): Promise<Dataset> {
  switch (format) {
    case 'csv':
      return loadCsv(name, folder, options);
    case 'npy':
      return loadNpy(name, folder);
    case 'idx':
      return loadIdx(name, folder);
  }
}

/** All files that decide what a set holds, also the optional ones that are not there. */
export async function ownFiles({ folder, format }: OwnFolder): Promise<string[]> {
  const splits = ['train', 'validation', 'test'];
  const names = {
    csv: splits.map((split) => `${split}.csv`),
    npy: splits.flatMap((split) => [join(split, 'features.npy'), join(split, 'labels.npy')]),
    idx: [],
  }[format];
  const found = format === 'idx' ? await Promise.all(IDX_FILES.map((file) => idxFileIn(folder, file))) : [];
  return [...[...names, 'shape.json'].map((name) => join(folder, name)), ...found];
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
  const sources = new Map<string, SourceFile>();
  for (const file of IDX_FILES) sources.set(file, await readSource(await idxFileIn(folder, file)));
  return idxDataset(name, (file) => sourceOf(sources, file));
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
