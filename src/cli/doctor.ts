import { detectJupyter } from '../jupyter/detect.js';
import { listDatasets } from '../node/data/load.js';
import { isInstalled, PACKAGE_ROOT } from '../node/files/folders.js';
import { backendStatuses } from '../node/kernels/select.js';
import { howToGet, PART_NAMES, PARTS, type PartName, partPackages } from '../node/parts.js';
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

/** Notebooks are what a checkout is for; a project may do without. */
const [WITHOUT_JUPYTER, SETUP] = isInstalled(PACKAGE_ROOT)
  ? (['optional', '`npx xnorlab lab` sets it up.'] as const)
  : (['missing', 'Run `npm run setup` in the xnorlab folder.'] as const);

/** Looks at everything that xnorlab builds on. Changes nothing. */
export async function examine(): Promise<Check[]> {
  return [
    checkNode(),
    ...checkBackends(),
    ...PART_NAMES.map(examinePart),
    ...(await checkJupyter()),
    ...(await checkDatasets()),
  ];
}

function checkNode(): Check {
  const { xnorlab, commit, node } = software();
  const [major, minor] = node.split('.').map(Number);
  const found = `Node ${node}, xnorlab ${xnorlab}${commit === 'unknown' ? '' : ` (${commit})`}`;
  return major > 20 || (major === 20 && minor >= 19)
    ? { name: 'node', status: 'ok', found }
    : { name: 'node', status: 'missing', found, remedy: 'Install Node 20.19 or newer.' };
}

function checkBackends(): Check[] {
  return backendStatuses().map(({ backend, available, detail }) => ({
    name: `backend ${backend}`,
    status: available ? 'ok' : 'optional',
    found: detail,
  }));
}

function examinePart(part: PartName): Check {
  const packages = partPackages(part);
  const inWords = packages.map(({ name, wanted, found }) => {
    if (found === undefined) return `no ${name}`;
    return found === wanted ? `${name} ${found}` : `${name} ${found} where ${wanted} is wanted`;
  });
  const found = `${inWords.join(', ')}, for ${PARTS[part].purpose}`;
  return packages.every(({ wanted, found }) => found === wanted)
    ? { name: `part ${part}`, status: 'ok', found }
    : { name: `part ${part}`, status: 'optional', found, remedy: howToGet(part) };
}

async function checkJupyter(): Promise<Check[]> {
  const { python, versions, kernelProblems, problems } = await detectJupyter();
  const jupyter: Check = versions
    ? {
        name: 'jupyter',
        status: 'ok',
        found: `JupyterLab ${versions.jupyterlab}, nbclient ${versions.nbclient} in ${python}`,
      }
    : { name: 'jupyter', status: WITHOUT_JUPYTER, found: problems.join('; '), remedy: SETUP };
  const kernel: Check =
    kernelProblems.length === 0
      ? { name: 'kernel', status: 'ok', found: 'registered' }
      : { name: 'kernel', status: WITHOUT_JUPYTER, found: kernelProblems.join('; '), remedy: SETUP };
  return [jupyter, kernel];
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
