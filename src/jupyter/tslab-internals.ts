import type ts from 'typescript';
import { EnvironmentError } from '../core/errors.js';
import { adaptTypescript, type CompilerHooks } from './adapted-typescript.js';
import type { RichContent } from './cell.js';

/** The one tslab version whose internals the launcher knows. */
export const TSLAB_VERSION = '1.0.22';

/** A message header of the Jupyter protocol, as far as the launcher reads or changes it. */
export interface MessageHeader {
  msg_type: string;
  msg_id: string;
}

/** tslab's view of one Jupyter message. */
export interface KernelMessage {
  header: MessageHeader;
  metadata: Record<string, unknown>;
  content: unknown;
  createReply(): KernelMessage;
  signAndSend(key: string, socket: FrameSender): void;
}

/** Anything a multipart message can be sent to: a ZeroMQ socket or our stand-in for the control channel. */
export interface FrameSender {
  send(frames: (Buffer | string)[]): unknown;
}

/** A ZeroMQ socket's settings that decide whether bursts are lost. */
export interface Socket extends FrameSender {
  sendTimeout: number;
  sendHighWaterMark: number;
}

/** Jupyter's connection file. */
export interface ConnectionInfo {
  readonly transport: string;
  readonly ip: string;
  readonly key: string;
  readonly shell_port: number;
  readonly control_port: number;
  readonly hb_port: number;
}

/** Runs cells, one after the other, in one shared scope: what tslab's request handler asks about them. */
export interface Executor {
  inspect(source: string, position: number): unknown;
  complete(source: string, position: number): unknown;
  close(): void;
}

/** A complaint of the compiler; positions count from 0. */
export interface ConverterDiagnostic {
  readonly fileName?: string;
  readonly start: { readonly line: number; readonly character: number };
  readonly messageText: string;
}

/** What the converter makes of a cell. */
export interface Converted {
  readonly diagnostics: readonly ConverterDiagnostic[];
  /** JavaScript in CommonJS; missing when the cell is empty or wrong. */
  readonly output?: string;
  /** The types of all that was declared so far. */
  readonly declOutput?: string;
}

/** tslab's TypeScript front end. All methods block while the compiler works. */
export interface Converter {
  convert(previous: string, source: string): Converted;
  inspect(previous: string, source: string, position: number): unknown;
  complete(previous: string, source: string, position: number): unknown;
  addModule(name: string, content: string, metadata?: unknown): readonly ConverterDiagnostic[];
  close(): void;
}

/** tslab's ZeroMQ front; the launcher replaces some of its methods on the instance. */
export interface KernelServer {
  readonly connInfo: ConnectionInfo;
  readonly iopub: Socket;
  readonly stdin: Socket;
  init(): Promise<void>;
  close(): void;
  bindSocket(socket: Socket, port: number): Promise<void>;
  publishStatus(status: string, parent: KernelMessage): void;
  handleShellMessage(socket: FrameSender, ...frames: Buffer[]): Promise<void>;
  handleExecute(socket: FrameSender, message: KernelMessage): Promise<void>;
  handleCommInfoRequest(socket: FrameSender, message: KernelMessage): void;
}

/** tslab's request handler; the launcher replaces `handleKernel` and leaves the rest. */
export interface RequestHandler {
  handleKernel(): Record<string, unknown>;
  close(): void;
}

/** The parts of tslab that make up a kernel. */
export interface TslabInternals {
  readonly ZmqServer: new (handler: RequestHandler, connectionFile: string) => KernelServer;
  readonly JupyterHandlerImpl: new (executor: Executor, isJavaScript: boolean) => RequestHandler;
  createConverter(hooks: CompilerHooks): Converter;
  /** Turns a JavaScript module into CommonJS. */
  toCommonJs(module: string): string;
  /** What a cell's comments say about it. */
  getCodeMetadata(source: string): { readonly module?: string };
  /** tslab's own TypeScript. */
  readonly typescript: typeof ts;
  /** Sets where tslab's own display functions write to. */
  setDisplayWriter(write: (content: RichContent, isUpdate: boolean | undefined) => void): void;
}

/**
 * Loads tslab's internals after checking that they are the ones the launcher was written against.
 *
 * @throws EnvironmentError when another version is installed or a part is missing
 */
export function loadTslab(): TslabInternals {
  const { version } = load('tslab/package.json') as { version: string };
  if (version !== TSLAB_VERSION) throw mismatch(`version ${version}`);
  const typescript = load(TYPESCRIPT) as unknown as typeof ts;
  const hooks: CompilerHooks = {
    rewriteCell: (module) => module,
    takeModule: () => {},
    locate: (path) => path,
    watch: () => undefined,
  };
  replaceModule(TYPESCRIPT, adaptTypescript(typescript, hooks));
  const jupyter = load('tslab/dist/jupyter.js');
  const { createConverter, esModuleToCommonJSModule } = load('tslab/dist/converter.js');
  const parts = {
    ZmqServer: jupyter.ZmqServer,
    JupyterHandlerImpl: jupyter.JupyterHandlerImpl,
    createConverter,
    esModuleToCommonJSModule,
    getCodeMetadata: load('tslab/dist/metadata.js').getCodeMetadata,
  };
  checkShape(parts);
  const make = createConverter as (options: object) => Converter;
  const toCommonJs = esModuleToCommonJSModule as (code: string, target: ts.ScriptTarget) => string;
  return {
    ...parts,
    typescript,
    createConverter: (now: CompilerHooks) => {
      Object.assign(hooks, now);
      return make({ isJS: false, isBrowser: false });
    },
    toCommonJs: (module: string) => toCommonJs(module, typescript.ScriptTarget.ES2022),
    setDisplayWriter: (write: unknown) => {
      jupyter.lastWriteDisplayData = write;
    },
  } as unknown as TslabInternals;
}

const TYPESCRIPT = '@tslab/typescript-for-tslab';

const SERVER_METHODS = [
  'init',
  'close',
  'bindSocket',
  'publishStatus',
  'handleShellMessage',
  'handleExecute',
];

function checkShape(internals: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(internals)) {
    if (typeof value !== 'function') throw mismatch(`no ${name}`);
  }
  const server = (internals.ZmqServer as { prototype: Record<string, unknown> }).prototype;
  for (const method of [...SERVER_METHODS, 'handleCommInfoRequest']) {
    if (typeof server[method] !== 'function') throw mismatch(`no ZmqServer.${method}`);
  }
}

function mismatch(found: string): EnvironmentError {
  return new EnvironmentError(
    `The installed tslab is not the one the xnorlab kernel was written for (${found}, expected ${TSLAB_VERSION})`,
    'Run `npm run setup` in the xnorlab checkout',
  );
}

/** Makes `require` hand out something else from now on. */
function replaceModule(id: string, exports: unknown): void {
  const loaded = require.cache[require.resolve(id)];
  if (loaded !== undefined) loaded.exports = exports;
}

function load(id: string): Record<string, unknown> {
  try {
    return require(id) as Record<string, unknown>;
  } catch (cause) {
    throw new EnvironmentError(`${id} cannot be loaded`, 'Run `npm run setup` in the xnorlab checkout', {
      cause,
    });
  }
}
