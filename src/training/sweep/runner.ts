import type { DatasetRecord, RunRecord } from '../../records/record.js';
import type { TrainConfig } from '../config.js';
import { type PreparedData, preparedDataKey, resolvedConfig } from '../prepared-data.js';
import type { RunHooks, TrainedRun } from '../train-run.js';

/** Where and how often a run in progress is kept. */
export interface CheckpointPlace {
  readonly file: string;
  /** Least time between two writes, in [0, 86400]; at 0, every epoch is written. Default 10. */
  readonly everySeconds?: number | undefined;
}

/** What surrounds a run of a sweep and does not change its result. */
export interface RunnerHooks extends RunHooks {
  readonly checkpoint?: CheckpointPlace | undefined;
  /** Called when the run must wait for its turn; the next progress ends that. */
  readonly onWait?: (() => void) | undefined;
}

/** What its data makes of a configuration. */
export interface RunDescription {
  /** The data as the run's record will tell it. */
  readonly dataset: DatasetRecord;
  /** The configuration as the run's record will hold it. */
  readonly resolved: object;
}

/** What trains the runs of a sweep: threads, the workers of a queue, or nothing but the program that asks. */
export interface Runner {
  /** Runs to hand over at the same time, at least 1. */
  readonly capacity: number;
  /**
   * What the data of a configuration makes of it, before it is run.
   * @throws what `run` throws, for data that is missing, damaged, or does not fit the configuration
   */
  describe(config: TrainConfig, hooks?: Pick<RunnerHooks, 'signal'>): Promise<RunDescription>;
  /**
   * Trains one network.
   * @param config - checked, as `parseTrainConfig` gives it
   * @returns the record that `train` would give, times aside
   */
  run(config: TrainConfig, hooks?: RunnerHooks): Promise<RunRecord>;
}

/** What an inline runner needs of the program that it is in. */
export interface InlineHost {
  /** Data in the form that the rule of a configuration is shown. */
  prepare(config: TrainConfig, signal: AbortSignal | undefined): Promise<PreparedData>;
  train(config: TrainConfig, prepared: PreparedData, hooks: RunnerHooks): Promise<TrainedRun>;
}

/**
 * Trains one run after the other where it is called: without threads, and so with every rule that this program has
 * registered. The data of the latest run is kept for the next.
 */
export class InlineRunner implements Runner {
  readonly capacity: number = 1;
  readonly #host: InlineHost;
  #latest: PreparedData | undefined;

  constructor(host: InlineHost) {
    this.#host = host;
  }

  async describe(config: TrainConfig, { signal }: Pick<RunnerHooks, 'signal'> = {}): Promise<RunDescription> {
    const prepared = await this.#prepared(config, signal);
    return { dataset: prepared.description, resolved: resolvedConfig(config, prepared) };
  }

  async run(config: TrainConfig, hooks: RunnerHooks = {}): Promise<RunRecord> {
    const prepared = await this.#prepared(config, hooks.signal);
    const { record, learner } = await this.#host.train(config, prepared, hooks);
    await learner.dispose();
    return record;
  }

  async #prepared(config: TrainConfig, signal: AbortSignal | undefined): Promise<PreparedData> {
    if (this.#latest?.key !== preparedDataKey(config)) {
      this.#latest = undefined;
      this.#latest = await this.#host.prepare(config, signal);
    }
    return this.#latest;
  }
}
