import { ArgumentError } from '../core/errors.js';
import { type Shape, sizeOf } from '../core/shape.js';
import type { BinarizerConfig } from '../data/binarize.js';
import type { Dataset } from '../data/dataset.js';
import { limitTrain } from '../data/limit-train.js';
import { type LoadOptions, loadDataset } from '../node/data/load.js';
import type { DatasetRecord } from '../records/record.js';
import { configuredRule } from '../rules/catalog.js';
import type { TrainConfig } from './config.js';
import { defaultBinarizer, prepareTaskData, type TaskData } from './task-data.js';

/** Data in the form that a rule is shown, with what is to be told of it. Runs only read it, so that many can share it. */
export interface PreparedData {
  /** `preparedDataKey` of the configurations that it is for. */
  readonly key: string;
  /** What the record says of the data. */
  readonly description: DatasetRecord;
  /** Class names; `classes[label]` is the name of class number `label`. */
  readonly classes: readonly string[];
  readonly task: TaskData;
  /** How inputs became ±1, the default filled in; absent for rules that are shown full precision. */
  readonly binarizer?: BinarizerConfig;
}

/** Where data comes from. All optional. */
export interface PrepareOptions extends Pick<LoadOptions, 'dataDir' | 'download' | 'signal'> {
  /** Data that is loaded already; `config.dataset` must name it. */
  readonly dataset?: Dataset | undefined;
}

/** Two configurations with the same key are shown the same data. */
export function preparedDataKey({ dataset, binarizer, rule }: TrainConfig): string {
  const { inputForm } = configuredRule(rule);
  return JSON.stringify({ dataset, inputForm, ...(inputForm === 'binarized' && { binarizer }) });
}

/** A configuration with what its data decides filled in, as the record holds it. */
export function resolvedConfig(
  config: TrainConfig,
  { binarizer }: Pick<PreparedData, 'binarizer'>,
): TrainConfig {
  return { ...config, ...(binarizer && { binarizer }) };
}

/**
 * Loads the data set that a configuration names and brings it into the form that its rule is shown.
 * @throws ArgumentError for a configuration that does not fit the data
 * @throws DataError for a data file that is missing or damaged
 */
export async function prepareData(config: TrainConfig, options: PrepareOptions = {}): Promise<PreparedData> {
  const dataset = await loadConfigured(config, options);
  const { inputForm } = configuredRule(config.rule);
  const binarizer = config.binarizer ?? defaultBinarizer(dataset.shape);
  const task = prepareTaskData(dataset, inputForm, binarizer);
  return {
    key: preparedDataKey(config),
    description: describe(dataset, task.input),
    classes: dataset.classes,
    task,
    ...(inputForm === 'binarized' && { binarizer }),
  };
}

async function loadConfigured({ dataset }: TrainConfig, options: PrepareOptions): Promise<Dataset> {
  const { name, limitTrain: limit, labelColumn, prototypes } = dataset;
  const { dataDir, download, signal } = options;
  if (options.dataset && options.dataset.name !== name) {
    throw new ArgumentError('dataset', `${options.dataset.name}, the data set handed in`, name);
  }
  const loaded =
    options.dataset ?? (await loadDataset(name, { dataDir, download, signal, labelColumn, prototypes }));
  return limit === undefined ? loaded : limitTrain(loaded, limit);
}

function describe(
  { name, sha256, classes, shape, train, validation, test }: Dataset,
  inputShape: Shape,
): DatasetRecord {
  return {
    name,
    sha256,
    classes: classes.length,
    features: train.features.columns,
    inputs: sizeOf(inputShape),
    shape,
    inputShape,
    trainSamples: train.labels.length,
    validationSamples: validation?.labels.length ?? 0,
    testSamples: test.labels.length,
  };
}
