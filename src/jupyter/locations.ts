import { join } from 'node:path';
import { PACKAGE_ROOT } from '../node/files/folders.js';

/** Name of our kernel spec; notebooks name it in their metadata. */
export const KERNEL_NAME = 'xnorlab';

/** What Jupyter calls the kernel in its menus. */
export const KERNEL_DISPLAY_NAME = 'TypeScript (xnorlab)';

/** Data folder for Jupyter that belongs to this checkout alone. */
export const JUPYTER_FOLDER: string = join(PACKAGE_ROOT, '.jupyter');

/** Where Jupyter finds our kernel when `JUPYTER_PATH` names `JUPYTER_FOLDER`. */
export const KERNEL_SPEC_FILE: string = join(JUPYTER_FOLDER, 'kernels', KERNEL_NAME, 'kernel.json');

/** Python files are not compiled, so they are used from the source folder. */
export function pythonScript(name: string): string {
  return join(PACKAGE_ROOT, 'src', 'jupyter', name);
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
