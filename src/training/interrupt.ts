import { setImmediate as nextTurn } from 'node:timers/promises';
import { InterruptedError } from '../core/errors.js';

/** How long work may hold the event loop before it lets timers, messages and signals through. */
const LONGEST_TURN_MS = 50;

/** To be called between short pieces of work, and awaited; throws an InterruptedError when the work is to end. */
export type Pause = () => Promise<void> | undefined;

/**
 * Runs long work that stops when `signal` aborts or the process gets SIGINT (Ctrl-C, a notebook's interrupt).
 * The work stops at its next call of `pause`, with an InterruptedError; the process itself goes on.
 * @param name - what the work is called in the error
 */
export async function interruptible<Result>(
  name: string,
  signal: AbortSignal | undefined,
  work: (pause: Pause) => Promise<Result>,
): Promise<Result> {
  let interrupted = false;
  const onInterrupt = (): void => {
    interrupted = true;
  };
  let turnStart = performance.now();
  const pause: Pause = () => {
    if (interrupted || signal?.aborted) throw new InterruptedError(name);
    if (performance.now() - turnStart < LONGEST_TURN_MS) return undefined;
    return nextTurn().then(() => {
      turnStart = performance.now();
      if (interrupted || signal?.aborted) throw new InterruptedError(name);
    });
  };
  process.on('SIGINT', onInterrupt);
  try {
    return await work(pause);
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}
