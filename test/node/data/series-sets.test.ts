import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { vector } from '../../../src/core/shape.js';
import { sha256Of } from '../../../src/node/data/file-access.js';
import { listDatasets, loadDataset } from '../../../src/node/data/load.js';
import { loadModel, saveModel } from '../../../src/node/models/model-file.js';
import { train } from '../../../src/node/train.js';
import { errorOf, rowsOf, temporaryFolder, writeFiles } from '../../data/helpers.js';

const TRAIN = '1\t1\t2\t3\n2\t4\t5\t6\n1\t0\t1\t2\n2\t7\t7\t8\n';
const TEST = '2\t7\t8\t9\n1\t0\t0\t1\n';
const TS = '@classLabel true a b\n@data\n1,2,3:4,5,6:a\n8,9:6,7:b\n';

async function folderWith(name: string, files: Record<string, string | Uint8Array>): Promise<string> {
  const dataDir = await temporaryFolder();
  await writeFiles(path.join(dataDir, name), files);
  return dataDir;
}

const RULE = { name: 'bep-tt', layers: [15, 10], groupSize: 5, expansion: 20 } as const;

describe('series in a folder of their name', () => {
  it('are those of the UCR archive, packed or not', async () => {
    const plain = await folderWith('Own', { 'Own_TRAIN.tsv': TRAIN, 'Own_TEST.tsv': TEST });
    const packed = await folderWith('Own', {
      'Own_TRAIN.tsv.gz': gzipSync(TRAIN),
      'Own_TEST.tsv.gz': gzipSync(TEST),
    });
    const [one, other] = await Promise.all([plain, packed].map((dataDir) => loadDataset('Own', { dataDir })));
    expect(one.shape).toEqual({ kind: 'sequence', steps: 3, of: vector(1) });
    expect([one.train.labels.length, one.test.labels.length]).toEqual([4, 2]);
    expect(other.sha256).toBe(one.sha256);
  });

  it('are those of the UEA archive, cut to a window where they are of different lengths', async () => {
    const dataDir = await folderWith('Vowels', { 'Vowels_TRAIN.ts': TS, 'Vowels_TEST.ts.gz': gzipSync(TS) });
    const { shape, train: samples } = await loadDataset('Vowels', { dataDir, window: 2 });
    expect(shape).toEqual({ kind: 'sequence', steps: 2, of: vector(2) });
    expect(rowsOf(samples.features)[0]).toEqual([2, 5, 3, 6]);
    const error = await errorOf(() => loadDataset('Vowels', { dataDir }));
    expect([error.name, error.message]).toEqual([
      'DataError',
      expect.stringMatching(/Vowels_TRAIN\.ts: line 4: a series of 2 steps, but line 3 has 3: say how many/),
    ]);
  });

  it('are found in folders of whole archives', async () => {
    const dataDir = await temporaryFolder();
    await writeFiles(path.join(dataDir, 'ucr', 'Own'), { 'Own_TRAIN.tsv': TRAIN, 'Own_TEST.tsv': TEST });
    expect((await loadDataset('Own', { dataDir })).train.labels).toHaveLength(4);
    expect(await listDatasets({ dataDir })).toContainEqual(
      expect.objectContaining({ name: 'Own', status: 'found', folder: path.join(dataDir, 'ucr', 'Own') }),
    );
  });

  it('are refused where the files for testing are missing', async () => {
    const dataDir = await folderWith('Own', { 'Own_TRAIN.tsv': TRAIN });
    const error = await errorOf(() => loadDataset('Own', { dataDir }));
    expect([error.name, error.message]).toEqual(['DataError', expect.stringContaining('Own_TEST.tsv')]);
  });

  it('train a recurrent network that is shown a thermometer of their last steps', async () => {
    const dataDir = await folderWith('Own', { 'Own_TRAIN.tsv': TRAIN, 'Own_TEST.tsv': TEST });
    const run = await train({ dataset: { name: 'Own', window: 2 }, rule: RULE, epochs: 2 }, { dataDir });
    const { config, dataset } = run.record;
    expect(config).toMatchObject({
      binarizer: { kind: 'thermometer', levels: 10, thresholds: 'quantile' },
    });
    expect(dataset).toMatchObject({ features: 2, inputs: 20, shape: { kind: 'sequence', steps: 2 } });
    expect(run.network).toMatchObject({ kind: 'recurrent', steps: 2 });
    const file = path.join(dataDir, 'model.xnor');
    await saveModel(run, file);
    const loaded = await loadModel(file);
    const { test } = await loadDataset('Own', { dataDir });
    // Whole series: what lies before the window is left out by the model.
    expect(test.features.columns).toBe(3);
    expect(await loaded.predict(test.features)).toEqual(await run.predict(test.features));
    expect(loaded.network).toEqual(run.network);
  });

  it('refuses a window that is longer than the series', async () => {
    const dataDir = await folderWith('Own', { 'Own_TRAIN.tsv': TRAIN, 'Own_TEST.tsv': TEST });
    const error = await errorOf(() =>
      train({ dataset: { name: 'Own', window: 4 }, rule: RULE }, { dataDir }),
    );
    expect(error.message).toBe('dataset.window: expected at most the 3 steps of Own, got 4');
  });
});

/** Name, training series, test series, steps × channels, classes, first characters of both hashes. */
const ROW = /^\| (\w+) \| ([\d,]+) \| ([\d,]+) \| ([^|]+) \| (\d+) \| `(\w+)…` \| `(\w+)…` \|$/gm;
const listed = [
  ...readFileSync(path.resolve(__dirname, '../../../data/README.md'), 'utf8').matchAll(ROW),
].map(([, name, train, test, size, classes, ...hashes]) => ({
  name,
  counts: [train, test, classes].map((count) => Number(count.replace(',', ''))),
  size,
  hashes,
}));

describe.each(listed)('$name of the table in data/README.md', ({ name, counts, size, hashes }) => {
  it('is what it says, where it is on this machine', async (context) => {
    const found = (await listDatasets()).find((set) => set.name === name);
    const folder = found?.status === 'found' ? found.folder : undefined;
    if (folder === undefined) return context.skip();
    const hashesHere = ['TRAIN', 'TEST'].map((part) => {
      const file = readdirSync(folder).find((each) => each.startsWith(`${name}_${part}.`)) ?? '';
      const bytes = readFileSync(path.join(folder, file));
      return sha256Of(file.endsWith('.gz') ? gunzipSync(bytes) : bytes).slice(0, hashes[0].length);
    });
    expect(hashesHere).toEqual(hashes);
    const [steps, channels = '1'] = size.split(' × ');
    // Of series of different lengths as many of the last steps as all have.
    const shortest = Number(steps.split('–')[0]);
    const { train: trained, test, classes, shape } = await loadDataset(name, { window: shortest });
    expect([trained.labels.length, test.labels.length, classes.length]).toEqual(counts);
    expect(shape).toEqual({ kind: 'sequence', steps: shortest, of: vector(Number(channels)) });
  });
});

it('the table lists as many sets as there are', () => expect(listed).toHaveLength(15));
