import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { EnvironmentError } from '../core/errors.js';
import { requireJupyter } from './detect.js';
import { jupyterEnvironment, pythonScript } from './locations.js';

/**
 * Turns an executed notebook into one HTML file whose figures work without a network.
 *
 * @param notebook - an executed notebook
 * @param htmlFile - replaced as a whole; its folder is made if need be
 * @throws EnvironmentError when Jupyter is not installed or nbconvert fails
 */
export async function renderNotebook(notebook: string, htmlFile: string): Promise<void> {
  mkdirSync(dirname(resolve(htmlFile)), { recursive: true });
  await runScript('render', resolve(notebook), resolve(htmlFile));
}

/**
 * Marks a notebook's present outputs as trusted for this user, so that JupyterLab draws its figures without being
 * asked. Writes to Jupyter's signature store in the user's home folder.
 *
 * @throws EnvironmentError when Jupyter is not installed or the store cannot be written
 */
export async function signNotebook(notebook: string): Promise<void> {
  await runScript('sign', resolve(notebook));
}

async function runScript(...args: string[]): Promise<void> {
  const python = await requireJupyter();
  try {
    await promisify(execFile)(python, [pythonScript('publish_notebook.py'), ...args], {
      env: jupyterEnvironment(),
    });
  } catch (cause) {
    const log = String((cause as { stderr?: unknown }).stderr ?? cause).trim();
    const last = log.split('\n').at(-1) ?? '';
    throw new EnvironmentError(
      `nbconvert could not ${args[0]} ${args[1]}: ${last}`,
      'Check the installation with `npx xnorlab doctor`',
      { cause },
    );
  }
}
