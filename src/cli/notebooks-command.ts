import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { ArgumentError, DataError, EnvironmentError, InterruptedError } from '../core/errors.js';
import { executeNotebook } from '../jupyter/execute.js';
import { renderNotebook } from '../jupyter/publish.js';
import { setUpJupyter } from '../jupyter/setup.js';
import { addStaticImages } from '../jupyter/static-images.js';
import { checkWritable } from '../node/files/atomic-file.js';
import { projectFolder, resultsFolder } from '../node/files/folders.js';
import { tell, writeOut } from '../node/printing/terminal.js';
import { stoppable } from '../node/stoppable.js';
import { findNotebooks, type NotebookPlace, notebooksAt } from '../node/studies/find-notebooks.js';
import type { NotebookMode } from '../notebook/notebook-mode.js';
import { reportFailure } from './failure.js';

/** One cell may hold a whole sweep. */
const CELL_LIMIT_MINUTES = { quick: 60, full: 24 * 60 } as const;

/** Kernels that compute at the same time: they take about 400 MB each. */
const MOST_AT_ONCE = 4;

/** `xnorlab notebooks`: executes notebooks in real Jupyter and leaves what they made under `results/`. */
export function notebooksCommand(): CommandUnknownOpts {
  const command = new Command('notebooks')
    .description(
      'Execute notebooks; leave executed notebooks, pages, figures and tables under results/ of their project.',
    )
    .argument(
      '[notebooks...]',
      "which, by name, or files and folders anywhere: 01-quickstart, ../trial.ipynb (default: all in the project's notebooks/)",
    )
    .option('--full', 'with the sizes and seeds of the papers, which takes hours (default: quick)')
    .option(
      '--cell-limit <minutes>',
      'fail a cell that takes longer (default: 60; with --full 1440)',
      parseMinutes,
    );
  command.action(async (words, { full, cellLimit }) => {
    const wanted = wantedNotebooks(words);
    const limitMinutes = cellLimit ?? CELL_LIMIT_MINUTES[full ? 'full' : 'quick'];
    const run = { mode: full ? 'full' : 'quick', timeoutSeconds: 60 * limitMinutes } as const;
    await setUpJupyter(tell);
    await stoppable(undefined, ({ signal }) => runAll(wanted, { ...run, signal }));
  });
  return command;
}

function parseMinutes(text: string): number {
  const minutes = Number(text);
  if (minutes > 0) return minutes;
  throw new ArgumentError('--cell-limit', 'minutes, above 0', text);
}

/** How notebooks are to be executed. */
interface Run {
  readonly mode: NotebookMode;
  /** Limit for one cell. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

/** A notebook, and the folder that what it makes goes to. */
interface Wanted extends NotebookPlace {
  readonly results: string;
}

/**
 * @throws ArgumentError for a word that is neither a name nor a place of notebooks
 * @throws DataError where there are no notebooks, and for two that would leave the same files
 */
function wantedNotebooks(words: readonly string[]): Wanted[] {
  const places = words.length === 0 ? projectNotebooks() : words.flatMap(notebooksOf);
  const wanted = new Map<string, Wanted>();
  for (const { name, file } of places) {
    const results = resultsFolder(path.dirname(file));
    const output = path.join(results, name);
    const twin = wanted.get(output);
    if (twin !== undefined && twin.file !== file) {
      throw new DataError(file, `would leave the same files in ${results} as ${twin.file}: rename one`);
    }
    wanted.set(output, { name, file, results });
  }
  return [...wanted.values()];
}

function projectNotebooks(): NotebookPlace[] {
  const present = findNotebooks();
  if (present.length > 0) return present;
  throw new DataError(projectFolder(), 'has no notebooks in notebooks/; those elsewhere can be named');
}

/** The notebooks that a word means: one of the project by its name, else what lies there. */
function notebooksOf(word: string): NotebookPlace[] {
  const isName = !word.includes('/') && !word.includes(path.sep) && !word.endsWith('.ipynb');
  const present = isName ? findNotebooks() : [];
  const named = present.filter(({ name }) => name === word);
  const found = named.length > 0 ? named : notebooksAt(word);
  if (found !== undefined) return found;
  const names = present.length > 0 ? `, or one of ${present.map(({ name }) => name).join(', ')}` : '';
  throw new ArgumentError('notebooks', `a notebook or folder that is there${names}`, word);
}

/**
 * Executes several notebooks at a time. One that fails does not stop the others, and is told again at the end.
 * @throws InterruptedError when `signal` aborts; what notebooks have put into stores stays there
 */
async function runAll(notebooks: readonly Wanted[], run: Run): Promise<void> {
  const waiting = [...notebooks];
  const summaries = new Map<string, string>();
  const work = async (): Promise<void> => {
    for (let notebook = waiting.shift(); notebook !== undefined; notebook = waiting.shift()) {
      const { name } = notebook;
      try {
        summaries.set(name, await runNotebook(notebook, run));
      } catch (error) {
        if (error instanceof InterruptedError) throw error;
        process.exitCode = reportFailure(error);
        summaries.set(name, `${name}: failed, see above\n`);
      }
    }
  };
  const atOnce = Math.min(notebooks.length, availableParallelism(), MOST_AT_ONCE);
  await Promise.all(Array.from({ length: atOnce }, work));
  for (const { name } of notebooks) writeOut(summaries.get(name) ?? '');
}

/** @returns what to tell at the end */
async function runNotebook({ name, file, results }: Wanted, run: Run): Promise<string> {
  const { mode, timeoutSeconds, signal } = run;
  const output = path.join(results, `${name}.ipynb`);
  const page = path.join(results, `${name}.html`);
  await checkWritable(output);
  const { cells, elapsedMs } = await executeNotebook({
    notebook: file,
    output,
    environment: { XNORLAB_NOTEBOOK_MODE: mode, XNORLAB_RESULTS: results },
    timeoutSeconds,
    signal,
    onCell: ({ cell, total, state }) => {
      if (state === 'start') tell(`${name}: cell ${cell} of ${total}`);
    },
  });
  await addStaticImages(output).catch((error: unknown) => {
    if (!(error instanceof EnvironmentError)) throw error;
    tell(`${name}: no images for readers without scripts: ${error.message}`);
  });
  await renderNotebook(output, page);
  const made = path.join(results, name);
  const table = path.join(made, 'comparison.md');
  return [
    ...(existsSync(table) ? ['', readFileSync(table, 'utf8')] : []),
    `${name}: ${cells} cells in ${(elapsedMs / 1000).toFixed(0)} s`,
    `  read    ${page}`,
    `  run it  npx xnorlab lab ${path.relative('', file)}`,
    ...(existsSync(made) ? [`  figures and tables  ${made}`] : []),
    '',
  ].join('\n');
}
