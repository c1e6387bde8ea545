import { execFileSync } from 'node:child_process';
import { constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { StreamName } from './output-stream.js';

/** What the reading thread is started with: the ends to read from, and where to send what comes. */
export interface PipeThreadSettings {
  readonly ends: Readonly<Record<StreamName, number>>;
  readonly port: MessagePort;
  readonly flags: Int32Array;
}

/** A piece of output. */
export interface PipeChunk {
  readonly name: StreamName;
  readonly bytes: Uint8Array;
}

/** Places in the flags that the two threads share: how often the thread was asked for all there is, and has answered. */
export const PipeFlag = { asked: 0, answered: 1 } as const;

/** The thread answers at once; when it is just being started on a busy machine, after a while. */
const ANSWER_WAIT_MS = 5000;

/**
 * Two pipes, of standard output and standard error, that programs can write to while the main thread is blocked: a
 * thread reads them.
 */
export class OutputPipe {
  /** File descriptors to write to. */
  readonly ends: Readonly<Record<StreamName, number>>;
  readonly #flags = new Int32Array(new SharedArrayBuffer(8));
  readonly #port: MessagePort;

  /**
   * @param take - gets what was written, in order
   * @throws Error when this system has no named pipes
   */
  constructor(readonly take: (chunk: PipeChunk) => void) {
    const pipes = openPipes();
    const { port1, port2 } = new MessageChannel();
    const settings: PipeThreadSettings = {
      ends: { stdout: pipes.stdout.read, stderr: pipes.stderr.read },
      port: port2,
      flags: this.#flags,
    };
    new Worker(join(__dirname, 'output-pipe-thread.js'), {
      workerData: settings,
      transferList: [port2],
    }).unref();
    this.ends = { stdout: pipes.stdout.write, stderr: pipes.stderr.write };
    this.#port = port1.on('message', take);
    port1.unref();
  }

  /** Takes all that was written before this call. */
  drain(): void {
    const asked = Atomics.add(this.#flags, PipeFlag.asked, 1) + 1;
    this.#port.postMessage('all');
    const until = performance.now() + ANSWER_WAIT_MS;
    for (;;) {
      const answered = Atomics.load(this.#flags, PipeFlag.answered);
      const leftMs = until - performance.now();
      if (answered >= asked || leftMs <= 0) break;
      Atomics.wait(this.#flags, PipeFlag.answered, answered, leftMs);
    }
    for (;;) {
      const received = receiveMessageOnPort(this.#port);
      if (received === undefined) return;
      this.take(received.message as PipeChunk);
    }
  }
}

interface Ends {
  readonly read: number;
  readonly write: number;
}

/** Node opens no pipes itself; those that it makes for child processes are sockets, which `/dev/stderr` cannot be. */
function openPipes(): Record<StreamName, Ends> {
  const folder = mkdtempSync(join(tmpdir(), 'xnorlab-output-'));
  try {
    const files = { stdout: join(folder, 'stdout'), stderr: join(folder, 'stderr') };
    execFileSync('mkfifo', ['-m', '600', files.stdout, files.stderr], { stdio: ['ignore', 'pipe', 'pipe'] });
    return { stdout: open(files.stdout), stderr: open(files.stderr) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The reading end does not block, so opening it does not wait for the other. */
function open(file: string): Ends {
  const read = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  return { read, write: openSync(file, constants.O_WRONLY) };
}
