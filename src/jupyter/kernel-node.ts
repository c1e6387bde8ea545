import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentError } from '../core/errors.js';
import { PACKAGE_ROOT } from '../node/files/folders.js';

/** On older ones a running cell cannot be cut off without ending the process. */
export const MIN_KERNEL_NODE = 24;

/** Options of Node that the kernel needs. */
export const KERNEL_NODE_OPTIONS: readonly string[] = [
  // A cell that is cut off leaves entries on Node's stack of asynchronous contexts, which Node would take for a fault
  // of its own and end the process.
  '--no-force-async-hooks-checks',
  // The use of punycode in packages under danfojs-node is no concern of the reader's.
  '--disable-warning=DEP0040',
];

/**
 * Path of the Node that runs the kernel: the one that runs this program if it is new enough, else the one that npm
 * has brought along.
 *
 * @throws EnvironmentError when there is none for this machine
 */
export function kernelNode(): string {
  const { node } = process.versions;
  if (isNewEnough(node)) return process.execPath;
  const bundled = bundledNode();
  if (existsSync(bundled)) return bundled;
  throw new EnvironmentError(
    `The kernel needs Node ${MIN_KERNEL_NODE}; this is ${node}, and npm has brought none for ${process.platform} on ${process.arch}`,
    `Install Node ${MIN_KERNEL_NODE} or newer and run \`npm run setup\` with it`,
  );
}

/** Where npm puts the Node of `optionalDependencies` for this machine, if there is one. */
export function bundledNode(): string {
  const folder = join(PACKAGE_ROOT, 'node_modules', `node-${systemName()}-${process.arch}`, 'bin');
  return join(folder, process.platform === 'win32' ? 'node.exe' : 'node');
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
    'Run `npm run setup` in the xnorlab checkout, which registers it as it must be started',
  );
}

function isNewEnough(version: string): boolean {
  return Number.parseInt(version, 10) >= MIN_KERNEL_NODE;
}
