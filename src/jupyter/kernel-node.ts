import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentError } from '../core/errors.js';
import { cachePath, PACKAGE_ROOT } from '../node/files/folders.js';
import { howToGet } from '../node/parts.js';

/** On older ones a running cell cannot be cut off without ending the process. */
export const MIN_KERNEL_NODE = 24;

/** Options of Node that the kernel needs. */
export const KERNEL_NODE_OPTIONS: readonly string[] = [
  // A cell that is cut off leaves entries on Node's stack of asynchronous contexts, which Node would take for a fault
  // of its own and end the process.
  '--no-force-async-hooks-checks',
  // The use of punycode in packages is no concern of the reader's.
  '--disable-warning=DEP0040',
];

/** A package whose dependencies are a Node for each system, in versions that are locked. */
const MANIFESTS = join(PACKAGE_ROOT, 'src', 'jupyter', 'kernel-node');

/**
 * Path of the Node that runs the kernel: the one that runs this program if it is new enough, else the one that
 * `installKernelNode` has put into the user's cache folder.
 *
 * @throws EnvironmentError when there is neither
 */
export function kernelNode(): string {
  const { node } = process.versions;
  if (isNewEnough(node)) return process.execPath;
  const own = nodeIn(cacheFolder());
  if (existsSync(own)) return own;
  throw new EnvironmentError(
    `The kernel needs Node ${MIN_KERNEL_NODE}; this is ${node}, and no other was installed for it`,
    `${howToGet('notebooks')} Or install Node ${MIN_KERNEL_NODE} or newer.`,
  );
}

/**
 * Sees to it that there is a Node for the kernel: where the one that runs this program is too old, npm installs one into the
 * user's cache folder (190 MB), whole or not at all. There it is in the way of nothing else and serves all projects.
 *
 * @returns whether anything was installed
 * @throws EnvironmentError when npm cannot, and when it has none for this machine
 */
export function installKernelNode(): boolean {
  if (isNewEnough(process.versions.node)) return false;
  const folder = cacheFolder();
  if (existsSync(nodeIn(folder))) return false;
  const remedy = `Install Node ${MIN_KERNEL_NODE} or newer, or try again.`;
  mkdirSync(cachePath(), { recursive: true });
  const work = mkdtempSync(cachePath('kernel-node-'));
  try {
    cpSync(MANIFESTS, work, { recursive: true });
    const isWindows = process.platform === 'win32';
    const { status, stderr } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--no-bin-links'], {
      cwd: work,
      encoding: 'utf8',
      // npm is a script on Windows, which only a shell can start.
      shell: isWindows,
    });
    if (status !== 0)
      throw new EnvironmentError(`npm cannot install a Node for the kernel: ${stderr}`, remedy);
    if (!existsSync(nodeIn(work))) {
      throw new EnvironmentError(
        `npm has no Node ${MIN_KERNEL_NODE} for ${process.platform} on ${process.arch}`,
        `Install one and run this again with it.`,
      );
    }
    // npm chooses by system and processor; that its Node runs here is another matter (musl, an old glibc).
    if (spawnSync(nodeIn(work), ['--version'], { stdio: 'ignore' }).status !== 0) {
      throw new EnvironmentError('The Node that npm has for the kernel does not run here', remedy);
    }
    // Another process may have been quicker; what it has put there is the same.
    if (!existsSync(folder)) renameSync(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return true;
}

/** By what is locked, so that another version goes beside it. */
function cacheFolder(): string {
  const lock = readFileSync(join(MANIFESTS, 'package-lock.json'));
  return cachePath(`kernel-node-${createHash('sha256').update(lock).digest('hex').slice(0, 12)}`);
}

function nodeIn(folder: string): string {
  const place = join(folder, 'node_modules', `node-${systemName()}-${process.arch}`, 'bin');
  return join(place, process.platform === 'win32' ? 'node.exe' : 'node');
}

function systemName(): string {
  return process.platform === 'win32' ? 'win' : process.platform;
}

/** @throws EnvironmentError when this process cannot be a kernel */
export function checkKernelNode(): void {
  const { node } = process.versions;
  const missing = KERNEL_NODE_OPTIONS.filter((option) => !process.execArgv.includes(option));
  if (isNewEnough(node) && missing.length === 0) return;
  const found = missing.length === 0 ? `Node ${node}` : `Node ${node} without ${missing.join(' ')}`;
  throw new EnvironmentError(
    `The kernel runs on Node ${MIN_KERNEL_NODE} or newer with ${KERNEL_NODE_OPTIONS.join(' ')}; this is ${found}`,
    'Register it again (in a checkout `npm run setup`), which makes it start as it must',
  );
}

function isNewEnough(version: string): boolean {
  return Number.parseInt(version, 10) >= MIN_KERNEL_NODE;
}
