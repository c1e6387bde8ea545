import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PACKAGE_ROOT } from '../node/files/folders.js';
import { KERNEL_NODE_OPTIONS, kernelNode } from './kernel-node.js';
import { KERNEL_DISPLAY_NAME, KERNEL_SPEC_FILE } from './locations.js';

/**
 * Registers the kernel for this checkout by writing `.jupyter/kernels/xnorlab/kernel.json`; nothing outside the
 * checkout changes. An up-to-date file is left alone.
 *
 * @returns whether anything was written
 * @throws EnvironmentError when there is no Node that the kernel can run on
 */
export function installKernelSpec(): boolean {
  const spec = {
    argv: [
      kernelNode(),
      ...KERNEL_NODE_OPTIONS,
      join(PACKAGE_ROOT, 'dist', 'jupyter', 'launcher.js'),
      '{connection_file}',
    ],
    display_name: KERNEL_DISPLAY_NAME,
    language: 'typescript',
    // Interrupts come as messages: the control thread gets them even while user code blocks the main thread.
    interrupt_mode: 'message',
    metadata: { debugger: false },
  };
  const text = `${JSON.stringify(spec, null, 2)}\n`;
  if (read(KERNEL_SPEC_FILE) === text) return false;
  mkdirSync(dirname(KERNEL_SPEC_FILE), { recursive: true });
  writeFileSync(KERNEL_SPEC_FILE, text);
  return true;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
