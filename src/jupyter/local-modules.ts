import Module, { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { versionOf } from './local-files.js';
import type { Packages } from './packages.js';

/** A CommonJS module as Node makes it; `_compile` and the search paths are not in its types. */
interface LocalModule extends NodeJS.Module {
  _compile(code: string, file: string): void;
}

const NodeModule = Module as unknown as {
  new (id: string): LocalModule;
  _nodeModulePaths(folder: string): string[];
};

/**
 * Loads what cells import from local files, from the code that the compiler has made of them. A file that was compiled
 * anew is loaded anew when it is imported again, and so is every local file that imports it.
 */
export class LocalModules {
  readonly #code = new Map<string, string>();
  readonly #loaded = new Map<string, LocalModule>();
  readonly #importers = new Map<string, Set<string>>();
  /** JSON files that Node has loaded, with their versions. */
  readonly #data = new Map<string, string>();

  /** @param folder - where cells look for files */
  constructor(
    readonly folder: string,
    readonly packages: Packages,
  ) {}

  /** What cells call `require`. */
  get require(): NodeJS.Require {
    const native = createRequire(join(this.folder, 'cell.js'));
    return this.#localFirst(native, this.folder, undefined);
  }

  /** Takes the code of a local file. @param path - absolute, ending in `.js` */
  take(path: string, code: string): void {
    const file = resolve(path);
    if (this.#code.get(file) === code) return;
    this.#code.set(file, code);
    this.#forget(file);
  }

  /** Forgets JSON files that have changed since they were loaded, and modules whose loading was cut off. */
  refresh(): void {
    for (const [file, made] of this.#loaded) if (!made.loaded) this.#forget(file);
    for (const [file, version] of [...this.#data]) {
      if (versionOf(file) === version) continue;
      this.#data.delete(file);
      delete require.cache[file];
      this.#forget(file);
    }
  }

  #forget(file: string): void {
    this.#loaded.delete(file);
    const importers = this.#importers.get(file) ?? [];
    this.#importers.delete(file);
    for (const importer of importers) this.#forget(importer);
  }

  #localFirst(native: NodeJS.Require, folder: string, importer: string | undefined): NodeJS.Require {
    return new Proxy(native, {
      apply: (_target, self, [id, ...rest]: [unknown, ...unknown[]]) => {
        if (typeof id !== 'string') return Reflect.apply(native, self, [id, ...rest]);
        if (!/^\.{0,2}[\\/]/.test(id)) {
          return Reflect.apply(this.packages.lender(native, id), self, [id, ...rest]);
        }
        const file = this.#find(resolve(folder, id));
        if (file !== undefined) return this.#load(file, importer);
        this.#rememberData(native, id, importer);
        return Reflect.apply(native, self, [id, ...rest]);
      },
    });
  }

  #find(path: string): string | undefined {
    return [path, `${path}.js`, join(path, 'index.js')].find((file) => this.#code.has(file));
  }

  #load(file: string, importer: string | undefined): unknown {
    this.#noteImporter(file, importer);
    const loaded = this.#loaded.get(file);
    if (loaded !== undefined) return loaded.exports;
    const made = new NodeModule(file);
    made.filename = file;
    made.paths = NodeModule._nodeModulePaths(dirname(file));
    made.require = this.#localFirst(createRequire(file), dirname(file), file);
    // Before it runs, so that modules may import each other; but one that fails is not there.
    this.#loaded.set(file, made);
    try {
      made._compile(this.#code.get(file) ?? '', file);
      made.loaded = true;
      return made.exports;
    } catch (error) {
      this.#loaded.delete(file);
      throw error;
    }
  }

  #rememberData(native: NodeJS.Require, id: string, importer: string | undefined): void {
    if (!id.endsWith('.json')) return;
    const file = native.resolve(id);
    this.#data.set(file, versionOf(file));
    this.#noteImporter(file, importer);
  }

  #noteImporter(file: string, importer: string | undefined): void {
    if (importer === undefined) return;
    const importers = this.#importers.get(file) ?? new Set();
    this.#importers.set(file, importers.add(importer));
  }
}
