import { AsyncLocalStorage } from 'node:async_hooks';
import type { Worker } from 'node:worker_threads';
import type { MimeBundle } from '../notebook/mime-bundle.js';
import type { ErrorContent } from './cell-errors.js';
import { OutputFile } from './output-file.js';
import { OutputStream, type StreamName } from './output-stream.js';

const { setTimeout } = globalThis;

/** What a cell sends to the notebook, already addressed to the request it came from. */
export type Publish = (type: string, content: Record<string, unknown>) => void;

/** A timer as Node hands it out; `_destroyed` is set once it fired or was cleared. */
export type TimerHandle = (NodeJS.Timeout | NodeJS.Immediate) & { readonly _destroyed?: boolean };

/** One execution of one cell: its output, its failure and the work it has started. */
export class Cell {
  state: 'running' | 'finished' | 'stopped' = 'running';
  /** The first thing that went wrong. */
  failure: ErrorContent | undefined;
  readonly output: OutputStream;
  readonly timers = new Set<TimerHandle>();
  readonly workers = new Set<Worker>();
  /** Aborts when the cell is stopped. */
  readonly stopSignal: AbortSignal;
  readonly #controller = new AbortController();
  #onStop: (() => void) | undefined;

  constructor(
    readonly count: number,
    readonly source: string,
    readonly publish: Publish,
  ) {
    const file = new OutputFile(`cell-${count}-${process.pid}.txt`);
    this.output = new OutputStream(
      (name: StreamName, text: string) => publish('stream', { name, text }),
      file,
    );
    this.stopSignal = this.#controller.signal;
  }

  /** Keeps the first failure; what follows from it would only hide it. */
  fail(failure: ErrorContent): void {
    this.failure ??= failure;
  }

  /** Publishes rich output in its place between the lines printed before and after it. */
  show(type: 'display_data' | 'update_display_data' | 'execute_result', content: RichContent): void {
    this.output.flush();
    this.publish(type, { metadata: {}, ...content });
  }

  /** Sets what is called when the cell is stopped. */
  onStop(callback: () => void): void {
    this.#onStop = callback;
  }

  /**
   * Fails a running cell and gives up on its work, whatever that is waiting for. What follows comes in turns of the event
   * loop of its own: user code that reacts to the signal may keep the thread, and be cut off, and with it all that waits
   * for the same turn to end.
   */
  stop(failure: ErrorContent): void {
    if (this.state !== 'running') return;
    this.fail(failure);
    this.state = 'stopped';
    setTimeout(() => this.#onStop?.(), 0);
    setTimeout(() => this.#controller.abort(), 0);
  }

  /** Marks the regular end. */
  finish(): void {
    if (this.state === 'running') this.state = 'finished';
  }
}

/** The content of a display message. */
export interface RichContent extends Record<string, unknown> {
  readonly data: MimeBundle;
}

/** Tells which cell the running code belongs to, across awaits, timers and events. */
export const cellContext = new AsyncLocalStorage<Cell>();
