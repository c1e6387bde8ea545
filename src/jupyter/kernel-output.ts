import { type Cell, cellContext } from './cell.js';
import { Interrupted } from './cell-errors.js';
import { inCells } from './cell-positions.js';
import type { CellRunner } from './cell-runner.js';
import type { StreamName } from './output-stream.js';

type Write = typeof process.stdout.write;

/**
 * Sends what is printed to this process's stdout and stderr to the notebook: to the running cell, else to the cell
 * the printing code belongs to, else to the last one. Code of an interrupted cell gets an Interrupted instead, which
 * ends loops that nothing else can stop.
 */
export function printToNotebook(runner: CellRunner): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const original = process[name].write.bind(process[name]) as Write;
    process[name].write = notebookWrite(runner, name, original);
  }
}

function notebookWrite(runner: CellRunner, name: StreamName, original: Write): Write {
  const decoder = new TextDecoder();
  return ((chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
    const done = typeof encoding === 'function' ? encoding : callback;
    const printed = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    // A stack trace that the reader prints.
    const text = printed.includes('at ') ? inCells(printed) : printed;
    const cell = outputCell(runner);
    if (cell === undefined) return original(text);
    cell.output.write(name, text);
    if (typeof done === 'function') process.nextTick(done as () => void);
    return true;
  }) as Write;
}

/**
 * The cell that output of the running code goes to.
 *
 * @throws Interrupted when the code belongs to a cell that was stopped
 */
export function outputCell(runner: CellRunner): Cell | undefined {
  const owner = cellContext.getStore();
  if (owner?.state === 'stopped' && owner !== runner.running) throw new Interrupted();
  return runner.running ?? owner ?? runner.last;
}
