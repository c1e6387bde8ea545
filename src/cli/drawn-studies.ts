import path from 'node:path';
import { ArgumentError, DataError } from '../core/errors.js';
import type { PaperOptions } from '../figures/paper.js';
import { writeFileAtomically } from '../node/files/atomic-file.js';
import { type FigureFormat, saveFigures } from '../node/printing/export.js';
import { saveTable } from '../node/printing/save-table.js';
import { tell } from '../node/printing/terminal.js';
import { findStudies, findStudy, noStudies } from '../node/studies/find-studies.js';
import { loadStudy } from '../node/studies/open-study.js';
import type { StudyFolder, StudyRows } from '../node/studies/study-folder.js';

/** Which studies are drawn, from what, and where to. */
export interface DrawFlags {
  readonly all?: true | undefined;
  /** Folders of stores. None: the rows that are kept. */
  readonly store: readonly string[];
  readonly to?: string | undefined;
}

/** A study and what it is drawn from. */
export interface DrawnStudy {
  readonly study: StudyFolder;
  readonly rows: StudyRows;
  /** Runs of its sweeps that have not finished or failed; 0 for rows that are kept. */
  readonly missing: number;
  /** Folder that tables and figures go to. */
  readonly to: string;
}

/** Collects the values of an option that can be given several times. */
export function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

/**
 * The studies of these names, or all, loaded.
 * @throws ArgumentError for no name, and one that no study has
 * @throws DataError when there are no studies
 */
export async function namedStudies(names: readonly string[], all: true | undefined): Promise<StudyFolder[]> {
  if (names.length === 0 && !all) throw new ArgumentError('names', 'names of studies, or --all', names);
  const places = all ? findStudies() : names.map((name) => findStudy(name));
  if (places.length === 0) throw noStudies();
  return Promise.all(places.map(loadStudy));
}

/**
 * The studies and their rows; with several, says on stderr which have none and leaves them out.
 * @throws DataError when there are no rows, or a store or a file of rows cannot be read
 */
export function drawnStudies(studies: readonly StudyFolder[], { store, to }: DrawFlags): DrawnStudy[] {
  const found = studies.map((study) => ({
    study,
    ...(store.length > 0 ? study.rowsOf(store) : { rows: study.allRows(), missing: 0 }),
    to: folderOf(study, studies.length, to),
  }));
  const drawn = found.filter(({ rows }) => Object.keys(rows).length > 0);
  if (drawn.length === 0) throw nothingFound(studies, store);
  for (const { study } of found.filter((each) => !drawn.includes(each))) {
    tell(`${study.name}: left out, there are no rows of it`);
  }
  return drawn;
}

/** Saves the tables, and the page of all of them. @returns what to tell of it */
export async function saveTables({ study, rows, missing, to }: DrawnStudy): Promise<string> {
  const tables = study.tablesOf(rows);
  const named = withPart(tables);
  for (const [name, table] of named) await saveTable(table, path.join(to, name));
  const page = path.join(to, path.basename(study.pageFile));
  await writeFileAtomically(page, study.page(tables));
  const count = Object.values(rows).reduce((sum, { length }) => sum + length, 0);
  const gaps = missing > 0 ? `, runs missing in its sweeps: ${missing}` : '';
  return `${page}: ${named.length} tables of ${count} rows${gaps}\n`;
}

/** Saves the figures. @returns what to tell of it */
export async function saveStudyFigures(
  { study, rows, to }: DrawnStudy,
  formats: readonly FigureFormat[],
  print: PaperOptions,
): Promise<string> {
  const figures = withPart(study.figuresOf(rows));
  if (figures.length === 0) return `${study.name} has no figures\n`;
  const files = await saveFigures(Object.fromEntries(figures), to, { formats, print });
  return files.map((file) => `${file}\n`).join('');
}

/** Under the names of their files: `PART-NAME`. */
function withPart<Content>(
  parts: Readonly<Record<string, Readonly<Record<string, Content>>>>,
): [string, Content][] {
  return Object.entries(parts).flatMap(([part, contents]) =>
    Object.entries(contents).map(([name, content]): [string, Content] => [`${part}-${name}`, content]),
  );
}

/** The study's own folder of results; below `to`, where several go there, one for each. */
function folderOf(study: StudyFolder, count: number, to: string | undefined): string {
  if (to === undefined) return study.results;
  return count > 1 ? path.join(to, path.basename(study.folder)) : to;
}

function nothingFound(studies: readonly StudyFolder[], store: readonly string[]): DataError {
  const names = studies.map(({ name }) => name).join(' ');
  const command = `they are made with \`npx xnorlab study ${names} --run --keep\``;
  if (store.length > 0) return new DataError(store.join(', '), `no finished runs of ${names}; ${command}`);
  return new DataError(studies.map(({ folder }) => folder).join(', '), `no rows are kept; ${command}`);
}
