import '../rules/float-rules.js';
import type { Dataset } from '../data/dataset.js';
import { configuredRule } from '../rules/registry.js';
import type { TrainConfig } from '../training/config.js';
import {
  joinDatasets,
  type PreparedData,
  prepareDataset,
  preparedDataKey,
} from '../training/prepared-data.js';
import { defaultBinarizer } from '../training/task-data.js';
import { isSameLook, isSettled, lookAt, totalBytes } from './data/file-look.js';
import { type LoadOptions, type LocatedDataset, locateDataset } from './data/load.js';
import type { PackedSet } from './data/packed-set.js';
import { type KeptSource, PreparedCache, packedKey } from './data/prepared-cache.js';

/** Where data comes from. All optional. */
export interface PrepareOptions extends Pick<LoadOptions, 'dataDir' | 'download' | 'signal'> {
  /** Data that is loaded already; `config.dataset` must name it. */
  readonly dataset?: Dataset | undefined;
}

/** Less than this is read and packed in no time. */
const WORTH_KEEPING_BYTES = 2 ** 22;

/**
 * Loads the data set that a configuration names and brings it into the form that its rule is shown. Packed bits of large files are kept
 * in the user's cache folder: see `PreparedCache`.
 * @throws ArgumentError for a configuration that does not fit the data
 * @throws DataError for a data file that is missing or damaged
 */
export async function prepareData(config: TrainConfig, options: PrepareOptions = {}): Promise<PreparedData> {
  const { tasks, ...withoutTasks } = config;
  if (!tasks?.others) return prepareOne(config, options);
  const { dataset: _, ...toLoad } = options;
  const sets = [await prepareOne(withoutTasks, options)];
  for (const name of tasks.others) {
    sets.push(await prepareOne({ ...withoutTasks, dataset: { ...config.dataset, name } }, toLoad));
  }
  return joinDatasets(config, sets);
}

async function prepareOne(config: TrainConfig, options: PrepareOptions): Promise<PreparedData> {
  if (options.dataset) return prepareDataset(config, options.dataset);
  const { name, labelColumn, prototypes, window } = config.dataset;
  const { dataDir, download, signal } = options;
  const located = await locateDataset(name, { dataDir, download, signal, labelColumn, window, prototypes });
  const cache = await cacheFor(config, located);
  return cache ? prepareKept(config, located, cache) : prepareDataset(config, await located.load());
}

/** The cache, for data that it is worth while for. */
async function cacheFor(config: TrainConfig, { files }: LocatedDataset): Promise<PreparedCache | undefined> {
  if (files.length === 0 || configuredRule(config.rule).inputForm !== 'binarized') return undefined;
  const looks = await lookAt(files).catch(() => []);
  return totalBytes(looks) < WORTH_KEEPING_BYTES ? undefined : PreparedCache.ofUser();
}

/**
 * Files that look as they did when they were read last are not read again; all others are, and then what is kept of the same contents
 * is taken, wherever they came from.
 */
async function prepareKept(
  config: TrainConfig,
  located: LocatedDataset,
  cache: PreparedCache,
): Promise<PreparedData> {
  const { labelColumn, window } = config.dataset;
  // A window may decide what is read.
  const reading = window === undefined ? labelColumn : `${labelColumn ?? ''}, last ${window} steps`;
  const startMs = Date.now();
  const looks = await lookAt(located.files);
  const source = await cache.source(config.dataset.name, reading, looks);
  const keyByLooks = source && keyOf(config, source);
  const kept = keyByLooks && (await cache.packed(keyByLooks));
  if (source && kept) return assembled(config, source, kept);
  const dataset = await located.load();
  const key = keyOf(config, dataset);
  const same = key === keyByLooks ? undefined : await cache.packed(key);
  const prepared = same ? assembled(config, dataset, same) : prepareDataset(config, dataset);
  const { description, task, binarizer } = prepared;
  if (!same && binarizer) await cache.keepPacked(key, { description, task, binarizer });
  const isWhole = isSettled(looks, startMs) && isSameLook(looks, await lookAt(located.files));
  if (isWhole) await cache.keepSource(dataset, reading, looks);
  return prepared;
}

function keyOf({ dataset, binarizer, rule, seed }: TrainConfig, { sha256, shape }: KeptSource): string {
  const { limitTrain, protocol, steps, window } = dataset;
  const { thermometerLevels } = configuredRule(rule);
  const used = binarizer ?? defaultBinarizer(shape, thermometerLevels);
  // What is cut into steps has the default of a sequence.
  const levels = binarizer ? undefined : thermometerLevels;
  return packedKey(sha256, limitTrain, used, {
    ...(protocol && { division: { protocol, seed } }),
    ...((steps ?? window) !== undefined && { view: { steps, window, levels } }),
  });
}

/** Prepared data of what is kept by contents, with the names of its source. */
function assembled(config: TrainConfig, source: KeptSource, kept: PackedSet): PreparedData {
  const { name, classes, featureNames } = source;
  const { description, task, binarizer } = kept;
  return {
    key: preparedDataKey(config),
    description: { ...description, name },
    classes,
    ...(featureNames && { featureNames }),
    task,
    binarizer,
  };
}
