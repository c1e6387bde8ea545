import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { vector } from '../../../src/core/shape.js';
import type { Dataset } from '../../../src/data/dataset.js';
import { loadDataset } from '../../../src/node/data/load.js';
import { train } from '../../../src/node/train.js';
import {
  bytesOf,
  errorOf,
  idxBytes,
  npyBytes,
  rowsOf,
  temporaryFolder,
  writeFiles,
} from '../../data/helpers.js';

/** A set of arrays of the given sizes of a sample, 12 to train and 6 to test, of 3 classes; with other files, if need be. */
async function arrays(
  sizes: readonly number[],
  more: Record<string, string | Uint8Array> = {},
): Promise<{ dataDir: string; folder: string }> {
  const dataDir = await temporaryFolder();
  const folder = path.join(dataDir, 'own');
  for (const [split, rows] of [
    ['train', 12],
    ['test', 6],
  ] as const) {
    const size = sizes.reduce((product, one) => product * one, 1);
    const values = Float32Array.from({ length: rows * size }, (_, i) => (i * 7919) % 101);
    await writeFiles(folder, {
      [`${split}/features.npy`]: npyBytes('<f4', [rows, ...sizes], bytesOf(values)),
      [`${split}/labels.npy`]: npyBytes(
        '|u1',
        [rows],
        Uint8Array.from({ length: rows }, (_, i) => i % 3),
      ),
    });
  }
  await writeFiles(folder, more);
  return { dataDir, folder };
}

const load = async (sizes: readonly number[], more?: Record<string, string | Uint8Array>): Promise<Dataset> =>
  loadDataset('own', await arrays(sizes, more));

describe('arrays of the user’s own', () => {
  const series = { kind: 'sequence', steps: 5, of: vector(2) } as const;
  const picture = { kind: 'image', channels: 2, height: 3, width: 4 } as const;

  it('are what they are: vectors, sequences, images', async () => {
    expect((await load([4])).shape).toEqual(vector(4));
    expect((await load([5, 2])).shape).toEqual(series);
    expect((await load([2, 3, 4])).shape).toEqual(picture);
  });

  it('are what shape.json says', async () => {
    const grey = { 'shape.json': '{ "kind": "image", "height": 5, "width": 2 }' };
    const expected = { kind: 'image', channels: 1, height: 5, width: 2 };
    expect((await load([5, 2], grey)).shape).toEqual(expected);
    expect((await load([10], grey)).shape).toEqual(expected);
    const error = await errorOf(() => load([5, 3], grey));
    expect(error.message).toContain('array of shape [12, 5, 3], but its samples are stated to be image 5×2');
  });

  it.each([
    ['a sequence', [5, 2], series],
    ['an image', [2, 3, 4], picture],
  ])('%s keeps its shape in the record of a run', async (_, sizes, shape) => {
    const { dataDir } = await arrays(sizes);
    const rule = { name: 'local-error', layers: [6], groupSize: 2 } as const;
    const options = { dataset: 'own', rule, epochs: 1, batchSize: 4 };
    const plain = await train(options, { dataDir });
    expect(plain.record.dataset).toMatchObject({ shape, inputShape: shape });
    // One median for each variable of a series, for each channel of a picture.
    expect(plain.record.config).toMatchObject({ binarizer: { kind: 'median', per: 'channel' } });
    const thermometer = { kind: 'thermometer', levels: 3, thresholds: 'quantile' } as const;
    const { dataset } = (await train({ ...options, binarizer: thermometer }, { dataDir })).record;
    expect(dataset.inputs).toBe(3 * dataset.features);
    expect(dataset.inputShape).toEqual(
      shape.kind === 'image' ? { ...shape, channels: 6, interleaved: 3 } : { ...series, of: vector(6) },
    );
  });

  it('of the same number of columns, but another shape, are not tested on', async () => {
    const { folder, dataDir } = await arrays([5, 2]);
    await writeFiles(folder, { 'test/features.npy': npyBytes('<f4', [6, 2, 5], new Uint8Array(240)) });
    const error = await errorOf(() => loadDataset('own', { dataDir }));
    expect(error.message).toBe(
      `${path.join(folder, 'test/features.npy')}: samples are sequence 2 steps of 5, but those of ` +
        `${path.join(folder, 'train/features.npy')} are sequence 5 steps of 2`,
    );
  });
});

describe('tables of the user’s own', () => {
  it('are what shape.json says, in the order of their columns', async () => {
    const dataDir = await temporaryFolder();
    const table = 'a,label,b,c,d\n1,x,2,3,4\n5,y,6,7,8\n';
    await writeFiles(path.join(dataDir, 'own'), {
      'train.csv': table,
      'test.csv': table,
      'shape.json': '{ "kind": "image", "height": 2, "width": 2 }',
    });
    const { shape, train: samples } = await loadDataset('own', { dataDir });
    expect(shape).toEqual({ kind: 'image', channels: 1, height: 2, width: 2 });
    expect(rowsOf(samples.features)[0]).toEqual([1, 2, 3, 4]);
    await writeFiles(path.join(dataDir, 'own'), {
      'shape.json': '{ "kind": "image", "height": 3, "width": 2 }',
    });
    const error = await errorOf(() => loadDataset('own', { dataDir }));
    expect(error.message).toContain('train.csv: 4 columns besides label, expected 6, as its shape says');
  });
});

describe('IDX files of the user’s own', () => {
  const FILES = {
    'train-images.idx3-ubyte': idxBytes([3, 1, 2], [1, 2, 3, 4, 5, 6]),
    'train-labels.idx1-ubyte': idxBytes([3], [4, 7, 4]),
    't10k-images.idx3-ubyte': idxBytes([1, 1, 2], [7, 8]),
    't10k-labels.idx1-ubyte': idxBytes([1], [7]),
  };

  it.each([
    ['plain', '', (bytes: Uint8Array) => bytes, ''],
    ['compressed, in raw/', 'raw/', gzipSync, '.gz'],
  ])('are found, %s', async (_, place, packed, ending) => {
    const dataDir = await temporaryFolder();
    for (const [name, bytes] of Object.entries(FILES)) {
      await writeFiles(path.join(dataDir, 'kmnist'), { [`${place}${name}${ending}`]: packed(bytes) });
    }
    const { classes, train: samples, test, shape } = await loadDataset('kmnist', { dataDir });
    expect(classes).toEqual(['4', '7']);
    expect([[...samples.labels], [...test.labels]]).toEqual([[0, 1, 0], [1]]);
    expect(shape).toEqual({ kind: 'image', channels: 1, height: 1, width: 2 });
  });
});
