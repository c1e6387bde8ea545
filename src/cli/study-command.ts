import path from 'node:path';
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { ArgumentError, XnorlabError } from '../core/errors.js';
import { tell, writeOut } from '../node/printing/terminal.js';
import { findStudies, noStudies, type StudyPlace } from '../node/studies/find-studies.js';
import { loadStudy } from '../node/studies/open-study.js';
import type { StudyFolder } from '../node/studies/study-folder.js';
import { sweep } from '../node/sweep/sweep.js';
import { expandSweep } from '../training/sweep/expand.js';
import {
  collect,
  type DrawFlags,
  type DrawnStudy,
  drawnStudies,
  namedStudies,
  saveStudyFigures,
  saveTables,
} from './drawn-studies.js';
import { DEFAULT_FORMATS, type FigureFlags, parseFormats, parseWidth, WIDTH_HELP } from './figure-command.js';
import { sweepProgress } from './progress.js';

interface RunFlags {
  readonly run?: true | undefined;
  readonly workers?: string | undefined;
  readonly queue?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly retryFailed?: true | undefined;
}

interface StudyFlags extends DrawFlags, FigureFlags, RunFlags {
  readonly keep?: true | undefined;
  readonly json?: true | undefined;
}

/** `xnorlab study`: lists the studies of the user's project, runs them, and draws them again. */
export function studyCommand(): CommandUnknownOpts {
  const command = new Command('study')
    .description(
      'List the studies of this project (notebooks/*/study.ts), or draw the tables and figures of some again.',
    )
    .argument('[names...]', 'names of studies: comparison or 02-comparison; none: list them')
    .option('--all', 'all studies')
    .option('--run', 'train their sweeps first; called again, it goes on where it was')
    .option(
      '--store <dir>',
      'draw the runs in this store, several times for several; with --run, train into it',
      collect,
      [],
    )
    .option('--keep', 'keep the rows of those runs, and the page RESULTS.md, in the folder of the study')
    .option(
      '--to <dir>',
      'folder for tables and figures (results/, in a folder called like that of the study)',
    )
    .option('--format <list>', 'formats of figures: html, json, svg, pdf, png', DEFAULT_FORMATS)
    .option('--width <width>', WIDTH_HELP, 'double')
    .option('--workers <n>', 'runs that are trained at the same time (one per processor)')
    .option('--queue <address>', 'have them trained by the workers of a queue: redis://host:6379')
    .option('--data-dir <dir>', 'where data sets are looked for first')
    .option('--retry-failed', 'train again what failed before')
    .option('--json', 'print the list as one JSON document');
  command.action(studies);
  return command;
}

async function studies(names: readonly string[], flags: StudyFlags): Promise<void> {
  if (names.length === 0 && !flags.all) return list(flags);
  const formats = parseFormats(flags.format);
  const print = { width: parseWidth(flags.width) };
  const found = await namedStudies(names, flags.all);
  if (flags.run) for (const study of found) await train(study, storeOf(study, flags.store), flags);
  const drawn = flags.run
    ? found.flatMap((study) => drawnStudies([study], { ...flags, store: [storeOf(study, flags.store)] }))
    : drawnStudies(found, flags);
  for (const each of drawn) {
    if (flags.keep) await keep(each, flags.run !== undefined || flags.store.length > 0);
    writeOut(await saveTables(each));
    writeOut(await saveStudyFigures(each, formats, print));
  }
}

/** Where the runs of a study go. @throws ArgumentError for several stores */
function storeOf(study: StudyFolder, stores: readonly string[]): string {
  if (stores.length > 1) throw new ArgumentError('--store', 'one store with --run', stores);
  return stores[0] ?? study.store;
}

/** Trains what the store lacks. Ends with 1 when a run failed. */
async function train(study: StudyFolder, store: string, flags: RunFlags): Promise<void> {
  const workers = flags.workers === undefined ? undefined : Number(flags.workers);
  const { queue, dataDir, retryFailed } = flags;
  for (const spec of study.sweeps()) {
    const progress = sweepProgress();
    try {
      const { runs, finished, skipped, failed } = await sweep(spec, {
        ...{ store, workers, queue, dataDir, retryFailed },
        ...progress.hooks,
      });
      progress.stop();
      tell(
        `${spec.name}: ${runs.length} runs in ${store}: ${finished} finished now, ${skipped} before, ${failed} failed`,
      );
      if (failed > 0) process.exitCode = 1;
    } finally {
      progress.stop();
    }
  }
}

/** @param isNew - the rows are of runs; else they are kept already, and only the page is written */
async function keep({ study, rows }: DrawnStudy, isNew: boolean): Promise<void> {
  const files = await study.keepRows(isNew ? rows : {});
  writeOut(files.map((file) => `${file}\n`).join(''));
}

interface ListedStudy {
  readonly name: string;
  readonly folder: string;
  readonly title: string;
  /** Of all its sweeps. */
  readonly runs: number;
  /** Rows that are kept of each part; 0 for none. */
  readonly rows: Readonly<Record<string, number>>;
}

async function list({ json }: StudyFlags): Promise<void> {
  const places = findStudies();
  if (places.length === 0) throw noStudies();
  const listed: ListedStudy[] = [];
  for (const place of places) {
    const study = await listedStudy(place);
    if (study) listed.push(study);
  }
  writeOut(json ? `${JSON.stringify(listed, undefined, 2)}\n` : listed.map(inWords).join(''));
}

/** One that cannot be loaded hides no other: it is told of on stderr, and the command ends with 1. */
async function listedStudy(place: StudyPlace): Promise<ListedStudy | undefined> {
  try {
    const study = await loadStudy(place);
    const rows = study.allRows();
    return {
      name: study.name,
      folder: study.folder,
      title: study.study.title,
      runs: study.sweeps().reduce((sum, spec) => sum + expandSweep(spec).length, 0),
      rows: Object.fromEntries(Object.keys(study.study.parts).map((part) => [part, rows[part]?.length ?? 0])),
    };
  } catch (error) {
    if (!(error instanceof XnorlabError)) throw error;
    tell(`${place.name}: ${error.message}`);
    process.exitCode = 1;
    return undefined;
  }
}

function inWords({ name, folder, title, runs, rows }: ListedStudy): string {
  const kept = Object.entries(rows).map(([part, count]) => `${part} ${count}`);
  const place = path.relative(process.cwd(), folder) || '.';
  return `${name}: ${title}\n  ${place}; ${runs} runs; rows kept: ${kept.join(', ')}\n`;
}
