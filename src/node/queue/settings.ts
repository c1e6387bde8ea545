import { packageVersion } from '../software.js';

/** What submitters and workers of a queue must agree on; the engine is BullMQ. */

/** What names of queues begin with: each version of xnorlab has one, so that no worker is given what another version asks for. */
export const QUEUE_NAME_PREFIX = 'runs-';

/** Name of the queue, and what its keys in Redis begin with: `xnorlab:runs-0.2.0:…`. */
export const QUEUE_NAME: string = `${QUEUE_NAME_PREFIX}${packageVersion()}`;
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

/** A run is put aside when it was refused so many times, and by every worker that is there. */
export const REFUSALS = 3;

/** How long a refused run stands back behind others: the first time, doubled each time, and at most. */
export const STAND_BACK_MS = { first: 500, most: 30_000 };

/** Why BullMQ says that a job has failed which was put aside. */
export const PUT_ASIDE = 'put aside: no worker could train it';
