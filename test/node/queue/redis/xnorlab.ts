import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Compiled: `npm run build` comes first. */
export const CLI = path.resolve(__dirname, '..', '..', '..', '..', 'dist', 'cli.js');

/** The command line as a process, with all that it has written so far. */
export class Xnorlab {
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  #isClosed = false;
  output = '';

  constructor(...args: string[]) {
    this.#process = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (data) => {
        this.output += String(data);
      });
    }
    this.#ended = once(this.#process, 'close').then(() => {
      this.#isClosed = true;
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** @returns exit status; null when it was killed */
  async end(): Promise<number | null> {
    await this.#ended;
    return this.#process.exitCode;
  }

  /** Waits until it has written that so many times. */
  async wrote(pattern: RegExp, times = 1): Promise<void> {
    while (this.count(pattern) < times) {
      if (this.#isClosed) throw new Error(`it ended before it wrote ${pattern}:\n${this.output}`);
      await sleep(10);
    }
  }

  count(pattern: RegExp): number {
    return [...this.output.matchAll(new RegExp(pattern, 'g'))].length;
  }
}

/** Commands that a test starts, none of which outlives it. */
export class Commands {
  readonly #running: Xnorlab[] = [];

  start(...args: string[]): Xnorlab {
    const started = new Xnorlab(...args);
    this.#running.push(started);
    return started;
  }

  /** @param address - of the queue */
  startWorker(address: string): Xnorlab {
    return this.start('worker', '--queue', address, '--workers', '1');
  }

  async end(): Promise<void> {
    for (const one of this.#running.splice(0)) {
      one.kill('SIGKILL');
      await one.end();
    }
  }
}
