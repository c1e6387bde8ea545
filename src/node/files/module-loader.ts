import path from 'node:path';
import { createJiti } from 'jiti';
import { PACKAGE_ROOT } from './folders.js';

/** Of the package, as package.json has them; that for pages is of no use here. */
const ENTRIES = ['', 'rules', 'kernels', 'figures', 'tables', 'node', 'notebook'];

/**
 * Runs a file of the user's, TypeScript or JavaScript, and what it imports beside it, anew with each call: what was edited
 * counts. Its `xnorlab`, with the parts of it, and `zod` are those of this program, wherever the file lies, so that there is one registry of rules
 * and one of each class. Nothing is left in the user's folders.
 * @param file - absolute
 * @returns the loader: `loader(file)` at once, `await loader.import(file)` where the file may wait for something
 */
export function moduleLoader(file: string): ReturnType<typeof createJiti> {
  const ours = ENTRIES.map((entry): [string, unknown] => [
    path.posix.join('xnorlab', entry),
    require(path.join(PACKAGE_ROOT, 'dist', entry, 'index.js')),
  ]);
  const virtualModules = Object.fromEntries([...ours, ['zod', require('zod') as unknown]]);
  return createJiti(file, { fsCache: false, moduleCache: false, virtualModules });
}
