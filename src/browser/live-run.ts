import { ArgumentError } from '../core/errors.js';
import type { Kernels } from '../kernels/kernels.js';
import type { EpochRecord, RunRecord } from '../records/record.js';
import { CHANGEABLE, type ChangeableOption, withChangedOptions } from '../rules/binary/changeable.js';
import type { Learner } from '../rules/rule.js';
import { parseTrainConfig, type TrainConfig, type TrainOptions } from '../training/config.js';
import type { PreparedData } from '../training/prepared-data.js';
import type { Checkpoint, RunState } from '../training/run-state.js';
import { type TrainedRun, type TrainProgress, trainRun } from '../training/train-run.js';
import { SOFTWARE } from './train.js';

/** An option that was changed while the network trained. */
export interface OptionChange {
  /** The first epoch that was trained with it. */
  readonly epoch: number;
  readonly option: `rule.${ChangeableOption}`;
  readonly from: unknown;
  readonly to: unknown;
}

/** The record of a run in which options changed on the way: no configuration gives it, so it is no `RunRecord` to be filed. */
export interface DisturbedRecord extends RunRecord {
  /** In order; `config` is that of the last epoch. */
  readonly changes: readonly OptionChange[];
}

/** What a run in view computes with and whom it tells. */
export interface LiveHost {
  /** New ones for each part of a run. */
  readonly kernels: () => Promise<Kernels>;
  /** The data of a configuration. */
  readonly prepare: (config: TrainConfig) => PreparedData;
  /** Called after each batch, while the network stands still. */
  readonly onBatch: (progress: TrainProgress) => void;
  readonly onEpoch: (epoch: EpochRecord) => void;
  /** Called when a run comes to wait or goes on, and when a change is made. */
  readonly onState: () => void;
}

/** Ends a part of a run, whose state is kept. */
class OptionsChanged extends Error {}

/**
 * One run that can be watched: it waits, goes on a batch at a time, and takes other options between two epochs. Left alone, it is the
 * run of its configuration, seed for seed.
 */
export class LiveRun {
  readonly changes: OptionChange[] = [];
  readonly #host: LiveHost;
  readonly #abort = new AbortController();
  readonly #prepared: PreparedData;
  #config: TrainConfig;
  #wanted: TrainConfig | undefined;
  #learner: Learner | undefined;
  #batchesLeft: number;
  #goOn: (() => void) | undefined;
  #isOver = false;

  /**
   * @param isPaused - whether it waits after its first batch
   * @throws ArgumentError for options that are wrong or do not fit the data
   */
  constructor(options: TrainOptions, host: LiveHost, isPaused = false) {
    this.#host = host;
    this.#config = parseTrainConfig(options);
    if (this.#config.tasks) throw new ArgumentError('tasks', 'none in a page', this.#config.tasks);
    this.#prepared = host.prepare(this.#config);
    this.#batchesLeft = isPaused ? 1 : Number.POSITIVE_INFINITY;
  }

  /** That of the epoch in progress. */
  get config(): TrainConfig {
    return this.#config;
  }

  /** The data that it is shown. */
  get prepared(): PreparedData {
    return this.#prepared;
  }

  /** The network as it is now; absent before the first epoch. */
  get learner(): Learner | undefined {
    return this.#learner;
  }

  get isPaused(): boolean {
    return this.#batchesLeft < Number.POSITIVE_INFINITY;
  }

  /** Options that will be those of the next epoch. */
  get hasPending(): boolean {
    return this.#wanted !== undefined;
  }

  /**
   * Trains to the end.
   * @throws InterruptedError after `stop`
   */
  async run(): Promise<{ readonly record: RunRecord | DisturbedRecord; readonly trained: TrainedRun }> {
    let state: RunState | undefined;
    for (;;) {
      const checkpoint: Checkpoint = {
        source: 'the run so far',
        read: async () => state,
        update: async (reached) => {
          state = reached;
          if (this.#wanted && reached.epochs.length < this.#config.epochs) throw new OptionsChanged();
        },
        flush: async () => undefined,
      };
      try {
        const trained = await trainRun(
          this.#config,
          this.#prepared,
          { kernels: await this.#host.kernels(), software: SOFTWARE, checkpoint: () => checkpoint },
          {
            signal: this.#abort.signal,
            onLearner: (learner) => {
              this.#learner = learner;
            },
            onBatch: (progress) => this.#afterBatch(progress),
            onEpoch: (epoch) => this.#host.onEpoch(epoch),
          },
        );
        this.#isOver = true;
        const { changes } = this;
        return { record: changes.length > 0 ? { ...trained.record, changes } : trained.record, trained };
      } catch (error) {
        if (!(error instanceof OptionsChanged) || !state || !this.#wanted) throw error;
        state = this.#takeOver(this.#wanted, state);
      }
    }
  }

  pause(): void {
    this.#batchesLeft = 0;
    this.#host.onState();
  }

  resume(): void {
    this.#continue(Number.POSITIVE_INFINITY);
  }

  /** One batch more, then it waits. */
  step(): void {
    this.#continue(1);
  }

  /** Ends the run with an InterruptedError. */
  stop(): void {
    this.#abort.abort();
    this.#continue(Number.POSITIVE_INFINITY);
  }

  /**
   * Wants an option to have another value from the next epoch on.
   * @throws ArgumentError for a value that is wrong
   */
  change(option: ChangeableOption, value: unknown): void {
    const { rule, ...rest } = this.#wanted ?? this.#config;
    const wanted = parseTrainConfig({ ...rest, rule: { ...rule, [option]: value } });
    this.#wanted = JSON.stringify(wanted) === JSON.stringify(this.#config) ? undefined : wanted;
    this.#host.onState();
  }

  #continue(batches: number): void {
    this.#batchesLeft = batches;
    const goOn = this.#goOn;
    this.#goOn = undefined;
    goOn?.();
    this.#host.onState();
  }

  #afterBatch(progress: TrainProgress): Promise<void> | undefined {
    this.#batchesLeft--;
    this.#host.onBatch(progress);
    if (this.#batchesLeft > 0 || this.#isOver) return undefined;
    this.#host.onState();
    return new Promise((resolve) => {
      this.#goOn = resolve;
    });
  }

  #takeOver(wanted: TrainConfig, state: RunState): RunState {
    const [before, after] = [this.#config, wanted].map(
      ({ rule }): Readonly<Record<string, unknown>> => ({ ...rule }),
    );
    for (const option of CHANGEABLE) {
      if (JSON.stringify(before[option]) === JSON.stringify(after[option])) continue;
      const change = { option: `rule.${option}`, from: before[option], to: after[option] } as const;
      this.changes.push({ epoch: state.epochs.length + 1, ...change });
    }
    this.#config = wanted;
    this.#wanted = undefined;
    this.#host.onState();
    return { ...state, learner: withChangedOptions(state.learner, before, after) };
  }
}
