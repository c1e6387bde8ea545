import { parse } from 'node:path';
import type ts from 'typescript';
import { withoutImportAttributes } from './import-attributes.js';

/** What the kernel wants to hear of while tslab's compiler works. */
export interface CompilerHooks {
  /** Rewrites the JavaScript module that TypeScript makes of a cell. */
  rewriteCell(module: string): string;
  /** Takes the JavaScript module that TypeScript makes of a local file. */
  takeModule(path: string, module: string): void;
  /** Where a file or folder is in truth: packages may be lent. */
  locate(path: string): string;
  /** May take the watching of a file over. */
  watch(path: string, callback: ts.FileWatcherCallback): ts.FileWatcher | undefined;
}

/** tslab compiles each cell as a file of this name. */
const CELL_FILE = '/__tslab__.ts';
const CELL_OUTPUT = 'outDir/__tslab__';

/**
 * A copy of tslab's own TypeScript for tslab to work with, in which some things are different: local files may lie
 * anywhere, not only below the notebook; packages may be lent by xnorlab; the code of a cell passes through our hands,
 * while tslab's own rewriting of names is left out; local files are watched by us, and may have import attributes; and
 * compiled code ends with its source map. What is said of a function has its signature as it is declared.
 */
export function adaptTypescript(original: typeof ts, hooks: CompilerHooks): typeof ts {
  const internals = original as unknown as Internals;
  const createHost = original.createWatchCompilerHost as (...args: unknown[]) => unknown;
  const adapted = {
    sys: Object.assign(Object.create(original.sys) as ts.System, {
      fileExists: (path: string) => original.sys.fileExists(hooks.locate(path)),
      directoryExists: (path: string) => original.sys.directoryExists(hooks.locate(path)),
      getDirectories: (path: string) => original.sys.getDirectories(hooks.locate(path)),
      realpath: (path: string) => original.sys.realpath?.(hooks.locate(path)) ?? path,
      watchFile: (path: string, callback: ts.FileWatcherCallback, pollingMs?: number) =>
        hooks.watch(path, callback) ?? original.sys.watchFile?.(path, callback, pollingMs),
      readFile: (path: string, encoding?: string) => {
        const text = original.sys.readFile(hooks.locate(path), encoding);
        return text !== undefined && isLocalSource(path)
          ? withoutImportAttributes(text, original).source
          : text;
      },
    }),
    createWatchCompilerHost: (files: unknown, options: ts.CompilerOptions, ...rest: unknown[]) =>
      createHost(files, { ...options, rootDir: parse(process.cwd()).root, inlineSourceMap: true }, ...rest),
    transpileModule: (input: string, options: ts.TranspileOptions) =>
      original.transpileModule(input, {
        ...options,
        compilerOptions: { ...options.compilerOptions, inlineSourceMap: true },
      }),
    getQuickInfoAtPosition: (...request: QuickInfoRequest) => {
      const info = internals.getQuickInfoAtPosition(...request);
      const [file, checker, , position] = request;
      const node = internals.getTouchingPropertyName(file, position);
      return info && { ...info, declaredSignature: declaredSignature(node, checker, original) };
    },
    createWatchProgram: (host: Host) => {
      const takeBuilder = host.afterProgramCreate;
      host.afterProgramCreate = (builder) => {
        builder.emit = emitThrough(builder, hooks);
        takeBuilder?.(builder);
      };
      keepOneTimer(host);
      return original.createWatchProgram(host);
    },
  };
  return Object.assign({}, original, adapted);
}

type QuickInfoRequest = [
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  cancellation: unknown,
  position: number,
];

/** What tslab's TypeScript shows of itself besides what others show. */
interface Internals {
  getQuickInfoAtPosition(...request: QuickInfoRequest): object | undefined;
  getTouchingPropertyName(file: ts.SourceFile, position: number): ts.Node;
}

/** `train(options: TrainOptions, hooks?: TrainHooks): Promise<TrainedRun>`, where types keep the names that they are declared with. */
function declaredSignature(node: ts.Node, checker: ts.TypeChecker, parser: typeof ts): string | undefined {
  const named = checker.getSymbolAtLocation(node);
  if (named === undefined) return undefined;
  const isAlias = (named.flags & parser.SymbolFlags.Alias) !== 0;
  const symbol = isAlias ? checker.getAliasedSymbol(named) : named;
  const declaration = symbol.declarations?.find(
    (one): one is ts.FunctionDeclaration | ts.MethodDeclaration | ts.MethodSignature =>
      parser.isFunctionDeclaration(one) || parser.isMethodDeclaration(one) || parser.isMethodSignature(one),
  );
  if (declaration?.name === undefined) return undefined;
  const { parameters, type } = declaration;
  const listed = parameters.map((parameter) => parameter.getText().replace(/\s+/g, ' ')).join(', ');
  const result = type === undefined ? '' : `: ${type.getText().replace(/\s+/g, ' ')}`;
  return `${declaration.name.getText()}(${listed})${result}`;
}

function isLocalSource(path: string): boolean {
  return /\.tsx?$/.test(path) && !path.endsWith('.d.ts') && !path.includes('/node_modules/');
}

type Builder = ts.EmitAndSemanticDiagnosticsBuilderProgram;
type Host = ts.WatchCompilerHostOfFilesAndCompilerOptions<Builder>;

/** Stands for a timer that never fires. */
const NO_TIMER = {};

/**
 * tslab can keep one timer, that of the next compilation, and fails at a second one. The compiler has one more for
 * modules that it could not find; it looks for them again at the next compilation in any case.
 */
function keepOneTimer(host: Host): void {
  const { setTimeout, clearTimeout } = host;
  host.setTimeout = (callback, ...rest) =>
    callback.name === 'updateProgramWithWatchStatus' ? setTimeout?.(callback, ...rest) : NO_TIMER;
  host.clearTimeout = (timer) => {
    if (timer !== NO_TIMER) clearTimeout?.(timer);
  };
}

function emitThrough(builder: Builder, hooks: CompilerHooks): Builder['emit'] {
  const emit = builder.emit.bind(builder);
  return (file, write, cancellation, isDeclarationOnly, transformers) => {
    const isCell = file?.fileName.endsWith(CELL_FILE) === true;
    const pass: ts.WriteFileCallback = (name, text, ...rest) => {
      const isCode = name.endsWith('.js');
      if (!isCell) {
        if (isCode && file !== undefined) hooks.takeModule(file.fileName, text);
      } else if (isCode) write?.(`${CELL_OUTPUT}.js`, hooks.rewriteCell(text), ...rest);
      else write?.(`${CELL_OUTPUT}.d.ts`, text, ...rest);
    };
    return emit(file, pass, cancellation, isDeclarationOnly, {
      afterDeclarations: transformers?.afterDeclarations ?? [],
    });
  };
}
