import { availableParallelism } from 'node:os';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { checkInteger } from '../../core/check.js';
import { InterruptedError } from '../../core/errors.js';
import type { RunRecord } from '../../records/record.js';
import type { RuleFile } from '../../rules/registry.js';
import type { TrainConfig } from '../../training/config.js';
import { preparedDataKey, resolvedConfig } from '../../training/prepared-data.js';
import type { RunDescription, Runner, RunnerHooks } from '../../training/sweep/runner.js';
import type { BackendOption, TrainHooks } from '../train.js';
import { unlessAborted } from './abort.js';
import { DataCache } from './data-cache.js';
import type { PrepareTask, RunMessage, TrainTask } from './messages.js';
import type { SharedData } from './shared-data.js';
import { Slots } from './slots.js';
import { Threads } from './threads.js';

const MEBIBYTE = 2 ** 20;

/** What the work of the pool is called in errors. */
const TRAINING = 'training';

/** How a pool is made. All optional. */
export interface RunPoolOptions extends BackendOption, Pick<TrainHooks, 'dataDir' | 'download'> {
  /** Threads that train, each one run at a time; at least 1. Default: the processors that this process may use. */
  readonly workers?: number | undefined;
  /** Prepared data that is kept while no run needs it, in MiB. Default 256. */
  readonly idleDataMebibytes?: number | undefined;
  /** Files whose rules the threads know besides those of xnorlab, as `loadRules` gives them. Default: none. */
  readonly rules?: readonly RuleFile[] | undefined;
}

/**
 * Trains in worker threads as `train` does in this one, with the same results. The data of all runs that are shown the
 * same is prepared once, in a worker, and lies once in memory, which the workers share.
 */
export class RunPool implements Runner {
  /** Runs that are trained at the same time. */
  readonly workers: number;
  /** Runs to hand over at the same time: one more than are trained, so that no worker waits between two runs. */
  readonly capacity: number;
  readonly #threads: Threads;
  readonly #slots: Slots;
  readonly #data: DataCache;
  readonly #rules: readonly RuleFile[];
  readonly #backend: string | undefined;
  /** What was prepared so far, without the data itself, by `preparedDataKey`. */
  readonly #prepared = new Map<string, Pick<SharedData, 'description' | 'binarizer'>>();
  /** What goes on, each with what ends it. */
  readonly #calls = new Map<AbortController, Promise<unknown>>();
  #isClosed = false;

  /** @throws ArgumentError for an option out of its range */
  constructor(options: RunPoolOptions = {}) {
    const {
      workers = availableParallelism(),
      idleDataMebibytes = 256,
      rules = [],
      backend,
      ...source
    } = options;
    checkInteger('workers', workers, 1);
    checkInteger('idleDataMebibytes', idleDataMebibytes, 0);
    this.workers = workers;
    this.capacity = workers + 1;
    this.#threads = new Threads(workers);
    this.#slots = new Slots(workers);
    this.#rules = rules;
    this.#backend = backend;
    this.#data = new DataCache(
      (config) => this.#prepare({ config, source, rules }),
      idleDataMebibytes * MEBIBYTE,
    );
  }

  /**
   * Trains one network as soon as a worker is free.
   * @param config - checked, as `parseTrainConfig` gives it
   * @returns the record that `train` would give, times aside
   * @throws what `train` throws, and InterruptedError when the pool is closed; WorkerError when the thread dies, which
   *   no other run notices
   */
  run(config: TrainConfig, hooks: RunnerHooks = {}): Promise<RunRecord> {
    return this.#track(hooks.signal, (signal) => {
      if (this.#slots.areTaken) hooks.onWait?.();
      return this.#slots.use(TRAINING, signal, () =>
        this.#data.use(config, async (data) => {
          const ready = await unlessAborted(TRAINING, signal, data);
          return this.#train(config, ready, hooks, signal);
        }),
      );
    });
  }

  /**
   * What the data of a configuration makes of it, before it is run; prepares the data unless that was done before.
   * @throws as `run`, for data that is missing, damaged, or does not fit the configuration
   */
  async describe(config: TrainConfig, hooks: Pick<RunnerHooks, 'signal'> = {}): Promise<RunDescription> {
    const prepared =
      this.#prepared.get(preparedDataKey(config)) ??
      (await this.#track(hooks.signal, (signal) =>
        this.#data.use(config, (data) => unlessAborted('preparing data', signal, data)),
      ));
    return { dataset: prepared.description, resolved: resolvedConfig(config, prepared) };
  }

  /** Ends what goes on with an InterruptedError, then the threads. What needs one later fails in the same way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const call of this.#calls.keys()) call.abort();
    await Promise.allSettled(this.#calls.values());
    await this.#threads.close();
  }

  /** Hands `work` a signal that aborts with `signal` or when the pool is closed. */
  async #track<Result>(
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    if (this.#isClosed || signal?.aborted) throw new InterruptedError(TRAINING);
    const call = new AbortController();
    const abort = (): void => call.abort();
    signal?.addEventListener('abort', abort);
    const outcome = work(call.signal);
    this.#calls.set(call, outcome);
    try {
      return await outcome;
    } finally {
      this.#calls.delete(call);
      signal?.removeEventListener('abort', abort);
    }
  }

  async #prepare(task: PrepareTask): Promise<SharedData> {
    const prepared = this.#threads.call<SharedData>('prepare', task);
    if (this.#prepared.size === 0) this.#readyOthers();
    const data = await prepared;
    const { key, description, binarizer } = data;
    this.#prepared.set(key, { description, ...(binarizer && { binarizer }) });
    return data;
  }

  /** Has the threads that do not prepare data load their code meanwhile. */
  #readyOthers(): void {
    for (let i = 1; i < this.workers; i++) {
      // Why one cannot is told by what it is asked to do next.
      this.#threads.call('getReady', {}).catch(() => undefined);
    }
  }

  async #train(
    config: TrainConfig,
    data: SharedData,
    hooks: RunnerHooks,
    signal: AbortSignal,
  ): Promise<RunRecord> {
    const { port1: port, port2 } = new MessageChannel();
    const stop = (): void => port.postMessage('stop');
    let failure: { readonly error: unknown } | undefined;
    const hear = (message: RunMessage): void => {
      if (failure) return;
      try {
        tell(hooks, message);
      } catch (error) {
        failure = { error };
        stop();
      }
    };
    port.on('message', hear);
    signal.addEventListener('abort', stop);
    const reportsProgress = hooks.onProgress !== undefined;
    const task: TrainTask = {
      config,
      data,
      port: port2,
      reportsProgress,
      checkpoint: hooks.checkpoint,
      rules: this.#rules,
      backend: this.#backend,
    };
    const record = this.#threads.call<RunRecord>('train', task, [port2]);
    await Promise.allSettled([record]);
    // The outcome came on another port; messages that were sent before it may still be waiting on this one.
    for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) hear(next.message);
    signal.removeEventListener('abort', stop);
    port.close();
    if (failure) throw failure.error;
    return record;
  }
}

function tell(hooks: RunnerHooks, message: RunMessage): void {
  switch (message.kind) {
    case 'progress':
      hooks.onProgress?.(message.progress);
      break;
    case 'epoch':
      hooks.onEpoch?.(message.epoch);
      break;
    case 'resume':
      hooks.onResume?.(message.epochs);
      break;
    default:
      message satisfies never;
  }
}
