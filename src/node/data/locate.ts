import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ArgumentError, DataError, EnvironmentError } from '../../core/errors.js';
import { PACKAGE_ROOT } from '../files/folders.js';
import { isFile, isFolder } from './file-access.js';
import { findIdxFile, IDX_FILES, type IdxFileName } from './idx-dataset.js';

/** Environment variable with a folder of data sets. */
const DATA_VARIABLE = 'XNORLAB_DATA';

/** Where data sets are looked for. */
export interface SearchFolders {
  /** Absolute paths in the order they are looked at; all of them hold data sets in folders of their names. */
  readonly folders: readonly string[];
  /** The one of them that downloads go to; need not be there yet. */
  readonly downloads: string;
}

/**
 * The look-up order: `dataDir`, `$XNORLAB_DATA`, the project's `data/`, then `../shared/data` beside the project.
 * Downloads go to `dataDir` if it is given, to the project's `data/` if not.
 * @param dataDir - must be a folder
 * @param projectRoot - the project's folder; default: where xnorlab lies
 * @throws ArgumentError when `dataDir` is no folder, EnvironmentError when `$XNORLAB_DATA` is none
 */
export async function searchFolders(dataDir?: string, projectRoot = PACKAGE_ROOT): Promise<SearchFolders> {
  if (dataDir !== undefined && !(await isFolder(dataDir))) {
    throw new ArgumentError('dataDir', 'a folder that is there', dataDir);
  }
  const fromEnvironment = process.env[DATA_VARIABLE] || undefined;
  if (fromEnvironment !== undefined && !(await isFolder(fromEnvironment))) {
    const remedy = `Create that folder, or unset ${DATA_VARIABLE}.`;
    throw new EnvironmentError(`${DATA_VARIABLE} names ${fromEnvironment}, which is no folder`, remedy);
  }
  const projectData = join(projectRoot, 'data');
  const sharedData = join(projectRoot, '..', 'shared', 'data');
  const folders = [dataDir, fromEnvironment, projectData, sharedData].flatMap((folder) =>
    folder === undefined ? [] : [resolve(folder)],
  );
  return { folders: [...new Set(folders)], downloads: resolve(dataDir ?? projectData) };
}

/** A folder with some or all files of a known set. */
export interface KnownFolder {
  readonly folder: string;
  /** The files it still lacks. */
  readonly missing: readonly IdxFileName[];
}

/**
 * The first `<folder>/<name>` with any of the `IDX_FILES` in it. One with only some of them counts: passing it by
 * would quietly use other data than the user laid there.
 */
export async function findKnown(name: string, { folders }: SearchFolders): Promise<KnownFolder | undefined> {
  for (const parent of folders) {
    const folder = join(parent, name);
    const missing = await missingIdxFiles(folder);
    if (missing.length < IDX_FILES.length) return { folder, missing };
  }
  return undefined;
}

/** Which of the `IDX_FILES` are in `folder` neither plain nor compressed. */
export async function missingIdxFiles(folder: string): Promise<IdxFileName[]> {
  const missing: IdxFileName[] = [];
  for (const name of IDX_FILES) if (!(await findIdxFile(folder, name))) missing.push(name);
  return missing;
}

/** A data set of one's own: a folder in one of the formats that are read. */
export interface OwnFolder {
  readonly folder: string;
  readonly format: 'npy' | 'csv';
}

/**
 * The first `<folder>/<name>` that is there.
 * @throws DataError when it is in neither format, or in both
 */
export async function findOwn(name: string, { folders }: SearchFolders): Promise<OwnFolder | undefined> {
  // A name is one folder name: no way up or down the tree, no hidden folder.
  if (/[/\\]|^\./.test(name) || name === '') return undefined;
  for (const parent of folders) {
    const folder = join(parent, name);
    if (await isFolder(folder)) return { folder, format: await formatOf(folder) };
  }
  return undefined;
}

async function formatOf(folder: string): Promise<OwnFolder['format']> {
  const { npy, csv } = await formatsIn(folder);
  if (npy && csv) throw new DataError(folder, 'holds both train/features.npy and train.csv: remove one');
  if (!npy && !csv)
    throw new DataError(folder, 'holds no data set: neither train/features.npy nor train.csv');
  return npy ? 'npy' : 'csv';
}

async function formatsIn(folder: string): Promise<{ npy: boolean; csv: boolean }> {
  const npy = await isFile(join(folder, 'train', 'features.npy'));
  const csv = await isFile(join(folder, 'train.csv'));
  return { npy, csv };
}

/** All folders in one of the formats, by name; where a name is there twice, the one `findOwn` takes. */
export async function listOwn({ folders }: SearchFolders): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const parent of folders) {
    const entries = await readdir(parent).catch(() => []);
    for (const name of entries.sort()) {
      const { npy, csv } = await formatsIn(join(parent, name));
      if ((npy || csv) && !found.has(name)) found.set(name, join(parent, name));
    }
  }
  return found;
}
