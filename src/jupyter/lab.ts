import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ArgumentError } from '../core/errors.js';
import { findProject, projectFolder } from '../node/files/folders.js';
import { jupyterEnvironment } from './locations.js';
import { setUpJupyter } from './setup.js';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Options of JupyterLab that say what it shows; where the user gives one, ours would contradict. */
const PLACES =
  /^--(ServerApp\.|FileContentsManager\.)?(root_dir|root-dir|preferred_dir|preferred-dir|notebook-dir)\b/;

/** What `openLab` shows, and how. */
export interface LabOptions {
  /** A folder, or a notebook to open; default: `notebooks/` of the user's project, else the working directory. */
  readonly place?: string;
  /** Passed on to `jupyter lab`: `--no-browser`, `--port=8890`. */
  readonly args?: readonly string[];
  /** Hears what takes a while. */
  readonly say: (text: string) => void;
}

/**
 * Sets Jupyter up where it is missing, and runs JupyterLab on a folder with our kernel, in the foreground. Its file browser begins there and goes up to the project
 * that the folder is in: results of notebooks lie in that.
 *
 * @returns JupyterLab's exit status, for `process.exitCode`
 * @throws ArgumentError when `place` is not there
 * @throws EnvironmentError when Jupyter or the kernel cannot be set up
 */
export async function openLab({ place, args = [], say }: LabOptions): Promise<number> {
  const opened = resolve(place ?? defaultFolder());
  const isFile = kindOf(opened) === 'file';
  if (place !== undefined && kindOf(opened) === undefined) {
    throw new ArgumentError('folder', 'a folder or notebook that is there', place);
  }
  const folder = isFile ? dirname(opened) : opened;
  const python = await setUpJupyter(say);
  const places = args.some((arg) => PLACES.test(arg)) ? [] : [`--ServerApp.preferred_dir=${folder}`];
  const child = spawn(python, ['-m', 'jupyterlab', ...places, ...args, ...(isFile ? [opened] : [])], {
    cwd: projectFolder(folder),
    env: jupyterEnvironment(),
    stdio: 'inherit',
  });
  // A terminal sends Ctrl-C to both processes; this one stays until JupyterLab has asked and shut down its kernels.
  const forward = (signal: NodeJS.Signals): void => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
    });
  } finally {
    for (const signal of FORWARDED) process.off(signal, forward);
  }
}

function defaultFolder(): string {
  const project = findProject();
  const notebooks = join(project ?? '', 'notebooks');
  return project !== undefined && kindOf(notebooks) === 'folder' ? notebooks : process.cwd();
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() ? 'folder' : found && 'file';
}
