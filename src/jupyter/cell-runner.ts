import { toMimeBundle } from '../notebook/mime-bundle.js';
import { Cell, cellContext, type Publish } from './cell.js';
import {
  DIAGNOSTIC_FORMAT,
  describeDiagnostics,
  describeThrown,
  type ErrorContent,
  Interrupted,
} from './cell-errors.js';
import { stopWork } from './tracked-work.js';
import type { Executor, ExecutorConsole } from './tslab-internals.js';

const { setTimeout, setImmediate } = globalThis;

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

  constructor(readonly createExecutor: (console: ExecutorConsole) => Executor) {
    this.executor = createExecutor({
      log: (value) => this.#showResult(value),
      error: (...values) => this.#takeError(values),
    });
    process.on('uncaughtException', (error) => this.#takeLateError(error));
    process.on('unhandledRejection', (reason) => this.#takeLateError(reason));
  }

  readonly executor: Executor;

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
    else await Promise.race([this.#execute(cell), cell.stopped]);
    await turns(2);
    if (cell.state === 'stopped') this.#abandon(cell);
    this.#leave(cell, isSilent);
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
    for (const flush of this.beforeCellEnd) flush();
    cell.finish();
    cell.output.flush();
    const late = isSilent || cell.failure !== undefined ? undefined : this.#lateErrors.shift();
    if (late !== undefined) cell.fail(late);
    this.running = undefined;
  }

  /**
   * Starts the cell from a timer of its own: an interrupt may cut off every frame and microtask of that turn, and
   * neither the caller nor the loops that read Jupyter's messages may be among them.
   */
  #execute(cell: Cell): Promise<void> {
    return new Promise((resolve) => {
      setTimeout(() => {
        // Interrupted before it began.
        if (cell.state !== 'running') return resolve();
        const run = cellContext.run(cell, () => this.executor.execute(cell.source));
        run
          .then(
            (isOk) => this.#settle(cell, isOk),
            (error) => cell.fail(describeThrown(error)),
          )
          .finally(resolve);
      }, 0);
    });
  }

  #settle(cell: Cell, isOk: boolean): void {
    if (cell.diagnostics.length > 0) cell.fail(describeDiagnostics(cell.diagnostics, cell.source));
    else if (!isOk) cell.fail(describeThrown(new Error('The cell failed without saying why')));
  }

  #abandon(cell: Cell): void {
    stopWork(cell);
    // Lets go of tslab's own wait for the cell.
    this.executor.interrupt();
  }

  #showResult(value: unknown): void {
    const cell = cellContext.getStore() ?? this.running;
    if (cell?.state !== 'running') return;
    cell.show('execute_result', { execution_count: cell.count, data: toMimeBundle(value) });
  }

  #takeError(values: unknown[]): void {
    const cell = cellContext.getStore() ?? this.running;
    if (cell === undefined) return;
    const [first, file, line, column, message] = values;
    if (first !== DIAGNOSTIC_FORMAT) {
      cell.fail(describeThrown(first));
      return;
    }
    cell.diagnostics.push({
      file: String(file),
      line: Number(line),
      column: Number(column),
      message: String(message),
    });
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

/** Lets events that are due happen: errors that nothing awaits surface only then. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}
