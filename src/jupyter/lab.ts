import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../node/files/folders.js';
import { requireJupyter } from './detect.js';
import { jupyterEnvironment } from './locations.js';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs JupyterLab in `notebooks/` of the user's project with our kernel, in the foreground.
 *
 * @param args - passed on to `jupyter lab`: `--no-browser`, `--port=8890`
 * @returns JupyterLab's exit status, for `process.exitCode`
 * @throws EnvironmentError when Jupyter or the kernel is not installed
 */
export async function openLab(args: readonly string[] = []): Promise<number> {
  const python = await requireJupyter();
  const project = projectFolder();
  const notebooks = join(project, 'notebooks');
  const child = spawn(python, ['-m', 'jupyterlab', ...args], {
    cwd: existsSync(notebooks) ? notebooks : project,
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
