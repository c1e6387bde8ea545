import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Kernels } from '../dist/kernels/kernels.js';
import { writeSignatures } from '../dist/node/kernels/native/signatures.js';
import { nativeWithThreads } from './backends.js';

const ROOT = path.resolve(__dirname, '..');
const SOURCES = 'src/node/kernels/native';

/** The native kernels as they were at another commit. */
export interface OtherCommit {
  /** Its full hash. */
  readonly commit: string;
  kernels(threads: number): Kernels;
  /** Deletes its addon. */
  dispose(): void;
}

/**
 * Compiles the addon of another commit beside the present one, so that both run in one process. Everything but the addon
 * is the present commit's: undefined, aloud, where that no longer fits, or where nothing can be compiled.
 */
export function otherCommit(name: string): OtherCommit | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-other-'));
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const commit = git('rev-parse', '--verify', `${name}^{commit}`).toString().trim();
    execFileSync('tar', ['-x', '-C', folder], { input: git('archive', commit, SOURCES) });
    const sources = path.join(folder, SOURCES);
    writeSignatures(sources);
    compile(sources);
    const addon = path.join(sources, 'build', 'Release', 'xnorlab_kernels.node');
    return { commit, kernels: (threads) => withAddon(addon, () => nativeWithThreads(threads)), dispose };
  } catch (error) {
    console.error(`SKIPPED: the kernels of ${name} (${error instanceof Error ? error.message : error})`);
    dispose();
    return undefined;
  }
}

function git(...args: readonly string[]): Buffer {
  return execFileSync('git', args, { cwd: ROOT, maxBuffer: 2 ** 26, stdio: ['ignore', 'pipe', 'pipe'] });
}

function compile(folder: string): void {
  const nodeGyp = createRequire(__filename).resolve('node-gyp/bin/node-gyp.js');
  const installed = path.dirname(path.dirname(process.execPath));
  const headers = existsSync(path.join(installed, 'include', 'node', 'node_api.h'))
    ? [`--nodedir=${installed}`]
    : [];
  execFileSync(process.execPath, [nodeGyp, 'rebuild', '--directory', folder, '--jobs', 'max', ...headers], {
    stdio: 'pipe',
  });
}

function withAddon<Result>(file: string, work: () => Result): Result {
  const before = process.env.XNORLAB_NATIVE_ADDON;
  process.env.XNORLAB_NATIVE_ADDON = file;
  try {
    return work();
  } finally {
    if (before === undefined) delete process.env.XNORLAB_NATIVE_ADDON;
    else process.env.XNORLAB_NATIVE_ADDON = before;
  }
}
