import vm from 'node:vm';
import { CellCompiler, type Compilation, type CompiledCell } from './cell-compiler.js';
import { rememberOrigin } from './cell-positions.js';
import { keepNames } from './declarations.js';
import { explainCall, plainInfo } from './explain-calls.js';
import { SCOPE_PARAMETER } from './live-scope.js';
import { LocalModules } from './local-modules.js';
import { completeOption, explainOption } from './option-help.js';
import { Packages } from './packages.js';
import { Scope } from './scope.js';
import type { Executor, TslabInternals } from './tslab-internals.js';

type Run = (exports: object, require: NodeJS.Require, scope: Scope) => Value | Promise<Value>;

/** The value of a cell's last expression, or nothing. */
export type Value = readonly [unknown] | undefined;

/** Compiles and runs cells in one scope, and knows the types of what they have declared. */
export class CellExecutor implements Executor {
  readonly packages: Packages;
  readonly #scope = new Scope();
  readonly #modules: LocalModules;
  readonly #compiler: CellCompiler;
  #declarations = '';
  #unsettled: CompiledCell | undefined;

  /** @param folder - where cells look for files and packages */
  constructor(
    readonly tslab: TslabInternals,
    folder: string,
  ) {
    this.packages = new Packages(folder);
    const modules = new LocalModules(folder, this.packages);
    this.#modules = modules;
    this.#compiler = new CellCompiler(tslab, (path, code) => modules.take(path, code), this.packages);
  }

  /** Compiles a cell. A cell that is marked as a module comes out empty. */
  compile(source: string): Compilation {
    const metadata = this.tslab.getCodeMetadata(source);
    if (metadata.module === undefined) {
      return this.#compiler.compile(this.#declarations, source, (name) => this.#scope.has(name));
    }
    const diagnostics = this.#compiler.compileModule(metadata.module, source, metadata);
    const nothing = {
      code: '',
      isAsync: false,
      names: [],
      declarations: this.#declarations,
      origin: () => undefined,
    };
    return diagnostics.length > 0 ? { diagnostics } : nothing;
  }

  /** Makes the compiler ready for the first cell, which does so otherwise. */
  prepare(): void {
    this.#compiler.prepare();
  }

  /**
   * Runs a cell. Whatever way it ends, `settle` is to be called then.
   *
   * @param name - what stack traces call it
   */
  run(cell: CompiledCell, name: string): Value | Promise<Value> {
    this.#unsettled = cell;
    for (const variable of cell.names) this.#scope.variable(variable).isReached = false;
    this.#modules.refresh();
    const head = `(${cell.isAsync ? 'async ' : ''}function (exports, require, ${SCOPE_PARAMETER}) { `;
    rememberOrigin(name, cell.origin);
    const options = { filename: name, columnOffset: -head.length };
    const run = vm.runInThisContext(`${head}${cell.code}\n})`, options) as Run;
    return run({}, this.#modules.require, this.#scope);
  }

  /** Takes the names over that the cell has declared; of a failed one, those that it came to. */
  settle(hasFailed: boolean): void {
    const cell = this.#unsettled;
    if (cell === undefined) return;
    this.#unsettled = undefined;
    const missed = cell.names.filter((name) => hasFailed && !this.#scope.variable(name).isReached);
    const missing = new Set(missed);
    const { typescript } = this.tslab;
    const earlier = this.#declarations;
    this.#declarations =
      missing.size === 0
        ? cell.declarations
        : keepNames(cell.declarations, (name) => !missing.has(name), typescript) +
          keepNames(earlier, (name) => missing.has(name), typescript);
  }

  inspect(source: string, position: number): unknown {
    const { typescript } = this.tslab;
    const words = explainOption(source, position, (name) => this.#valueOf(name), typescript);
    if (words !== undefined) return plainInfo(words);
    const inspect = (at: number): unknown => this.#compiler.inspect(this.#declarations, source, at);
    return explainCall(inspect, source, position, typescript);
  }

  complete(source: string, position: number): unknown {
    return (
      completeOption(source, position, this.tslab.typescript) ??
      this.#compiler.complete(this.#declarations, source, position)
    );
  }

  #valueOf(name: string): unknown {
    return this.#scope.has(name) ? this.#scope.variable(name).value : undefined;
  }

  close(): void {
    this.#compiler.close();
  }
}
