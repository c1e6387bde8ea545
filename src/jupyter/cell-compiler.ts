import type { Diagnostic } from './cell-errors.js';
import { withoutExports } from './cell-exports.js';
import { addMissing } from './declarations.js';
import { type LiveCell, shareScope } from './live-scope.js';
import { LocalFiles } from './local-files.js';
import type { Packages } from './packages.js';
import type { Converter, ConverterDiagnostic, TslabInternals } from './tslab-internals.js';
import { uninterruptible } from './uninterruptible.js';

/** A cell that can be run. */
export interface CompiledCell extends LiveCell {
  /** The types of all that the notebook has declared once the cell has run. */
  readonly declarations: string;
}

/** What became of a cell: code, or complaints about it. */
export type Compilation = CompiledCell | { readonly diagnostics: readonly Diagnostic[] };

/** Hears of local files that were compiled along with a cell, in CommonJS. */
export type TakeModule = (path: string, code: string) => void;

/** tslab's compiler, made to compile cells that share one live scope. */
export class CellCompiler {
  readonly #files = new LocalFiles();
  readonly #createConverter: () => Converter;
  #converter: Converter;
  #live: LiveCell | undefined;
  #isKnown: (name: string) => boolean = () => false;
  #isExpression = false;
  #isWorking = false;

  constructor(
    readonly tslab: TslabInternals,
    takeModule: TakeModule,
    packages: Packages,
  ) {
    this.#createConverter = () =>
      tslab.createConverter({
        locate: (path) => packages.locate(path),
        watch: (path, callback) => this.#files.watch(path, callback),
        takeModule: (path, module) => takeModule(path.replace(/\.[^.]+$/, '.js'), tslab.toCommonJs(module)),
        rewriteCell: (module) => {
          this.#live = shareScope(module, this.#isKnown, this.#isExpression, tslab.typescript);
          return this.#live.code;
        },
      });
    this.#converter = this.#createConverter();
  }

  /**
   * @param declarations - the types of what earlier cells have declared
   * @param isKnown - whether an earlier cell has given a name a value
   */
  compile(declarations: string, cell: string, isKnown: (name: string) => boolean): Compilation {
    const { source, problems, endsWithExpression } = withoutExports(cell, this.tslab.typescript);
    if (problems.length > 0) return { diagnostics: problems };
    this.#isKnown = isKnown;
    this.#isExpression = endsWithExpression;
    this.#live = undefined;
    const converted = this.#work((converter) => {
      this.#files.refresh(this.tslab.typescript.FileWatcherEventKind);
      return converter.convert(declarations, source);
    });
    if (converted.diagnostics.length > 0) return { diagnostics: converted.diagnostics.map(toDiagnostic) };
    const live = this.#live ?? { isAsync: false, names: [] };
    const { typescript } = this.tslab;
    const declared = addMissing(converted.declOutput ?? '', declarations, live.names, typescript);
    return { ...live, code: converted.output ?? '', declarations: declared };
  }

  /** Compiles a cell that is marked as a module, `@module name`, for later cells to import. */
  compileModule(name: string, cell: string, metadata: unknown): Diagnostic[] {
    return this.#work((converter) => converter.addModule(name, cell, metadata)).map(toDiagnostic);
  }

  inspect(declarations: string, source: string, position: number): unknown {
    return this.#work((converter) => converter.inspect(declarations, source, position));
  }

  complete(declarations: string, source: string, position: number): unknown {
    return this.#work((converter) => converter.complete(declarations, source, position));
  }

  close(): void {
    this.#converter.close();
  }

  /** A compiler that was cut off in the middle of its work is in no known state, and is made anew. */
  #work<R>(work: (converter: Converter) => R): R {
    if (this.#isWorking) this.#converter = this.#createConverter();
    this.#isWorking = true;
    try {
      return uninterruptible(() => work(this.#converter));
    } finally {
      this.#isWorking = false;
    }
  }
}

function toDiagnostic({ fileName, start, messageText }: ConverterDiagnostic): Diagnostic {
  const file = fileName === undefined ? '' : `${fileName} `;
  return { file, line: start.line + 1, column: start.character + 1, message: messageText };
}
