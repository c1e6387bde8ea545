import { ArgumentError } from '../bits/errors.js';
import { type RandomStream, randomStreams } from '../bits/random.js';
import type { Dataset, Samples } from '../datasets/dataset.js';
import { limitTrain } from '../datasets/limit-train.js';
import { type LoadOptions, loadDataset } from '../datasets/load.js';
import type { Kernels } from '../kernels/kernels.js';
import { selectKernels } from '../kernels/select.js';
import { configuredRule } from '../rules/catalog.js';
import { booleanGates } from '../rules/cost.js';
import type {
  ConfiguredRule,
  EpochObservation,
  LabelledInputs,
  Learner,
  LearnerState,
} from '../rules/rule.js';
import { parseTrainConfig, type TrainConfig, type TrainOptions } from './config.js';
import { interruptible } from './interrupt.js';
import { type EpochRecord, RECORD_VERSION, type RunRecord, type TotalsRecord } from './record.js';
import { software } from './software.js';
import { defaultBinarizer, prepareTaskData, type TaskData } from './task-data.js';

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
  /** Ends the run with an InterruptedError. SIGINT does the same. */
  readonly signal?: AbortSignal | undefined;
  /** Threads that one kernel operation may use. Default 1; results do not depend on it. */
  readonly threads?: number | undefined;
  /** Data that is loaded already; `config.dataset` must name it. */
  readonly dataset?: Dataset | undefined;
}

/** A finished run: what happened, and the network of the selected epoch. */
export interface TrainedRun {
  readonly record: RunRecord;
  /** The network with its state, for looking inside. */
  readonly learner: Learner;
  /** Class numbers for features of the same columns as the data set's, one per row. */
  predict(features: Samples['features']): Promise<Int32Array>;
}

/**
 * Trains one network.
 *
 * The training set is shown in a new random order each epoch; accuracies are measured after each. The network
 * returned, and the accuracies at the top of the record, are those of the epoch that `modelSelection` names:
 * the last, or the first with the best validation accuracy. Test accuracy selects nothing.
 *
 * @throws ArgumentError for a configuration that is wrong or does not fit the data
 * @throws DataError for a data file that is missing or damaged
 * @throws InterruptedError when `signal` aborts or the process gets SIGINT
 */
export async function train(options: TrainOptions, hooks: TrainHooks = {}): Promise<TrainedRun> {
  const config = parseTrainConfig(options);
  const kernels = selectKernels(config.backend, { threads: hooks.threads });
  return interruptible('training', hooks.signal, async (pause) => {
    const dataset = await loadConfigured(config, hooks);
    if (config.modelSelection === 'best-validation' && !dataset.validation) {
      throw new ArgumentError(
        'modelSelection',
        `last, as ${dataset.name} has no validation samples`,
        config.modelSelection,
      );
    }
    const run = await Run.prepare(config, dataset, kernels);
    try {
      return await run.train(hooks, pause);
    } catch (error) {
      await run.learner.dispose();
      throw error;
    }
  });
}

async function loadConfigured({ dataset }: TrainConfig, hooks: TrainHooks): Promise<Dataset> {
  const { name, limitTrain: limit, labelColumn, prototypes } = dataset;
  const { dataDir, download, signal } = hooks;
  if (hooks.dataset && hooks.dataset.name !== name) {
    throw new ArgumentError('dataset', `${hooks.dataset.name}, the data set handed in`, name);
  }
  const loaded =
    hooks.dataset ?? (await loadDataset(name, { dataDir, download, signal, labelColumn, prototypes }));
  return limit === undefined ? loaded : limitTrain(loaded, limit);
}

/** The epoch that is kept so far. */
interface Selection {
  readonly epoch: EpochRecord;
  /** Absent while the learner itself is in that state. */
  readonly state?: LearnerState;
}

class Run {
  readonly #startedAt = new Date();
  readonly #start = performance.now();
  readonly #order: RandomStream;

  private constructor(
    readonly config: TrainConfig,
    readonly dataset: Dataset,
    readonly kernels: Kernels,
    readonly rule: ConfiguredRule,
    readonly data: TaskData,
    readonly learner: Learner,
  ) {
    this.#order = randomStreams(config.seed).stream('training/order');
  }

  static async prepare(config: TrainConfig, dataset: Dataset, kernels: Kernels): Promise<Run> {
    const binarizer = config.binarizer ?? defaultBinarizer(dataset.featureShape);
    const rule = configuredRule(config.rule);
    const data = prepareTaskData(dataset, rule.inputForm, binarizer);
    const task = { inputs: data.inputs, classes: dataset.classes.length, batchSize: config.batchSize };
    const learner = await rule.createLearner(task, { kernels, streams: randomStreams(config.seed) });
    const resolved = { ...config, ...(rule.inputForm === 'binarized' && { binarizer }) };
    return new Run(resolved, dataset, kernels, rule, data, learner);
  }

  async train(hooks: TrainHooks, pause: () => Promise<void> | undefined): Promise<TrainedRun> {
    const epochs: EpochRecord[] = [];
    let selected: Selection | undefined;
    for (let epoch = 1; epoch <= this.config.epochs; epoch++) {
      const record = await this.#epoch(epoch, hooks, pause);
      epochs.push(record);
      selected = this.#select(selected, record);
      hooks.onEpoch?.(record);
    }
    if (!selected) throw new ArgumentError('epochs', 'at least 1', this.config.epochs);
    const record = this.#record(epochs, selected.epoch);
    if (selected.state) this.learner.loadState(selected.state);
    return {
      record,
      learner: this.learner,
      predict: (features) => this.learner.predict(this.data.transform(features)),
    };
  }

  async #epoch(
    epoch: number,
    hooks: TrainHooks,
    pause: () => Promise<void> | undefined,
  ): Promise<EpochRecord> {
    const start = performance.now();
    const { train: data, validation, test } = this.data;
    const samples = data.labels.length;
    const observation = await this.learner.trainEpoch({
      data,
      order: this.#order.permutation(samples),
      batchSize: this.config.batchSize,
      afterBatch: (samplesShown) => {
        const pausing = pause();
        if (pausing) hooks.onProgress?.({ epoch, epochs: this.config.epochs, samplesShown, samples });
        return pausing;
      },
    });
    const trainMs = performance.now() - start;
    const validationAccuracy = validation && (await this.#accuracy(validation));
    if (validationAccuracy !== undefined) this.learner.afterValidation?.(validationAccuracy);
    await pause();
    const testAccuracy = await this.#accuracy(test);
    await pause();
    const elapsedMs = performance.now() - start;
    return epochRecord(epoch, observation, { validationAccuracy, testAccuracy, trainMs, elapsedMs });
  }

  /** Percent of the samples that the learner classifies rightly. */
  async #accuracy({ inputs, labels }: LabelledInputs): Promise<number> {
    const predictions = await this.learner.predict(inputs);
    let right = 0;
    for (let i = 0; i < labels.length; i++) if (predictions[i] === labels[i]) right++;
    return (100 * right) / labels.length;
  }

  #select(selected: Selection | undefined, epoch: EpochRecord): Selection {
    if (this.config.modelSelection === 'last') return { epoch };
    const best = selected?.epoch.validationAccuracy ?? Number.NEGATIVE_INFINITY;
    const isBetter = (epoch.validationAccuracy ?? Number.NEGATIVE_INFINITY) > best;
    return !selected || isBetter ? { epoch, state: this.learner.saveState() } : selected;
  }

  #record(epochs: readonly EpochRecord[], selected: EpochRecord): RunRecord {
    const { config, kernels, rule } = this;
    return {
      recordVersion: RECORD_VERSION,
      config,
      rule: { name: rule.name, version: rule.version },
      seed: config.seed,
      dataset: this.#datasetRecord(),
      backend: { name: kernels.backend, description: kernels.description },
      software: software(),
      startedAt: this.#startedAt.toISOString(),
      epochs,
      selectedEpoch: selected.epoch,
      trainAccuracy: selected.trainAccuracy,
      ...(selected.validationAccuracy !== undefined && { validationAccuracy: selected.validationAccuracy }),
      testAccuracy: selected.testAccuracy,
      totals: this.#totals(epochs),
    };
  }

  #datasetRecord(): RunRecord['dataset'] {
    const { name, sha256, classes, train: trainSamples, validation, test } = this.dataset;
    return {
      name,
      sha256,
      classes: classes.length,
      features: trainSamples.features.columns,
      inputs: this.data.inputs,
      trainSamples: trainSamples.labels.length,
      validationSamples: validation?.labels.length ?? 0,
      testSamples: test.labels.length,
    };
  }

  #totals(epochs: readonly EpochRecord[]): TotalsRecord {
    const { model, activations } = this.learner.memoryBits;
    const bitsPerInput = this.data.inputForm === 'binarized' ? 1 : 32;
    const dataBits = this.data.train.labels.length * this.data.inputs * bitsPerInput;
    return {
      parameters: this.learner.parameters,
      memoryBits: model + activations + dataBits,
      modelBits: model,
      activationBits: activations,
      dataBits,
      booleanGates: booleanGates(this.learner.operations()),
      trainMs: epochs.reduce((sum, { trainMs }) => sum + trainMs, 0),
      elapsedMs: performance.now() - this.#start,
    };
  }
}

interface Measured {
  readonly validationAccuracy: number | undefined;
  readonly testAccuracy: number;
  readonly trainMs: number;
  readonly elapsedMs: number;
}

function epochRecord(
  epoch: number,
  { trainAccuracy, loss, layers }: EpochObservation,
  { validationAccuracy, testAccuracy, trainMs, elapsedMs }: Measured,
): EpochRecord {
  return {
    epoch,
    trainAccuracy,
    ...(validationAccuracy !== undefined && { validationAccuracy }),
    testAccuracy,
    ...(loss !== undefined && { loss }),
    ...(layers && {
      flips: layers.reduce((sum, { flips }) => sum + flips, 0),
      layers: layers.map(({ triggerShare, flips, boundShare, depthHistogram }) => ({
        triggerPercent: 100 * triggerShare,
        flips,
        boundPercent: 100 * boundShare,
        depthHistogram,
      })),
    }),
    trainMs,
    elapsedMs,
  };
}
