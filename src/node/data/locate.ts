import { join, resolve } from 'node:path';
import { ArgumentError, DataError, EnvironmentError } from '../../core/errors.js';
import type { KnownDataset } from '../../data/known/known-dataset.js';
import { cachePath, projectFolder } from '../files/folders.js';
import { isFolder, visibleIn } from './file-access.js';
import { findFile } from './find-file.js';
import {
  bareName,
  bareSets,
  type OwnFolder,
  setsInFolder,
  TELLING_FILES,
  tellingFile,
} from './own-formats.js';

/** Environment variable with a folder of data sets. */
const DATA_VARIABLE = 'XNORLAB_DATA';

/** Folders of whole archives of time series. */
const ARCHIVES = ['ucr', 'uea'];

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
  const cache = cachePath('data');
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
  if (!(await isFolder(folder))) return 'is not there';
  const visible = await visibleIn(folder);
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

/**
 * The first data set of that name: `<folder>/<name>/`, the same in `ucr/` or `uea/` there, or tables and archives called so, in a folder or with others in a folder in it.
 * @throws DataError when such a folder is in none of the formats, or in several
 */
export async function findOwn(name: string, { folders }: SearchFolders): Promise<OwnFolder | undefined> {
  // A name is one folder name: no way up or down the tree, no hidden folder.
  if (/[/\\]|^\./.test(name) || name === '') return undefined;
  for (const parent of folders) {
    for (const folder of [parent, ...archivesIn(parent)].map((place) => join(place, name))) {
      if (await isFolder(folder)) return onlyOne(folder, await setsInFolder(folder));
    }
    for (const place of [parent, ...(await collectionsIn(parent))]) {
      const sets = (await bareSets(place)).filter((set) => bareName(set) === name);
      if (sets.length > 0) return onlyOne(place, sets);
    }
  }
  return undefined;
}

/** Where the archives of time series lie in a folder of data sets, each with its sets in folders of their names. */
function archivesIn(parent: string): string[] {
  return ARCHIVES.map((archive) => join(parent, archive));
}

/** Folders in a folder that hold several tables or archives, each a set of its own name: folds of KEEL. */
async function collectionsIn(parent: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await visibleIn(parent)) {
    if (isCollection(await setsInFolder(join(parent, name)))) found.push(join(parent, name));
  }
  return found;
}

/** Whether sets in one folder can be told apart by their names. */
function isCollection(sets: readonly OwnFolder[]): boolean {
  const names = new Set(sets.map(bareName));
  return sets.length > 1 && names.size === sets.length && !names.has(undefined);
}

async function onlyOne(folder: string, sets: readonly OwnFolder[]): Promise<OwnFolder> {
  const [set, other] = sets;
  if (set === undefined) {
    const expected = TELLING_FILES.join(', ');
    throw new DataError(folder, `holds no data set: none of ${expected}. In it: ${await entriesOf(folder)}`);
  }
  if (other === undefined) return set;
  const remedy = isCollection(sets) ? `load one by its name, ${sets.map(bareName).join(', ')}` : 'remove one';
  throw new DataError(folder, `holds both ${tellingFile(set)} and ${tellingFile(other)}: ${remedy}`);
}

/** All data sets of one's own, by name; where a name is there twice, the one `findOwn` takes. */
export async function listOwn({ folders }: SearchFolders): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const add = (name: string, folder: string): void => {
    if (!found.has(name)) found.set(name, folder);
  };
  for (const parent of folders) {
    for (const folder of [parent, ...archivesIn(parent)]) {
      for (const name of (await isFolder(folder)) ? await visibleIn(folder) : []) {
        if ((await setsInFolder(join(folder, name))).length === 1) add(name, join(folder, name));
      }
    }
    for (const place of [parent, ...(await collectionsIn(parent))]) {
      for (const set of await bareSets(place)) add(bareName(set) ?? '', place);
    }
  }
  return found;
}
