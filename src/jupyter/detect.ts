import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { promisify } from 'node:util';
import { EnvironmentError } from '../core/errors.js';
import { KERNEL_NODE_OPTIONS } from './kernel-node.js';
import {
  JUPYTER_HOME,
  KERNEL_NAME,
  KERNEL_SPEC_FILE,
  LAUNCHER_FILE,
  pythonScript,
  venvPython,
} from './locations.js';
import { venvFolders } from './venv.js';

/** Versions of the Python packages we use, and the Python that has them. */
export interface JupyterVersions {
  readonly python: string;
  readonly jupyterlab: string;
  readonly nbclient: string;
  readonly nbconvert: string;
  readonly jupyter_client: string;
}

/** What was found of Jupyter, and what is missing. */
export interface JupyterStatus {
  /** Path of the Python interpreter to use, undefined when none will do. */
  readonly python: string | undefined;
  /** Where that interpreter comes from. */
  readonly origin: 'own' | 'system' | undefined;
  readonly versions: JupyterVersions | undefined;
  /** Whether the `xnorlab` kernel spec is written and names files that exist. */
  readonly kernelSpecInstalled: boolean;
  /** What is wrong with it: that it is not there, or that of another folder, such as the one that this was copied from. */
  readonly kernelProblems: readonly string[];
  /** One sentence each; empty when all is well. */
  readonly problems: readonly string[];
}

const MIN_JUPYTERLAB_MAJOR = 4;
const PROBE_TIMEOUT_MS = 60_000;

/** Looks for Jupyter: an environment in its home, then `python3` and `python` on the PATH. Changes nothing, never throws. */
export async function detectJupyter(): Promise<JupyterStatus> {
  const kernelProblems = kernelSpecProblems();
  const found = await detectPython();
  return {
    python: found.python,
    origin: found.origin,
    versions: found.versions,
    kernelSpecInstalled: kernelProblems.length === 0,
    kernelProblems,
    problems: [...(found.python === undefined ? found.problems : []), ...kernelProblems],
  };
}

/**
 * Path of a Python that has JupyterLab, nbclient and nbconvert.
 *
 * @throws EnvironmentError when there is none, or the kernel spec is missing
 */
export async function requireJupyter(): Promise<string> {
  const { python, problems } = await detectJupyter();
  if (python !== undefined && problems.length === 0) return python;
  throw new EnvironmentError(problems.join('; '), '`npx xnorlab lab` sets up what is missing');
}

interface Candidate {
  readonly python: string;
  readonly origin: 'own' | 'system';
}

type Found = Partial<Candidate> & { versions?: JupyterVersions; problems: string[] };

/** The first Python that has all of Jupyter that is needed, or what is wrong with each. Never throws. */
export async function detectPython(): Promise<Found> {
  const own = venvFolders(JUPYTER_HOME).map((folder) => venvPython(folder));
  const candidates: Candidate[] = [
    ...own.filter((python) => existsSync(python)).map((python) => ({ python, origin: 'own' }) as const),
    { python: 'python3', origin: 'system' },
    { python: 'python', origin: 'system' },
  ];
  const problems: string[] = [];
  for (const candidate of candidates) {
    const answer = await probe(candidate.python);
    if (typeof answer !== 'string') return { ...candidate, versions: answer, problems };
    problems.push(`${candidate.python}: ${answer}`);
  }
  return { problems };
}

/** The versions, or what is wrong with this Python. */
async function probe(python: string): Promise<JupyterVersions | string> {
  try {
    const { stdout } = await promisify(execFile)(python, [pythonScript('probe_jupyter.py')], {
      timeout: PROBE_TIMEOUT_MS,
    });
    const versions = JSON.parse(stdout) as Record<keyof JupyterVersions, string | null>;
    const missing = Object.keys(versions).filter((name) => versions[name as keyof JupyterVersions] === null);
    if (missing.length > 0) return `no ${missing.join(', ')}`;
    if (Number.parseInt(versions.jupyterlab ?? '0', 10) < MIN_JUPYTERLAB_MAJOR) {
      return `jupyterlab ${versions.jupyterlab} is older than ${MIN_JUPYTERLAB_MAJOR}`;
    }
    return versions as JupyterVersions;
  } catch (error) {
    return (error as { code?: unknown }).code === 'ENOENT' ? 'not found' : 'does not run';
  }
}

function kernelSpecProblems(): string[] {
  try {
    const spec = JSON.parse(readFileSync(KERNEL_SPEC_FILE, 'utf8')) as { argv: string[] };
    const missing = spec.argv.filter((part) => isAbsolute(part) && !existsSync(part));
    const isOutdated = KERNEL_NODE_OPTIONS.some((option) => !spec.argv.includes(option));
    const isOther = !spec.argv.includes(LAUNCHER_FILE);
    return [
      ...(isOther ? [`the ${KERNEL_NAME} kernel is that of another installation`] : []),
      ...missing.map((file) => `the ${KERNEL_NAME} kernel needs ${file}, which does not exist`),
      ...(isOutdated ? [`the ${KERNEL_NAME} kernel was registered by an older version`] : []),
    ];
  } catch {
    return [`the ${KERNEL_NAME} kernel is not registered`];
  }
}
