import { chmod, copyFile, mkdir, readdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { vector } from '../../../src/core/shape.js';
import { isSettled, lookAt } from '../../../src/node/data/file-look.js';
import { ownFiles } from '../../../src/node/data/own-dataset.js';
import { decodePackedSet, encodePackedSet, type PackedSet } from '../../../src/node/data/packed-set.js';
import { PreparedCache } from '../../../src/node/data/prepared-cache.js';
import { prepareData } from '../../../src/node/prepare-data.js';
import { parseTrainConfig } from '../../../src/training/config.js';
import type { PreparedData } from '../../../src/training/prepared-data.js';
import { bytesOf, npyBytes, temporaryFolder, writeFiles } from '../../data/helpers.js';

const [ROWS, COLUMNS] = [1100, 1024]; // 4.5 MB: worth keeping
const LONG_AGO = new Date(Date.now() - 60_000);

const made = new Map<number, Buffer>();

/** Numbers that another `seed` makes others of. */
function features(seed: number): Buffer {
  let file = made.get(seed);
  if (file) return file;
  const values = Float32Array.from({ length: ROWS * COLUMNS }, (_, i) => ((i + 1) * seed * 7919) % 101);
  file = npyBytes('<f4', [ROWS, COLUMNS], bytesOf(values));
  made.set(seed, file);
  return file;
}

const labels = npyBytes(
  '|u1',
  [ROWS],
  Uint8Array.from({ length: ROWS }, (_, i) => i % 3),
);

/** A data set whose files are old enough to be trusted by their looks. Its time of change is that of now: see `later`. */
async function writeSet(folder: string, seed: number): Promise<void> {
  await writeFiles(folder, {
    'train/features.npy': features(seed),
    'train/labels.npy': labels,
    'test/features.npy': npyBytes('<f4', [1, COLUMNS], new Uint8Array(4 * COLUMNS)),
    'test/labels.npy': npyBytes('|u1', [1], Uint8Array.of(1)),
  });
}

/** Turns the clock on, so that what was written just now has settled. */
function later(): void {
  const now = Date.now.bind(Date);
  vi.spyOn(Date, 'now').mockImplementation(() => now() + 10_000);
}

const config = (more: object = {}): ReturnType<typeof parseTrainConfig> =>
  parseTrainConfig({ dataset: 'own', rule: { name: 'local-error', layers: [6], groupSize: 2 }, ...more });

let dataDir: string;
let cacheHome: string;
const cacheFolder = (): string => path.join(cacheHome, 'xnorlab', 'prepared');
const kept = async (ending: string): Promise<string[]> =>
  (await readdir(cacheFolder()).catch(() => [])).filter((name) => name.endsWith(ending)).sort();

beforeEach(async () => {
  [dataDir, cacheHome] = [await temporaryFolder(), await temporaryFolder()];
  vi.stubEnv('XDG_CACHE_HOME', cacheHome);
  vi.stubEnv('XNORLAB_CACHE', 'on');
  await writeSet(path.join(dataDir, 'own'), 0.7);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const prepare = (more?: object): Promise<PreparedData> => prepareData(config(more), { dataDir });
async function without(more?: object): Promise<PreparedData> {
  vi.stubEnv('XNORLAB_CACHE', 'off');
  const prepared = await prepare(more);
  vi.stubEnv('XNORLAB_CACHE', 'on');
  return prepared;
}

describe('packed sets in the cache', () => {
  it('are kept for each division of a protocol, which is that of reading anew', async () => {
    const divided = (seed: number): object => ({
      dataset: { name: 'own', protocol: { kind: 'holdout', heldOut: 100 } },
      seed,
    });
    const first = await prepare(divided(1));
    await prepare(divided(2));
    await prepare();
    expect(await kept('.packed')).toHaveLength(3);
    const again = await prepare(divided(1));
    expect(await kept('.packed')).toHaveLength(3);
    expect(again).toEqual(first);
    expect(again).toEqual(await without(divided(1)));
    expect(again.description).toMatchObject({ trainSamples: 1000, protocol: 'holdout 100' });
  });

  it('are what preparing anew gives, the first time, the second, and with files that moved', async () => {
    later();
    const expected = await without();
    expect(await kept('')).toEqual([]);
    expect(await prepare()).toEqual(expected);
    const entries = await kept('.packed');
    expect([entries.length, (await kept('.source')).length]).toEqual([1, 1]);
    expect(await prepare()).toEqual(expected);
    // The same contents in other files: read, and packed no second time.
    await mkdir(path.join(dataDir, 'aside'));
    await rename(path.join(dataDir, 'own', 'train'), path.join(dataDir, 'aside', 'train'));
    await mkdir(path.join(dataDir, 'own', 'train'));
    for (const name of ['features.npy', 'labels.npy'])
      await copyFile(path.join(dataDir, 'aside', 'train', name), path.join(dataDir, 'own', 'train', name));
    expect(await prepare()).toEqual(expected);
    expect(await kept('.packed')).toEqual(entries);
  });

  it('are taken without a look into the files', async () => {
    later();
    const { description, classes } = await prepare();
    expect(classes).toEqual(['0', '1', '2']);
    const own = path.join(dataDir, 'own');
    const looks = await lookAt(await ownFiles({ folder: own, format: 'npy' }));
    // Nothing but the cache calls the classes so.
    const source = {
      name: 'own',
      classes: ['a', 'b', 'c'],
      shape: description.shape ?? vector(1),
      sha256: description.sha256,
    };
    await new PreparedCache(cacheFolder()).keepSource(source, undefined, looks);
    expect((await prepare()).classes).toEqual(['a', 'b', 'c']);
    const file = path.join(own, 'test', 'labels.npy');
    await utimes(file, LONG_AGO, LONG_AGO);
    expect((await prepare()).classes).toEqual(['0', '1', '2']);
  });

  it('are not taken for files that changed, were they of the same size and time', async () => {
    later();
    await prepare();
    const file = path.join(dataDir, 'own', 'train', 'features.npy');
    await utimes(file, LONG_AGO, LONG_AGO);
    await prepare();
    await writeFile(file, features(0.9));
    await utimes(file, LONG_AGO, LONG_AGO);
    const changed = await prepare();
    expect(changed).toEqual(await without());
    expect((await kept('.packed')).length).toBe(2);
  });

  it('are not taken by looks where a file has only just been written', async () => {
    await prepare();
    expect([(await kept('.packed')).length, (await kept('.source')).length]).toEqual([1, 0]);
    const look = [
      { path: 'f', state: { size: '1', modifiedNs: '0', changedNs: '5000000000', inode: '1', device: '1' } },
    ];
    expect([7999, 8001, 4000].map((now) => isSettled(look, now))).toEqual([false, true, false]);
  });

  it.each([
    ['another binarizer', { binarizer: { kind: 'median', per: 'image' } }],
    ['a thermometer', { binarizer: { kind: 'thermometer', levels: 2, thresholds: 'even' } }],
    ['fewer samples', { dataset: { name: 'own', limitTrain: 500 } }],
    ['a validation set that was added', {}],
  ])('are others for %s', async (what, more) => {
    later();
    await prepare();
    if (what.startsWith('a validation')) {
      await writeFiles(path.join(dataDir, 'own'), {
        'validation/features.npy': features(0.3),
        'validation/labels.npy': labels,
      });
    }
    const other = await prepare(more);
    expect(other).toEqual(await without(more));
    expect(await prepare(more)).toEqual(other);
    expect((await kept('.packed')).length).toBe(2);
  });

  it('give no names: those of the classes are of the files', async () => {
    later();
    const table = (names: readonly string[]): string =>
      `a,b,label\n${Array.from({ length: 300_000 }, (_, i) => `${i % 977},${i % 31}.25,${names[i % 2]}\n`).join('')}`;
    for (const [folder, names] of [
      ['pets', ['cat', 'dog']],
      ['colours', ['blue', 'red']],
    ] as const) {
      await writeFiles(path.join(dataDir, folder), {
        'train.csv': table(names),
        'test.csv': table(names).slice(0, 2000).replace(/\n.*$/, '\n'),
      });
    }
    const [pets, colours] = [await prepare({ dataset: 'pets' }), await prepare({ dataset: 'colours' })];
    expect((await kept('.packed')).length).toBe(1);
    expect([pets.classes, colours.classes]).toEqual([
      ['cat', 'dog'],
      ['blue', 'red'],
    ]);
    expect([pets.description.name, colours.description.name]).toEqual(['pets', 'colours']);
    expect(await prepare({ dataset: 'colours' })).toEqual(await without({ dataset: 'colours' }));
  });

  it('are made anew where they are damaged, and that is said', async () => {
    later();
    const expected = await prepare();
    const warnings: string[] = [];
    const listen = (warning: Error): number => warnings.push(warning.message);
    process.on('warning', listen);
    onTestFinished(() => void process.off('warning', listen));
    for (const ending of ['.packed', '.source']) {
      const file = path.join(cacheFolder(), (await kept(ending))[0]);
      const sound = await readFile(file);
      for (const damaged of [
        sound.subarray(0, sound.length - 1),
        sound.subarray(0, 20),
        Buffer.alloc(0),
        Buffer.from(sound).fill(sound[90] ^ 4, 90, 91),
        Buffer.from(sound).fill(sound[sound.length - 99] ^ 1, sound.length - 99, sound.length - 98),
      ]) {
        await writeFile(file, damaged);
        expect(await prepare()).toEqual(expected);
        expect(await readFile(file)).toEqual(sound);
      }
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings.length).toBe(10);
    for (const warning of warnings)
      expect(warning).toMatch(/^\/.*\.(packed|source) is damaged \(.*\): it is made anew$/);
  });

  it('are whole, whoever writes them at the same time', async () => {
    later();
    const all = await Promise.all(Array.from({ length: 6 }, () => prepare()));
    const expected = await without();
    for (const one of all) expect(one).toEqual(expected);
    expect((await kept('')).map((name) => path.extname(name))).toEqual(
      expect.arrayContaining(['.packed', '.source']),
    );
    expect((await kept('')).length).toBe(2);
    expect(await prepare()).toEqual(expected);
  });

  it('are not kept of small files, for float rules, or in a folder that others can write', async () => {
    later();
    const small = 'a,label\n1,x\n2,y\n';
    await writeFiles(path.join(dataDir, 'small'), { 'train.csv': small, 'test.csv': small });
    await prepare({ dataset: 'small' });
    await prepare({ rule: { name: 'sgd', layers: [4] } });
    expect(await kept('')).toEqual([]);
    await mkdir(cacheFolder(), { recursive: true });
    await chmod(cacheFolder(), 0o777);
    await prepare();
    expect(await kept('')).toEqual([]);
  });

  it('are listed and cleared', async () => {
    later();
    await prepare();
    const cache = new PreparedCache(cacheFolder());
    const [entry, ...others] = await cache.entries();
    expect([entry.dataset, others]).toEqual(['own', []]);
    expect(entry.sizeBytes).toBeGreaterThan((ROWS * COLUMNS) / 8);
    await cache.clear();
    expect([await cache.entries(), await kept('')]).toEqual([[], []]);
  });
});

describe('the bytes of a packed set', () => {
  const inputs = BitMatrix.fromSigns([[1, -1, 1]]);
  const set = {
    description: { name: 'x', features: 3 },
    binarizer: { kind: 'median', per: 'feature' },
    task: {
      train: { inputs, labels: Int32Array.of(1) },
      test: { inputs, labels: Int32Array.of(0) },
      input: { kind: 'vector', size: 3 },
      inputForm: 'binarized',
      transformation: {
        inputForm: 'binarized',
        config: { kind: 'median', per: 'feature' },
        inputColumns: 3,
        takesBits: false,
        thresholds: Float64Array.of(0.1, -0, 1e300),
      },
    },
  } as unknown as PackedSet;

  it('give back what was put in', () => {
    expect(decodePackedSet('key', encodePackedSet('key', set))).toEqual(set);
  });

  it('are of one key only', () => {
    expect(() => decodePackedSet('other', encodePackedSet('key', set))).toThrow('it is of other data');
  });

  it('are refused with any one of them changed, or cut off anywhere', () => {
    const bytes = encodePackedSet('key', set);
    for (let i = 0; i < bytes.length; i++) {
      const damaged = Uint8Array.from(bytes);
      damaged[i] ^= 1 << (i % 8);
      expect(() => decodePackedSet('key', damaged), `byte ${i}`).toThrow();
      expect(() => decodePackedSet('key', Uint8Array.from(bytes.subarray(0, i))), `${i} bytes`).toThrow();
    }
  });
});
