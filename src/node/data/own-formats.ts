import { basename, join } from 'node:path';
import { CIFAR_LAYOUTS, type CifarLayout } from '../../data/cifar.js';
import { IDX_FILES } from '../../data/idx-dataset.js';
import { isFile, visibleIn } from './file-access.js';
import { findFile, idxFileIn } from './find-file.js';
import { holdsPictures } from './picture-folders.js';
import { groupTables, isTable, type TableGroup } from './table-files.js';

/** A data set of one's own: what was found, and in which format. */
export type OwnFolder =
  | { readonly folder: string; readonly format: 'npy' | 'csv' | 'idx' | 'pictures' }
  | { readonly folder: string; readonly format: 'table'; readonly tables: TableGroup }
  | { readonly folder: string; readonly format: 'npz'; readonly file: string }
  | { readonly folder: string; readonly format: 'series'; readonly files: SeriesFiles }
  | { readonly folder: string; readonly format: 'cifar'; readonly layout: CifarLayout };

/** The two files of a set of the UCR or the UEA archive, which are called after it. */
export interface SeriesFiles {
  readonly ending: 'tsv' | 'ts';
  readonly train: string;
  readonly test: string;
}

/** What tells a format, for messages. */
export const TELLING_FILES: readonly string[] = [
  'train/features.npy',
  'train.csv',
  IDX_FILES[0],
  '*.dat',
  '*.data',
  '*.arff',
  '*.npz',
  'NAME_TRAIN.tsv',
  'NAME_TRAIN.ts',
  'the batches of CIFAR',
  'pictures in folders of their classes',
];

/** The data sets in a folder that is named after its set: one, unless something is wrong. */
export async function setsInFolder(folder: string): Promise<readonly OwnFolder[]> {
  const found: OwnFolder[] = [];
  if (await isFile(join(folder, 'train/features.npy'))) found.push({ folder, format: 'npy' });
  if (await isFile(join(folder, 'train.csv'))) found.push({ folder, format: 'csv' });
  if (await isFile(await idxFileIn(folder, IDX_FILES[0]))) found.push({ folder, format: 'idx' });
  found.push(...(await bareSets(folder)), ...(await cifarSets(folder)), ...(await seriesSets(folder)));
  // Others may have figures beside them.
  if (found.length === 0 && (await holdsPictures(folder))) return [{ folder, format: 'pictures' }];
  return found;
}

/** What tells a set from others in its folder, for messages. */
export function tellingFile(set: OwnFolder): string {
  switch (set.format) {
    case 'npy':
      return 'train/features.npy';
    case 'csv':
      return 'train.csv';
    case 'idx':
      return IDX_FILES[0];
    case 'table':
      return basename(set.tables.all ?? set.tables.train ?? set.tables.test ?? '');
    case 'npz':
      return basename(set.file);
    case 'series':
      return basename(set.files.train);
    case 'cifar':
      return set.layout.train[0];
    case 'pictures':
      return 'pictures';
  }
}

/** Tables and archives that lie in a folder, each set under the name of its files. */
export async function bareSets(folder: string): Promise<readonly OwnFolder[]> {
  const files = (await visibleIn(folder)).map((name) => join(folder, name));
  const tables = groupTables(files.filter(isTable));
  const archives = files.filter((file) => file.endsWith('.npz'));
  return [
    ...tables.map((set): OwnFolder => ({ folder, format: 'table', tables: set })),
    ...archives.map((file): OwnFolder => ({ folder, format: 'npz', file })),
  ];
}

/** The name of a set that `bareSets` found. */
export function bareName(set: OwnFolder): string | undefined {
  if (set.format === 'table') return set.tables.name;
  return set.format === 'npz' ? basename(set.file, '.npz') : undefined;
}

/** Series of the UCR and UEA archives in a folder of their name: `NAME_TRAIN.tsv`, `.ts`, each also with `.gz`. */
async function seriesSets(folder: string): Promise<readonly OwnFolder[]> {
  const found: OwnFolder[] = [];
  for (const ending of ['tsv', 'ts'] as const) {
    const fileOf = async (part: string): Promise<string> => {
      const name = `${basename(folder)}_${part}.${ending}`;
      return (await findFile(folder, { name })) ?? join(folder, name);
    };
    const [train, test] = [await fileOf('TRAIN'), await fileOf('TEST')];
    if (await isFile(train)) found.push({ folder, format: 'series', files: { ending, train, test } });
  }
  return found;
}

/** Of each archive, as it was unpacked or without its folder. */
async function cifarSets(folder: string): Promise<readonly OwnFolder[]> {
  const found: OwnFolder[] = [];
  for (const layout of CIFAR_LAYOUTS) {
    for (const place of [folder, join(folder, layout.folder)]) {
      const files = [layout.train[0], layout.namesFile(layout.labels[0])];
      const areThere = await Promise.all(files.map((file) => isFile(join(place, file))));
      if (areThere.every(Boolean)) found.push({ folder: place, format: 'cifar', layout });
    }
  }
  return found;
}
