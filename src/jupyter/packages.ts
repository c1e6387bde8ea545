import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, parse, sep } from 'node:path';
import { PACKAGE_ROOT } from '../node/files/folders.js';

/** Where cells find packages: in their own project, as Node does, and what it lacks with xnorlab. */
export class Packages {
  /** Root of the xnorlab that cells import, without links: that of the notebook's own project, else this one. */
  readonly xnorlab: string;
  readonly #lenders: readonly NodeJS.Require[];
  /** Folders `node_modules` of those that lend packages, the first to be asked first. */
  readonly #folders: readonly string[];
  /** What the compiler looks at last: `node_modules` at the root of the file system. */
  readonly #last: string;

  /**
   * @param folder - the notebook's
   * @param own - root of the package that the kernel belongs to
   */
  constructor(folder: string, own: string = PACKAGE_ROOT) {
    this.xnorlab = findXnorlab(folder) ?? realpathSync(own);
    this.#lenders = [this.xnorlab, own].map((root) => createRequire(join(root, 'package.json')));
    this.#last = join(parse(folder).root, 'node_modules');
    const folders = this.#lenders.flatMap((lender) => lender.resolve.paths('xnorlab') ?? []);
    this.#folders = [...new Set(folders)].filter((each) => each !== this.#last && existsSync(each));
  }

  /**
   * What has a package: where it is imported, else what lends it.
   *
   * @param near - finds packages as Node does for the file that imports
   * @param id - what is imported: `arquero`, `xnorlab/rules`
   */
  lender(near: NodeJS.Require, id: string): NodeJS.Require {
    return [near, ...this.#lenders].find((each) => has(each, id)) ?? near;
  }

  /**
   * The same for the compiler, which only knows files: packages that nothing nearer has seem to lie in `node_modules` at
   * the root of the file system, where it looks last.
   *
   * @param path - absolute, with slashes, of a file or folder that need not be there
   * @returns where it is in truth, else `path`
   */
  locate(path: string): string {
    const last = this.#last.split(sep).join('/');
    if (path === last) return this.#folders[0] ?? path;
    if (!path.startsWith(`${last}/`) || existsSync(path)) return path;
    const rest = path.slice(last.length + 1);
    const [name] = rest.split('/');
    const places =
      name === 'xnorlab'
        ? [join(this.xnorlab, rest.slice(name.length))]
        : this.#folders.map((each) => join(each, rest));
    const found = places.find((place) => existsSync(place));
    return found?.split(sep).join('/') ?? path;
  }
}

function findXnorlab(folder: string): string | undefined {
  try {
    return dirname(createRequire(join(folder, 'cell.js')).resolve('xnorlab/package.json'));
  } catch {
    return undefined;
  }
}

function has(require: NodeJS.Require, id: string): boolean {
  try {
    require.resolve(id);
    return true;
  } catch {
    return false;
  }
}
