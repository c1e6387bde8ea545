import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { ownDataset } from '../../src/browser/own-files.js';
import { IDX_FILES } from '../../src/data/idx-dataset.js';
import { loadDataset } from '../../src/node/data/load.js';

type Files = Readonly<Record<string, Uint8Array | string>>;

const CSV = 'a,b,label\n1,2,0\n3,4,1\n5,6,0\n';

/** An array of NumPy, version 1. */
function npy(descr: string, shape: readonly number[], bytes: Uint8Array): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const header = text.padEnd(117 - (text.length % 1)).slice(0, 117);
  const start = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0);
  return Buffer.concat([start, Buffer.from(`${header}\n`), bytes]);
}

function idx(dimensions: readonly number[], values: readonly number[]): Uint8Array {
  const sizes = Buffer.alloc(4 * dimensions.length);
  dimensions.forEach((size, i) => {
    sizes.writeUInt32BE(size, 4 * i);
  });
  return Buffer.concat([Buffer.from([0, 0, 8, dimensions.length]), sizes, Buffer.from(values)]);
}

const images = idx([4, 2, 2], [0, 9, 0, 9, 9, 0, 9, 0, 0, 9, 0, 9, 9, 0, 9, 0]);
const labels = idx([4], [0, 1, 0, 1]);
const IDX: Files = Object.fromEntries(
  IDX_FILES.map((name) => [`${name}.gz`, gzipSync(name.includes('images') ? images : labels)]),
);
const FEATURES = npy('<f4', [3, 2], new Uint8Array(new Float32Array([1, 2, 3, 4, 5, 6]).buffer));
const LABELS = npy('|u1', [3], Uint8Array.of(0, 1, 0));
const NPY: Files = {
  'train/features.npy': FEATURES,
  'train/labels.npy': LABELS,
  'test/features.npy': FEATURES,
  'test/labels.npy': LABELS,
};

const WHOLE: Readonly<Record<string, Files>> = {
  tables: { 'train.csv': CSV, 'test.csv': CSV },
  'tables with a validation file': { 'train.csv': CSV, 'validation.csv': CSV, 'test.csv': CSV },
  arrays: NPY,
  'packed IDX files': IDX,
  'a table in one piece': { 'iris.dat': '1,2,a\n3,4,b\n5,6,a\n7,8,b\n1,1,a\n2,2,b\n' },
};

const DAMAGED: Readonly<Record<string, Files>> = {
  'a word for a number': { 'train.csv': CSV, 'test.csv': CSV.replace('3,4', '3,four') },
  'no label column': { 'train.csv': 'a,b\n1,2\n', 'test.csv': CSV },
  'a file that is missing': { 'train.csv': CSV },
  'an empty file': { 'train.csv': '', 'test.csv': CSV },
  'an array cut off': { ...NPY, 'train/features.npy': FEATURES.slice(0, 140) },
  'an array that is none': { ...NPY, 'test/labels.npy': Buffer.from('not an array') },
  'images cut off': { ...IDX, [`${IDX_FILES[0]}.gz`]: gzipSync(images.slice(0, 20)) },
  'labels of another number': { ...IDX, [`${IDX_FILES[3]}.gz`]: gzipSync(idx([3], [0, 1, 0])) },
  'an archive that is none': { 'set.npz': 'PK but no more' },
  'a shape beside tables': {
    'train.csv': CSV,
    'test.csv': CSV,
    'shape.json': '{"kind": "vector", "size": 2, "packed": "big"}',
  },
};

describe('files that were dropped on a page', () => {
  const top = mkdtempSync(path.join(tmpdir(), 'xnorlab-own-'));
  afterAll(() => rmSync(top, { recursive: true, force: true }));
  let count = 0;

  /** The same files in a folder, as the command line finds them, and in hand. */
  function both(files: Files): {
    name: string;
    folder: string;
    sources: { file: string; bytes: Uint8Array }[];
  } {
    const name = `set-${++count}`;
    const folder = path.join(top, name);
    for (const [file, contents] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), contents);
    }
    const sources = Object.entries(files).map(([file, contents]) => ({
      file,
      bytes: typeof contents === 'string' ? Buffer.from(contents) : contents,
    }));
    return { name, folder, sources };
  }

  it.each(Object.keys(WHOLE))('are the set of the folder: %s', async (kind) => {
    const { name, sources } = both(WHOLE[kind]);
    const expected = await loadDataset(name, { dataDir: top });
    const found = ownDataset(name, sources);
    // The hash is of all values and labels of all splits.
    const { sha256, classes, shape, featureNames, train, validation, test } = expected;
    expect(found).toMatchObject({ name, sha256, classes, shape, ...(featureNames && { featureNames }) });
    expect([found.train, found.validation, found.test].map((split) => split?.labels)).toEqual(
      [train, validation, test].map((split) => split?.labels),
    );
  });

  it.each(Object.keys(DAMAGED))('are refused in the words of the command line: %s', async (kind) => {
    const { name, folder, sources } = both(DAMAGED[kind]);
    const expected = await loadDataset(name, { dataDir: top }).then(
      () => 'nothing wrong',
      (error: Error) => error.message.replaceAll(`${folder}${path.sep}`, ''),
    );
    expect(expected).not.toBe('nothing wrong');
    expect(() => ownDataset(name, sources)).toThrow(expected);
  });

  it('are refused when they are no set, with what would be one', () => {
    expect(() => ownDataset('notes', [{ file: 'notes.txt', bytes: Buffer.from('x') }])).toThrow(
      'notes.txt: is no data set; expected train.csv and test.csv, features.npy and labels.npy under train/ and test/',
    );
  });
});
