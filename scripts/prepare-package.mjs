/**
 * Makes what `npm pack` takes (its `prepack`): the build without what no source makes any more, the WebAssembly kernels, the native ones
 * for this system, packages that are put into dist/, and which commit it is. Nothing that is in use is deleted: tests may run meanwhile.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

for (const script of [
  'node_modules/typescript/bin/tsc',
  'scripts/inline.mjs',
  'scripts/live.mjs',
  'src/kernels/wasm/build.mjs',
]) {
  const { status } = spawnSync(process.execPath, [join(root, script)], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(1);
}
removeOrphans();
const requireBuilt = createRequire(join(dist, 'index.js'));
requireBuilt('./node/kernels/native/build.js').prebuildNativeKernels();
writeFileSync(join(dist, 'commit.txt'), `${requireBuilt('./node/software.js').describeCommit()}\n`);

/** What a source made that is gone. */
function removeOrphans() {
  for (const file of readdirSync(dist, { recursive: true })) {
    if (/^(inlined|live)/.test(file) || !/\.(js|d\.ts)(\.map)?$/.test(file)) continue;
    const source = join(root, 'src', file.replace(/\.(js|d\.ts)(\.map)?$/, '.ts'));
    if (!existsSync(source)) rmSync(join(dist, file));
  }
}
