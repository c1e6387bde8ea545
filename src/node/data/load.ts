import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { ArgumentError, EnvironmentError } from '../../core/errors.js';
import { provideSha256 } from '../../core/sha256.js';
import type { Dataset } from '../../data/dataset.js';
import { knownDatasets } from '../../data/known/catalog.js';
import type { KnownDataset } from '../../data/known/known-dataset.js';
import { generatePrototypes, PROTOTYPES, type PrototypesOptions } from '../../data/prototypes.js';
import { type DownloadProgress, downloadFiles, handRemedy } from './download.js';
import { checkSha256, readSource } from './file-access.js';
import {
  describeFolders,
  findKnownFiles,
  findOwn,
  listOwn,
  type SearchFolders,
  searchFolders,
} from './locate.js';
import { loadOwnDataset, ownFiles, sourceOf } from './own-dataset.js';

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
  /** The column with the class, of a table; of CIFAR-100 `fine_labels` or `coarse_labels`. Default: what the format says. */
  readonly labelColumn?: string | undefined;
  /** How many of the last steps are read of series of different lengths, which have to be cut to one. */
  readonly window?: number | undefined;
}

/**
 * Loads a data set by name:
 * - `prototypes` is generated
 * - a known set (`knownDatasets`: `fashion-mnist`, `mnist` and others) is looked for and, if absent, downloaded; its contents are checked
 * - any other name is a folder, table or archive of the user's, see `loadOwnDataset`
 *
 * Looked for in `dataDir`, `$XNORLAB_DATA`, `data/` of the user's project, then the user's cache folder; the first folder of that
 * name counts, and for known sets the first of each file. What a known set lacks is downloaded into `dataDir`, or into the cache folder.
 * @throws ArgumentError for a name that is none of these or an option out of range; DataError for files that are
 *   damaged or not what their name says; EnvironmentError when a set is absent and cannot be fetched, saying which
 *   file to put where; InterruptedError when `signal` says so
 */
export async function loadDataset(name: string, options: LoadOptions = {}): Promise<Dataset> {
  return (await locateDataset(name, options)).load();
}

/** A data set that was found, and not read yet. */
export interface LocatedDataset {
  /** All files that decide what it holds, also those that are not there but would be read if they were; none for a generated set. */
  readonly files: readonly string[];
  load(): Promise<Dataset>;
}

/** Finds what `loadDataset` loads, after a download if need be. @throws as `loadDataset`, but not for what stands in the files */
export async function locateDataset(name: string, options: LoadOptions = {}): Promise<LocatedDataset> {
  if (name === PROTOTYPES) return { files: [], load: async () => generatePrototypes(options.prototypes) };
  const places = await searchFolders(options.dataDir);
  const known = knownDatasets().find((dataset) => dataset.name === name);
  if (known) {
    const paths = await obtainKnown(known, places, options);
    return { files: [...paths.values()], load: () => loadKnown(known, paths) };
  }
  const own = await findOwn(name, places);
  if (own) {
    const { labelColumn, window } = options;
    return { files: await ownFiles(own), load: () => loadOwnDataset(name, own, { labelColumn, window }) };
  }
  const names = [PROTOTYPES, ...knownDatasets().map((dataset) => dataset.name)].join(', ');
  const folders = await describeFolders(places.folders);
  throw new ArgumentError('dataset', `one of ${names} or a folder in ${folders}`, name);
}

async function loadKnown(known: KnownDataset, paths: ReadonlyMap<string, string>): Promise<Dataset> {
  const sources = await Promise.all(
    known.files.map(async ({ name, sha256 }) => {
      const source = await readSource(paths.get(name) ?? name);
      checkSha256(source, sha256, `${name} of ${known.name}`);
      return [name, source] as const;
    }),
  );
  const byName = new Map(sources);
  return known.assemble((name) => sourceOf(byName, name));
}

/**
 * The paths of all files of a known set, after a download if need be.
 * @throws as `loadDataset`
 */
export async function obtainKnown(
  known: KnownDataset,
  places: SearchFolders,
  { download = true, mirror = known.download?.address, onProgress, signal }: LoadOptions,
): Promise<ReadonlyMap<string, string>> {
  const found = await findKnownFiles(known, places);
  const files = known.files.filter(({ name }) => !found.has(name));
  if (files.length === 0) return found;
  const folder = join(places.downloads, known.name);
  const lookedIn = await describeFolders(places.folders);
  if (!download || mirror === undefined) {
    const names = files.map(({ name }) => name);
    const source = known.download ? '' : `; it is published at ${known.homepage}`;
    const problem = `${known.name} is not on this machine (looked in ${lookedIn})${source}`;
    throw new EnvironmentError(problem, handRemedy(known.name, folder, names));
  }
  const baseUrl = mirror.replace(/\/+$/, '');
  await downloadFiles({ name: known.name, baseUrl, folder, files, lookedIn, onProgress, signal });
  return findKnownFiles(known, places);
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
  const known = await Promise.all(knownDatasets().map((dataset) => summarizeKnown(dataset, places)));
  const taken = new Set([
    PROTOTYPES,
    ...knownDatasets().flatMap(({ name, otherFolders = [] }) => [name, ...otherFolders]),
  ]);
  const own = [...(await listOwn(places))].filter(([name]) => !taken.has(name));
  const ownNote = 'your own';
  return [
    generated,
    ...known,
    ...own.map(([name, folder]): DatasetSummary => ({ name, status: 'found', folder, note: ownNote })),
  ];
}

async function summarizeKnown(known: KnownDataset, places: SearchFolders): Promise<DatasetSummary> {
  const { name, title, files, download, homepage } = known;
  const found = await findKnownFiles(known, places);
  const [first] = found.values();
  if (found.size === files.length && first !== undefined) {
    return { name, status: 'found', folder: dirname(first), note: title };
  }
  const folder = join(places.downloads, name);
  const how = download
    ? `downloaded to ${folder} at first use (${download.megabytes} MB)`
    : `to be put into ${folder} from ${homepage}`;
  return { name, status: 'absent', note: `${title}; ${how}` };
}
