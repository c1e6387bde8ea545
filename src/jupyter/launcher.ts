/** Entry of the kernel process: `node … launcher.js <connection file>`, with the options of kernel-node.ts. */
import { Kernel } from './kernel.js';
import { checkKernelNode } from './kernel-node.js';
import { loadTslab } from './tslab-internals.js';

async function main(): Promise<void> {
  const [, , connectionFile] = process.argv;
  if (connectionFile === undefined) throw new Error('usage: node launcher.js <connection file>');
  checkKernelNode();
  await new Kernel(loadTslab(), connectionFile).start();
}

main().catch((error: unknown) => {
  process.stderr.write(
    `xnorlab kernel cannot start: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
});
