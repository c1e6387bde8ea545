/** What submitters and workers of a queue must agree on; the engine is BullMQ. */

/** Name of the queue, and what its keys in Redis begin with: `xnorlab:runs:…`. */
export const QUEUE_NAME = 'runs';
export const KEY_PREFIX = 'xnorlab';

const DAY_SECONDS = 86_400;

/** Options of a job. Its name is the key of the run, so that a run is in the queue once. */
export const JOB_OPTIONS = {
  // For threads that die; errors of the run itself would come again, and are results.
  attempts: 3,
  backoff: { type: 'exponential', delay: 1000 },
  // For a submitter that was away meanwhile.
  removeOnComplete: { age: 7 * DAY_SECONDS },
  removeOnFail: { age: 7 * DAY_SECONDS },
};

/**
 * A worker renews its locks every half `lockDuration`; a job without a lock goes back to the queue at the next look,
 * every `stalledInterval`. A run that lost its worker more than `maxStalledCount` times is given up: it may be what
 * kills them.
 */
export const LOCK_OPTIONS = { lockDuration: 10_000, stalledInterval: 3_000, maxStalledCount: 3 };
