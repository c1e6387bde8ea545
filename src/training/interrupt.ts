import { InterruptedError } from '../core/errors.js';
import { nextTurn } from '../core/next-turn.js';

/** How long work may hold the event loop before it lets timers, messages and signals through. */
const LONGEST_TURN_MS = 50;

/** To be called between short pieces of work, and awaited; throws an InterruptedError when the work is to end. */
export type Pause = () => Promise<void> | undefined;

/**
 * Pauses for long work that stops when `signal` aborts: at the next pause, with an InterruptedError.
 * @param name - what the work is called in the error
 */
export function pausesOf(name: string, signal: AbortSignal | undefined): Pause {
  let turnStart = performance.now();
  const throwIfAborted = (): void => {
    if (signal?.aborted) throw new InterruptedError(name);
  };
  return () => {
    throwIfAborted();
    if (performance.now() - turnStart < LONGEST_TURN_MS) return undefined;
    return nextTurn().then(() => {
      turnStart = performance.now();
      throwIfAborted();
    });
  };
}
