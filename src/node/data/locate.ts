import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ArgumentError, DataError, EnvironmentError } from '../../core/errors.js';
import { dottedIdxName, IDX_FILES } from '../../data/idx-dataset.js';
import type { KnownDataset, KnownFile } from '../../data/known/known-dataset.js';
import { cacheFolder, projectFolder } from '../files/folders.js';
import { isFile, isFolder } from './file-access.js';

/** Environment variable with a folder of data sets. */
const DATA_VARIABLE = 'XNORLAB_DATA';

/** Entries of a folder that a message lists. */
const SHOWN_ENTRIES = 8;

/** Where data sets are looked for. */
export interface SearchFolders {
  /** Absolute paths in the order they are looked at; all of them hold data sets in folders of their names. */
  readonly folders: readonly string[];
  /** The one of them that downloads go to; need not be there yet. */
  readonly downloads: string;
}

/**
 * The look-up order: `dataDir`, `$XNORLAB_DATA`, `data/` in the user's project, then the user's cache folder
 * (`$XDG_CACHE_HOME/xnorlab/data`, by default `~/.cache/xnorlab/data`; `~/Library/Caches/xnorlab/data` on macOS,
 * `%LOCALAPPDATA%\xnorlab\Cache\data` on Windows). Downloads go to `dataDir` if it is given, to the cache folder if not.
 * @param dataDir - must be a folder
 * @param project - default: the nearest folder with a package.json from the working directory upwards, or that itself
 * @throws ArgumentError when `dataDir` is no folder, EnvironmentError when `$XNORLAB_DATA` is none
 */
export async function searchFolders(dataDir?: string, project = projectFolder()): Promise<SearchFolders> {
  if (dataDir !== undefined && !(await isFolder(dataDir))) {
    throw new ArgumentError('dataDir', 'a folder that is there', dataDir);
  }
  const fromEnvironment = process.env[DATA_VARIABLE] || undefined;
  if (fromEnvironment !== undefined && !(await isFolder(fromEnvironment))) {
    const remedy = `Create that folder, or unset ${DATA_VARIABLE}.`;
    throw new EnvironmentError(`${DATA_VARIABLE} names ${fromEnvironment}, which is no folder`, remedy);
  }
  const cache = join(cacheFolder(), 'data');
  const folders = [dataDir, fromEnvironment, join(project, 'data'), cache].flatMap((folder) =>
    folder === undefined ? [] : [resolve(folder)],
  );
  return { folders: [...new Set(folders)], downloads: resolve(dataDir ?? cache) };
}

/** The folders that were looked in and what lies there, for a message: `/a/data (mnist, own), /b/data (is not there)`. */
export async function describeFolders(folders: readonly string[]): Promise<string> {
  const described = await Promise.all(
    folders.map(async (folder) => `${folder} (${await entriesOf(folder)})`),
  );
  return described.join(', ');
}

async function entriesOf(folder: string): Promise<string> {
  const entries = await readdir(folder).catch(() => undefined);
  if (entries === undefined) return 'is not there';
  const visible = entries.filter((name) => !name.startsWith('.')).sort();
  if (visible.length === 0) return 'is empty';
  const more = visible.length - SHOWN_ENTRIES;
  return `${visible.slice(0, SHOWN_ENTRIES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/**
 * Where the files of a known set lie, by their names; each is looked for in all folders, in the set's folder there or in `raw/` below it,
 * as torchvision leaves them. What is found is checked by its contents when it is read.
 */
export async function findKnownFiles(
  { name, otherFolders = [], files }: Pick<KnownDataset, 'name' | 'otherFolders' | 'files'>,
  { folders }: SearchFolders,
): Promise<Map<string, string>> {
  const places = folders.flatMap((parent) => [name, ...otherFolders].map((folder) => join(parent, folder)));
  const found = new Map<string, string>();
  for (const file of files) {
    for (const place of places) {
      const path = await findFile(place, file);
      if (path === undefined) continue;
      found.set(file.name, path);
      break;
    }
  }
  return found;
}

/** The path of a file in a folder or its `raw/`, compressed or plain, by any of its names; undefined if there is none. */
async function findFile(
  folder: string,
  { name, otherNames = [] }: Pick<KnownFile, 'name' | 'otherNames'>,
): Promise<string | undefined> {
  for (const place of [folder, join(folder, 'raw')]) {
    if (!(await isFolder(place))) continue;
    for (const known of [name, ...otherNames]) {
      for (const path of [join(place, `${known}.gz`), join(place, known)])
        if (await isFile(path)) return path;
    }
  }
  return undefined;
}

/** The path of a file of the MNIST family, or of where it should be. */
export async function idxFileIn(folder: string, name: string): Promise<string> {
  const found = await findFile(folder, { name, otherNames: [dottedIdxName(name)] });
  return found ?? join(folder, `${name}.gz`);
}

/** Formats of one's own data sets, each with the file that tells it. */
const FORMATS = {
  npy: 'train/features.npy',
  csv: 'train.csv',
  idx: IDX_FILES[0],
} as const;

/** A data set of one's own: a folder in one of the formats that are read. */
export interface OwnFolder {
  readonly folder: string;
  readonly format: keyof typeof FORMATS;
}

/**
 * The first `<folder>/<name>` that is there.
 * @throws DataError when it is in none of the formats, or in several
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
  const [format, other] = await formatsIn(folder);
  if (format === undefined) {
    const expected = Object.values(FORMATS).join(', ');
    throw new DataError(folder, `holds no data set: none of ${expected}. In it: ${await entriesOf(folder)}`);
  }
  if (other === undefined) return format;
  throw new DataError(folder, `holds both ${FORMATS[format]} and ${FORMATS[other]}: remove one`);
}

async function formatsIn(folder: string): Promise<OwnFolder['format'][]> {
  const found: OwnFolder['format'][] = [];
  if (await isFile(join(folder, FORMATS.npy))) found.push('npy');
  if (await isFile(join(folder, FORMATS.csv))) found.push('csv');
  if (await isFile(await idxFileIn(folder, FORMATS.idx))) found.push('idx');
  return found;
}

/** All folders in one of the formats, by name; where a name is there twice, the one `findOwn` takes. */
export async function listOwn({ folders }: SearchFolders): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const parent of folders) {
    const entries = await readdir(parent).catch(() => []);
    for (const name of entries.sort()) {
      if (found.has(name) || name.startsWith('.')) continue;
      if ((await formatsIn(join(parent, name))).length > 0) found.set(name, join(parent, name));
    }
  }
  return found;
}
