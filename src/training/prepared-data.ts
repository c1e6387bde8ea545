import { BitMatrix } from '../core/bit-matrix.js';
import { ArgumentError } from '../core/errors.js';
import { hex, sha256 } from '../core/sha256.js';
import { type Shape, sizeOf } from '../core/shape.js';
import type { BinarizerConfig } from '../data/binarize.js';
import type { Dataset } from '../data/dataset.js';
import { limitTrain } from '../data/limit-train.js';
import { describeProtocol, divideDataset } from '../data/protocol.js';
import { cutIntoSteps, lastSteps, type SequenceView } from '../data/windows.js';
import type { DatasetRecord } from '../records/record.js';
import { configuredRule } from '../rules/registry.js';
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
  /** Names of the columns as loaded, where the data set has them. */
  readonly featureNames?: readonly string[];
  readonly task: TaskData;
  /** Those of the data sets after the first, where each task is one. */
  readonly further?: readonly TaskData[];
  /** How inputs became ±1, the default filled in; absent for rules that are shown full precision. */
  readonly binarizer?: BinarizerConfig;
}

/** Two configurations with the same key are shown the same data. */
export function preparedDataKey({ dataset, binarizer, rule, seed, tasks }: TrainConfig): string {
  const { inputForm, thermometerLevels } = configuredRule(rule);
  return JSON.stringify({
    dataset,
    inputForm,
    ...(inputForm === 'binarized' && { binarizer }),
    ...(inputForm === 'binarized' && !binarizer && { thermometerLevels }),
    // A protocol divides the samples by the seed of the run.
    ...(dataset.protocol && { seed }),
    ...(tasks?.others && { others: tasks.others }),
  });
}

/** A configuration with what its data decides filled in, as the record holds it. */
export function resolvedConfig(
  config: TrainConfig,
  { binarizer }: Pick<PreparedData, 'binarizer'>,
): TrainConfig {
  return { ...config, ...(binarizer && { binarizer }) };
}

/**
 * Brings a data set into the form that the rule of a configuration is shown.
 * @param dataset - the one that the configuration names; it is divided by the protocol, if there is one, and of its training samples
 *   the first `limitTrain` are used
 * @throws ArgumentError for a configuration that does not fit the data, or names another
 */
export function prepareDataset(config: TrainConfig, dataset: Dataset): PreparedData {
  const { name, limitTrain: limit, protocol } = config.dataset;
  if (config.tasks?.others) {
    const received = 'the first of several';
    throw new ArgumentError('dataset', 'all data sets of tasks.others, prepared together', received);
  }
  if (dataset.name !== name) {
    throw new ArgumentError('dataset', `${dataset.name}, the data set handed in`, name);
  }
  const viewed = viewOf(dataset, config.dataset);
  const divided = protocol ? divideDataset(viewed, protocol, config.seed) : { dataset: viewed };
  const used = limit === undefined ? divided.dataset : limitTrain(divided.dataset, limit);
  const { inputForm, thermometerLevels } = configuredRule(config.rule);
  const isBits = used.train.features instanceof BitMatrix;
  const binarizer = config.binarizer ?? defaultBinarizer(used.shape, isBits ? undefined : thermometerLevels);
  const leftOut = dataset.train.features.columns - used.train.features.columns;
  const task = prepareTaskData(used, inputForm, binarizer, { fitOn: divided.fitOn, leftOut });
  return {
    key: preparedDataKey(config),
    description: {
      ...describe(used, task.input),
      ...(protocol && { protocol: describeProtocol(protocol) }),
    },
    classes: used.classes,
    ...(dataset.featureNames && { featureNames: dataset.featureNames }),
    task,
    ...(inputForm === 'binarized' && { binarizer }),
  };
}

/** The data set as its sequences are shown. */
function viewOf(dataset: Dataset, view: SequenceView): Dataset {
  const cut = view.steps === undefined ? dataset : cutIntoSteps(dataset, view.steps);
  return view.window === undefined ? cut : lastSteps(cut, view.window);
}

/**
 * Data for tasks that are data sets, each with a transformation of its own; the record describes the first, its hash is that of all hashes.
 * @param config - of the run
 * @param sets - each prepared for a run without tasks, in their order
 * @throws ArgumentError when they differ in width or number of classes
 */
export function joinDatasets(
  config: TrainConfig,
  [first, ...further]: readonly PreparedData[],
): PreparedData {
  const { inputs, classes } = first.description;
  for (const { description } of further) {
    if (description.inputs === inputs && description.classes === classes) continue;
    const expected = `data sets of ${inputs} inputs and ${classes} classes, as ${first.description.name}`;
    const received = `${description.name} of ${description.inputs} and ${description.classes}`;
    throw new ArgumentError('tasks.others', expected, received, ['tasks', 'others']);
  }
  const hashes = [first, ...further].map(({ description }) => description.sha256);
  const joined = hex(sha256(hashes.join(' ')));
  return {
    ...first,
    key: preparedDataKey(config),
    description: { ...first.description, sha256: joined },
    further: further.map(({ task }) => task),
  };
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
