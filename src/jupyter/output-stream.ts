import type { OutputFile } from './output-file.js';

/** The two streams a cell can print to. */
export type StreamName = 'stdout' | 'stderr';

const FLUSH_CHARACTERS = 64 * 1024;
const FLUSH_AFTER_MS = 50;

/** More than this of one cell slows every client down, and the notebook's file for good. */
export const SHOWN_CHARACTERS = 2_000_000;
const SHOWN_LAST_LINES = 20;
const KEPT_CHARACTERS = 4096;

/** Timers that user code cannot reach, cancel or attribute to a cell. */
const { setTimeout, clearTimeout } = globalThis;

/**
 * Gathers what a cell prints into few messages: thousands of small ones overrun ZeroMQ and the clients.
 * Flushes at 64 K characters, 50 ms after the first unsent character, and when the stream changes; the owner
 * flushes before any other output and at the end of the cell. A flood is cut: what comes after the first two million
 * characters goes to a file, which has all, and only its last lines are shown at the end.
 */
export class OutputStream {
  #name: StreamName = 'stdout';
  #parts: string[] = [];
  #characters = 0;
  #firstAtMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #shown = 0;
  /** What was shown, for the file that a flood needs. */
  #all: string[] = [];
  #isCut = false;
  #last = '';

  /** @param file - takes a flood */
  constructor(
    readonly publish: (name: StreamName, text: string) => void,
    readonly file: OutputFile,
  ) {}

  write(name: StreamName, text: string): void {
    if (text === '') return;
    if (this.#isCut) {
      this.#keep(text);
      return;
    }
    const room = SHOWN_CHARACTERS - this.#shown;
    this.#shown += text.length;
    if (text.length <= room) {
      this.#all.push(text);
      this.#gather(name, text);
      return;
    }
    const end = text.lastIndexOf('\n', room) + 1;
    this.#gather(name, text.slice(0, end));
    this.#cut([...this.#all, text].join(''));
    this.#keep(text.slice(end), false);
  }

  #gather(name: StreamName, text: string): void {
    if (text === '') return;
    if (name !== this.#name) this.flush();
    if (this.#parts.length === 0) {
      this.#name = name;
      this.#firstAtMs = performance.now();
    }
    this.#parts.push(text);
    this.#characters += text.length;
    // The clock is asked as well as the timer: in a synchronous loop no timer fires.
    if (this.#characters >= FLUSH_CHARACTERS || performance.now() - this.#firstAtMs > FLUSH_AFTER_MS) {
      this.flush();
    } else if (this.#timer === undefined) {
      this.#timer = setTimeout(() => this.flush(), FLUSH_AFTER_MS);
    }
  }

  #cut(all: string): void {
    this.flush();
    this.#isCut = true;
    this.#all = [];
    this.file.write(all);
    this.publish('stderr', `The output is cut here. ${this.file.whereAllIs}\n`);
  }

  #keep(text: string, isNew = true): void {
    if (isNew) this.file.write(text);
    this.#last = (this.#last + text).slice(-KEPT_CHARACTERS);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#parts.length === 0) return;
    const text = this.#parts.join('');
    this.#parts = [];
    this.#characters = 0;
    this.publish(this.#name, text);
  }

  /** At the end of the cell: flushes, and shows how a flood ended. */
  end(): void {
    this.flush();
    if (this.#last === '') return;
    this.file.flush();
    const lines = this.#last.trimEnd().split('\n').slice(-SHOWN_LAST_LINES);
    this.publish('stderr', `${this.file.lines.toLocaleString('en')} lines in all, the last of them:\n`);
    this.publish('stdout', `${lines.join('\n')}\n`);
    this.#last = '';
  }
}
