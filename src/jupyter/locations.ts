import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { cachePath, findProject, isInstalled, PACKAGE_ROOT } from '../node/files/folders.js';

/** Name of our kernel spec; notebooks name it in their metadata. */
export const KERNEL_NAME = 'xnorlab';

/** What Jupyter calls the kernel in its menus. */
export const KERNEL_DISPLAY_NAME = 'TypeScript (xnorlab)';

/**
 * Where Jupyter and the kernel spec of this xnorlab lie, as `.venv` and `.jupyter`: in a checkout if it runs from one, else
 * in the user's project, else in a part of the user's cache folder that belongs to this installation alone.
 *
 * @param root - of the package
 * @param start - a folder of the user's project
 */
export function jupyterHome(root: string = PACKAGE_ROOT, start: string = process.cwd()): string {
  if (!isInstalled(root)) return root;
  const installation = createHash('sha256').update(root).digest('hex').slice(0, 12);
  return findProject(start) ?? cachePath('jupyter', installation);
}

/** The home for this process. */
export const JUPYTER_HOME: string = jupyterHome();

/** Data folder for Jupyter that belongs to this home alone. */
export const JUPYTER_FOLDER: string = join(JUPYTER_HOME, '.jupyter');

/** Where Jupyter finds our kernel when `JUPYTER_PATH` names `JUPYTER_FOLDER`. */
export const KERNEL_SPEC_FILE: string = join(JUPYTER_FOLDER, 'kernels', KERNEL_NAME, 'kernel.json');

/** What starts the kernel: that of this installation. */
export const LAUNCHER_FILE: string = join(PACKAGE_ROOT, 'dist', 'jupyter', 'launcher.js');

/** Python files are not compiled, so they are used from the source folder. */
export function pythonScript(name: string): string {
  return join(PACKAGE_ROOT, 'src', 'jupyter', name);
}

/** A virtual environment's own interpreter. */
export function venvPython(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

/**
 * The environment for every Jupyter process we start: `base` with our kernel spec in front of `JUPYTER_PATH`.
 *
 * @param base - default: this process's environment; not changed
 */
export function jupyterEnvironment(base: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const separator = process.platform === 'win32' ? ';' : ':';
  const inherited = base.JUPYTER_PATH ? [base.JUPYTER_PATH] : [];
  return { ...base, JUPYTER_PATH: [JUPYTER_FOLDER, ...inherited].join(separator) };
}
