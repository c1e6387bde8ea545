import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { Readable } from 'node:stream';
import { XnorlabError } from '../core/errors.js';

/** A cell has tried to read what nobody can type. */
export class NoInputError extends XnorlabError {
  override readonly exitCode = 1;

  constructor() {
    super(
      'Cells take no input: a notebook has no standard input to read from. ' +
        'Write the value into the cell, or read it from a file or an environment variable',
    );
  }
}

const STDIN = 0;

/**
 * Makes reading from standard input fail instead of waiting for ever: Jupyter starts a kernel with a pipe there that
 * nobody writes to.
 */
export function refuseInput(): void {
  let stdin = failingStream();
  Object.defineProperty(process, 'stdin', {
    configurable: true,
    enumerable: true,
    get: () => {
      if (stdin.destroyed) stdin = failingStream();
      return stdin;
    },
  });
  // Opened for writing: `readFileSync(0)`, and programs that inherit it, fail as well. The new file gets the number that
  // is free.
  closeSync(STDIN);
  openSync(devNull, 'w');
}

function failingStream(): Readable {
  return new Readable({
    read() {
      this.destroy(new NoInputError());
    },
  });
}
