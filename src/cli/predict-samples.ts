import path from 'node:path';
import { checkChoice } from '../core/check.js';
import { ArgumentError, DataError } from '../core/errors.js';
import type { SplitName } from '../data/dataset.js';
import type { Model } from '../models/model.js';
import { isFile, isFolder } from '../node/data/file-access.js';
import { loadDataset } from '../node/data/load.js';
import { readSampleFile, type UnsortedSamples } from '../node/data/sample-file.js';
import { parseTrainConfig } from '../training/config.js';

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
}

/**
 * Loads the samples that a network is to classify. Labels are numbers of the network's classes.
 * @throws ArgumentError for a choice that is not there, DataError for files that are damaged or have other classes
 */
export async function chosenSamples(model: Model, choice: SampleChoice): Promise<NamedSamples> {
  const trained = parseTrainConfig(model.record.config).dataset;
  const { dataset: name = trained.name, split = 'test', labelColumn = trained.labelColumn } = choice;
  if (await isFile(name)) {
    if (choice.split !== undefined) throw new ArgumentError('split', 'none for a single file', choice.split);
    return { name, ...(await readSampleFile(name, { classes: model.classes, labelColumn })) };
  }
  checkChoice('split', split, ['train', 'validation', 'test']);
  const place = await placeOf(name, choice.dataDir);
  const dataset = await loadDataset(place.name, { ...place, labelColumn, prototypes: trained.prototypes });
  const samples = dataset[split];
  if (!samples) {
    throw new ArgumentError('split', `train or test, as ${name} has no validation samples`, split);
  }
  const { features, labels } = samples;
  return { name, split, features, labels: renumbered(labels, dataset.classes, model.classes, name) };
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

/** Labels as numbers of other classes of the same names. */
function renumbered(
  labels: Int32Array,
  from: readonly string[],
  to: readonly string[],
  source: string,
): Int32Array {
  return labels.map((label) => {
    const number = to.indexOf(from[label]);
    if (number >= 0) return number;
    throw new DataError(
      source,
      `has samples of class ${from[label]}, but the network knows ${to.join(', ')}`,
    );
  });
}
