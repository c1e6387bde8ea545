import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { DelayedError, type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import { EnvironmentError } from '../../core/errors.js';
import type { RunRecord } from '../../records/record.js';
import type { TrainConfig } from '../../training/config.js';
import type { TrainProgress } from '../../training/train-run.js';
import { searchFolders } from '../data/locate.js';
import { RunPool, type RunPoolOptions } from '../threads/run-pool.js';
import { WorkerError } from '../threads/worker-error.js';
import { type ConnectOptions, QueueConnection } from './connection.js';
import {
  type CheckedRequest,
  checkRequest,
  type Refused,
  type RunNews,
  type RunOutcome,
  type RunRequest,
  readRefused,
  refusedBy,
  requestKey,
} from './job.js';
import { presentWorkers } from './present-workers.js';
import {
  KEY_PREFIX,
  LOCK_OPTIONS,
  PUT_ASIDE,
  QUEUE_NAME,
  QUEUE_NAME_PREFIX,
  REFUSALS,
  STAND_BACK_MS,
} from './settings.js';

/** How often a run tells how far it is. */
const NEWS_MS = 1_000;

/** How a worker trains what a queue holds. */
export interface QueueWorkerOptions
  extends Pick<RunPoolOptions, 'workers' | 'dataDir' | 'download' | 'rules'>,
    ConnectOptions {
  /** Called with a line for a log whenever there is news. */
  readonly log?: ((line: string) => void) | undefined;
}

/**
 * Takes runs from a queue and trains them, each in a thread, so that this one is always free to renew the locks that
 * say that somebody works on them. What the queue says is checked like any other configuration, and holds no code.
 *
 * A failure that is the run's own goes back as its outcome. A run that this worker cannot train because of what is
 * here — other data, another rule, no room — goes back to the queue, behind others, and the worker goes on; when every worker that is
 * there has refused it, and one of them again, it is put aside with its reasons.
 */
export class QueueWorker {
  readonly #connection: QueueConnection;
  readonly #pool: RunPool;
  readonly #worker: Worker<RunRequest, RunOutcome>;
  readonly #log: (line: string) => void;
  /** What refusals and its connection say of it. */
  readonly #name = `${hostname().replace(/[^\w.-]/g, '')}-${process.pid}-${randomBytes(4).toString('hex')}`;
  #complaint = '';

  private constructor(connection: QueueConnection, pool: RunPool, log: (line: string) => void) {
    this.#connection = connection;
    this.#pool = pool;
    this.#log = log;
    this.#worker = new Worker(QUEUE_NAME, (job, token, signal) => this.#process(job, token, signal), {
      prefix: KEY_PREFIX,
      connection: connection.client,
      concurrency: pool.workers,
      name: this.#name,
      autorun: false,
      ...LOCK_OPTIONS,
    });
    this.#worker.on('error', ({ message }) => this.#complain(message));
    // Somebody else has the run by now, or will.
    this.#worker.on('lockRenewalFailed', (keys) => {
      for (const key of keys) this.#worker.cancelJob(key, 'the lock was lost');
    });
    connection.onChange((isUp) => log(isUp ? 'connection back' : 'connection lost'));
  }

  /**
   * @param queue - address of a Redis: `redis://host:6379`
   * @throws ArgumentError for an option out of its range, and as `QueueConnection.open`
   */
  static async open(
    queue: string,
    { log = () => undefined, patienceSeconds, ...options }: QueueWorkerOptions = {},
  ): Promise<QueueWorker> {
    await searchFolders(options.dataDir);
    const pool = new RunPool(options);
    try {
      return new QueueWorker(await QueueConnection.open(queue, { patienceSeconds }), pool, log);
    } catch (error) {
      await pool.close();
      throw error;
    }
  }

  /** Runs that are trained at the same time. */
  get workers(): number {
    return this.#pool.workers;
  }

  /**
   * Works until `finish` or `giveBack` is called, once.
   * @throws EnvironmentError when the connection is lost for long
   */
  async run(): Promise<void> {
    const { lost } = this.#connection;
    const loss = new Promise<never>((_, reject) => {
      lost.addEventListener('abort', () => reject(lost.reason));
    });
    try {
      // BullMQ would wait for answers that never come.
      await Promise.race([this.#work(), loss]);
    } finally {
      this.#worker.cancelAllJobs('the worker ended');
      void this.#worker.close(true);
      await this.#pool.close();
      this.#connection.close();
    }
  }

  /** Takes no more runs; `run` returns when those that are begun are finished. */
  finish(): void {
    void this.#worker.close();
  }

  /** Takes no more runs and puts those that are begun back into the queue; `run` returns then. */
  giveBack(): void {
    void this.#worker.close();
    this.#worker.cancelAllJobs('the worker was asked to stop');
  }

  /** The same trouble once, however often it is met. */
  #complain(problem: string): void {
    if (problem !== this.#complaint) this.#log(`Redis: ${problem}`);
    this.#complaint = problem;
  }

  /** Until the worker is closed and what it had begun has ended. */
  async #work(): Promise<void> {
    await this.#worker.run();
    await this.#worker.close();
  }

  /** @param signal - aborts when the run is to go back to the queue */
  async #process(job: Job<RunRequest>, token = '', signal?: AbortSignal): Promise<RunOutcome> {
    const key = job.id ?? '';
    try {
      this.#log(`run ${key} begun`);
      const record = await this.#train(job, checkRequest(job.data), signal);
      this.#log(`run ${key} finished: test ${record.testAccuracy.toFixed(2)}`);
      return { record };
    } catch (error) {
      if (signal?.aborted) {
        this.#log(`run ${key} given back: ${String(signal.reason)}`);
        return await backToQueue(job, token);
      }
      if (error instanceof EnvironmentError) return await this.#refuse(job, token, error.message);
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      this.#log(`run ${key} failed: ${message}`);
      // Another thread may survive it.
      if (error instanceof WorkerError) throw error;
      return { error: { name, message } };
    }
  }

  /** @throws always, as BullMQ wants to be told where the job is */
  async #refuse(job: Job<RunRequest>, token: string, reason: string): Promise<never> {
    const refused = refusedBy(readRefused(job.progress), this.#name, reason);
    await job.updateProgress({ refused } satisfies RunNews);
    if (refused.times >= REFUSALS && (await this.#areAll(refused))) {
      this.#log(`run ${job.id} put aside: ${reason}`);
      throw new UnrecoverableError(PUT_ASIDE);
    }
    this.#log(`run ${job.id} refused: ${reason}`);
    const { first, most } = STAND_BACK_MS;
    await job.moveToDelayed(Date.now() + Math.min(first * 2 ** (refused.times - 1), most), token);
    throw new DelayedError();
  }

  /** Whether there is no worker that has not refused it. */
  async #areAll({ by }: Refused): Promise<boolean> {
    const present = await presentWorkers(this.#connection.client);
    const version = QUEUE_NAME.slice(QUEUE_NAME_PREFIX.length);
    return present
      .filter((worker) => worker.version === version)
      .every(({ name }) => by.some(({ worker }) => worker === name));
  }

  async #train(
    job: Job<RunRequest>,
    { request, config }: CheckedRequest,
    signal: AbortSignal | undefined,
  ): Promise<RunRecord> {
    await this.#checkData(job, request, config, signal);
    let toldAt = Number.NEGATIVE_INFINITY;
    return this.#pool.run(config, {
      signal,
      onProgress: (progress: TrainProgress) => {
        const now = performance.now();
        if (now - toldAt < NEWS_MS) return;
        toldAt = now;
        // Whoever waits for it can do without; a run that vanished from the queue is noticed at its end.
        job.updateProgress({ progress } satisfies RunNews).catch(() => undefined);
      },
    });
  }

  /** @throws EnvironmentError unless the data here is what the run is meant for */
  async #checkData(
    job: Job<RunRequest>,
    request: RunRequest,
    config: TrainConfig,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const description = await this.#pool.describe(config, { signal }).catch((error: unknown) => {
      if (signal?.aborted || error instanceof WorkerError || !(error instanceof Error)) throw error;
      // It fitted the submitter's data.
      throw unfit(config, error.message, { cause: error });
    });
    const { sha256 } = description.dataset;
    if (sha256 !== request.datasetSha256) {
      const difference = `hash ${sha256}, and the run is meant for ${request.datasetSha256}`;
      throw unfit(config, `the data here is another: ${difference}`);
    }
    const key = requestKey(request, description);
    if (key !== job.id) throw new Error(`the job is called ${job.id}, and its run ${key}`);
  }
}

function unfit({ dataset }: TrainConfig, problem: string, options?: ErrorOptions): EnvironmentError {
  return new EnvironmentError(
    `cannot train on ${dataset.name}: ${problem.replace(/\.$/, '')}`,
    'Give the worker the same data, see --data-dir.',
    options,
  );
}

/** @throws always, as BullMQ wants to be told */
async function backToQueue(job: Job, token: string): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}
