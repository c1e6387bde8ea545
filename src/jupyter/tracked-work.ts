import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';
import workerThreads from 'node:worker_threads';
import { type Cell, cellContext, type TimerHandle } from './cell.js';
import { Interrupted } from './cell-errors.js';

type Schedule = (callback: (...args: unknown[]) => void, ...rest: unknown[]) => TimerHandle;
type Cancel = (handle: TimerHandle) => void;

/** Past this many entries a cell's set of timers is searched for dead ones; then the limit doubles. */
const PRUNE_FROM = 1024;
/** Workers get this long to end by themselves after an interrupt, so that a library can save its state. */
const WORKER_GRACE_MS = 250;

const { setTimeout, clearTimeout, clearInterval, clearImmediate } = globalThis;

/**
 * Makes timers and worker threads known to the cell that starts them, so that stopping the cell can stop them.
 * Replaces the global timer functions, those of `node:timers` and `node:timers/promises`, and `Worker`.
 */
export function trackWork(): void {
  const patched = {
    setTimeout: tracked(globalThis.setTimeout as unknown as Schedule, clearTimeout as Cancel, true),
    setInterval: tracked(globalThis.setInterval as unknown as Schedule, clearInterval as Cancel, false),
    setImmediate: tracked(globalThis.setImmediate as unknown as Schedule, clearImmediate as Cancel, true),
  };
  trackTimerPromises();
  Object.defineProperty(patched.setTimeout, promisify.custom, { value: timersPromises.setTimeout });
  Object.defineProperty(patched.setImmediate, promisify.custom, { value: timersPromises.setImmediate });
  Object.assign(globalThis, patched);
  Object.assign(timers, patched);
  Object.assign(workerThreads, { Worker: trackedWorker() });
  syncBuiltinESMExports();
}

/** Cancels the cell's timers at once and ends its worker threads after a short grace. */
export function stopWork(cell: Cell): void {
  // Every kind of handle is cleared by clearTimeout or clearImmediate; each ignores the other's.
  for (const timer of cell.timers) {
    clearTimeout(timer as NodeJS.Timeout);
    clearImmediate(timer as NodeJS.Immediate);
  }
  cell.timers.clear();
  if (cell.workers.size === 0) return;
  setTimeout(() => {
    for (const worker of cell.workers) void worker.terminate();
  }, WORKER_GRACE_MS);
}

/** Whether a one-shot timer of the cell is still to fire. */
export function hasPendingTimers(cell: Cell): boolean {
  return [...cell.timers].some((timer) => timer._destroyed !== true && !isInterval(timer) && timer.hasRef());
}

function isInterval(timer: TimerHandle): boolean {
  return typeof (timer as { _repeat?: unknown })._repeat === 'number';
}

function tracked(schedule: Schedule, cancel: Cancel, isOneShot: boolean): Schedule {
  return (callback, ...rest) => {
    const cell = cellContext.getStore();
    if (cell === undefined || typeof callback !== 'function') return schedule(callback, ...rest);
    const run = (...args: unknown[]): void => {
      if (isOneShot) cell.timers.delete(handle);
      callback(...args);
    };
    const handle = schedule(run, ...rest);
    if (cell.state === 'stopped') cancel(handle);
    else remember(cell, handle);
    return handle;
  };
}

const pruneLimits = new WeakMap<Cell, number>();

function remember(cell: Cell, handle: TimerHandle): void {
  const limit = pruneLimits.get(cell) ?? PRUNE_FROM;
  cell.timers.add(handle);
  if (cell.timers.size <= limit) return;
  for (const timer of cell.timers) if (timer._destroyed === true) cell.timers.delete(timer);
  pruneLimits.set(cell, Math.max(PRUNE_FROM, 2 * cell.timers.size));
}

type WithOptions = (delayOrValue?: unknown, value?: unknown, options?: { signal?: AbortSignal }) => unknown;

function trackTimerPromises(): void {
  const original = { ...timersPromises } as unknown as Record<'setTimeout' | 'setInterval', WithOptions> & {
    setImmediate: (value?: unknown, options?: { signal?: AbortSignal }) => unknown;
  };
  Object.assign(timersPromises, {
    setTimeout: (delay?: unknown, value?: unknown, options?: object) =>
      original.setTimeout(delay, value, stoppable(options)),
    setInterval: (delay?: unknown, value?: unknown, options?: object) =>
      original.setInterval(delay, value, stoppable(options)),
    setImmediate: (value?: unknown, options?: object) => original.setImmediate(value, stoppable(options)),
  });
}

function stoppable(options: { signal?: AbortSignal } = {}): { signal?: AbortSignal } {
  const cell = cellContext.getStore();
  if (cell === undefined) return options;
  const signals = options.signal ? [options.signal, cell.stopSignal] : [cell.stopSignal];
  return { ...options, signal: AbortSignal.any(signals) };
}

function trackedWorker(): typeof workerThreads.Worker {
  return new Proxy(workerThreads.Worker, {
    construct(target, args, newTarget) {
      const cell = cellContext.getStore();
      if (cell?.state === 'stopped') throw new Interrupted();
      const worker = Reflect.construct(target, args, newTarget) as workerThreads.Worker;
      cell?.workers.add(worker);
      worker.once('exit', () => cell?.workers.delete(worker));
      return worker;
    },
  });
}
