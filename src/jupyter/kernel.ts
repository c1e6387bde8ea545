import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { setKernelLink } from '../notebook/kernel-link.js';
import type { Cell } from './cell.js';
import { CellExecutor } from './cell-executor.js';
import { CellRunner } from './cell-runner.js';
import { openChannels } from './channels.js';
import { showChildOutput } from './child-output.js';
import { EmbedLedger } from './embed-ledger.js';
import { FigureImages } from './figure-images.js';
import { Interrupts } from './interrupt.js';
import { createInterruptFlags } from './interrupt-flags.js';
import { outputCell, printToNotebook } from './kernel-output.js';
import { messageType } from './message-frames.js';
import { refuseInput } from './no-input.js';
import { RequestQueue } from './request-queue.js';
import { StaleBuild } from './stale-build.js';
import { hasPendingTimers, trackWork } from './tracked-work.js';
import type { FrameSender, KernelMessage, KernelServer, Socket, TslabInternals } from './tslab-internals.js';
import { protectModuleLoading } from './uninterruptible.js';

interface ExecuteRequest {
  readonly code: string;
  readonly silent?: boolean;
  readonly stop_on_error?: boolean;
}

const DRAIN_STEP_MS = 20;
const PREPARE_AFTER_MS = 10;
const EXIT_AFTER_MS = 100;
const EXIT_AT_LATEST_MS = 800;
const STDERR = 2;

const { setTimeout } = globalThis;

/** The kernel: tslab's compiler, executor and protocol, with our own transport, errors, output and interrupts. */
export class Kernel {
  readonly #flags = createInterruptFlags();
  readonly #queue = new RequestQueue();
  readonly #embeds = new EmbedLedger();
  readonly #images = new FigureImages();
  readonly #stale: StaleBuild;
  readonly #runner: CellRunner;
  readonly #interrupts: Interrupts;
  readonly #server: KernelServer;
  #count = 0;
  #isPrepared = false;
  #cellKey = '';

  constructor(tslab: TslabInternals, connectionFile: string) {
    const executor = new CellExecutor(tslab, process.cwd());
    this.#runner = new CellRunner(executor);
    this.#stale = new StaleBuild([join(__dirname, '..'), join(executor.packages.xnorlab, 'dist')]);
    this.#interrupts = new Interrupts(() => this.#runner.running, this.#flags);
    const handler = new tslab.JupyterHandlerImpl(this.#runner.executor, false);
    const info = handler.handleKernel.bind(handler);
    handler.handleKernel = () => {
      this.#prepare(executor);
      return kernelInfo(info(), tslab.typescript.version);
    };
    this.#server = new tslab.ZmqServer(handler, connectionFile);
    this.#mendServer(this.#server);
    tslab.setDisplayWriter((content, isUpdate) => {
      outputCell(this.#runner)?.show(isUpdate === true ? 'update_display_data' : 'display_data', content);
    });
  }

  /** Opens the channels and serves until Jupyter asks for the end. */
  async start(): Promise<void> {
    await this.#server.init();
    await openChannels({ connection: this.#server.connInfo, flags: this.#flags }, (sender, frames) => {
      void this.#server.handleShellMessage(sender, ...frames);
    });
    trackWork();
    protectModuleLoading();
    refuseInput();
    printToNotebook(this.#runner);
    showChildOutput(this.#runner);
    this.#link();
    this.#stale.remember();
  }

  #mendServer(server: KernelServer): void {
    const bind = server.bindSocket.bind(server);
    server.bindSocket = async (socket, port) => {
      loseNothing(socket);
      // The others are the channel thread's.
      if (socket === server.iopub || socket === server.stdin) await bind(socket, port);
    };
    const publishStatus = server.publishStatus.bind(server);
    server.publishStatus = (status, parent) => {
      // Execute requests arrive before their turn; they are busy only when it comes.
      if (parent.header.msg_type !== 'execute_request') publishStatus(status, parent);
    };
    const handle = server.handleShellMessage.bind(server);
    server.handleShellMessage = async (socket, ...frames) => {
      if (!KNOWN_REQUESTS.has(messageType(frames) ?? '')) return;
      await handle(socket, ...frames).catch((error: unknown) => complain(error));
    };
    server.handleExecute = async (socket, message) => this.#accept(socket, message, publishStatus);
    server.handleCommInfoRequest = (socket, message) =>
      this.#reply(socket, message, 'comm_info_reply', { status: 'ok', comms: {} });
    const close = server.close.bind(server);
    server.close = () => {
      close();
      const exit = (): void => process.exit(0);
      setTimeout(() => void this.#images.close().then(exit, exit), EXIT_AFTER_MS);
      setTimeout(exit, EXIT_AT_LATEST_MS);
    };
  }

  /** Once Jupyter knows that the kernel is there, and most likely before its user has sent a first cell. */
  #prepare(executor: CellExecutor): void {
    if (this.#isPrepared) return;
    this.#isPrepared = true;
    setTimeout(() => executor.prepare(), PREPARE_AFTER_MS);
  }

  #accept(socket: FrameSender, message: KernelMessage, publishStatus: KernelServer['publishStatus']): void {
    let cell: Cell | undefined;
    this.#queue.add({
      stopOnError: (message.content as ExecuteRequest).stop_on_error !== false,
      run: async () => {
        publishStatus('busy', message);
        cell = await this.#execute(message);
        return cell.failure === undefined;
      },
      reply: () => {
        this.#reply(socket, message, 'execute_reply', executeReply(cell));
        publishStatus('idle', message);
      },
      abort: () => {
        publishStatus('busy', message);
        this.#reply(socket, message, 'execute_reply', { status: 'aborted', execution_count: this.#count });
        publishStatus('idle', message);
      },
    });
  }

  async #execute(message: KernelMessage): Promise<Cell> {
    const { code, silent } = message.content as ExecuteRequest;
    if (silent !== true) this.#count++;
    this.#startCell(message, code);
    const publish = (type: string, content: Record<string, unknown>): void => {
      if (silent !== true) this.#publish(message, type, content);
    };
    publish('execute_input', { code, execution_count: this.#count });
    const notice = silent === true ? undefined : this.#stale.report();
    if (notice !== undefined) publish('stream', { name: 'stderr', text: notice });
    const cell = await this.#runner.run(this.#count, code, publish, silent === true);
    this.#interrupts.handled();
    this.#stale.remember();
    return cell;
  }

  /** Old outputs of a cell that runs again, and of deleted cells, are gone, and with them what they held. */
  #startCell(message: KernelMessage, code: string): void {
    const { cellId, deletedCells } = message.metadata;
    this.#cellKey = typeof cellId === 'string' ? cellId : code;
    this.#embeds.release([this.#cellKey, ...(Array.isArray(deletedCells) ? (deletedCells as string[]) : [])]);
  }

  #link(): void {
    setKernelLink({
      publish: ({ data, displayId, isUpdate }) => {
        const transient = displayId === undefined ? {} : { display_id: displayId };
        const type = isUpdate === true ? 'update_display_data' : 'display_data';
        outputCell(this.#runner)?.show(type, { data, transient });
      },
      claimEmbed: (name) => this.#embeds.claim(name, this.#cellKey),
      drawFigure: (json) => this.#images.draw(json),
      beforeCellEnd: this.#runner.beforeCellEnd,
      drain: async (limitMs) => {
        const until = performance.now() + limitMs;
        const others = this.#runner.cells.filter((cell) => cell !== this.#runner.running);
        while (others.some(hasPendingTimers) && performance.now() < until) {
          await new Promise((resolve) => setTimeout(resolve, DRAIN_STEP_MS));
        }
      },
    });
  }

  #publish(parent: KernelMessage, type: string, content: Record<string, unknown>): void {
    this.#reply(this.#server.iopub, parent, type, content);
  }

  #reply(socket: FrameSender, parent: KernelMessage, type: string, content: Record<string, unknown>): void {
    const reply = parent.createReply();
    reply.header.msg_type = type;
    reply.content = content;
    reply.signAndSend(this.#server.connInfo.key, socket);
  }
}

const KNOWN_REQUESTS: ReadonlySet<string> = new Set([
  'kernel_info_request',
  'execute_request',
  'is_complete_request',
  'inspect_request',
  'complete_request',
  'comm_info_request',
  'shutdown_request',
]);

/** zeromq.js otherwise gives up on messages of a burst: after 512 sends in a row the next ones throw. */
function loseNothing(socket: Socket): void {
  if (!('sendTimeout' in socket)) return;
  socket.sendTimeout = 0;
  if ('sendHighWaterMark' in socket) socket.sendHighWaterMark = 0;
}

function executeReply(cell: Cell | undefined): Record<string, unknown> {
  const count = { execution_count: cell?.count ?? 0 };
  if (cell?.failure === undefined) return { status: 'ok', ...count, user_expressions: {}, payload: [] };
  return { status: 'error', ...count, ...cell.failure };
}

function kernelInfo(info: Record<string, unknown>, typescriptVersion: string): Record<string, unknown> {
  const language = {
    ...(info.language_info as object),
    version: typescriptVersion,
    pygments_lexer: 'typescript',
  };
  return { status: 'ok', ...info, implementation: 'xnorlab', language_info: language, help_links: [] };
}

/** Goes to Jupyter's log: no cell is to blame. */
function complain(error: unknown): void {
  writeSync(STDERR, `xnorlab kernel: ${error instanceof Error ? error.stack : String(error)}\n`);
}
