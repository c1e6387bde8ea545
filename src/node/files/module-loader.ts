import path from 'node:path';
import { createJiti } from 'jiti';
import { PACKAGE_ROOT } from './folders.js';

/**
 * Runs a file of the user's, TypeScript or JavaScript, and what it imports beside it, anew with each call: what was edited
 * counts. Its `xnorlab` and `zod` are those of this program, wherever the file lies, so that there is one registry of rules
 * and one of each class. Nothing is left in the user's folders.
 * @param file - absolute
 * @returns the loader: `loader(file)` at once, `await loader.import(file)` where the file may wait for something
 */
export function moduleLoader(file: string): ReturnType<typeof createJiti> {
  const virtualModules = {
    xnorlab: require(path.join(PACKAGE_ROOT, 'dist', 'index.js')) as unknown,
    zod: require('zod') as unknown,
  };
  return createJiti(file, { fsCache: false, moduleCache: false, virtualModules });
}
