import type { Diagnostic } from './cell-errors.js';
import { withoutExports } from './cell-exports.js';
import { type Origin, type Position, withoutMap } from './cell-positions.js';
import { withAdvice } from './compiler-advice.js';
import { addMissing } from './declarations.js';
import { withoutImportAttributes } from './import-attributes.js';
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

/** So that the compiler has read our declarations before a cell asks for them, and keeps them when one does not. */
const ALWAYS_IMPORTED = "import 'xnorlab';\n";

/** Hears of local files that were compiled along with a cell, in CommonJS. */
export type TakeModule = (path: string, code: string) => void;

/** tslab's compiler, made to compile cells that share one live scope. */
export class CellCompiler {
  readonly #files = new LocalFiles();
  readonly #createConverter: () => Converter;
  /** Made when it is needed: it takes as long as all else that a kernel starts with. */
  #converter: Converter | undefined;
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
        takeModule: (path, module) => {
          const code = tslab.toCommonJs(withoutMap(module).text);
          takeModule(path.replace(/\.[^.]+$/, '.js'), withoutMap(code).text);
        },
        rewriteCell: (compiled) => {
          const module = withoutMap(compiled);
          const live = shareScope(module.text, this.#isKnown, this.#isExpression, tslab.typescript);
          this.#live = { ...live, origin: (position) => then(live.origin(position), module.origin) };
          return live.code;
        },
      });
  }

  /**
   * @param declarations - the types of what earlier cells have declared
   * @param isKnown - whether an earlier cell has given a name a value
   */
  compile(declarations: string, cell: string, isKnown: (name: string) => boolean): Compilation {
    const plain = withoutImportAttributes(cell, this.tslab.typescript);
    const { source, problems, endsWithExpression } = withoutExports(plain.source, this.tslab.typescript);
    if (plain.problems.length > 0) return { diagnostics: plain.problems };
    if (problems.length > 0) return { diagnostics: problems };
    this.#isKnown = isKnown;
    this.#isExpression = endsWithExpression;
    this.#live = undefined;
    const converted = this.#work((converter) => {
      this.#files.refresh(this.tslab.typescript.FileWatcherEventKind);
      return converter.convert(ALWAYS_IMPORTED + declarations, source);
    });
    if (converted.diagnostics.length > 0) return { diagnostics: converted.diagnostics.map(toDiagnostic) };
    const live = this.#live ?? { isAsync: false, names: [], origin: () => undefined };
    const { typescript } = this.tslab;
    const declared = addMissing(converted.declOutput ?? '', declarations, live.names, typescript);
    const { text, origin } = withoutMap(converted.output ?? '');
    return {
      ...live,
      code: text,
      declarations: declared,
      origin: (position) => inSource(then(origin(position), live.origin)),
    };
  }

  /** Compiles a cell that is marked as a module, `@module name`, for later cells to import. */
  compileModule(name: string, cell: string, metadata: unknown): Diagnostic[] {
    const { source, problems } = withoutImportAttributes(cell, this.tslab.typescript);
    if (problems.length > 0) return [...problems];
    return this.#work((converter) => converter.addModule(name, source, metadata)).map(toDiagnostic);
  }

  /** Reads all that cells are compiled against, before there is one. */
  prepare(): void {
    this.#work((converter) => converter.convert(ALWAYS_IMPORTED, ''));
  }

  inspect(declarations: string, source: string, position: number): unknown {
    return this.#work((converter) => converter.inspect(ALWAYS_IMPORTED + declarations, source, position));
  }

  complete(declarations: string, source: string, position: number): unknown {
    return this.#work((converter) => converter.complete(ALWAYS_IMPORTED + declarations, source, position));
  }

  close(): void {
    this.#converter?.close();
  }

  /** A compiler that was cut off in the middle of its work is in no known state, and is made anew. */
  #work<R>(work: (converter: Converter) => R): R {
    if (this.#isWorking) this.#converter = undefined;
    this.#isWorking = true;
    try {
      return uninterruptible(() => {
        this.#converter ??= this.#createConverter();
        return work(this.#converter);
      });
    } finally {
      this.#isWorking = false;
    }
  }
}

function then(position: Position | undefined, origin: Origin): Position | undefined {
  return position && origin(position);
}

/** tslab puts a line in front of every cell. */
function inSource(position: Position | undefined): Position | undefined {
  return position && position.line > 0 ? { ...position, line: position.line - 1 } : undefined;
}

function toDiagnostic({ fileName, start, messageText }: ConverterDiagnostic): Diagnostic {
  const file = fileName === undefined ? '' : `${fileName} `;
  return { file, line: start.line + 1, column: start.character + 1, message: withAdvice(messageText) };
}
