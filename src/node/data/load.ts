import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ArgumentError, EnvironmentError } from '../../core/errors.js';
import { provideSha256 } from '../../core/sha256.js';
import { loadCsvDataset } from '../../data/csv.js';
import type { Dataset } from '../../data/dataset.js';
import { loadNpyDataset } from '../../data/npy.js';
import { generatePrototypes, type PrototypesOptions } from '../../data/prototypes.js';
import { KNOWN_DATASETS, type KnownDataset, PROTOTYPES } from './catalog.js';
import { type DownloadProgress, downloadFiles, handRemedy } from './download.js';
import { IDX_FILES, loadIdxDataset } from './idx-dataset.js';
import {
  findKnown,
  findOwn,
  type KnownFolder,
  listOwn,
  type SearchFolders,
  searchFolders,
} from './locate.js';

// Several times as fast as the portable one: what is loaded here can be large.
provideSha256(() => createHash('sha256'));

/** How `loadDataset` finds a data set and reads it. All optional. */
export interface LoadOptions {
  /** A folder that holds data sets, each in a folder of its name; looked at first and downloaded into. */
  readonly dataDir?: string | undefined;
  /** Whether a known set that is nowhere to be found is fetched from its publisher. Default true. */
  readonly download?: boolean | undefined;
  /**
   * Address to fetch a known set from instead of its publisher: `<mirror>/train-images-idx3-ubyte.gz` and so on.
   * What comes from there must have the same contents.
   */
  readonly mirror?: string | undefined;
  /** Called while files are downloaded, after every piece received. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Ends a download with an InterruptedError. */
  readonly signal?: AbortSignal | undefined;
  /** Settings of the generated set `prototypes`; ignored for others. */
  readonly prototypes?: PrototypesOptions | undefined;
  /** The column with the class of a CSV set. Default `label`. */
  readonly labelColumn?: string | undefined;
}

/**
 * Loads a data set by name:
 * - `prototypes` is generated
 * - `fashion-mnist` and `mnist` are looked for and, if absent, downloaded with a check of their contents: 50,000
 *   training, 10,000 validation and 10,000 test images
 * - any other name is a folder of the user's, with .npy (see `loadNpyDataset`) or .csv files (`loadCsvDataset`)
 *
 * Looked for in `dataDir`, `$XNORLAB_DATA`, the project's `data/`, then `../shared/data`; the first folder of that
 * name counts. A known set that is there in part is completed by a download of the rest.
 * @throws ArgumentError for a name that is none of these or an option out of range; DataError for files that are
 *   damaged or not what their name says; EnvironmentError when a set is absent and cannot be fetched, saying which
 *   file to put where; InterruptedError when `signal` says so
 */
export async function loadDataset(name: string, options: LoadOptions = {}): Promise<Dataset> {
  if (name === PROTOTYPES) return generatePrototypes(options.prototypes);
  const places = await searchFolders(options.dataDir);
  const known = KNOWN_DATASETS.find((dataset) => dataset.name === name);
  if (known) return loadIdxDataset(known, await obtainKnown(known, places, options));
  const own = await findOwn(name, places);
  if (!own) {
    const names = [PROTOTYPES, ...KNOWN_DATASETS.map((dataset) => dataset.name)].join(', ');
    throw new ArgumentError('dataset', `one of ${names} or a folder in ${places.folders.join(', ')}`, name);
  }
  return own.format === 'npy'
    ? loadNpyDataset(name, own.folder)
    : loadCsvDataset(name, own.folder, { labelColumn: options.labelColumn });
}

/**
 * The folder with all files of a known set, after a download if need be.
 * @throws as `loadDataset`
 */
export async function obtainKnown(
  known: KnownDataset,
  places: SearchFolders,
  { download = true, mirror = known.publisher, onProgress, signal }: LoadOptions,
): Promise<string> {
  const absent: KnownFolder = { folder: join(places.downloads, known.name), missing: IDX_FILES };
  const { folder, missing } = (await findKnown(known.name, places)) ?? absent;
  if (missing.length === 0) return folder;
  if (!download) {
    const remedy = handRemedy(known.name, folder, missing);
    throw new EnvironmentError(`${known.name} is not on this machine`, remedy);
  }
  const files = missing.map((name) => ({ name, sha256: known.sha256[name] }));
  const baseUrl = mirror.replace(/\/+$/, '');
  await downloadFiles({ name: known.name, baseUrl, folder, files, onProgress, signal });
  return folder;
}

/** One line of `xnorlab data`. */
export interface DatasetSummary {
  readonly name: string;
  /** `generated` from a seed, `found` on this machine, or `absent` and downloaded at first use. */
  readonly status: 'generated' | 'found' | 'absent';
  /** The folder it was found in; only if found. */
  readonly folder?: string;
  /** What it is or how to get it, without a full stop. */
  readonly note: string;
}

/**
 * All data sets that `loadDataset` can load here: the generated one, the known ones, then one's own by look-up order.
 * Looks for files, but reads none.
 * @throws ArgumentError when `dataDir` is no folder, EnvironmentError when `$XNORLAB_DATA` is none
 */
export async function listDatasets(options: Pick<LoadOptions, 'dataDir'> = {}): Promise<DatasetSummary[]> {
  const places = await searchFolders(options.dataDir);
  const generated: DatasetSummary = {
    name: PROTOTYPES,
    status: 'generated',
    note: 'noisy copies of 10 random ±1 patterns, generated from a seed',
  };
  const known = await Promise.all(KNOWN_DATASETS.map((dataset) => summarizeKnown(dataset, places)));
  const taken = new Set([generated, ...known].map(({ name }) => name));
  const own = [...(await listOwn(places))].filter(([name]) => !taken.has(name));
  const ownNote = 'your own';
  return [
    generated,
    ...known,
    ...own.map(([name, folder]): DatasetSummary => ({ name, status: 'found', folder, note: ownNote })),
  ];
}

async function summarizeKnown(known: KnownDataset, places: SearchFolders): Promise<DatasetSummary> {
  const found = await findKnown(known.name, places);
  if (found?.missing.length === 0) {
    return { name: known.name, status: 'found', folder: found.folder, note: known.title };
  }
  const folder = found?.folder ?? join(places.downloads, known.name);
  const note = `${known.title}; downloaded to ${folder} at first use (${known.downloadMegabytes} MB)`;
  return { name: known.name, status: 'absent', note };
}
