import { kernelLink } from '../notebook/kernel-link.js';
import { shownValue } from '../notebook/rich-output.js';
import { Cell, cellContext, type Publish } from './cell.js';
import { describeDiagnostics, describeThrown, type ErrorContent, Interrupted } from './cell-errors.js';
import type { CellExecutor, Value } from './cell-executor.js';
import { forgottenAwait } from './forgotten-await.js';
import { stopWork } from './tracked-work.js';
import { uninterruptible } from './uninterruptible.js';

const { setTimeout } = globalThis;

/** Runs cells one at a time and decides how each of them ends. */
export class CellRunner {
  /** The cell that is running now. */
  running: Cell | undefined;
  /** The last cell that was started. */
  last: Cell | undefined;
  /** Called at the end of every cell, while its outputs are still open. */
  readonly beforeCellEnd = new Set<() => void>();
  readonly #cells = new Set<WeakRef<Cell>>();
  readonly #lateErrors: ErrorContent[] = [];

  constructor(readonly executor: CellExecutor) {
    process.on('uncaughtException', (error) => this.#takeLateError(error));
    process.on('unhandledRejection', (reason) => this.#takeLateError(reason));
  }

  /** All cells whose work may still go on. */
  get cells(): Cell[] {
    return [...this.#cells].flatMap((reference) => reference.deref() ?? []);
  }

  /**
   * Runs a cell to its end; its failure, if any, is published and left in the returned cell.
   *
   * @param isSilent - nobody looks at this cell: errors of earlier cells wait for the next one
   */
  async run(count: number, source: string, publish: Publish, isSilent: boolean): Promise<Cell> {
    const cell = new Cell(count, source, publish);
    this.#enter(cell);
    const late = isSilent ? [] : this.#lateErrors.splice(0);
    if (late[0] !== undefined) cell.fail(late[0]);
    else await this.#toItsEnd(cell);
    await turns(2);
    uninterruptible(() => this.#leave(cell, isSilent));
    for (const failure of cell.failure ? [cell.failure, ...late.slice(1)] : []) {
      cell.publish('error', { ...failure });
    }
    return cell;
  }

  #enter(cell: Cell): void {
    this.running = cell;
    this.last = cell;
    for (const reference of this.#cells) if (reference.deref() === undefined) this.#cells.delete(reference);
    this.#cells.add(new WeakRef(cell));
  }

  #leave(cell: Cell, isSilent: boolean): void {
    if (cell.state === 'stopped') stopWork(cell);
    this.executor.settle(cell.failure !== undefined);
    for (const flush of this.beforeCellEnd) flush();
    cell.finish();
    cell.output.end();
    const late = isSilent || cell.failure !== undefined ? undefined : this.#lateErrors.shift();
    if (late !== undefined) cell.fail(late);
    this.running = undefined;
  }

  /**
   * Starts the cell from a timer of its own, and goes on from another one: an interrupt may cut off every frame and
   * promise of the turn that it strikes, and none of ours may be among them.
   */
  #toItsEnd(cell: Cell): Promise<void> {
    return new Promise((resolve) => {
      cell.onStop(resolve);
      setTimeout(() => {
        // Interrupted before it began.
        if (cell.state !== 'running') return;
        const end = (): unknown => setTimeout(resolve, 0);
        cellContext.run(cell, () => this.#execute(cell)).then(end, end);
      }, 0);
    });
  }

  /** Never rejects: what goes wrong is the cell's failure. */
  async #execute(cell: Cell): Promise<void> {
    try {
      const compiled = this.executor.compile(cell.source);
      if ('diagnostics' in compiled) {
        cell.fail(describeDiagnostics(compiled.diagnostics, cell.source));
        return;
      }
      const running = this.executor.run(compiled, `cell[${cell.count}]`);
      this.#showResult(cell, running instanceof Promise ? await running : running);
    } catch (error) {
      cell.fail(describeThrown(error));
    }
  }

  #showResult(cell: Cell, value: Value): void {
    const kernel = kernelLink();
    if (cell.state !== 'running' || kernel === undefined) return;
    const shown = value?.[0];
    if (shown === undefined || shown === null) return;
    if (isPromise(shown)) {
      cell.output.write('stderr', forgottenAwait(cell.source, this.executor.tslab.typescript));
      return;
    }
    const { data, displayId, later } = shownValue(shown, kernel);
    const transient = displayId === undefined ? {} : { display_id: displayId };
    cell.show('execute_result', { execution_count: cell.count, data, transient });
    later?.then((update) => update && kernel.publish(update)).catch(() => undefined);
  }

  /** An error that no cell awaits ends the cell it comes from, or the one that runs now, or the next one. */
  #takeLateError(reason: unknown): void {
    const origin = cellContext.getStore();
    // What a stopped cell still stumbles over follows from its being stopped, and that has been reported.
    if (reason instanceof Interrupted || origin?.state === 'stopped') return;
    const running = this.running;
    if (running !== undefined && (origin === undefined || origin === running)) {
      running.stop(describeThrown(reason));
      return;
    }
    const place =
      origin === undefined ? 'after an earlier cell had ended' : `after cell [${origin.count}] had ended`;
    this.#lateErrors.push(describeThrown(reason, `raised ${place}`));
  }
}

function isPromise(value: unknown): boolean {
  return typeof value === 'object' && typeof (value as { then?: unknown }).then === 'function';
}

/** Lets events that are due happen: errors that nothing awaits surface only then. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise<void>((resolve) => setTimeout(resolve, 0));
}
