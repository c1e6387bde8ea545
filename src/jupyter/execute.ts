import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { ArgumentError, EnvironmentError, InterruptedError } from '../core/errors.js';
import { LINKS_VARIABLE } from '../node/printing/saved-files.js';
import { requireJupyter } from './detect.js';
import { jupyterEnvironment, KERNEL_NAME, pythonScript } from './locations.js';
import { type FailedCell, NotebookError } from './notebook-error.js';

/** A step of a headless run. */
export interface CellProgress {
  /** Number of the code cell, from 1; empty cells do not count. */
  readonly cell: number;
  /** Code cells in the notebook. */
  readonly total: number;
  readonly state: 'start' | 'done';
}

/** What to execute, and how. */
export interface ExecuteOptions {
  readonly notebook: string;
  /** Where the executed notebook goes; may be the notebook itself. Its folder is made if need be. */
  readonly output: string;
  /** Limit for one cell, above 0, or Infinity for none; default: one hour. */
  readonly timeoutSeconds?: number;
  readonly onCell?: (progress: CellProgress) => void;
  /** Environment variables for the kernel, besides those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Stops the run and its kernel. */
  readonly signal?: AbortSignal;
}

/** What a headless run took. */
export interface ExecuteResult {
  /** Code cells executed. */
  readonly cells: number;
  readonly elapsedMs: number;
}

const STOP_GRACE_MS = 5000;
const DEFAULT_TIMEOUT_SECONDS = 3600;

/**
 * Executes a notebook from top to bottom in a fresh kernel, in the notebook's folder. The output file is replaced
 * after every cell, so that it holds everything up to a failure.
 *
 * @throws ArgumentError when the notebook does not exist, or the limit is not above 0
 * @throws EnvironmentError when Jupyter or the kernel is not installed
 * @throws NotebookError when a cell fails, is too slow, or leaves an error behind that nothing awaits
 * @throws InterruptedError when `signal` aborts
 */
export async function executeNotebook(options: ExecuteOptions): Promise<ExecuteResult> {
  const { notebook, output, signal, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = options;
  if (!(timeoutSeconds > 0)) throw new ArgumentError('timeoutSeconds', 'a number above 0', timeoutSeconds);
  if (!existsSync(notebook)) throw new ArgumentError('notebook', 'an existing file', notebook);
  const python = await requireJupyter();
  if (signal?.aborted) throw new InterruptedError(`Executing ${notebook}`);
  mkdirSync(dirname(resolve(output)), { recursive: true });
  const startMs = performance.now();
  const child = startRunner(python, options, timeoutSeconds);
  const stop = (): void => stopRunner(child);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const cells = await follow(child, options);
    return { cells, elapsedMs: performance.now() - startMs };
  } finally {
    signal?.removeEventListener('abort', stop);
    stopRunner(child);
  }
}

function startRunner(python: string, options: ExecuteOptions, timeoutSeconds: number): ChildProcess {
  const settings = {
    notebook: resolve(options.notebook),
    output: resolve(options.output),
    kernel: KERNEL_NAME,
    timeout: Number.isFinite(timeoutSeconds) ? timeoutSeconds : null,
  };
  return spawn(python, [pythonScript('execute_notebook.py'), JSON.stringify(settings)], {
    env: {
      ...jupyterEnvironment(),
      // Images are made for the whole notebook afterwards, where they are wanted: see addStaticImages.
      XNORLAB_FIGURE_IMAGES: 'off',
      [LINKS_VARIABLE]: dirname(settings.output),
      ...options.environment,
    },
    // Nothing is sent: stdin closes when this process ends, however it does, and the runner ends then.
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** The runner takes its kernel down on SIGTERM; should it be killed, the kernel notices and ends by itself. */
function stopRunner(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
  child.once('exit', () => clearTimeout(timer));
}

type RunnerEvent =
  | { readonly event: 'start' | 'done'; readonly cell: number; readonly total: number }
  | { readonly event: 'finished'; readonly cells: number }
  | ({ readonly event: 'failed' } & Omit<FailedCell, 'notebook'>);

async function follow(child: ChildProcess, options: ExecuteOptions): Promise<number> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the runner was started without pipes');
  let log = '';
  stderr.on('data', (chunk) => {
    log += String(chunk);
  });
  const exit = new Promise<void>((resolve, reject) =>
    child.once('close', () => resolve()).once('error', reject),
  );
  let last: RunnerEvent | undefined;
  for await (const line of createInterface({ input: stdout })) {
    last = parseEvent(line) ?? last;
    if (last?.event === 'start' || last?.event === 'done') {
      options.onCell?.({ cell: last.cell, total: last.total, state: last.event });
    }
  }
  await exit;
  return outcome(last, log, options);
}

function outcome(last: RunnerEvent | undefined, log: string, options: ExecuteOptions): number {
  if (options.signal?.aborted) throw new InterruptedError(`Executing ${options.notebook}`);
  if (last?.event === 'finished') return last.cells;
  if (last?.event === 'failed') {
    const { cell, ename, evalue, source } = last;
    throw new NotebookError({ notebook: options.notebook, cell, ename, evalue, source });
  }
  throw new EnvironmentError(
    `Executing ${options.notebook} ended without a result:\n${log.trim()}`,
    'Check the installation with `npx xnorlab doctor`',
  );
}

function parseEvent(line: string): RunnerEvent | undefined {
  try {
    return JSON.parse(line) as RunnerEvent;
  } catch {
    return undefined;
  }
}
