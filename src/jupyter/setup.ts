import { detectPython } from './detect.js';
import { installKernelSpec } from './install.js';
import { installKernelNode } from './kernel-node.js';
import { JUPYTER_HOME } from './locations.js';
import { Venv, venvFolders } from './venv.js';

/**
 * Makes Jupyter ready: the environment that xnorlab made before, else a suitable Jupyter that is there already, else a new
 * environment, `.venv` of the home, or `.jupyter/venv` where `.venv` is somebody else's; and the kernel spec. What is up to
 * date is left alone.
 *
 * @param say - hears what takes a while
 * @returns path of a Python that has JupyterLab, nbclient and nbconvert
 * @throws EnvironmentError when that cannot be done: no Python, no network, no Node for the kernel
 */
export async function setUpJupyter(say: (text: string) => void): Promise<string> {
  if (installKernelNode()) say('Installed the Node of the kernel into your cache folder.');
  installKernelSpec();
  return readyPython(say);
}

async function readyPython(say: (text: string) => void): Promise<string> {
  const [preferred, other] = venvFolders(JUPYTER_HOME).map((folder) => new Venv(folder));
  const own = [preferred, other].find((venv) => venv.isOwn);
  if (own?.isCurrent) return own.python;
  const found = own === undefined ? (await detectPython()).python : undefined;
  if (found !== undefined) return found;
  const venv = own ?? (preferred.isFree ? preferred : other);
  say(`Installing Jupyter into ${venv.folder}: 300 MB, about a minute …`);
  venv.install();
  return venv.python;
}
