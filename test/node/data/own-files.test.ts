import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { joinTransformation } from '../../../src/models/model-bytes.js';
import { listDatasets, loadDataset, locateDataset } from '../../../src/node/data/load.js';
import { loadModel, saveModel } from '../../../src/node/models/model-file.js';
import { train } from '../../../src/node/train.js';
import { cifarArchive } from '../../data/cifar-archive.js';
import { errorOf, npyBytes, temporaryFolder, writeFiles } from '../../data/helpers.js';

const TABLE = Array.from(
  { length: 40 },
  (_, i) => `${i},${(i * 7) % 11},${i % 3 ? 'red' : 'blue'},${i % 2 ? 'no' : 'yes'}`,
).join('\n');

async function folderWith(files: Record<string, string | Uint8Array>): Promise<string> {
  const dataDir = await temporaryFolder();
  await writeFiles(dataDir, files);
  return dataDir;
}

const archive = zipSync({
  'x.npy': npyBytes('|u1', [10, 1], Uint8Array.from(Array(10).keys())),
  'y.npy': npyBytes(
    '|u1',
    [10],
    Uint8Array.from(Array(10).keys(), (i) => i % 2),
  ),
});

describe('tables and archives', () => {
  it.each<[string, string, Record<string, string | Uint8Array>, readonly string[]]>([
    ['a table', 'iris', { 'iris.dat': TABLE }, ['iris.dat']],
    ['a packed table', 'iris', { 'iris.arff.gz': gzipSync(TABLE) }, ['iris.arff.gz']],
    ['a table of UCI', 'iris', { 'iris.data': TABLE, 'iris.names': 'about it' }, ['iris.data']],
    ['a table in a folder of its name', 'iris', { 'iris/other.dat': TABLE }, ['iris/other.dat']],
    ['an archive', 'own', { 'own.npz': archive }, ['own.npz']],
    ['an archive in a folder of its name', 'own', { 'own/data.npz': archive }, ['own/data.npz']],
    [
      'two tables',
      'iris',
      { 'iris-train.dat': TABLE, 'iris-test.dat': TABLE },
      ['iris-train.dat', 'iris-test.dat'],
    ],
    [
      'two tables as Weka names them',
      'Iris',
      { 'Iris/Iris_TEST.arff': TABLE, 'Iris/Iris_TRAIN.arff': TABLE },
      ['Iris/Iris_TRAIN.arff', 'Iris/Iris_TEST.arff'],
    ],
    [
      'two tables named after parts',
      'own',
      { 'own/train.dat': TABLE, 'own/test.dat': TABLE },
      ['own/train.dat', 'own/test.dat'],
    ],
    [
      'a fold of KEEL',
      'iris-5-2',
      Object.fromEntries(
        ['1tra', '1tst', '2tra', '2tst'].map((part) => [`iris-5-fold/iris-5-${part}.dat`, TABLE]),
      ),
      ['iris-5-fold/iris-5-2tra.dat', 'iris-5-fold/iris-5-2tst.dat'],
    ],
    ['a table whose name only ends like a part', 'contest', { 'contest.dat': TABLE }, ['contest.dat']],
  ])('%s is found', async (_, name, files, expected) => {
    const dataDir = await folderWith(files);
    const data = await loadDataset(name, { dataDir });
    const paths = expected.map((file) => path.join(dataDir, file));
    expect(data.files).toEqual(paths);
    expect((await locateDataset(name, { dataDir })).files).toEqual(expect.arrayContaining(paths));
    const listed = (await listDatasets({ dataDir })).filter(({ folder }) => folder?.startsWith(dataDir));
    expect(listed.map((one) => one.name)).toContain(name);
  });

  it.each<[string, string, Record<string, string>, string]>([
    [
      'two tables of one name',
      'iris',
      { 'iris.dat': TABLE, 'iris.arff': TABLE },
      ': holds both iris.arff and iris.dat: remove one',
    ],
    [
      'two tables in a folder',
      'own',
      { 'own/a.dat': TABLE, 'own/b.dat': TABLE },
      '/own: holds both a.dat and b.dat: load one by its name, a, b',
    ],
    [
      'a folder of folds',
      'iris-5-fold',
      Object.fromEntries(
        ['1tra', '1tst', '2tra', '2tst'].map((part) => [`iris-5-fold/iris-5-${part}.dat`, TABLE]),
      ),
      '/iris-5-fold: holds both iris-5-1tra.dat and iris-5-2tra.dat: load one by its name, iris-5-1, iris-5-2',
    ],
    [
      'a table for training alone',
      'own',
      { 'own-train.dat': TABLE },
      '/own-train.dat: is a table for training without one for testing beside it',
    ],
    [
      'a table for testing alone',
      'own',
      { 'own/tst.dat': TABLE },
      '/own/tst.dat: is a table for testing without one for training beside it',
    ],
  ])('%s is refused', async (_, name, files, problem) => {
    const dataDir = await folderWith(files);
    const error = await errorOf(() => loadDataset(name, { dataDir }));
    expect([error.name, error.message]).toEqual(['DataError', dataDir + problem]);
  });

  it('are sets of their own names where a folder holds several', async () => {
    const dataDir = await folderWith({
      'keel/a.dat': TABLE,
      'keel/b.dat': TABLE,
      'b/x.dat': TABLE,
      'c.dat': TABLE,
    });
    const listed = (await listDatasets({ dataDir })).filter(({ folder }) => folder?.startsWith(dataDir));
    expect(listed.map(({ name, folder }) => [name, folder])).toEqual([
      ['b', `${dataDir}/b`],
      ['c', dataDir],
      ['a', `${dataDir}/keel`],
    ]);
    expect((await loadDataset('a', { dataDir })).files).toEqual([`${dataDir}/keel/a.dat`]);
    expect((await loadDataset('b', { dataDir })).files).toEqual([`${dataDir}/b/x.dat`]);
  });
});

describe('CIFAR', () => {
  it.each(['cifar-10-batches-bin', 'cifar-10-batches-py', 'cifar-100-binary', 'cifar-100-python'])(
    '%s is found, in a folder of its own and as it was unpacked',
    async (folder) => {
      const files = Object.entries(cifarArchive(folder));
      const under = (place: string): Record<string, Uint8Array> =>
        Object.fromEntries(files.map(([name, bytes]) => [`${place}/${name}`, bytes]));
      const dataDir = await folderWith({ ...under(folder), ...under(`cifar/${folder}`), ...under('own') });
      const hashes = [];
      for (const name of [folder, 'cifar', 'own']) hashes.push((await loadDataset(name, { dataDir })).sha256);
      expect(new Set(hashes).size).toBe(1);
      if (folder.startsWith('cifar-100')) {
        const { classes } = await loadDataset('own', { dataDir, labelColumn: 'coarse_labels' });
        expect(classes).toEqual(['insect', 'mammal']);
      }
    },
  );

  it('lacks a batch', async () => {
    const { 'data_batch_4.bin': _, ...files } = cifarArchive('cifar-10-batches-bin');
    const dataDir = await folderWith(
      Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`own/${name}`, bytes])),
    );
    const error = await errorOf(() => loadDataset('own', { dataDir }));
    expect(error.message).toBe(`${dataDir}/own/data_batch_4.bin: is missing`);
  });
});

describe('a network for a table with categories', () => {
  const common = {
    dataset: { name: 'own', protocol: { kind: 'holdout', heldOut: 0.25, from: 'all' } },
    epochs: 1,
    batchSize: 10,
  } as const;

  it('has several bits for each number and one for each category, and is saved with them', async () => {
    const dataDir = await folderWith({ 'own.dat': TABLE });
    const model = await train(
      {
        ...common,
        rule: { name: 'local-error', layers: [10], groupSize: 5, output: 'single-unit' },
        binarizer: { kind: 'thermometer', levels: 4, thresholds: 'quantile' },
      },
      { dataDir },
    );
    // 2 numbers with 4 bits each, 2 colours; 40 samples divided anew.
    const expected = { features: 4, inputs: 10, trainSamples: 30, testSamples: 10 };
    expect(model.record.dataset).toMatchObject(expected);
    const file = path.join(dataDir, 'net.model');
    await saveModel(model, file);
    const saved = await loadModel(file);
    const { test } = await loadDataset('own', { dataDir });
    expect(await saved.predict(test.features)).toEqual(await model.predict(test.features));
    await expect(model.export(path.join(dataDir, 'net.npz'))).rejects.toThrow(
      "model: expected one whose features all have as many bits, no thermometer beside columns of categories, got '2 of 4 features with several'",
    );
  });

  it('is refused with thresholds of another', () => {
    const config = { kind: 'thermometer', levels: 4, thresholds: 'quantile' } as const;
    const content = { inputForm: 'binarized', config, inputColumns: 4, takesBits: false } as const;
    const joined = (thresholds: number): unknown =>
      joinTransformation(content, { thresholds: new Float64Array(thresholds) });
    // 2 numbers and 2 signs, 4 numbers; neither 11 nor 20 are bits of 4 columns.
    expect([10, 16].map((thresholds) => joined(thresholds) !== undefined)).toEqual([true, true]);
    expect([11, 20].map(joined)).toEqual([undefined, undefined]);
  });

  it('is shown categories as ±1 in full precision, too', async () => {
    const dataDir = await folderWith({ 'own.dat': TABLE });
    const { record } = await train({ ...common, rule: { name: 'sgd', layers: [5] } }, { dataDir });
    const inputShape = { kind: 'vector', size: 4, signs: 2 };
    expect(record.dataset).toMatchObject({ inputs: 4, inputShape });
  });
});
