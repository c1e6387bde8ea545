import path from 'node:path';
import { createJiti } from 'jiti';
import { DataError } from '../../core/errors.js';
import { PACKAGE_ROOT } from './folders.js';

/**
 * Runs a file of the user's, TypeScript or JavaScript, and everything it imports, anew with each call: what was edited
 * counts. Its `import … from 'xnorlab'` is this very library, not another copy that may lie beside the file.
 * @returns its default export; where it has none, all its exports
 * @throws DataError when it cannot be read, does not compile, or throws
 */
export async function loadModule(file: string): Promise<unknown> {
  const jiti = createJiti(file, {
    // Nothing is left in the user's folders.
    fsCache: false,
    moduleCache: false,
    virtualModules: { xnorlab: require(path.join(PACKAGE_ROOT, 'dist', 'index.js')) },
  });
  try {
    return await jiti.import(path.resolve(file), { default: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(file, `cannot be loaded: ${reason.trim()}`, { cause });
  }
}
