import { Session } from 'node:inspector';
import { setTimeout as sleep } from 'node:timers/promises';
import { InterruptFlag, PREPARE_CUT_OFF } from './interrupt-flags.js';

/** The main thread gets this long to react by itself; one that waits for events does at once. */
const FIRST_LOOK_MS = 150;
const NEXT_LOOK_MS = 10;
const POLL_MS = 2;

let isWatching = false;

/**
 * Runs beside the main thread, which may be stuck in user code, and cuts that off until the kernel has dealt with
 * every interrupt that was sent: V8's `terminateExecution`, ordered through the inspector, unwinds all JavaScript that
 * runs, whatever it is. Hence the main thread is first brought to a halt at a point where it runs user code, and nothing
 * of ours; the order strikes before it goes on.
 */
export async function cutOffUntilHandled(flags: Int32Array): Promise<void> {
  if (isWatching) return;
  isWatching = true;
  for (let waitMs = FIRST_LOOK_MS; !isHandled(flags); waitMs = NEXT_LOOK_MS) {
    await sleep(waitMs);
    if (!isHandled(flags)) await cutOff(flags);
  }
  isWatching = false;
}

/** One attempt; comes back when the main thread has answered, or the interrupt is over. */
async function cutOff(flags: Int32Array): Promise<void> {
  let isAnswered = false;
  // Connected only as long as needed: Node does not end a process that is being inspected.
  const inspector = new Session();
  inspector.connectToMainThread();
  const expression = `globalThis[Symbol.for('${PREPARE_CUT_OFF}')]?.()`;
  inspector.post('Runtime.evaluate', { expression }, () => {
    isAnswered = true;
  });
  while (!isAnswered && !isHandled(flags)) {
    if (Atomics.exchange(flags, InterruptFlag.ready, 0) === 1) {
      // Queued behind the evaluation, so it takes effect before any further line of user code.
      inspector.post('Runtime.terminateExecution');
      Atomics.store(flags, InterruptFlag.ordered, 1);
    }
    await sleep(POLL_MS);
  }
  inspector.disconnect();
}

function isHandled(flags: Int32Array): boolean {
  return Atomics.load(flags, InterruptFlag.handled) >= Atomics.load(flags, InterruptFlag.sent);
}
