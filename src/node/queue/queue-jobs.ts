import { type Job, Queue } from 'bullmq';
import { ArgumentError } from '../../core/errors.js';
import { type ConnectOptions, QueueConnection } from './connection.js';
import { readNews, readRefused } from './job.js';
import { type PresentWorker, presentWorkers } from './present-workers.js';
import { JOB_OPTIONS, KEY_PREFIX, PUT_ASIDE, QUEUE_NAME_PREFIX } from './settings.js';

/** A run that is in a queue. */
export interface QueuedRun {
  readonly key: string;
  /** Of xnorlab, whose workers take it. */
  readonly version: string;
  /** `refused` ones stand back until they are tried again; `aside` ones wait for `retry`; `failed` ones were given up. */
  readonly state: 'waiting' | 'refused' | 'active' | 'aside' | 'failed' | 'finished';
  /** Who refused it and why, the latest at the end; why it was given up. */
  readonly reasons: readonly { readonly worker?: string; readonly reason: string }[];
  /** Epochs trained, while it is active. */
  readonly epochs?: number;
}

/** What a Redis holds for xnorlab. */
export interface QueueContents {
  readonly workers: readonly PresentWorker[];
  readonly runs: readonly QueuedRun[];
}

const STATES = ['waiting', 'delayed', 'active', 'failed', 'completed'] as const;

/** Looks into queues, of all versions, and takes care of what was put aside. */
export class QueueJobs {
  readonly #connection: QueueConnection;

  private constructor(connection: QueueConnection) {
    this.#connection = connection;
  }

  /** @throws as `QueueConnection.open` */
  static async open(queue: string, options: ConnectOptions = {}): Promise<QueueJobs> {
    return new QueueJobs(await QueueConnection.open(queue, options));
  }

  /** All runs, those that need somebody first. */
  async list(): Promise<QueueContents> {
    const runs = await this.#each(async (queue, version) => {
      const found: QueuedRun[] = [];
      for (const state of STATES) {
        for (const key of await keysIn(queue, state)) found.push(await this.#run(queue, version, state, key));
      }
      return found;
    });
    const order = ['aside', 'failed', 'refused', 'waiting', 'active', 'finished'];
    return {
      workers: await presentWorkers(this.#connection.client),
      runs: runs.flat().sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state)),
    };
  }

  /**
   * Queues again what was put aside or given up.
   * @param keys - of runs; all that were, without
   * @returns the keys of those that are queued again
   * @throws ArgumentError for a key of none of them
   */
  retry(keys: readonly string[] = []): Promise<string[]> {
    return this.#take(keys, ['failed'], async (queue, job) => {
      const { id, data } = job;
      await job.remove();
      await queue.add('run', data as object, { ...JOB_OPTIONS, ...(id !== undefined && { jobId: id }) });
    });
  }

  /**
   * Takes runs out of the queue: whoever waits for one queues it again.
   * @param keys - of runs that are not being trained; all that were put aside or given up, without
   * @returns the keys of those that are gone
   * @throws ArgumentError for a key of none of them
   */
  drop(keys: readonly string[] = []): Promise<string[]> {
    const states =
      keys.length === 0 ? (['failed'] as const) : (['waiting', 'delayed', 'failed', 'completed'] as const);
    return this.#take(keys, states, (queue, _, key) => queue.remove(key));
  }

  close(): void {
    this.#connection.close();
  }

  async #take(
    keys: readonly string[],
    states: readonly (typeof STATES)[number][],
    work: (queue: Queue, job: Job, key: string) => Promise<unknown>,
  ): Promise<string[]> {
    const taken = await this.#each(async (queue) => {
      const done: string[] = [];
      for (const state of states) {
        for (const key of await keysIn(queue, state)) {
          if (keys.length > 0 && !keys.includes(key)) continue;
          const job = await queue.getJob(key).catch(() => undefined);
          // What cannot be read can only be dropped.
          await work(queue, job ?? ({ remove: () => queue.remove(key) } as unknown as Job), key);
          done.push(key);
        }
      }
      return done;
    });
    const all = taken.flat();
    const missing = keys.find((key) => !all.includes(key));
    if (missing !== undefined) {
      throw new ArgumentError(
        'key',
        `that of a run that is ${states.join(', ')}: xnorlab queue lists them`,
        missing,
      );
    }
    return all;
  }

  async #run(queue: Queue, version: string, state: (typeof STATES)[number], key: string): Promise<QueuedRun> {
    const job = await queue.getJob(key).catch(() => undefined);
    if (!job)
      return { key, version, state: 'failed', reasons: [{ reason: 'it is no job that can be read' }] };
    const { progress, failedReason } = job;
    const refused = readRefused(progress)?.by ?? [];
    const news = readNews(progress);
    const isAside = failedReason === PUT_ASIDE;
    const named = {
      waiting: 'waiting',
      delayed: 'refused',
      active: 'active',
      completed: 'finished',
    } as const;
    return {
      key,
      version,
      state: state === 'failed' ? (isAside ? 'aside' : 'failed') : named[state],
      reasons: failedReason && !isAside ? [...refused, { reason: failedReason }] : refused,
      ...(news && 'progress' in news && { epochs: news.progress.epoch - 1 }),
    };
  }

  /** Does something with the queue of each version that has one. */
  async #each<Result>(work: (queue: Queue, version: string) => Promise<Result>): Promise<Result[]> {
    const results: Result[] = [];
    for (const name of await this.#queueNames()) {
      const queue = new Queue(name, { prefix: KEY_PREFIX, connection: this.#connection.client });
      queue.on('error', () => undefined);
      results.push(await work(queue, name.slice(QUEUE_NAME_PREFIX.length)));
    }
    return results;
  }

  async #queueNames(): Promise<string[]> {
    const names = new Set<string>();
    const pattern = `${KEY_PREFIX}:${QUEUE_NAME_PREFIX}*:meta`;
    let cursor = '0';
    do {
      const [next, keys] = await this.#connection.client.scan(cursor, 'MATCH', pattern, 'COUNT', 1000);
      for (const key of keys) names.add(key.slice(KEY_PREFIX.length + 1, -':meta'.length));
      cursor = next;
    } while (cursor !== '0');
    return [...names].sort();
  }
}

/** Keys alone, as what they lead to may be nothing that can be read. */
async function keysIn(queue: Queue, state: (typeof STATES)[number]): Promise<string[]> {
  const ids = await queue.getRanges([state], 0, -1);
  return ids.filter((id) => id !== '');
}
