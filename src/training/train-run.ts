import { ArgumentError, InterruptedError } from '../core/errors.js';
import { RandomStream, randomStreams } from '../core/random.js';
import type { Kernels } from '../kernels/kernels.js';
import { createModel, type Model } from '../models/model.js';
import { type EpochRecord, RECORD_VERSION, type RunRecord } from '../records/record.js';
import { configuredRule } from '../rules/registry.js';
import type { Learner, LearnerState, RuleContext } from '../rules/rule.js';
import type { TrainConfig } from './config.js';
import { type Pause, pausesOf } from './interrupt.js';
import { checkStateFits } from './learner-state.js';
import { checkMemory, type RunMemory, runMemory } from './memory.js';
import { type PreparedData, preparedDataKey, resolvedConfig } from './prepared-data.js';
import { ruleIdentity } from './rule-identity.js';
import { runEpoch } from './run-epoch.js';
import type { Checkpoint, RunIdentity, RunState } from './run-state.js';
import { problemOf } from './task-data.js';
import { overTasks, TaskSequence } from './tasks/task-sequence.js';
import { totals } from './totals.js';

/** How far a run is. */
export interface TrainProgress {
  /** The epoch being trained, from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Training samples shown in this epoch. */
  readonly samplesShown: number;
  /** Training samples of an epoch. */
  readonly samples: number;
}

/** What surrounds a run and does not change its result. All optional. */
export interface RunHooks {
  /** Called once, before the network is made: what it will take. */
  readonly onMemory?: ((memory: RunMemory) => void) | undefined;
  /** Called about twenty times a second while training. */
  readonly onProgress?: ((progress: TrainProgress) => void) | undefined;
  /** Called once, before the first epoch, with the network in training: to look into between batches. */
  readonly onLearner?: ((learner: Learner) => void) | undefined;
  /** Called after each batch; what it returns is awaited before the next, so that a run can be made to wait. */
  readonly onBatch?: ((progress: TrainProgress) => Promise<void> | undefined) | undefined;
  /** Called after each epoch. */
  readonly onEpoch?: ((epoch: EpochRecord) => void) | undefined;
  /** Called once, before the first epoch, when the run goes on from a checkpoint: with the epochs before it. */
  readonly onResume?: ((epochs: readonly EpochRecord[]) => void) | undefined;
  /** Ends the run with an InterruptedError. */
  readonly signal?: AbortSignal | undefined;
}

/** What a run is given by the program that it runs in. */
export interface RunHost {
  /** An instance of its own, or one that keeps nothing from call to call. */
  readonly kernels: Kernels;
  /** For float rules; without it they cannot be trained. */
  readonly onnxRuntime?: RuleContext['onnxRuntime'];
  /** Memory that the run may take, in bytes. Default: any. */
  readonly memoryLimit?: number | undefined;
  /** What the record says of the program. */
  readonly software: RunRecord['software'];
  /** Where the run in progress is kept between epochs, and goes on from. Default: nowhere. */
  readonly checkpoint?: ((identity: RunIdentity) => Checkpoint) | undefined;
}

/** A finished run: what happened, and the network of the selected epoch. */
export interface TrainedRun extends Model {
  /** The network in training, to go on with or to look into; `predict` asks it. */
  readonly learner: Learner;
}

/**
 * Trains one network on data that is prepared, wherever that is: no file, process or page is touched. What training does is
 * told at `train` of the host.
 *
 * @throws ArgumentError for a configuration that does not fit the data, or the memory; CheckpointError for a checkpoint that is damaged or of
 *   another run; InterruptedError when `signal` aborts
 */
export async function trainRun(
  config: TrainConfig,
  prepared: PreparedData,
  host: RunHost,
  hooks: RunHooks = {},
): Promise<TrainedRun> {
  checkPrepared(prepared, config);
  const memory = runMemory(config, prepared.description);
  checkMemory(config, memory, host.memoryLimit);
  hooks.onMemory?.(memory);
  const run = await Run.create(config, prepared, host);
  try {
    return await run.train(hooks, pausesOf('training', hooks.signal));
  } catch (error) {
    await run.learner.dispose();
    throw error;
  }
}

function checkPrepared({ key, description }: PreparedData, config: TrainConfig): void {
  const expected = preparedDataKey(config);
  if (key !== expected) throw new ArgumentError('prepared', `data prepared for ${expected}`, key);
  if (config.modelSelection === 'best-validation' && description.validationSamples === 0) {
    throw new ArgumentError(
      'modelSelection',
      `last, as ${description.name} has no validation samples`,
      config.modelSelection,
    );
  }
}

/** The epoch that is kept so far. */
interface Selection {
  readonly epoch: EpochRecord;
  /** Absent while the learner itself is in that state. */
  readonly state?: LearnerState;
}

class Run {
  readonly #identity: RunIdentity;
  readonly #tasks: TaskSequence;
  readonly #start = performance.now();
  #startedAt = new Date().toISOString();
  /** Time spent before this part of the run began. */
  #elapsedBeforeMs = 0;
  #order: RandomStream;
  #epochs: EpochRecord[] = [];
  #selected: Selection | undefined;

  private constructor(
    readonly config: TrainConfig,
    readonly prepared: PreparedData,
    readonly host: RunHost,
    readonly learner: Learner,
    readonly architecture: string,
  ) {
    this.#identity = { config, rule: ruleIdentity(config), dataset: prepared.description };
    const { task, further = [], description } = prepared;
    const { train, validation, test } = task;
    const first = { train, ...(validation && { validation }), test };
    this.#tasks = new TaskSequence({ first, further, classes: description.classes }, config);
    this.#order = randomStreams(config.seed).stream('training/order');
  }

  static async create(config: TrainConfig, prepared: PreparedData, host: RunHost): Promise<Run> {
    const rule = configuredRule(config.rule);
    const problem = problemOf(prepared.description, config.batchSize, config.tasks?.count);
    const learner = await rule.createLearner(problem, {
      kernels: host.kernels,
      streams: randomStreams(config.seed),
      onnxRuntime: host.onnxRuntime,
    });
    const { architecture } = rule.describe(problem);
    return new Run(resolvedConfig(config, prepared), prepared, host, learner, architecture);
  }

  async train(hooks: RunHooks, pause: Pause): Promise<TrainedRun> {
    const checkpoint = this.host.checkpoint?.(this.#identity);
    const saved = await checkpoint?.read();
    if (saved && checkpoint) {
      this.#resume(saved, checkpoint.source);
      hooks.onResume?.(saved.epochs);
    }
    hooks.onLearner?.(this.learner);
    try {
      while (this.#epochs.length < this.config.epochs) {
        const epoch = await this.#epoch(this.#epochs.length + 1, hooks, pause);
        this.#epochs.push(epoch);
        this.#select(epoch);
        hooks.onEpoch?.(epoch);
        await checkpoint?.update(this.#state());
      }
    } catch (error) {
      if (!(error instanceof InterruptedError) || checkpoint === undefined || this.#epochs.length === 0)
        throw error;
      await checkpoint.flush();
      const { length } = this.#epochs;
      const done = `${length} of ${this.config.epochs} epochs are kept in ${checkpoint.source}`;
      throw new InterruptedError('training', `${done}: the same call goes on from there`);
    }
    return this.#finish();
  }

  async #epoch(epoch: number, { onProgress, onBatch }: RunHooks, pause: Pause): Promise<EpochRecord> {
    const { config, learner } = this;
    const start = performance.now();
    const samples = this.#tasks.samplesAt(epoch);
    const position = (samplesShown: number): TrainProgress => ({
      epoch,
      epochs: config.epochs,
      samplesShown,
      samples: samples.train.labels.length,
    });
    const record = await runEpoch(learner, samples, {
      epoch,
      batchSize: config.batchSize,
      order: this.#order,
      pause,
      onSamples: (samplesShown) => onProgress?.(position(samplesShown)),
      ...(onBatch && { onBatch: (samplesShown) => onBatch(position(samplesShown)) }),
    });
    if (!config.tasks) return record;
    if (this.#tasks.endsAt(epoch)) await learner.endTask?.(samples.train, this.#tasks.taskAt(epoch));
    if (!this.#tasks.isMeasuredAt(epoch)) return record;
    const tasks = await this.#tasks.accuracies(learner, record, pause);
    return { ...record, tasks, elapsedMs: performance.now() - start };
  }

  #select(epoch: EpochRecord): void {
    if (this.config.modelSelection === 'last') {
      this.#selected = { epoch };
      return;
    }
    const best = this.#selected?.epoch.validationAccuracy ?? Number.NEGATIVE_INFINITY;
    const isBetter = (epoch.validationAccuracy ?? Number.NEGATIVE_INFINITY) > best;
    if (!this.#selected || isBetter) this.#selected = { epoch, state: this.learner.saveState() };
  }

  get #elapsedMs(): number {
    return this.#elapsedBeforeMs + performance.now() - this.#start;
  }

  /** The run as it is between two epochs, after at least one. */
  #state(): RunState {
    const { epoch, state } = this.#selection();
    return {
      startedAt: this.#startedAt,
      elapsedMs: this.#elapsedMs,
      epochs: [...this.#epochs],
      order: this.#order.state(),
      learner: this.learner.saveState(),
      selected: { epoch: epoch.epoch, ...(state && { state }) },
    };
  }

  /**
   * Goes to a state that `#state` gave.
   * @throws CheckpointError when it is none of this network; nothing is changed then
   */
  #resume({ startedAt, elapsedMs, epochs, order, learner, selected }: RunState, source: string): void {
    for (const state of [learner, selected.state]) if (state) checkStateFits(this.learner, state, source);
    this.learner.loadState(learner);
    this.#startedAt = startedAt;
    this.#elapsedBeforeMs = elapsedMs;
    this.#epochs = [...epochs];
    this.#order = RandomStream.fromState(order);
    const { epoch, state } = selected;
    this.#selected = { epoch: epochs[epoch - 1], ...(state && { state }) };
  }

  #selection(): Selection {
    if (!this.#selected) throw new ArgumentError('epochs', 'at least 1', this.config.epochs);
    return this.#selected;
  }

  #finish(): TrainedRun {
    const { classes, featureNames, task } = this.prepared;
    const { epoch, state } = this.#selection();
    const record = this.#record(epoch);
    const { learner } = this;
    if (state) learner.loadState(state);
    const network = learner.network?.();
    const parts = {
      record,
      classes,
      ...(featureNames && { featureNames }),
      transformation: task.transformation,
      ...(network && { network }),
    };
    return { ...createModel(parts, this.host.kernels, learner), learner };
  }

  #record(selected: EpochRecord): RunRecord {
    const { config, learner, prepared } = this;
    const { kernels, software } = this.host;
    const { validationAccuracy, testAccuracy } = selected.tasks ? overTasks(selected.tasks) : selected;
    return {
      recordVersion: RECORD_VERSION,
      config,
      rule: this.#identity.rule,
      architecture: this.architecture,
      seed: config.seed,
      dataset: prepared.description,
      backend: { name: kernels.backend, description: kernels.description },
      software,
      startedAt: this.#startedAt,
      epochs: this.#epochs,
      selectedEpoch: selected.epoch,
      trainAccuracy: selected.trainAccuracy,
      ...(validationAccuracy !== undefined && { validationAccuracy }),
      testAccuracy,
      totals: totals(learner, prepared.task, this.#epochs, this.#elapsedMs),
    };
  }
}
