import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, Queue } from 'bullmq';
import { DataError, EnvironmentError, InterruptedError, XnorlabError } from '../../core/errors.js';
import type { RunRecord } from '../../records/record.js';
import type { TrainConfig } from '../../training/config.js';
import { RunRefusedError } from '../../training/sweep/run-refused-error.js';
import type { RunDescription, Runner, RunnerHooks } from '../../training/sweep/runner.js';
import { unlessAborted } from '../threads/abort.js';
import { RunPool, type RunPoolOptions } from '../threads/run-pool.js';
import { AbandonedRunError } from './abandoned-run-error.js';
import { type ConnectOptions, QueueConnection } from './connection.js';
import { checkOutcome, type RunRequest, readNews, readRefused, requestKey, runRequest } from './job.js';
import { presentWorkers } from './present-workers.js';
import { JOB_OPTIONS, KEY_PREFIX, PUT_ASIDE, QUEUE_NAME, QUEUE_NAME_PREFIX } from './settings.js';

/** What the work of the runner is called in errors. */
const TRAINING = 'training';

/** How often a run is looked after. */
const POLL_MS = 1_000;

/** How long to try to take a run back before leaving it. */
const TAKE_BACK_MS = 2_000;

/** More than there are workers for, so that none of them has to wait for us. */
const RUNS_IN_QUEUE = 256;

/** What a submitter needs besides the address. All optional. */
export type QueueRunnerOptions = Pick<RunPoolOptions, 'dataDir' | 'download' | 'rules'> & ConnectOptions;

/**
 * Has runs trained by the workers of a queue, wherever they are, and gives back their records. Data is prepared here as
 * well, so that both sides can say which it is.
 *
 * A run is in the queue once, under its key. One that was queued or finished for an earlier submitter is taken over;
 * one that vanished, with a Redis that forgets, is queued again. Nothing but asking every now and then keeps us up to
 * date, so that nothing can be missed.
 */
export class QueueRunner implements Runner {
  readonly capacity = RUNS_IN_QUEUE;
  readonly #connection: QueueConnection;
  readonly #queue: Queue<RunRequest>;
  readonly #pool: RunPool;
  /** Since when all workers have been of another version, and when that was looked at last. */
  #aloneSince: number | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;

  private constructor(connection: QueueConnection, pool: RunPool) {
    this.#connection = connection;
    this.#queue = new Queue(QUEUE_NAME, { prefix: KEY_PREFIX, connection: connection.client });
    // The connection tells of its errors itself.
    this.#queue.on('error', () => undefined);
    this.#pool = pool;
  }

  /**
   * @param queue - address of a Redis: `redis://host:6379`
   * @throws as `QueueConnection.open`
   */
  static async open(
    queue: string,
    { patienceSeconds, ...source }: QueueRunnerOptions = {},
  ): Promise<QueueRunner> {
    const connection = await QueueConnection.open(queue, { patienceSeconds });
    return new QueueRunner(connection, new RunPool({ workers: 1, ...source }));
  }

  /** As `RunPool.describe`. */
  describe(config: TrainConfig, hooks: Pick<RunnerHooks, 'signal'> = {}): Promise<RunDescription> {
    return this.#pool.describe(config, hooks);
  }

  /**
   * Has a worker train one network. Checkpoints and epochs stay with the worker until the record comes. When this
   * ends early, a run that no worker has begun is taken back; one that is begun is trained to its end, for whoever asks
   * next.
   * @throws what training threw, as a plain Error of that name; AbandonedRunError when the workers gave up;
   *   DataError when what came back is no record of the run, or what is in the queue is none of ours
   * @throws RunRefusedError when all workers that are there have refused the run
   * @throws EnvironmentError when the connection is lost for long, Redis does not do what it is asked, or for long all workers
   *   are of another version; InterruptedError when `signal` aborts
   */
  async run(config: TrainConfig, hooks: RunnerHooks = {}): Promise<RunRecord> {
    hooks.onWait?.();
    const description = await this.describe(config, hooks);
    const request = runRequest(config, description);
    const key = requestKey(request, description);
    const { lost } = this.#connection;
    const signal = AbortSignal.any([lost, ...(hooks.signal ? [hooks.signal] : [])]);
    try {
      return await this.#attend(key, request, hooks, signal);
    } catch (error) {
      if (lost.aborted) throw lost.reason;
      await this.#takeBack(key);
      throw error;
    }
  }

  /** Ends the connection; runs that go on fail. */
  async close(): Promise<void> {
    await this.#pool.close();
    this.#connection.close();
  }

  async #attend(
    key: string,
    request: RunRequest,
    hooks: RunnerHooks,
    signal: AbortSignal,
  ): Promise<RunRecord> {
    await this.#ask(signal, this.#forgetFailure(key));
    for (;;) {
      const job = await this.#ask(signal, this.#job(key));
      if (!job) await this.#ask(signal, this.#queue.add('run', request, { jobId: key, ...JOB_OPTIONS }));
      else if (job.finishedOn !== undefined) return this.#result(job, key);
      else await this.#tell(job, hooks, signal);
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw new InterruptedError(TRAINING);
    }
  }

  /** What fails between us and Redis is no failure of the run. */
  async #ask<Answer>(signal: AbortSignal, answer: Promise<Answer>): Promise<Answer> {
    try {
      return await unlessAborted(TRAINING, signal, answer);
    } catch (error) {
      if (error instanceof XnorlabError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new EnvironmentError(
        `the Redis at ${this.#source} does not do what it is asked (${reason})`,
        'Mend that, and submit again: what is finished is kept.',
        { cause: error },
      );
    }
  }

  /** How a run failed, or was refused, for an earlier submitter: this one would not ask if it wanted that. */
  async #forgetFailure(key: string): Promise<void> {
    const job = await this.#job(key);
    if (!job) return;
    if (job.finishedOn === undefined) {
      if (readRefused(job.progress)) await job.updateProgress({});
      if (await job.isDelayed()) await job.promote().catch(() => undefined);
    } else if (!this.#hasRecord(job, key)) {
      await job.remove();
    }
  }

  /** @throws DataError for what somebody has put there that BullMQ cannot read, and takes it away */
  async #job(key: string): Promise<Job<RunRequest> | undefined> {
    try {
      return await this.#queue.getJob(key);
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      await this.#queue.remove(key).catch(() => undefined);
      throw new DataError(this.#source, `what is in the queue for run ${key} is no job`, { cause });
    }
  }

  #hasRecord(job: Job, key: string): boolean {
    try {
      return Boolean(this.#result(job, key));
    } catch {
      return false;
    }
  }

  #result(job: Job, key: string): RunRecord {
    const reason = readRefused(job.progress)?.by.at(-1)?.reason;
    if (job.failedReason === PUT_ASIDE) throw new RunRefusedError(reason ?? 'for no reason that is known');
    if (job.failedReason) throw new AbandonedRunError(job.failedReason);
    const outcome = checkOutcome(job.returnvalue, key, this.#source);
    if ('record' in outcome) return outcome.record;
    const { name, message } = outcome.error;
    throw Object.assign(new Error(message), { name });
  }

  async #tell({ progress, processedOn }: Job, hooks: RunnerHooks, signal: AbortSignal): Promise<void> {
    const news = readNews(progress);
    if (news && 'progress' in news) {
      this.#aloneSince = undefined;
      hooks.onProgress?.(news.progress);
      return;
    }
    if (news) hooks.onWait?.();
    if (processedOn === undefined) await this.#ask(signal, this.#checkWorkers());
  }

  /** @throws EnvironmentError when there have been workers for long, and none of our version */
  async #checkWorkers(): Promise<void> {
    const now = performance.now();
    if (now - this.#lookedAt < POLL_MS) return;
    this.#lookedAt = now;
    const own = QUEUE_NAME.slice(QUEUE_NAME_PREFIX.length);
    const versions = (await presentWorkers(this.#connection.client)).map(({ version }) => version ?? '0.2');
    const isAlone = versions.length > 0 && !versions.includes(own);
    this.#aloneSince = isAlone ? (this.#aloneSince ?? now) : undefined;
    const { patienceSeconds } = this.#connection;
    if (this.#aloneSince === undefined || now - this.#aloneSince < 1000 * patienceSeconds) return;
    throw new EnvironmentError(
      `for ${patienceSeconds} s the workers at ${this.#source} have been of xnorlab ${[...new Set(versions)].join(', ')}, and this is ${own}`,
      'Start workers of the same xnorlab: what is finished is kept.',
    );
  }

  /** Removes a run that no worker has begun. */
  async #takeBack(key: string): Promise<void> {
    const remove = async (): Promise<void> => {
      const state = await this.#queue.getJobState(key);
      // A worker that has just taken it holds a lock on it, which refuses this.
      if (state === 'waiting' || state === 'delayed') await this.#queue.remove(key);
    };
    // Should the connection be gone, the run stays there, which does no harm.
    await unlessAborted(TRAINING, AbortSignal.timeout(TAKE_BACK_MS), remove()).catch(() => undefined);
  }

  get #source(): string {
    return this.#connection.address.shown;
  }
}
