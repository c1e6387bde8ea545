import { ArgumentError, InterruptedError } from '../bits/errors.js';
import { RandomStream, randomStreams } from '../bits/random.js';
import type { Dataset } from '../datasets/dataset.js';
import type { LoadOptions } from '../datasets/load.js';
import type { Kernels } from '../kernels/kernels.js';
import { selectKernels } from '../kernels/select.js';
import { configuredRule } from '../rules/catalog.js';
import type { ConfiguredRule, Learner, LearnerState } from '../rules/rule.js';
import { CheckpointFile, type CheckpointOptions } from './checkpoint/checkpoint-file.js';
import { checkStateFits } from './checkpoint/learner-state.js';
import type { RunIdentity, RunState } from './checkpoint/run-checkpoint.js';
import { parseTrainConfig, type TrainConfig, type TrainOptions } from './config.js';
import { interruptible, type Pause } from './interrupt.js';
import { createModel, type Model } from './model.js';
import { type PreparedData, prepareData, preparedDataKey, resolvedConfig } from './prepared-data.js';
import { type EpochRecord, RECORD_VERSION, type RunRecord } from './record.js';
import { runEpoch } from './run-epoch.js';
import { software } from './software.js';
import { taskShape } from './task-data.js';
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
export interface TrainHooks extends Pick<LoadOptions, 'dataDir' | 'download'> {
  /** Called about twenty times a second while training. */
  readonly onProgress?: ((progress: TrainProgress) => void) | undefined;
  /** Called after each epoch. */
  readonly onEpoch?: ((epoch: EpochRecord) => void) | undefined;
  /** Called once, before the first epoch, when the run goes on from a checkpoint: with the epochs before it. */
  readonly onResume?: ((epochs: readonly EpochRecord[]) => void) | undefined;
  /** Ends the run with an InterruptedError. SIGINT does the same. */
  readonly signal?: AbortSignal | undefined;
  /** Threads that one kernel operation may use. Default 1; results do not depend on it. */
  readonly threads?: number | undefined;
  /** Data that is loaded already; `config.dataset` must name it. */
  readonly dataset?: Dataset | undefined;
  /** Data that is prepared already, for this configuration or another with the same `preparedDataKey`. */
  readonly prepared?: PreparedData | undefined;
  /**
   * A file that the run in progress is written to between epochs and when it is interrupted. If the file is there at
   * the start, the run goes on from it and ends as one that never stopped. The caller removes it.
   */
  readonly checkpoint?: CheckpointOptions | undefined;
}

/** A finished run: what happened, and the network of the selected epoch. */
export type TrainedRun = Model;

/**
 * Trains one network.
 *
 * The training set is shown in a new random order each epoch; accuracies are measured after each. The network
 * returned, and the accuracies at the top of the record, are those of the epoch that `modelSelection` names:
 * the last, or the first with the best validation accuracy. Test accuracy selects nothing.
 *
 * With `tasks` it is one network that learns a sequence of tasks, and after each is measured on all so far. They have
 * the same classes and one output; nothing tells the network which task a sample is of, or that a new one begins. What a
 * rule counts in epochs (`greedy`, `majorityAfterEpochs`, `epochsPerStage`) it counts through all tasks. At the top of the record are validation and
 * test accuracy over all tasks after the last.
 *
 * @throws ArgumentError for a configuration that is wrong or does not fit the data
 * @throws DataError for a data file that is missing or damaged; CheckpointError for a checkpoint that is damaged or of
 *   another run: of another configuration, data or version of the rule
 * @throws EnvironmentError when the checkpoint cannot be written
 * @throws InterruptedError when `signal` aborts or the process gets SIGINT
 */
export async function train(options: TrainOptions, hooks: TrainHooks = {}): Promise<TrainedRun> {
  const config = parseTrainConfig(options);
  const kernels = selectKernels(config.backend, { threads: hooks.threads });
  return interruptible('training', hooks.signal, async (pause) => {
    const prepared = hooks.prepared ?? (await prepareData(config, hooks));
    checkPrepared(prepared, config);
    const run = await Run.create(config, prepared, kernels);
    try {
      return await run.train(hooks, pause);
    } catch (error) {
      await run.learner.dispose();
      throw error;
    }
  });
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
    readonly kernels: Kernels,
    rule: ConfiguredRule,
    readonly learner: Learner,
  ) {
    const { name, version } = rule;
    this.#identity = { config, rule: { name, version }, dataset: prepared.description };
    this.#tasks = new TaskSequence(prepared.task, config);
    this.#order = randomStreams(config.seed).stream('training/order');
  }

  static async create(config: TrainConfig, prepared: PreparedData, kernels: Kernels): Promise<Run> {
    const rule = configuredRule(config.rule);
    const shape = taskShape(prepared.description, config.batchSize);
    const learner = await rule.createLearner(shape, { kernels, streams: randomStreams(config.seed) });
    return new Run(resolvedConfig(config, prepared), prepared, kernels, rule, learner);
  }

  async train(hooks: TrainHooks, pause: Pause): Promise<TrainedRun> {
    const checkpoint = hooks.checkpoint && new CheckpointFile(hooks.checkpoint, this.#identity);
    const saved = await checkpoint?.read();
    if (saved && checkpoint) {
      this.#resume(saved, checkpoint.options.file);
      hooks.onResume?.(saved.epochs);
    }
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
      const done = `${length} of ${this.config.epochs} epochs are kept in ${checkpoint.options.file}`;
      throw new InterruptedError('training', `${done}: the same call goes on from there`);
    }
    return this.#finish();
  }

  async #epoch(epoch: number, { onProgress }: TrainHooks, pause: Pause): Promise<EpochRecord> {
    const { config, learner } = this;
    const start = performance.now();
    const samples = this.#tasks.samplesAt(epoch);
    const record = await runEpoch(learner, samples, {
      epoch,
      batchSize: config.batchSize,
      order: this.#order,
      pause,
      onSamples: (samplesShown) =>
        onProgress?.({ epoch, epochs: config.epochs, samplesShown, samples: samples.train.labels.length }),
    });
    if (!config.tasks || !this.#tasks.endsAt(epoch)) return record;
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
  #resume({ startedAt, elapsedMs, epochs, order, learner, selected }: RunState, file: string): void {
    for (const state of [learner, selected.state]) if (state) checkStateFits(this.learner, state, file);
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
    const { classes, task } = this.prepared;
    const { epoch, state } = this.#selection();
    const record = this.#record(epoch);
    if (state) this.learner.loadState(state);
    return createModel({ record, classes, transformation: task.transformation, learner: this.learner });
  }

  #record(selected: EpochRecord): RunRecord {
    const { config, kernels, learner, prepared } = this;
    const { validationAccuracy, testAccuracy } = selected.tasks ? overTasks(selected.tasks) : selected;
    return {
      recordVersion: RECORD_VERSION,
      config,
      rule: this.#identity.rule,
      seed: config.seed,
      dataset: prepared.description,
      backend: { name: kernels.backend, description: kernels.description },
      software: software(),
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
