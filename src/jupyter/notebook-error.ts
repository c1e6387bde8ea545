import { XnorlabError } from '../core/errors.js';

/** What is known of the cell that failed. */
export interface FailedCell {
  /** Path of the notebook. */
  readonly notebook: string;
  /** Number of the code cell, from 1; empty cells do not count. 0 when no cell had been started. */
  readonly cell: number;
  /** Name of the error: `RangeError`, `TypeScriptError`, `Interrupted`, `Timeout`, `KernelDied`, … */
  readonly ename: string;
  readonly evalue: string;
  /** The cell's text. */
  readonly source: string;
}

const EXCERPT_LINES = 4;

/** A cell of a notebook failed in a headless run. */
export class NotebookError extends XnorlabError {
  override readonly exitCode = 1;

  constructor(
    readonly failed: FailedCell,
    options?: ErrorOptions,
  ) {
    const { notebook, cell, ename, evalue } = failed;
    super(`${notebook}, code cell ${cell}: ${ename}: ${evalue}\n${excerpt(failed.source)}`, options);
  }
}

function excerpt(source: string): string {
  const lines = source.split('\n').map((line) => `    ${line}`);
  return lines.length <= EXCERPT_LINES
    ? lines.join('\n')
    : [...lines.slice(0, EXCERPT_LINES), '    …'].join('\n');
}
