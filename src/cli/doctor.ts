import { detectJupyter } from '../jupyter/detect.js';
import { listDatasets } from '../node/data/load.js';
import { backendStatuses } from '../node/kernels/select.js';
import { software } from '../node/software.js';

/** One thing that xnorlab needs or can use. */
export interface Check {
  readonly name: string;
  /** `missing` things are needed; `optional` ones would bring something. */
  readonly status: 'ok' | 'optional' | 'missing';
  /** What was found, or what is wrong. */
  readonly found: string;
  /** What to do about it, where there is something to do. */
  readonly remedy?: string;
}

const SETUP = 'Run `npm run setup` in the xnorlab folder.';

/** Looks at everything that xnorlab builds on. Changes nothing. */
export async function examine(): Promise<Check[]> {
  return [checkNode(), ...(await checkJupyter()), ...checkBackends(), ...(await checkDatasets())];
}

function checkNode(): Check {
  const { xnorlab, commit, node } = software();
  const [major, minor] = node.split('.').map(Number);
  const found = `Node ${node}, xnorlab ${xnorlab} (${commit})`;
  return major > 20 || (major === 20 && minor >= 19)
    ? { name: 'node', status: 'ok', found }
    : { name: 'node', status: 'missing', found, remedy: 'Install Node 20.19 or newer.' };
}

async function checkJupyter(): Promise<Check[]> {
  const { python, versions, kernelSpecInstalled, problems } = await detectJupyter();
  const jupyter: Check = versions
    ? {
        name: 'jupyter',
        status: 'ok',
        found: `JupyterLab ${versions.jupyterlab}, nbclient ${versions.nbclient} in ${python}`,
      }
    : { name: 'jupyter', status: 'missing', found: problems.join('; '), remedy: SETUP };
  const tslab = (require('tslab/package.json') as { version: string }).version;
  const kernel: Check = kernelSpecInstalled
    ? { name: 'kernel', status: 'ok', found: `tslab ${tslab}, registered for this checkout` }
    : { name: 'kernel', status: 'missing', found: `tslab ${tslab}, not registered`, remedy: SETUP };
  return [jupyter, kernel];
}

function checkBackends(): Check[] {
  return backendStatuses().map(({ backend, available, detail }) => ({
    name: `backend ${backend}`,
    status: available ? 'ok' : 'optional',
    found: detail,
  }));
}

async function checkDatasets(): Promise<Check[]> {
  const summaries = await listDatasets();
  return summaries.map(({ name, status, folder, note }) => ({
    name: `data ${name}`,
    status: status === 'absent' ? 'optional' : 'ok',
    found: folder ?? status,
    ...(status === 'absent' && { remedy: note }),
  }));
}
