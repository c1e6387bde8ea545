import path from 'node:path';
import { z } from 'zod';
import { checkChoice } from '../core/check.js';
import { ArgumentError, DataError } from '../core/errors.js';
import type { SplitName } from '../data/dataset.js';
import { permuteFeatures } from '../data/permute-features.js';
import type { PrototypesOptions } from '../data/prototypes.js';
import { matchColumns, shapeMismatch } from '../models/match-features.js';
import type { Model } from '../models/model.js';
import { isFile, isFolder } from '../node/data/file-access.js';
import { loadDataset } from '../node/data/load.js';
import { readSampleFile, type UnsortedSamples } from '../node/data/sample-file.js';

/** Which samples a network is to classify. */
export interface SampleChoice {
  /** Name of a data set, path of a folder with one, or path of a file of samples. Default: what it was trained on. */
  readonly dataset?: string | undefined;
  /** Part of a data set. Default `test`. */
  readonly split?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly labelColumn?: string | undefined;
}

/** Samples, with what they are called. */
export interface NamedSamples extends UnsortedSamples {
  readonly name: string;
  /** Absent for a single file. */
  readonly split?: SplitName;
  /** Why columns were taken in the order that they came in, where names were to be had on one side only. */
  readonly byPosition?: string;
}

/** What is needed of the configuration of a run, whatever its rule. */
const trainedOn = z.looseObject({
  dataset: z.looseObject({
    name: z.string(),
    labelColumn: z.string().optional(),
    window: z.number().optional(),
    prototypes: z.custom<PrototypesOptions>((value) => typeof value === 'object').optional(),
  }),
});

/**
 * Loads the samples that a network is to classify: columns in the order that it was trained on, labels as numbers of its classes.
 * Columns are found by their names where the network and the samples have some.
 * @throws ArgumentError for a choice that is not there, DataError for files that are damaged or have other classes or columns
 */
export async function chosenSamples(model: Model, choice: SampleChoice): Promise<NamedSamples> {
  const trained = trainedOn.parse(model.record.config).dataset;
  const { dataset: name = trained.name, split = 'test', labelColumn = trained.labelColumn } = choice;
  if (await isFile(name)) {
    if (choice.split !== undefined) throw new ArgumentError('split', 'none for a single file', choice.split);
    const samples = await readSampleFile(name, { classes: model.classes, labelColumn });
    return { name, ...inTrainedOrder(model, samples, name) };
  }
  checkChoice('split', split, ['train', 'validation', 'test']);
  const place = await placeOf(name, choice.dataDir);
  const { prototypes, window } = trained;
  const dataset = await loadDataset(place.name, { ...place, labelColumn, window, prototypes });
  const samples = dataset[split];
  if (!samples) {
    throw new ArgumentError('split', `train or test, as ${name} has no validation samples`, split);
  }
  const { featureNames } = dataset;
  const named = {
    features: samples.features,
    shape: dataset.shape,
    labels: renumbered(samples.labels, dataset.classes, model.classes, name),
    ...(featureNames && { featureNames }),
  };
  return { name, split, ...inTrainedOrder(model, named, name) };
}

/** A folder is a data set of its name in the folder above. */
async function placeOf(
  name: string,
  dataDir: string | undefined,
): Promise<{ name: string; dataDir?: string }> {
  if (!/[/\\]/.test(name)) return { name, ...(dataDir !== undefined && { dataDir }) };
  if (!(await isFolder(name))) throw new ArgumentError('dataset', 'a folder or file that is there', name);
  const folder = path.resolve(name);
  return { name: path.basename(folder), dataDir: path.dirname(folder) };
}

/** @throws DataError when names or shapes do not fit */
function inTrainedOrder(
  { featureNames: known, record }: Model,
  samples: UnsortedSamples,
  source: string,
): UnsortedSamples & Pick<NamedSamples, 'byPosition'> {
  const { featureNames: given } = samples;
  const { shape } = record.dataset;
  if (!known || !given) {
    const mismatch = shape && samples.shape && shapeMismatch(shape, samples.shape);
    if (mismatch) throw new DataError(source, mismatch);
    if (!known && !given) return samples;
    const byPosition = known
      ? `${source} has no names of columns`
      : 'the network was trained on columns without names';
    return { ...samples, byPosition };
  }
  const match = matchColumns(known, given);
  if ('mismatch' in match) throw new DataError(source, match.mismatch);
  return { ...samples, features: permuteFeatures(samples.features, match.order) };
}

/** Labels as numbers of other classes of the same names. */
function renumbered(
  labels: Int32Array,
  from: readonly string[],
  to: readonly string[],
  source: string,
): Int32Array {
  const numbers = from.map((name) => to.indexOf(name));
  return labels.map((label) => {
    const number = numbers[label];
    if (number >= 0) return number;
    throw new DataError(
      source,
      `has samples of class ${from[label]}, but the network knows ${to.join(', ')}`,
    );
  });
}
