/**
 * The few integers that the kernel's main thread and its channel thread share, so that the latter can cut the former
 * off when it is stuck in user code.
 */
export const InterruptFlag = {
  /** Number of the last interrupt sent. */
  sent: 0,
  /** Number of the last interrupt that is over and done with. */
  handled: 1,
  /** 1 while the main thread stands still in user code, ready to be cut off. */
  ready: 2,
  /** 1 once the order to cut off is on its way and the main thread may go on into it. */
  ordered: 3,
  /** 1 once the channel thread has closed its sockets. */
  closed: 4,
} as const;

/** Fresh flags, all zero, backed by shared memory. */
export function createInterruptFlags(): Int32Array {
  return new Int32Array(
    new SharedArrayBuffer(Object.keys(InterruptFlag).length * Int32Array.BYTES_PER_ELEMENT),
  );
}

/** Name under `globalThis` of the function that the channel thread evaluates on a stuck main thread. */
export const PREPARE_CUT_OFF = 'xnorlab.prepareCutOff';
