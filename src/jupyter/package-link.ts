import { lstatSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../node/files/folders.js';

/**
 * Links `node_modules/xnorlab` to this package, so that a notebook's `import … from 'xnorlab'` has types: Node would
 * find the package without it, tslab's compiler does not. npm removes the link whenever it installs something.
 *
 * @throws the file system's error when node_modules cannot be written
 */
export function linkPackage(): void {
  const link = join(PACKAGE_ROOT, 'node_modules', 'xnorlab');
  if (isLinked(link)) return;
  const found = lstatSync(link, { throwIfNoEntry: false });
  if (found !== undefined) rmSync(link, { recursive: found.isDirectory() });
  if (process.platform === 'win32') symlinkSync(PACKAGE_ROOT, link, 'junction');
  else symlinkSync('..', link, 'dir');
}

function isLinked(link: string): boolean {
  try {
    return realpathSync(link) === realpathSync(PACKAGE_ROOT);
  } catch {
    return false;
  }
}
