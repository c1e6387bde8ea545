import { join } from 'node:path';
import { SHARE_ENV, type Transferable } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { PACKAGE_ROOT } from '../files/folders.js';
import type { Outcome } from './messages.js';
import { errorFrom } from './portable-error.js';
import { WorkerError } from './worker-error.js';

/** Compiled: threads do not run TypeScript. From src/node/threads and from dist/node/threads alike. */
const WORKER_FILE = join(PACKAGE_ROOT, 'dist', 'node', 'threads', 'worker.js');

/** Threads that do the tasks which worker.ts exports. They do not keep the process alive while they are idle. */
export class Threads {
  readonly #piscina: Piscina;
  /** Takes back the tasks that wait for a thread. */
  #withdraw = new AbortController();

  constructor(count: number) {
    // Loaded on first use: most programs have no threads.
    const { Piscina } = require('piscina') as typeof import('piscina');
    // Without a file at the start: a file that does not load then fails the task, where it can be told.
    this.#piscina = new Piscina({
      minThreads: count,
      maxThreads: count,
      // An idle thread shall go on turning its event loop, so that what a run left behind is freed.
      atomics: 'disabled',
      env: SHARE_ENV,
      recordTiming: false,
    });
    this.#piscina.on('error', (error) => this.#onLostThread(error));
  }

  /**
   * Has a thread do a task.
   * @param name - of a function that worker.ts exports
   * @throws what the task throws; WorkerError when its thread dies
   */
  async call<Result>(name: string, task: object, transferList: Transferable[] = []): Promise<Result> {
    const { signal } = this.#withdraw;
    let outcome: Outcome<Result>;
    try {
      outcome = await this.#piscina.run(task, { name, filename: WORKER_FILE, transferList, signal });
    } catch (error) {
      const cause: unknown = signal.aborted ? signal.reason : error;
      throw new WorkerError(cause instanceof Error ? cause.message : String(cause), { cause });
    }
    if ('error' in outcome) throw errorFrom(outcome.error);
    return outcome.result;
  }

  /** Ends all threads, whatever they do. */
  close(): Promise<void> {
    return this.#piscina.destroy();
  }

  /** One without a task. Others do what waits; where no thread is left, nothing may wait. */
  #onLostThread(error: Error): void {
    if (this.#piscina.threads.length > 0) return;
    this.#withdraw.abort(error);
    this.#withdraw = new AbortController();
  }
}
