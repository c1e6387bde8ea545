import { ArgumentError, EnvironmentError, InterruptedError } from '../../core/errors.js';
import { nextTurn } from '../../core/next-turn.js';
import type { EpochRecord, RunRecord } from '../../records/record.js';
import { labelOf, type PlannedRun } from './planned-run.js';
import type { ProgressTracker, SweepProgress } from './progress.js';
import { RunRefusedError } from './run-refused-error.js';
import type { Runner } from './runner.js';
import type { SweepStore, SweepWriter } from './sweep-store.js';

/** A run of a sweep that ended. */
export interface SweepRun {
  /** Its name in the store. */
  readonly key: string;
  /** What tells it from the other runs: the values of fields that are not the same in all, by path. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The same in one line; empty for the only run of a sweep. */
  readonly label: string;
  readonly status: 'finished' | 'failed';
  /** Whether it had ended before and was left as it was. */
  readonly isSkipped: boolean;
  /** Accuracies in percent, of finished runs. */
  readonly validationAccuracy?: number;
  readonly testAccuracy?: number;
  /** Why it failed. */
  readonly error?: string;
}

/** The setting of a sweep with the best mean over seeds. */
export interface SweepBest {
  /** What tells it from the other settings: values by path, without seeds. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The same in one line; empty for the only setting of a sweep. */
  readonly label: string;
  /** Runs, one for each seed. */
  readonly n: number;
  /** Mean over its runs, in percent. */
  readonly validationAccuracy: number;
  /** Of the sample, n − 1 in the denominator; null for a single run. */
  readonly standardDeviation: number | null;
  /** In the order of the sweep. */
  readonly runs: readonly SweepRun[];
}

/** What surrounds the runs of a sweep and does not change their results. All optional. */
export interface SweepHooks {
  /** Run again what failed in an earlier go. Default: leave it as it is. */
  readonly retryFailed?: boolean | undefined;
  /** Least time between two checkpoints of a run, as in `TrainHooks.checkpoint`. Default 10. */
  readonly checkpointSeconds?: number | undefined;
  /** Called whenever there is news. */
  readonly onProgress?: ((progress: SweepProgress) => void) | undefined;
  /** Called when a run ended. */
  readonly onRun?: ((run: SweepRun, progress: SweepProgress) => void) | undefined;
}

/** Trains planned runs, several at a time, and writes what happens into the store. */
export class SweepRuns {
  readonly #store: SweepStore;
  readonly #writer: SweepWriter;
  readonly #runner: Runner;
  readonly #tracker: ProgressTracker;
  readonly #stop: AbortController;
  readonly #hooks: SweepHooks;
  /** What ends the sweep although no run is to blame for it. */
  #fatal: { readonly error: unknown } | undefined;
  /** Of runs that nobody could train. */
  readonly #refusals: RunRefusedError[] = [];

  /**
   * @param stop - its signal ends everything; aborted here when the store fails
   * @param sweep - name that the runs are marked with in the store
   */
  constructor(
    { store, writer, runner, tracker, stop, hooks }: SweepSurroundings,
    readonly sweep: string | undefined,
  ) {
    this.#store = store;
    this.#writer = writer;
    this.#runner = runner;
    this.#tracker = tracker;
    this.#stop = stop;
    this.#hooks = hooks;
  }

  /**
   * Trains what the store does not hold yet, long runs first, so that all workers end at about the same time. They are
   * entered in the given order before, so that the store does not depend on that.
   * @returns how each run ended, in the given order
   * @throws InterruptedError when stopped; EnvironmentError and what the store throws. Runs that nobody could train are said
   *   when the others have ended, and stay unfinished
   */
  async train(runs: readonly PlannedRun[]): Promise<SweepRun[]> {
    const ended = new Map<PlannedRun, SweepRun>();
    for (const run of runs) {
      const before = this.#enter(run);
      if (before) ended.set(run, this.#ended(run, before, true));
    }
    const waiting = runs.filter((run) => !ended.has(run)).sort((a, b) => b.cost - a.cost);
    const work = async (): Promise<void> => {
      for (let run = waiting.shift(); run && !this.#stop.signal.aborted; run = waiting.shift()) {
        const outcome = await this.#train(run);
        if (outcome) ended.set(run, outcome);
      }
    };
    const outcomes = await Promise.allSettled(Array.from({ length: this.#runner.capacity }, work));
    if (this.#fatal) throw this.#fatal.error;
    if (this.#stop.signal.aborted) throw new InterruptedError('the sweep');
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    if (this.#refusals.length > 0) throw this.#refused();
    return runs.flatMap((run) => ended.get(run) ?? []);
  }

  /** @returns how the run ended in an earlier go; undefined when it is to be trained */
  #enter({ key, resolved, rule, dataset }: PlannedRun): RunRecord | Error | undefined {
    const stored = this.#store.find(key);
    if (stored?.status === 'finished' || (stored?.status === 'failed' && !this.#hooks.retryFailed)) {
      if (this.sweep !== undefined) this.#writer.join(key, this.sweep);
      return stored.status === 'finished' ? stored.record : new Error(stored.error.message);
    }
    this.#writer.begin({ key, config: resolved, rule, datasetSha256: dataset.sha256, sweep: this.sweep });
    return undefined;
  }

  /** @returns undefined for a run that nobody could train */
  async #train(run: PlannedRun): Promise<SweepRun | undefined> {
    const { key, config } = run;
    this.#tracker.started(run);
    this.#tell();
    try {
      // What the checkpoint knows comes back with onResume.
      this.#write(() => this.#writer.truncate(key, 0));
      const record = await this.#runner.run(config, {
        signal: this.#stop.signal,
        checkpoint: { file: this.#store.checkpointFile(key), everySeconds: this.#hooks.checkpointSeconds },
        onResume: (epochs) => {
          this.#tracker.resumed(run, epochs.length);
          this.#append(run, epochs);
        },
        onEpoch: (epoch) => this.#append(run, [epoch]),
        onWait: () => this.#tracker.waits(run),
        ...(this.#hooks.onProgress && {
          onProgress: ({ epoch, samplesShown, samples }) => {
            this.#tracker.advanced(run, epoch - 1 + samplesShown / samples);
            this.#tell();
          },
        }),
      });
      // Another run may have waited for this one's worker: it is on its way there before the store is written to.
      await nextTurn();
      this.#write(() => this.#writer.finish(key, record));
      return this.#ended(run, record, false);
    } catch (error) {
      if (!(error instanceof RunRefusedError) || this.#stop.signal.aborted) return this.#failed(run, error);
      this.#refusals.push(error);
      this.#tracker.waits(run);
      return undefined;
    }
  }

  #refused(): EnvironmentError {
    const reasons = [...new Set(this.#refusals.map(({ reason }) => reason.replace(/\.$/, '')))];
    const { length } = this.#refusals;
    return new EnvironmentError(
      `${length} ${length === 1 ? 'run was' : 'runs were'} put aside, as no worker could train ${length === 1 ? 'it' : 'them'}: ${reasons.join('; ')}`,
      'Mend that, and call again: what is finished is kept. `xnorlab queue` lists what was put aside.',
    );
  }

  #append(run: PlannedRun, epochs: readonly EpochRecord[]): void {
    this.#write(() => this.#writer.appendEpochs(run.key, epochs));
    this.#tracker.advanced(run, epochs.at(-1)?.epoch ?? 0);
    this.#tell();
  }

  /** @throws `error` itself when it is no failure of the run: the sweep was stopped, or its surroundings failed */
  #failed(run: PlannedRun, error: unknown): SweepRun {
    if (this.#stop.signal.aborted) throw error;
    // A full disk or a missing backend can be mended, and the run be trained then.
    if (error instanceof EnvironmentError) throw this.#end(error);
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    this.#write(() => this.#writer.fail(run.key, { name, message }));
    return this.#ended(run, new Error(message), false);
  }

  #ended(run: PlannedRun, outcome: RunRecord | Error, isSkipped: boolean): SweepRun {
    const ended = sweepRun(run, outcome, isSkipped);
    this.#tracker.ended(run, ended.status === 'failed', ended.validationAccuracy);
    this.#orEnd(() => this.#hooks.onRun?.(ended, this.#tracker.snapshot()));
    this.#tell();
    return ended;
  }

  #tell(): void {
    this.#orEnd(() => this.#hooks.onProgress?.(this.#tracker.snapshot()));
  }

  /** An ArgumentError is about what the run gave, and is its failure. */
  #write(work: () => void): void {
    this.#orEnd(work, (error) => error instanceof ArgumentError);
  }

  /** What fails outside the runs, the store or a callback, ends the sweep and is no run's failure. */
  #orEnd(work: () => void, isOfRun: (error: unknown) => boolean = () => false): void {
    try {
      work();
    } catch (error) {
      throw isOfRun(error) ? error : this.#end(error);
    }
  }

  #end(error: unknown): unknown {
    this.#fatal ??= { error };
    this.#stop.abort();
    return error;
  }
}

/** What the runs of a sweep need around them. */
export interface SweepSurroundings {
  readonly store: SweepStore;
  readonly writer: SweepWriter;
  readonly runner: Runner;
  readonly tracker: ProgressTracker;
  readonly stop: AbortController;
  readonly hooks: SweepHooks;
}

function sweepRun(run: PlannedRun, outcome: RunRecord | Error, isSkipped: boolean): SweepRun {
  const { key, settings } = run;
  const common = { key, settings: Object.fromEntries(settings), label: labelOf(run), isSkipped };
  if (outcome instanceof Error) return { ...common, status: 'failed', error: outcome.message };
  const { validationAccuracy, testAccuracy } = outcome;
  return {
    ...common,
    status: 'finished',
    ...(validationAccuracy !== undefined && { validationAccuracy }),
    testAccuracy,
  };
}
