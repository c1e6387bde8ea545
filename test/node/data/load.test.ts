import { mkdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { knownDatasets } from '../../../src/data/known/catalog.js';
import type { KnownFile } from '../../../src/data/known/known-dataset.js';
import { listDatasets, loadDataset } from '../../../src/node/data/load.js';
import { describeFolders, findKnownFiles, findOwn, searchFolders } from '../../../src/node/data/locate.js';
import { projectFolder } from '../../../src/node/files/folders.js';
import { errorOf, idxBytes, temporaryFolder, writeFiles } from '../../data/helpers.js';

const csv = { 'train.csv': 'x,label\n1,0\n2,1\n', 'test.csv': 'x,label\n3,1\n' };

function knownFiles(name: string): readonly KnownFile[] {
  return knownDatasets().find((known) => known.name === name)?.files ?? [];
}

beforeEach(() => {
  // No test may see, or download into, the project or the cache of who runs it.
  vi.spyOn(process, 'cwd').mockReturnValue(join(tmpdir(), 'xnorlab-test-no-project'));
  vi.stubEnv('XDG_CACHE_HOME', join(tmpdir(), 'xnorlab-test-no-cache'));
  vi.stubEnv('XNORLAB_DATA', '');
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('searchFolders', () => {
  it('looks in dataDir, $XNORLAB_DATA, data/ of the project and the cache folder, in this order', async () => {
    const [dataDir, fromEnvironment, project, caches] = [
      await temporaryFolder(),
      await temporaryFolder(),
      await temporaryFolder(),
      await temporaryFolder(),
    ];
    vi.stubEnv('XNORLAB_DATA', fromEnvironment);
    vi.stubEnv('XDG_CACHE_HOME', caches);
    const places = await searchFolders(dataDir, project);
    const [projectData, cache] = places.folders.slice(2);
    expect(places.folders.slice(0, 3)).toEqual([dataDir, fromEnvironment, join(project, 'data')]);
    if (process.platform === 'linux') expect(cache).toBe(join(caches, 'xnorlab', 'data'));
    expect(places.downloads).toBe(dataDir);
    expect((await searchFolders(undefined, project)).downloads).toBe(cache);
    // From last to first: each folder that comes to have the set takes over from those behind it.
    for (const folder of [cache, projectData, fromEnvironment, dataDir]) {
      await writeFiles(join(folder, 'own'), csv);
      expect(await findOwn('own', places)).toEqual({ folder: join(folder, 'own'), format: 'csv' });
    }
  });

  it('takes the nearest folder with a package.json for the project, but never an installed package', async () => {
    const project = await realpath(await temporaryFolder());
    const [inside, installed] = ['notebooks/a', 'node_modules/xnorlab/dist'].map((path) =>
      join(project, path),
    );
    await writeFiles(project, {
      'package.json': '{}',
      'notebooks/a/x.ipynb': '{}',
      'node_modules/xnorlab/package.json': '{}',
      'node_modules/xnorlab/dist/x.js': '',
    });
    expect([inside, installed, project].map((folder) => projectFolder(folder))).toEqual(
      Array(3).fill(project),
    );
  });

  it('refuses a dataDir and an $XNORLAB_DATA that are no folders', async () => {
    const folder = await temporaryFolder();
    const missing = join(folder, 'typo');
    const error = await errorOf(() => searchFolders(missing));
    expect([error.name, error.message]).toEqual([
      'ArgumentError',
      `dataDir: expected a folder that is there, got '${missing}'`,
    ]);
    vi.stubEnv('XNORLAB_DATA', missing);
    const fromEnvironment = await errorOf(() => searchFolders());
    expect([fromEnvironment.name, fromEnvironment.message]).toEqual([
      'EnvironmentError',
      `XNORLAB_DATA names ${missing}, which is no folder. Create that folder, or unset XNORLAB_DATA.`,
    ]);
  });
});

describe('findKnownFiles', () => {
  const mnist = { name: 'mnist', otherFolders: ['MNIST'], files: knownFiles('mnist') };

  it('takes each file from the first folder that has it, plain or compressed', async () => {
    const [first, second] = [await temporaryFolder(), await temporaryFolder()];
    const places = { folders: [first, second], downloads: first };
    await writeFiles(first, { 'mnist/README.md': 'about', 'mnist/t10k-images-idx3-ubyte.gz': 'x' });
    await writeFiles(second, { 'mnist/train-images-idx3-ubyte': 'x', 'mnist/t10k-images-idx3-ubyte': 'x' });
    expect([...(await findKnownFiles(mnist, places))]).toEqual([
      ['train-images-idx3-ubyte', join(second, 'mnist', 'train-images-idx3-ubyte')],
      ['t10k-images-idx3-ubyte', join(first, 'mnist', 't10k-images-idx3-ubyte.gz')],
    ]);
  });

  it.each([
    'mnist/train-images.idx3-ubyte',
    'mnist/train-images.idx3-ubyte.gz',
    'mnist/raw/train-images-idx3-ubyte',
    'MNIST/raw/train-images-idx3-ubyte.gz',
    'MNIST/train-images.idx3-ubyte',
  ])('finds %s, as others leave it', async (path) => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { [path]: 'x' });
    const found = await findKnownFiles(mnist, { folders: [folder], downloads: folder });
    expect([...found]).toEqual([['train-images-idx3-ubyte', join(folder, path)]]);
  });
});

describe('loadDataset', () => {
  it('generates prototypes with the options given', async () => {
    const prototypes = { features: 8, trainSamples: 4, validationSamples: 0, testSamples: 2 };
    const { name, train } = await loadDataset('prototypes', { prototypes });
    expect([name, train.features.rows, train.features.columns]).toEqual(['prototypes', 4, 8]);
  });

  it('loads a CSV folder by its name, with another label column', async () => {
    const dataDir = await temporaryFolder();
    await writeFiles(join(dataDir, 'own'), { 'train.csv': 'x,y\n1,0\n2,1\n', 'test.csv': 'x,y\n3,1\n' });
    const { name, files } = await loadDataset('own', { dataDir, labelColumn: 'y' });
    expect(name).toBe('own');
    expect(files).toEqual([join(dataDir, 'own', 'train.csv'), join(dataDir, 'own', 'test.csv')]);
  });

  it.each(['fashion', '../own', '.hidden', ''])(
    'refuses the name "%s", saying what there is and where',
    async (name) => {
      const error = await errorOf(() => loadDataset(name));
      expect(error.name).toBe('ArgumentError');
      const folders = await describeFolders((await searchFolders()).folders);
      const choices = `prototypes, ${knownDatasets()
        .map((known) => known.name)
        .join(', ')} or a folder in`;
      expect(error.message).toBe(`dataset: expected one of ${choices} ${folders}, got '${name}'`);
    },
  );

  it.each<[Record<string, string>, string]>([
    [
      { 'notes.txt': 'hi', 'features.txt': 'x' },
      'holds no data set: none of train/features.npy, train.csv, train-images-idx3-ubyte, *.dat, *.data, *.arff, *.npz, NAME_TRAIN.tsv, NAME_TRAIN.ts, the batches of CIFAR, pictures in folders of their classes. In it: features.txt, notes.txt',
    ],
    [{ ...csv, 'train/features.npy': 'x' }, 'holds both train/features.npy and train.csv: remove one'],
  ])('refuses a folder that is no data set: %o', async (files, problem) => {
    const dataDir = await temporaryFolder();
    await writeFiles(join(dataDir, 'own'), files);
    const error = await errorOf(() => loadDataset('own', { dataDir }));
    expect([error.name, error.message]).toEqual(['DataError', `${join(dataDir, 'own')}: ${problem}`]);
  });

  it('refuses mislabelled data: sound files under a known name with other contents', async () => {
    const dataDir = await temporaryFolder();
    const images = gzipSync(idxBytes([2, 2, 2], new Uint8Array(8)));
    const labels = gzipSync(idxBytes([2], [0, 1]));
    await writeFiles(join(dataDir, 'mnist'), {
      'train-images-idx3-ubyte.gz': images,
      'train-labels-idx1-ubyte.gz': labels,
      't10k-images-idx3-ubyte.gz': images,
      't10k-labels-idx1-ubyte.gz': labels,
    });
    const error = await errorOf(() => loadDataset('mnist', { dataDir }));
    expect(error.name).toBe('DataError');
    expect(error.message).toMatch(
      /^.*-idx\d-ubyte\.gz: is not \S+-ubyte of mnist: SHA-256 of the contents is [0-9a-f]{64}, expected [0-9a-f]{64}$/,
    );
  });

  it('says which file to put where when a set is absent and must not be downloaded', async () => {
    const dataDir = await temporaryFolder();
    await writeFiles(join(dataDir, 'mnist'), {
      'train-images-idx3-ubyte': 'x',
      't10k-images-idx3-ubyte': 'x',
    });
    const error = await errorOf(() => loadDataset('mnist', { dataDir, download: false }));
    expect(error.name).toBe('EnvironmentError');
    expect(error.message).toContain(`mnist is not on this machine (looked in ${dataDir} (mnist), `);
    expect(error.message).toContain(
      `Put train-labels-idx1-ubyte.gz, t10k-labels-idx1-ubyte.gz into ${join(dataDir, 'mnist')}, ` +
        'or name a folder that has mnist/ in it with --data-dir or XNORLAB_DATA.',
    );
  });
});

describe('listDatasets', () => {
  it('lists the generated, the known and one’s own sets, with where they are or how to get them', async () => {
    const dataDir = await temporaryFolder();
    await writeFiles(join(dataDir, 'own'), csv);
    await writeFiles(dataDir, { 'tables/train/features.npy': 'x', 'file.txt': 'x' });
    await mkdir(join(dataDir, 'empty'));
    await writeFiles(join(dataDir, 'mnist'), { 'train-images-idx3-ubyte': 'x' });
    const list = await listDatasets({ dataDir });
    expect(list.slice(0, 3).map(({ name }) => name)).toEqual(['prototypes', 'fashion-mnist', 'mnist']);
    expect(list[0].status).toBe('generated');
    expect(list[2]).toEqual({
      name: 'mnist',
      status: 'absent',
      note:
        '28×28 grey pictures of handwritten digits, 10 classes, by LeCun, Cortes and Burges; ' +
        `downloaded to ${join(dataDir, 'mnist')} at first use (12 MB)`,
    });
    const own = list.filter(({ folder }) => folder?.startsWith(dataDir));
    expect(own).toEqual([
      { name: 'own', status: 'found', folder: join(dataDir, 'own'), note: 'your own' },
      { name: 'tables', status: 'found', folder: join(dataDir, 'tables'), note: 'your own' },
    ]);
  });
});
