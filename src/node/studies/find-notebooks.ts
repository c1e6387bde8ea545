import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { DataError } from '../../core/errors.js';
import { projectFolder, resultsFolder } from '../files/folders.js';
import { STUDIES_FOLDER } from './find-studies.js';

/** A notebook of a project. */
export interface NotebookPlace {
  /** That of the file: `02-comparison`. */
  readonly name: string;
  /** Absolute. */
  readonly file: string;
}

/**
 * The notebooks of a project: files `.ipynb` in `notebooks/` and in the folders there, by name.
 * @param project - default: the user's
 * @throws DataError when two have the same name
 */
export function findNotebooks(project: string = projectFolder()): NotebookPlace[] {
  const parent = path.join(project, STUDIES_FOLDER);
  const folders = existsSync(parent) ? [parent, ...foldersIn(parent)] : [];
  const notebooks = folders
    .flatMap((folder) => readdirSync(folder).map((file) => path.join(folder, file)))
    .filter((file) => file.endsWith('.ipynb'))
    .map(placeOf)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const twin = notebooks.find(({ name }, i) => notebooks[i - 1]?.name === name);
  if (twin) throw new DataError(twin.file, `is a second notebook of the name ${twin.name}: rename one`);
  return notebooks;
}

/**
 * A notebook, or all in a folder and the folders in it, but hidden ones, installed packages and results; by path.
 * @param place - of a file or folder
 * @returns undefined when `place` is neither a notebook nor a folder
 * @throws DataError when a folder has none
 */
export function notebooksAt(place: string): NotebookPlace[] | undefined {
  const found = statSync(place, { throwIfNoEntry: false });
  if (found?.isDirectory()) {
    const files = notebooksBelow(path.resolve(place));
    if (files.length > 0) return files.map(placeOf);
    throw new DataError(place, 'holds no notebooks');
  }
  return found && place.endsWith('.ipynb') ? [placeOf(path.resolve(place))] : undefined;
}

function notebooksBelow(folder: string): string[] {
  const results = resultsFolder(folder);
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => ({ entry, at: path.join(folder, entry.name) }))
    .sort((one, other) => (one.at < other.at ? -1 : 1))
    .flatMap(({ entry, at }) => {
      if (entry.name.startsWith('.') || entry.name === 'node_modules' || at === results) return [];
      if (entry.isDirectory()) return notebooksBelow(at);
      return entry.name.endsWith('.ipynb') ? [at] : [];
    });
}

function placeOf(file: string): NotebookPlace {
  return { name: path.basename(file, '.ipynb'), file };
}

/** The folders in a folder but hidden ones, where Jupyter keeps copies. */
function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => path.join(folder, name));
}
