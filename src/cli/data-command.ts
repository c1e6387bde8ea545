import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { largest } from '../core/extremes.js';
import type { Dataset } from '../data/dataset.js';
import { listDatasets, loadDataset } from '../node/data/load.js';

/** `xnorlab data [name]`: lists data sets, or fetches and checks one. */
export function dataCommand(): CommandUnknownOpts {
  const command = new Command('data')
    .description('List the data sets, or fetch one if needed, check it and say what is in it.')
    .argument('[name]', 'the data set to fetch and check')
    .option('--data-dir <dir>', 'where data sets are looked for first')
    .option('--json', 'print one JSON document on stdout and nothing else there');
  command.action(async (name, { dataDir, json }) => {
    const answer =
      name === undefined ? await listDatasets({ dataDir }) : contents(await fetchDataset(name, dataDir));
    process.stdout.write(json ? `${JSON.stringify(answer, undefined, 2)}\n` : inWords(answer));
  });
  return command;
}

type DatasetContents = ReturnType<typeof contents>;
type Listing = Awaited<ReturnType<typeof listDatasets>>;

async function fetchDataset(name: string, dataDir: string | undefined): Promise<Dataset> {
  return loadDataset(name, {
    dataDir,
    onProgress: ({ file, receivedBytes, totalBytes }) => {
      if (!process.stderr.isTTY) return;
      const of = totalBytes === undefined ? '' : ` of ${(totalBytes / 1e6).toFixed(1)}`;
      process.stderr.write(`\r${file}: ${(receivedBytes / 1e6).toFixed(1)}${of} MB `);
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
