import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { requireJupyter } from '../../src/jupyter/detect.js';
import { jupyterEnvironment } from '../../src/jupyter/locations.js';

/** A message as the kernel sent it. */
export interface KernelMessage {
  readonly type: string;
  readonly content: Record<string, unknown>;
}

/** All that a request brought, in the order of arrival. */
export interface Outcome {
  readonly status: string;
  readonly reply: Record<string, unknown>;
  readonly outputs: readonly KernelMessage[];
}

interface Request {
  readonly needsIdle: boolean;
  readonly onStart: () => void;
  readonly outputs: KernelMessage[];
  reply?: Record<string, unknown>;
  isIdle: boolean;
  resolve: (outcome: Outcome) => void;
}

type Report =
  | { readonly event: 'ready'; readonly pid: number }
  | {
      readonly event: 'iopub' | 'shell' | 'control';
      readonly id: number;
      readonly type: string;
      readonly content: Record<string, unknown>;
    };

/** A real Jupyter client (Python's jupyter_client) with a real kernel. */
export class KernelClient {
  readonly #requests = new Map<number, Request>();
  #nextId = 0;

  private constructor(readonly process: ChildProcessByStdio<Writable, Readable, null>) {}

  /** Process id of the kernel. */
  pid = 0;

  /**
   * @param folder - where it works
   * @param environment - its variables, but for where Jupyter finds it
   */
  static async start(
    folder: string = __dirname,
    environment: NodeJS.ProcessEnv = process.env,
  ): Promise<KernelClient> {
    const python = await requireJupyter();
    const child = spawn(python, [join(__dirname, 'kernel_client.py'), folder], {
      env: jupyterEnvironment(environment),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const client = new KernelClient(child);
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the client ended with status ${code}`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const report = JSON.parse(line) as Report;
        if (report.event !== 'ready') return client.#receive(report);
        client.pid = report.pid;
        resolve();
      });
    });
    return client;
  }

  execute(
    code: string,
    options: { stopOnError?: boolean; metadata?: object; onStart?: () => void } = {},
  ): Promise<Outcome> {
    const { stopOnError = true, metadata = {}, onStart } = options;
    return this.#send({ op: 'execute', code, stopOnError, metadata }, true, onStart);
  }

  /** Sends a cell. @returns when its turn has come, the outcome to wait for */
  async begin(code: string): Promise<{ readonly outcome: Promise<Outcome> }> {
    return new Promise((resolve) => {
      const outcome = this.execute(code, { onStart: () => resolve({ outcome }) });
    });
  }

  complete(code: string): Promise<Outcome> {
    return this.#send({ op: 'complete', code, position: code.length }, false);
  }

  inspect(code: string, position: number): Promise<Outcome> {
    return this.#send({ op: 'inspect', code, position }, false);
  }

  /** Interrupts the kernel. @returns when the kernel has answered; it may still be at work on it */
  async interrupt(): Promise<void> {
    await this.#send({ op: 'interrupt' }, false);
  }

  /** Waits until the kernel's main thread has dealt with everything that it was told before. */
  async settle(): Promise<void> {
    await this.complete('1');
  }

  async stop(): Promise<void> {
    const exit = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.stdin.end();
    await exit;
  }

  #send(command: object, needsIdle: boolean, onStart: () => void = () => {}): Promise<Outcome> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#requests.set(id, { needsIdle, onStart, outputs: [], isIdle: false, resolve });
      this.process.stdin.write(`${JSON.stringify({ ...command, id })}\n`);
    });
  }

  #receive({ event, id, type, content }: Exclude<Report, { event: 'ready' }>): void {
    const request = this.#requests.get(id);
    if (request === undefined) return;
    if (event !== 'iopub') request.reply = content;
    else if (type === 'status') request.isIdle = content.execution_state === 'idle';
    else if (type === 'execute_input') request.onStart();
    else request.outputs.push({ type, content });
    const { reply, outputs } = request;
    if (reply === undefined || (request.needsIdle && !request.isIdle)) return;
    request.resolve({ status: String(reply.status), reply, outputs });
  }
}

/** What a cell printed to a stream, joined. */
export function printed(outcome: Outcome, name: 'stdout' | 'stderr' = 'stdout'): string {
  const texts = outcome.outputs.filter(({ type, content }) => type === 'stream' && content.name === name);
  return texts.map(({ content }) => String(content.text)).join('');
}

/** The rich outputs of a cell, by MIME type. */
export function shown(outcome: Outcome): Record<string, string>[] {
  const rich = outcome.outputs.filter(({ type }) => /display_data|execute_result/.test(type));
  return rich.map(({ content }) => content.data as Record<string, string>);
}

/** Resolves after `ms` milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
