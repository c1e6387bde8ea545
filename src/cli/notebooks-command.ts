import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { ArgumentError, DataError, EnvironmentError, InterruptedError } from '../core/errors.js';
import { executeNotebook } from '../jupyter/execute.js';
import { renderNotebook } from '../jupyter/publish.js';
import { addStaticImages } from '../jupyter/static-images.js';
import { checkWritable } from '../node/files/atomic-file.js';
import { projectFolder, resultPath } from '../node/files/folders.js';
import { stoppable } from '../node/stoppable.js';
import { findNotebooks, type NotebookPlace } from '../node/studies/find-notebooks.js';
import type { NotebookMode } from '../notebook/notebook-mode.js';
import { reportFailure } from './failure.js';

/** One cell may hold a whole sweep. */
const CELL_LIMIT_MINUTES = { quick: 60, full: 24 * 60 } as const;

/** Kernels that compute at the same time: they take about 400 MB each. */
const MOST_AT_ONCE = 4;

/** `xnorlab notebooks`: executes notebooks in real Jupyter and leaves what they made under `results/`. */
export function notebooksCommand(): CommandUnknownOpts {
  const command = new Command('notebooks')
    .description('Execute notebooks; leave executed notebooks, pages, figures and tables under results/.')
    .argument('[names...]', 'which: 01-quickstart (default: all)')
    .option('--full', 'with the sizes and seeds of the papers, which takes hours (default: quick)')
    .option(
      '--cell-limit <minutes>',
      'fail a cell that takes longer (default: 60; with --full 1440)',
      parseMinutes,
    );
  command.action(async (names, { full, cellLimit }) => {
    const wanted = namedNotebooks(names);
    const limitMinutes = cellLimit ?? CELL_LIMIT_MINUTES[full ? 'full' : 'quick'];
    const run = { mode: full ? 'full' : 'quick', timeoutSeconds: 60 * limitMinutes } as const;
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

/** @throws ArgumentError for a name that no notebook of the project has; DataError when it has none */
function namedNotebooks(names: readonly string[]): NotebookPlace[] {
  const present = findNotebooks();
  if (present.length === 0) throw new DataError(projectFolder(), 'has no notebooks in notebooks/');
  if (names.length === 0) return present;
  return names.map((name) => {
    const found = present.find((notebook) => notebook.name === name);
    if (found) return found;
    throw new ArgumentError('names', `notebooks of ${present.map((each) => each.name).join(', ')}`, name);
  });
}

/**
 * Executes several notebooks at a time. One that fails does not stop the others, and is told again at the end.
 * @throws InterruptedError when `signal` aborts; what notebooks have put into stores stays there
 */
async function runAll(notebooks: readonly NotebookPlace[], run: Run): Promise<void> {
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
  for (const { name } of notebooks) process.stdout.write(summaries.get(name) ?? '');
}

/** @returns what to tell at the end */
async function runNotebook({ name, file }: NotebookPlace, run: Run): Promise<string> {
  const { mode, timeoutSeconds, signal } = run;
  const output = resultPath(`${name}.ipynb`);
  const page = resultPath(`${name}.html`);
  await checkWritable(output);
  const { cells, elapsedMs } = await executeNotebook({
    notebook: file,
    output,
    environment: { XNORLAB_NOTEBOOK_MODE: mode },
    timeoutSeconds,
    signal,
    onCell: ({ cell, total, state }) => {
      if (state === 'start') process.stderr.write(`${name}: cell ${cell} of ${total}\n`);
    },
  });
  await addStaticImages(output).catch((error: unknown) => {
    if (!(error instanceof EnvironmentError)) throw error;
    process.stderr.write(`${name}: no images for readers without scripts: ${error.message}\n`);
  });
  await renderNotebook(output, page);
  const table = resultPath(name, 'comparison.md');
  return [
    ...(existsSync(table) ? ['', readFileSync(table, 'utf8')] : []),
    `${name}: ${cells} cells in ${(elapsedMs / 1000).toFixed(0)} s`,
    `  read    ${page}`,
    '  run it  npm run lab',
    `  figures and tables  ${resultPath(name)}`,
    '',
  ].join('\n');
}
