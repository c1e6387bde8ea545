import { describe, expect, it } from 'vitest';
import { CIFAR_LAYOUTS, type CifarLayout, cifarDataset, cifarFiles } from '../../src/data/cifar.js';
import type { Dataset } from '../../src/data/dataset.js';
import { cifarArchive, pixelsOf } from './cifar-archive.js';
import { errorOf, rowsOf } from './helpers.js';

const layoutOf = (folder: string): CifarLayout => {
  const layout = CIFAR_LAYOUTS.find((one) => one.folder === folder);
  if (!layout) throw new Error(folder);
  return layout;
};

/** Of an archive, with some files changed. */
function load(folder: string, change: Record<string, Uint8Array> = {}, labels?: string): Dataset {
  const files: Record<string, Uint8Array> = { ...cifarArchive(folder), ...change };
  return cifarDataset('own', layoutOf(folder), (file) => ({ file, bytes: files[file] }), labels);
}

describe.each(CIFAR_LAYOUTS.map(({ folder }) => folder))('%s', (folder) => {
  const [batches, classes] = folder.startsWith('cifar-100') ? [1, 4] : [5, 3];

  it('has all batches in turn, planes of red, green and blue, and the names of its classes', () => {
    const data = load(folder);
    expect(data.shape).toEqual({ kind: 'image', channels: 3, height: 32, width: 32 });
    expect(data.classes).toEqual(['ant', 'bee', 'cat', 'dog'].slice(0, classes));
    expect([...data.train.labels]).toEqual(Array.from({ length: 2 * batches }, (_, i) => i % classes));
    const rows = rowsOf(data.train.features);
    rows.forEach((row, i) => {
      expect(row).toEqual([...pixelsOf(i)]);
    });
    expect(rowsOf(data.test.features)).toEqual([0, 1].map((i) => [...pixelsOf(100 + i)]));
    expect([...data.test.labels]).toEqual([0, 1]);
    expect(data.validation).toBeUndefined();
    expect(data.files).toHaveLength(batches + 2);
  });

  it('names all files that decide it', () => {
    expect([...cifarFiles(layoutOf(folder))].sort()).toEqual(Object.keys(cifarArchive(folder)).sort());
  });
});

it('the forms for C and for Python are the same data', () => {
  expect(load('cifar-10-batches-bin').sha256).toBe(load('cifar-10-batches-py').sha256);
  expect(load('cifar-100-binary').sha256).toBe(load('cifar-100-python').sha256);
});

it.each(['cifar-100-binary', 'cifar-100-python'])('%s has coarse labels, too', (folder) => {
  const { classes, train } = load(folder, {}, 'coarse_labels');
  expect(classes).toEqual(['insect', 'mammal']);
  expect([...train.labels]).toEqual([1, 0]);
});

describe('what is wrong is refused', () => {
  const binary = cifarArchive('cifar-10-batches-bin');
  const python = cifarArchive('cifar-10-batches-py');
  const cut = (bytes: Uint8Array, length: number): Uint8Array => bytes.subarray(0, length);
  const changed = (bytes: Uint8Array, at: number, value: number): Uint8Array => {
    const copy = bytes.slice();
    copy[at] = value;
    return copy;
  };

  it.each<[string, string, Record<string, Uint8Array>, string | undefined, string]>([
    [
      'a batch that was cut off',
      'cifar-10-batches-bin',
      { 'data_batch_3.bin': cut(binary['data_batch_3.bin'], 5000) },
      undefined,
      'data_batch_3.bin: 5000 bytes, expected a multiple of 3073: 1 of labels and 3072 of pixels for each image. Truncated?',
    ],
    [
      'a batch that was cut off between images',
      'cifar-10-batches-bin',
      { 'data_batch_3.bin': cut(binary['data_batch_3.bin'], 3073) },
      undefined,
      'data_batch_3.bin: holds 1 images, but data_batch_1.bin has 2',
    ],
    [
      'a label that is none',
      'cifar-10-batches-bin',
      { 'test_batch.bin': changed(binary['test_batch.bin'], 3073, 3) },
      undefined,
      'test_batch.bin: image 1 (counted from 0): label 3, expected one of the 3 classes',
    ],
    [
      'a class that is named twice',
      'cifar-10-batches-bin',
      { 'batches.meta.txt': Buffer.from('ant\nbee\nant\n\n') },
      undefined,
      'batches.meta.txt: names the class "ant" twice',
    ],
    [
      'no names of classes',
      'cifar-10-batches-bin',
      { 'batches.meta.txt': Buffer.from('\n') },
      undefined,
      'batches.meta.txt: names 0 classes, expected two at least',
    ],
    [
      'an archive in the place of a batch',
      'cifar-10-batches-bin',
      { 'data_batch_1.bin': Buffer.from([0x1f, 0x8b, 8, 0]) },
      undefined,
      'data_batch_1.bin: is gzip data, expected images of the CIFAR family: unpack it with gunzip',
    ],
    [
      'other images than its meta data says',
      'cifar-10-batches-py',
      {
        'batches.meta': Buffer.from(
          Buffer.from(python['batches.meta']).toString('latin1').replace('K\x02', 'K\x05'),
          'latin1',
        ),
      },
      undefined,
      'data_batch_1: holds 2 images, but its meta data says 5',
    ],
    [
      'a dictionary of something else',
      'cifar-10-batches-py',
      { data_batch_2: python['batches.meta'] },
      undefined,
      'data_batch_2: has no data; it holds num_cases_per_batch, label_names',
    ],
    [
      'labels that are not there',
      'cifar-10-batches-bin',
      {},
      'fine_labels',
      'own: has no column fine_labels for the class, but labels',
    ],
  ])('%s', async (_, folder, change, labels, message) => {
    const error = await errorOf(() => load(folder, change, labels));
    expect([error.name, error.message]).toEqual(['DataError', message]);
  });
});
