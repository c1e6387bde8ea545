import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/core/errors.js';
import type { Dataset } from '../../src/data/dataset.js';
import { parseIdx } from '../../src/data/idx.js';
import { IDX_FILES, type IdxFileName, idxDataset } from '../../src/data/idx-dataset.js';
import { readSource } from '../../src/node/data/file-access.js';
import { errorOf, idxBytes, rowsOf, temporaryFolder, writeFiles } from './helpers.js';

const images = idxBytes([3, 1, 2], [10, 20, 30, 40, 50, 60]);
const labels = idxBytes([3], [0, 9, 1]);

describe('parseIdx', () => {
  it('reads sizes and elements of images and labels', () => {
    const { dimensions, values } = parseIdx({ bytes: images, file: 'f' }, 3);
    expect(dimensions).toEqual([3, 1, 2]);
    expect([...values]).toEqual([10, 20, 30, 40, 50, 60]);
    expect([...parseIdx({ bytes: labels, file: 'f' }, 1).values]).toEqual([0, 9, 1]);
  });

  it('reads back whatever was written, plain or compressed', async () => {
    const folder = await temporaryFolder();
    const dimension = fc.integer({ min: 1, max: 7 });
    await fc.assert(
      fc.asyncProperty(fc.tuple(dimension, dimension, dimension), fc.boolean(), async (sizes, compressed) => {
        const values = Uint8Array.from({ length: sizes[0] * sizes[1] * sizes[2] }, (_, i) => (i * 37) & 255);
        const bytes = idxBytes(sizes, values);
        const name = compressed ? 'array.gz' : 'array';
        await writeFiles(folder, { [name]: compressed ? gzipSync(bytes) : bytes });
        const array = parseIdx(await readSource(join(folder, name)), 3);
        expect(array.dimensions).toEqual(sizes);
        expect(Buffer.compare(array.values, values)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('never reads a file of which any bytes are missing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: images.length - 1 }), (length) => {
        expect(() => parseIdx({ bytes: images.subarray(0, length), file: 'f' }, 3)).toThrow(DataError);
      }),
    );
  });

  it.each<[string, Buffer, number, string]>([
    ['a short file', Buffer.of(0, 0, 8), 1, 'is too short for an IDX file: 3 bytes'],
    ['gzip data', gzipSync(labels), 1, 'is gzip data, expected an IDX file: unpack it with gunzip'],
    [
      'another format',
      Buffer.from('P5 28 28'),
      1,
      'wrong magic number 0x50352032: an IDX file starts with 0x0000',
    ],
    [
      'floats',
      idxBytes([1], [0, 0, 0, 0], 13),
      1,
      'element type 0x0d (float32): expected 0x08 (unsigned byte)',
    ],
    ['a wild type', idxBytes([1], [0], 99), 1, 'element type 0x63 (unknown): expected 0x08 (unsigned byte)'],
    [
      'labels for images',
      labels,
      3,
      'holds labels (1 dimension), expected images (3 dimensions): are the label and the image file swapped?',
    ],
    [
      'images for labels',
      images,
      1,
      'holds images (3 dimensions), expected labels (1 dimension): are the label and the image file swapped?',
    ],
    ['a matrix', idxBytes([1, 1], [0]), 1, 'holds 2 dimensions, expected labels (1 dimension)'],
    ['half a header', images.subarray(0, 10), 3, 'ends inside its header of 16 bytes'],
    ['no samples', idxBytes([0, 28, 28], []), 3, 'holds no samples: its dimensions are 0 × 28 × 28'],
    [
      'a missing byte',
      images.subarray(0, -1),
      3,
      'its header promises 3 × 1 × 2 = 6 bytes, 5 follow: truncated, 1 bytes are missing',
    ],
    [
      'a byte too many',
      Buffer.concat([labels, Buffer.of(1)]),
      1,
      'its header promises 3 bytes, 4 follow: 1 trailing bytes',
    ],
  ])('refuses %s', async (_, bytes, rank, problem) => {
    const error = await errorOf(() => parseIdx({ bytes, file: 'some-file' }, rank));
    expect([error.name, error.message]).toEqual(['DataError', `some-file: ${problem}`]);
  });
});

describe('readSource', () => {
  const archive = gzipSync(images);
  const damaged = Buffer.from(archive);
  damaged[archive.length - 6] ^= 1;

  it.each<[string, string, Buffer | undefined, string]>([
    ['a missing file', 'a.gz', undefined, 'is missing'],
    ['an empty file', 'a.gz', Buffer.alloc(0), 'is empty'],
    ['an empty plain file', 'a', Buffer.alloc(0), 'is empty'],
    ['no gzip at all', 'a.gz', images, 'is not gzip data'],
    ['a truncated archive', 'a.gz', archive.subarray(0, -9), 'truncated gzip data (unexpected end of file)'],
    ['a damaged archive', 'a.gz', damaged, 'damaged gzip data (incorrect data check)'],
    [
      'zeros after it',
      'a.gz',
      Buffer.concat([archive, Buffer.alloc(4)]),
      '4 trailing bytes after the gzip data',
    ],
    [
      'a tail',
      'a.gz',
      Buffer.concat([archive, Buffer.from('tail')]),
      'damaged gzip data (incorrect header check)',
    ],
  ])('refuses %s', async (_, name, bytes, problem) => {
    const folder = await temporaryFolder();
    if (bytes) await writeFiles(folder, { [name]: bytes });
    const error = await errorOf(() => readSource(join(folder, name)));
    expect([error.name, error.message]).toEqual(['DataError', `${join(folder, name)}: ${problem}`]);
  });

  it('says that a folder is no file', async () => {
    const folder = await temporaryFolder();
    expect((await errorOf(() => readSource(folder))).message).toBe(`${folder}: is a folder, expected a file`);
  });
});

describe('idxDataset', () => {
  const contents: Record<IdxFileName, Buffer> = {
    'train-images-idx3-ubyte': images,
    'train-labels-idx1-ubyte': labels,
    't10k-images-idx3-ubyte': idxBytes([2, 1, 2], [1, 2, 3, 4]),
    't10k-labels-idx1-ubyte': idxBytes([2], [2, 3]),
  };
  const digits = Array.from('0123456789');

  /** The four files, some of them changed, put together. */
  function assemble(changes: Partial<Record<IdxFileName, Buffer>> = {}): Dataset {
    const changed = { ...contents, ...changes };
    const options = { classes: digits, trainSamples: 2 };
    return idxDataset('tiny', (name) => ({ file: name, bytes: changed[name] }), options);
  }

  it('splits the training file into training and validation samples', () => {
    const dataset = assemble();
    expect(rowsOf(dataset.train.features)).toEqual([
      [10, 20],
      [30, 40],
    ]);
    expect([...dataset.train.labels]).toEqual([0, 9]);
    expect(dataset.validation && rowsOf(dataset.validation.features)).toEqual([[50, 60]]);
    expect([...(dataset.validation?.labels ?? [])]).toEqual([1]);
    expect(rowsOf(dataset.test.features)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(dataset.shape).toEqual({ kind: 'image', channels: 1, height: 1, width: 2 });
    expect(dataset.files).toEqual(IDX_FILES);
  });

  it.each<[string, Partial<Record<IdxFileName, Buffer>>, IdxFileName, string]>([
    [
      'too few labels',
      { 'train-labels-idx1-ubyte': idxBytes([2], [0, 1]) },
      'train-labels-idx1-ubyte',
      '2 labels for the 3 samples of train-images-idx3-ubyte',
    ],
    [
      'a label past 9, in the validation part',
      { 'train-labels-idx1-ubyte': idxBytes([3], [0, 1, 10]) },
      'train-labels-idx1-ubyte',
      'label 10 at position 2 (counted from 0): expected a class number in [0, 9]',
    ],
    [
      'test images of another size',
      { 't10k-images-idx3-ubyte': idxBytes([2, 2, 1], [1, 2, 3, 4]) },
      't10k-images-idx3-ubyte',
      'images of 2×1 pixels, but train-images-idx3-ubyte has 1×2',
    ],
    [
      'no images left to validate',
      {
        'train-images-idx3-ubyte': idxBytes([2, 1, 2], [1, 2, 3, 4]),
        'train-labels-idx1-ubyte': idxBytes([2], [0, 1]),
      },
      'train-images-idx3-ubyte',
      'holds 2 images, expected more than the 2 that train, the rest being for validation',
    ],
    [
      'images of one pixel',
      {
        'train-images-idx3-ubyte': idxBytes([3, 1, 1], [1, 2, 3]),
        't10k-images-idx3-ubyte': idxBytes([2, 1, 1], [1, 2]),
      },
      'train-images-idx3-ubyte',
      'images of 1×1 pixel: one pixel has no picture in it; expected at least two pixels',
    ],
  ])('refuses %s', async (_, changes, name, problem) => {
    const error = await errorOf(() => assemble(changes));
    expect([error.name, error.message]).toEqual(['DataError', `${name}: ${problem}`]);
  });

  it('without class names has those numbers as classes that occur in training, and validates nothing', () => {
    const dataset = idxDataset('own', (name) => ({
      file: name,
      bytes: { ...contents, 't10k-labels-idx1-ubyte': idxBytes([2], [9, 1]) }[name],
    }));
    expect(dataset.classes).toEqual(['0', '1', '9']);
    expect([...dataset.train.labels]).toEqual([0, 2, 1]);
    expect([...dataset.test.labels]).toEqual([2, 1]);
    expect(dataset.validation).toBeUndefined();
  });

  it.each([
    ['named classes', { classes: digits }],
    ['classes that are counted', {}],
  ])('refuses labels that are all the same, for %s', async (_, options) => {
    const changed = { ...contents, 'train-labels-idx1-ubyte': idxBytes([3], [1, 1, 1]) };
    const error = await errorOf(() =>
      idxDataset('own', (name) => ({ file: name, bytes: changed[name] }), options),
    );
    expect([error.name, error.message]).toEqual([
      'DataError',
      'train-labels-idx1-ubyte: all samples are of one class, expected two',
    ]);
  });
});
