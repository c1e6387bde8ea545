import Module from 'node:module';
import vm from 'node:vm';
import { type Cell, cellContext } from './cell.js';
import { describeThrown, Interrupted } from './cell-errors.js';
import { stopWork } from './tracked-work.js';
import type { Converter } from './tslab-internals.js';
import { isInsideUserCode } from './user-frames.js';
import { PREPARE_CUT_OFF, WatchdogFlag } from './watchdog-flags.js';

/** With a SIGINT listener of its own a library gets this long to end the cell with its own words. */
const LIBRARY_GRACE_MS = 500;
/** How long a stuck main thread waits for the control thread's order before it goes on as if nothing happened. */
const ORDER_WAIT_MS = 1000;

const { setTimeout, setImmediate } = globalThis;

/**
 * Makes SIGINT stop the running cell. Other SIGINT listeners stay, and run before the cell is given up.
 *
 * @param running - the cell that is running now
 * @param flags - shared with the control thread; see watchdog-flags.ts
 */
export function stopCellOnInterrupt(running: () => Cell | undefined, flags: Int32Array): void {
  process.on('SIGINT', () => {
    Atomics.store(flags, WatchdogFlag.acknowledged, Atomics.load(flags, WatchdogFlag.sent));
    Atomics.store(flags, WatchdogFlag.loading, 0);
    const cell = running();
    if (cell === undefined) return;
    const hasOtherListeners = process.listenerCount('SIGINT') > 1;
    if (hasOtherListeners) setTimeout(() => interruptCell(cell), LIBRARY_GRACE_MS);
    else setImmediate(() => interruptCell(cell));
  });
  const canCutOff = allowCutOff(flags);
  runCellsByName(!canCutOff);
  if (canCutOff) guardModuleLoading(flags);
}

function interruptCell(cell: Cell): void {
  if (cell.state !== 'running') return;
  cell.stop(describeThrown(new Interrupted()));
  stopWork(cell);
}

interface AsyncWrap {
  clearAsyncIdStack?(): void;
}

/**
 * Synchronous code, also after the first await of a cell, is cut off by V8's terminateExecution, ordered by the
 * control thread through the inspector. It unwinds every JavaScript frame without a trace, and Node aborts when its
 * stack of async contexts then holds more than its C++ frames have put there; hence that stack is emptied first,
 * while the main thread stands still. The order must find user code running: left pending, it would strike the next
 * callback after that has entered its async context. It takes effect at the next function call or turn of a loop, by
 * when a chain of microtasks may have entered one too: interrupting `for (;;) await null` can end the kernel.
 *
 * @returns false on a Node that does not offer this; then only Node's own means are left
 */
function allowCutOff(flags: Int32Array): boolean {
  const asyncWrap = quietBinding('async_wrap') as AsyncWrap;
  if (typeof asyncWrap.clearAsyncIdStack !== 'function') return false;
  const prepare = (): boolean => {
    if (Atomics.load(flags, WatchdogFlag.acknowledged) >= Atomics.load(flags, WatchdogFlag.sent))
      return false;
    if (!isInsideUserCode()) return false;
    Atomics.store(flags, WatchdogFlag.ordered, 0);
    Atomics.store(flags, WatchdogFlag.ready, 1);
    const until = performance.now() + ORDER_WAIT_MS;
    // Spins: the main thread may have been interrupted inside Atomics.wait, which does not nest.
    while (Atomics.load(flags, WatchdogFlag.ordered) === 0 && performance.now() < until);
    Atomics.store(flags, WatchdogFlag.ready, 0);
    if (Atomics.load(flags, WatchdogFlag.ordered) === 0) return false;
    asyncWrap.clearAsyncIdStack?.();
    return true;
  };
  Object.defineProperty(globalThis, Symbol.for(PREPARE_CUT_OFF), { value: prepare });
  return true;
}

function quietBinding(name: string): unknown {
  const before = process.noDeprecation === true;
  process.noDeprecation = true;
  try {
    return (process as unknown as { binding(name: string): unknown }).binding(name);
  } catch {
    return {};
  } finally {
    process.noDeprecation = before;
  }
}

/**
 * Gives the code of cells a name for stack traces. tslab runs it with vm's breakOnSigint: when a cell adds its own
 * SIGINT listener meanwhile, Node is left without any handler and the next interrupt kills the kernel. The control
 * thread does that job where it can, so the option stays only where it cannot.
 */
function runCellsByName(breakOnSigint: boolean): void {
  const run = vm.runInThisContext;
  vm.runInThisContext = (code, options) => {
    if (typeof options !== 'object' || options.breakOnSigint !== true) return run(code, options);
    const count = cellContext.getStore()?.count;
    return run(code, {
      ...options,
      breakOnSigint,
      filename: count === undefined ? 'cell' : `cell[${count}]`,
    });
  };
}

/** Marks the loading of modules in the flags, so that an interrupt waits for its end, if not for ever. */
function guardModuleLoading(flags: Int32Array): void {
  const loader = Module as unknown as { _load(...request: unknown[]): unknown };
  const load = loader._load;
  loader._load = (...request) => {
    if (Atomics.exchange(flags, WatchdogFlag.loading, 1) === 1) return load.apply(loader, request);
    try {
      return load.apply(loader, request);
    } finally {
      Atomics.store(flags, WatchdogFlag.loading, 0);
    }
  };
}

/** Marks the compiler's work in the flags, so that no interrupt cuts it off and leaves it in a broken state. */
export function guardCompiler(converter: Converter, flags: Int32Array): Converter {
  const guard = <A extends unknown[], R>(work: (...args: A) => R) => {
    return (...args: A): R => {
      Atomics.store(flags, WatchdogFlag.compiling, 1);
      try {
        return work(...args);
      } finally {
        Atomics.store(flags, WatchdogFlag.compiling, 0);
      }
    };
  };
  return {
    convert: guard(converter.convert),
    inspect: guard(converter.inspect),
    complete: guard(converter.complete),
    addModule: guard(converter.addModule),
    close: converter.close,
  };
}
