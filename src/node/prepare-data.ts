import '../rules/float-rules.js';
import type { Dataset } from '../data/dataset.js';
import type { TrainConfig } from '../training/config.js';
import { type PreparedData, prepareDataset } from '../training/prepared-data.js';
import { type LoadOptions, loadDataset } from './data/load.js';

/** Where data comes from. All optional. */
export interface PrepareOptions extends Pick<LoadOptions, 'dataDir' | 'download' | 'signal'> {
  /** Data that is loaded already; `config.dataset` must name it. */
  readonly dataset?: Dataset | undefined;
}

/**
 * Loads the data set that a configuration names and brings it into the form that its rule is shown.
 * @throws ArgumentError for a configuration that does not fit the data
 * @throws DataError for a data file that is missing or damaged
 */
export async function prepareData(config: TrainConfig, options: PrepareOptions = {}): Promise<PreparedData> {
  return prepareDataset(config, options.dataset ?? (await loadConfigured(config, options)));
}

function loadConfigured({ dataset }: TrainConfig, options: PrepareOptions): Promise<Dataset> {
  const { name, labelColumn, prototypes } = dataset;
  const { dataDir, download, signal } = options;
  return loadDataset(name, { dataDir, download, signal, labelColumn, prototypes });
}
