/**
 * The few integers that the kernel's main thread and its control thread share, so that the latter can tell whether
 * the former is stuck in user code.
 */
export const WatchdogFlag = {
  /** Number of the last interrupt the main thread has taken note of. */
  acknowledged: 0,
  /** 1 while the TypeScript compiler works; it must not be cut off in the middle of an update. */
  compiling: 1,
  /** Set by the main thread: it stands still and is ready to be cut off. */
  ready: 2,
  /** Set by the control thread: the order to cut off is on its way, the main thread may go on into it. */
  ordered: 3,
  /** Number of the last interrupt sent. */
  sent: 4,
  /** 1 once the control thread has closed its socket. */
  closed: 5,
  /** 1 while a module is being loaded; cut off in the middle it would stay broken for the rest of the session. */
  loading: 6,
} as const;

/** Fresh flags, all zero, backed by shared memory. */
export function createWatchdogFlags(): Int32Array {
  return new Int32Array(
    new SharedArrayBuffer(Object.keys(WatchdogFlag).length * Int32Array.BYTES_PER_ELEMENT),
  );
}

/** Name under `globalThis` of the function that the control thread evaluates on a stuck main thread. */
export const PREPARE_CUT_OFF = 'xnorlab.prepareCutOff';
