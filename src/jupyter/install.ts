import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EnvironmentError } from '../core/errors.js';
import { KERNEL_NODE_OPTIONS, kernelNode } from './kernel-node.js';
import { JUPYTER_FOLDER, KERNEL_DISPLAY_NAME, KERNEL_SPEC_FILE, LAUNCHER_FILE } from './locations.js';

/**
 * Registers the kernel of this installation by writing `.jupyter/kernels/xnorlab/kernel.json` in Jupyter's home; nothing
 * outside of it changes. An up-to-date file is left alone.
 *
 * @returns whether anything was written
 * @throws EnvironmentError when there is no Node that the kernel can run on
 */
export function installKernelSpec(): boolean {
  const node = kernelNode();
  const spec = {
    argv: [node, ...KERNEL_NODE_OPTIONS, LAUNCHER_FILE, '{connection_file}'],
    display_name: KERNEL_DISPLAY_NAME,
    language: 'typescript',
    // Interrupts come as messages: the control thread gets them even while user code blocks the main thread.
    interrupt_mode: 'message',
    metadata: { debugger: false },
  };
  const text = `${JSON.stringify(spec, null, 2)}\n`;
  if (read(KERNEL_SPEC_FILE) === text) return false;
  checkRuns(node);
  mkdirSync(dirname(KERNEL_SPEC_FILE), { recursive: true });
  // In a project of the user's it is no part of what he keeps.
  writeFileSync(join(JUPYTER_FOLDER, '.gitignore'), '*\n');
  writeFileSync(KERNEL_SPEC_FILE, text);
  return true;
}

/** npm chooses by system and processor; that its Node runs here is another matter (musl, an old glibc). */
function checkRuns(node: string): void {
  if (spawnSync(node, ['--version'], { stdio: 'ignore' }).status === 0) return;
  throw new EnvironmentError(
    `The Node that npm has brought along for the kernel does not run here: ${node}`,
    'Install Node 24 or newer and give the command again with it',
  );
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
