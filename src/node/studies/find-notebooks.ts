import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { DataError } from '../../core/errors.js';
import { projectFolder } from '../files/folders.js';
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
    .map((file) => ({ name: path.basename(file, '.ipynb'), file }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const twin = notebooks.find(({ name }, i) => notebooks[i - 1]?.name === name);
  if (twin) throw new DataError(twin.file, `is a second notebook of the name ${twin.name}: rename one`);
  return notebooks;
}

/** The folders in a folder but hidden ones, where Jupyter keeps copies. */
function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => path.join(folder, name));
}
