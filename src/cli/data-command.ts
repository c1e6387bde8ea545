import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { ArgumentError } from '../core/errors.js';
import { largest } from '../core/extremes.js';
import type { Dataset } from '../data/dataset.js';
import { listDatasets, loadDataset } from '../node/data/load.js';
import { type CacheEntry, PreparedCache } from '../node/data/prepared-cache.js';
import { cachePath } from '../node/files/folders.js';
import { tellAgain, writeOut } from '../node/printing/terminal.js';

/** `xnorlab data [name]`: lists data sets, or fetches and checks one. */
export function dataCommand(): CommandUnknownOpts {
  const command = new Command('data')
    .description('List the data sets, or fetch one if needed, check it and say what is in it.')
    .argument('[name]', 'the data set to fetch and check')
    .option('--data-dir <dir>', 'where data sets are looked for first')
    .option('--cache', 'list the packed sets in your cache folder')
    .option('--clear-cache', 'remove them; downloads stay')
    .option('--json', 'print one JSON document on stdout and nothing else there');
  command.action(async (name, { dataDir, cache, clearCache, json }) => {
    if (cache || clearCache) {
      if (name !== undefined) throw new ArgumentError('name', 'none with --cache and --clear-cache', name);
      const answer = await lookAtCache(clearCache === true);
      writeOut(json ? `${JSON.stringify(answer, undefined, 2)}\n` : cacheInWords(answer));
      return;
    }
    const answer =
      name === undefined ? await listDatasets({ dataDir }) : contents(await fetchDataset(name, dataDir));
    writeOut(json ? `${JSON.stringify(answer, undefined, 2)}\n` : inWords(answer));
  });
  return command;
}

interface CacheAnswer {
  readonly folder: string;
  /** Whether the entries were removed. */
  readonly cleared: boolean;
  readonly entries: readonly CacheEntry[];
}

async function lookAtCache(cleared: boolean): Promise<CacheAnswer> {
  const cache = new PreparedCache(cachePath('prepared'));
  const entries = await cache.entries();
  if (cleared) await cache.clear();
  return { folder: cache.folder, cleared, entries };
}

function cacheInWords({ folder, cleared, entries }: CacheAnswer): string {
  const megabytes = (sizeBytes: number): string => `${(sizeBytes / 1e6).toFixed(1)} MB`;
  const total = megabytes(entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  const sum = `${entries.length} packed sets, ${total}, ${cleared ? 'removed from' : 'in'} ${folder}\n`;
  if (cleared) return sum;
  const lines = entries.map(({ dataset = '(damaged)', sizeBytes, lastUsed }) => {
    return `${dataset}  ${megabytes(sizeBytes)}  used ${lastUsed.toISOString().slice(0, 10)}\n`;
  });
  return [...lines, sum].join('');
}

type DatasetContents = ReturnType<typeof contents>;
type Listing = Awaited<ReturnType<typeof listDatasets>>;

async function fetchDataset(name: string, dataDir: string | undefined): Promise<Dataset> {
  return loadDataset(name, {
    dataDir,
    onProgress: ({ file, receivedBytes, totalBytes }) => {
      if (!process.stderr.isTTY) return;
      const of = totalBytes === undefined ? '' : ` of ${(totalBytes / 1e6).toFixed(1)}`;
      tellAgain(`${file}: ${(receivedBytes / 1e6).toFixed(1)}${of} MB`);
    },
  });
}

function contents({ name, classes, shape, train, validation, test, sha256, files }: Dataset) {
  return {
    name,
    classes,
    shape,
    trainSamples: train.labels.length,
    validationSamples: validation?.labels.length ?? 0,
    testSamples: test.labels.length,
    sha256,
    files,
  };
}

function inWords(answer: DatasetContents | Listing): string {
  if (Array.isArray(answer)) {
    const width = largest(answer.map(({ name }) => name.length));
    return answer
      .map(
        ({ name, status, folder, note }) => `${name.padEnd(width)}  ${status.padEnd(9)}  ${folder ?? note}\n`,
      )
      .join('');
  }
  return Object.entries(answer as DatasetContents)
    .map(([key, value]) => `${key}: ${typeof value === 'object' ? JSON.stringify(value) : value}\n`)
    .join('');
}
