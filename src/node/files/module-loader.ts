import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createJiti } from 'jiti';
import { PACKAGE_ROOT } from './folders.js';

/**
 * Runs a file of the user's, TypeScript or JavaScript, and what it imports beside it, anew with each call: what was edited
 * counts. Its `xnorlab`, entries such as `xnorlab/rules` too, and its `zod` are those of this program, wherever the file
 * lies, so that there is one registry of rules and one of each class. Nothing is left in the user's folders.
 * @param file - absolute
 * @returns the loader: `loader(file)` at once, `await loader.import(file)` where the file may wait for something
 */
export function moduleLoader(file: string): ReturnType<typeof createJiti> {
  return createJiti(file, { fsCache: false, moduleCache: false, virtualModules: ownModules() });
}

/** By the names that they are imported by; each is loaded when it is asked for. */
function ownModules(): Record<string, unknown> {
  const manifest = readFileSync(path.join(PACKAGE_ROOT, 'package.json'), 'utf8');
  const { exports } = JSON.parse(manifest) as {
    exports: Record<string, string | { readonly default: string }>;
  };
  const entries = Object.entries(exports).flatMap(([entry, target]) =>
    typeof target === 'string'
      ? []
      : [[path.posix.join('xnorlab', entry), path.join(PACKAGE_ROOT, target.default)]],
  );
  const modules: Record<string, unknown> = {};
  for (const [name, target] of [...entries, ['zod', 'zod']]) {
    Object.defineProperty(modules, name, { enumerable: true, get: () => require(target) as unknown });
  }
  return modules;
}
