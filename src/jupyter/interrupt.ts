import type { Cell } from './cell.js';
import { describeThrown, Interrupted } from './cell-errors.js';
import { InterruptFlag, PREPARE_CUT_OFF } from './interrupt-flags.js';
import { stopWork } from './tracked-work.js';
import { endUninterruptible, isUninterruptible, uninterruptible } from './uninterruptible.js';
import { isInsideUserCode } from './user-frames.js';

/** With a SIGINT listener of its own a library gets this long to end the cell with its own words. */
const LIBRARY_GRACE_MS = 500;
/** How long a stuck main thread waits for the channel thread before it goes on as if nothing had happened. */
const ORDER_WAIT_MS = 1000;

const { setTimeout } = globalThis;

/**
 * Stops the running cell on SIGINT. Code that waits is stopped by the event loop; code that keeps the main thread is
 * cut off by the channel thread, see watchdog.ts, until `handled` says that the kernel is itself again.
 */
export class Interrupts {
  #graceEndsAtMs = 0;

  /**
   * @param running - the cell that is running now
   * @param flags - shared with the channel thread
   */
  constructor(
    readonly running: () => Cell | undefined,
    readonly flags: Int32Array,
  ) {
    process.on('SIGINT', () => this.#take());
    Object.defineProperty(globalThis, Symbol.for(PREPARE_CUT_OFF), { value: () => this.#prepareCutOff() });
  }

  /** Between cells: nothing is left to be interrupted. */
  handled(): void {
    endUninterruptible();
    Atomics.store(this.flags, InterruptFlag.handled, Atomics.load(this.flags, InterruptFlag.sent));
  }

  #take(): void {
    const cell = this.running();
    if (cell === undefined) {
      this.handled();
      return;
    }
    // Other listeners than this one stay, and run before the cell is given up.
    const graceMs = process.listenerCount('SIGINT') > 1 ? LIBRARY_GRACE_MS : 0;
    this.#graceEndsAtMs = performance.now() + graceMs;
    setTimeout(() => uninterruptible(() => giveUp(cell)), graceMs);
  }

  /**
   * Evaluated by the channel thread between two steps of whatever runs. Comes back when the order to cut off is on its
   * way, or at once when this is no moment for it.
   */
  #prepareCutOff(): void {
    const { flags } = this;
    if (Atomics.load(flags, InterruptFlag.handled) >= Atomics.load(flags, InterruptFlag.sent)) return;
    if (performance.now() < this.#graceEndsAtMs || isUninterruptible() || !isInsideUserCode()) return;
    Atomics.store(flags, InterruptFlag.ordered, 0);
    Atomics.store(flags, InterruptFlag.ready, 1);
    const until = performance.now() + ORDER_WAIT_MS;
    // Spins: the main thread may have been interrupted inside Atomics.wait, which does not nest.
    while (Atomics.load(flags, InterruptFlag.ready) === 1 && performance.now() < until);
    const isTaken = Atomics.exchange(flags, InterruptFlag.ready, 0) === 0;
    while (isTaken && Atomics.load(flags, InterruptFlag.ordered) === 0);
  }
}

function giveUp(cell: Cell): void {
  if (cell.state !== 'running') return;
  cell.stop(describeThrown(new Interrupted()));
  stopWork(cell);
}
