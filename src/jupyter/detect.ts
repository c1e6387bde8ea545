import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { EnvironmentError } from '../core/errors.js';
import { PACKAGE_ROOT } from '../node/files/folders.js';
import { KERNEL_NODE_OPTIONS } from './kernel-node.js';
import { KERNEL_NAME, KERNEL_SPEC_FILE, pythonScript } from './locations.js';

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
  readonly origin: 'checkout' | 'system' | undefined;
  readonly versions: JupyterVersions | undefined;
  /** Whether the `xnorlab` kernel spec is written and names files that exist. */
  readonly kernelSpecInstalled: boolean;
  /** One sentence each; empty when all is well. */
  readonly problems: readonly string[];
}

/** Local environment made by `npm run setup` from requirements.txt. */
export const VENV_FOLDER: string = join(PACKAGE_ROOT, '.venv');

/** A virtual environment's own interpreter. */
export function venvPython(folder: string = VENV_FOLDER): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

const MIN_JUPYTERLAB_MAJOR = 4;
const PROBE_TIMEOUT_MS = 60_000;

/** Looks for Jupyter: the checkout's `.venv`, then `python3` and `python` on the PATH. Changes nothing, never throws. */
export async function detectJupyter(): Promise<JupyterStatus> {
  const kernelProblems = kernelSpecProblems();
  const found = await findPython();
  return {
    python: found.python,
    origin: found.origin,
    versions: found.versions,
    kernelSpecInstalled: kernelProblems.length === 0,
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
  throw new EnvironmentError(problems.join('; '), 'Run `npm run setup` in the xnorlab checkout');
}

interface Candidate {
  readonly python: string;
  readonly origin: 'checkout' | 'system';
}

type Found = Partial<Candidate> & { versions?: JupyterVersions; problems: string[] };

async function findPython(): Promise<Found> {
  const candidates: Candidate[] = [
    ...(existsSync(venvPython()) ? [{ python: venvPython(), origin: 'checkout' } as const] : []),
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
    return [
      ...missing.map((file) => `the ${KERNEL_NAME} kernel needs ${file}, which does not exist`),
      ...(isOutdated ? [`the ${KERNEL_NAME} kernel was registered by an older version`] : []),
    ];
  } catch {
    return [`the ${KERNEL_NAME} kernel is not registered`];
  }
}
