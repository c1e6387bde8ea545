import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { resultPath } from '../node/files/folders.js';

const WRITE_CHARACTERS = 256 * 1024;
const WRITE_AFTER_MS = 500;

const { setTimeout, clearTimeout } = globalThis;

/** A file for what a cell prints when that is too much to be shown. Made when the first of it comes. */
export class OutputFile {
  /** Line ends so far. */
  lines = 0;
  #file: string | undefined;
  #problem: string | undefined;
  #waiting: string[] = [];
  #characters = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param name - of the file, in the folder `output` of the user's results */
  constructor(readonly name: string) {}

  /** A sentence that says where all of it is, or why it is nowhere. Known after the first `write`. */
  get whereAllIs(): string {
    if (this.#problem !== undefined) return `The rest is lost: ${this.#problem}`;
    return `All of it goes to ${relative(process.cwd(), this.#file ?? '')}`;
  }

  write(text: string): void {
    if (this.#file === undefined) this.#open();
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.lines++;
    if (this.#problem !== undefined) return;
    this.#waiting.push(text);
    this.#characters += text.length;
    if (this.#characters >= WRITE_CHARACTERS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), WRITE_AFTER_MS).unref();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#waiting.join('');
    this.#waiting = [];
    this.#characters = 0;
    if (text === '' || this.#file === undefined || this.#problem !== undefined) return;
    this.#try(() => appendFileSync(this.#file ?? '', text));
  }

  #open(): void {
    const file = resultPath('output', this.name);
    this.#file = file;
    this.#try(() => {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, '');
    });
  }

  #try(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
  }
}
