import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { ArgumentError, DataError } from '../../core/errors.js';
import { projectFolder } from '../files/folders.js';

/** Where studies lie in a project, each in a folder of its own. */
export const STUDIES_FOLDER = 'notebooks';

/** What makes a folder a study. */
export const STUDY_FILE = 'study.ts';

/** A study, not loaded yet. */
export interface StudyPlace {
  /** That of the folder, without the number that puts it in order: `comparison` of `02-comparison`. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
}

/**
 * The studies of a project: the folders `notebooks/…` with a file `study.ts`, by name of the folder.
 * @param project - default: the user's
 * @throws DataError when two have the same name
 */
export function findStudies(project: string = projectFolder()): StudyPlace[] {
  const parent = path.join(project, STUDIES_FOLDER);
  const studies = (existsSync(parent) ? readdirSync(parent).sort() : [])
    .map((folder) => ({ name: folder.replace(/^\d+-/, ''), folder: path.join(parent, folder) }))
    .filter(({ folder }) => existsSync(path.join(folder, STUDY_FILE)));
  const twin = studies.find(({ name }, i) => studies.findIndex((other) => other.name === name) < i);
  if (twin) throw new DataError(twin.folder, `is a second study of the name ${twin.name}: rename one`);
  return studies;
}

/**
 * A study by its name, with or without the number: `comparison`, `02-comparison`.
 * @param project - default: the user's
 * @throws ArgumentError for a name that none has
 * @throws DataError when there are none, or two of a name
 */
export function findStudy(name: string, project: string = projectFolder()): StudyPlace {
  const studies = findStudies(project);
  const found = studies.find((study) => study.name === name || path.basename(study.folder) === name);
  if (found) return found;
  if (studies.length === 0) throw noStudies(project);
  throw new ArgumentError('study', `one of ${studies.map((study) => study.name).join(', ')}`, name);
}

/** What to say where a project has no studies. */
export function noStudies(project: string = projectFolder()): DataError {
  const parent = path.join(project, STUDIES_FOLDER);
  return new DataError(parent, `holds no studies; a study is a folder there with a file ${STUDY_FILE}`);
}
