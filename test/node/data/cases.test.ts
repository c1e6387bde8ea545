import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import type { Dataset } from '../../../src/data/dataset.js';
import { loadDataset } from '../../../src/node/data/load.js';
import { errorOf, npyBytes, rowsOf, temporaryFolder, writeFiles } from '../../data/helpers.js';

/** Data sets after public reports of people who load data; each once gave a wrong result without a word, or a wrong reason. */
const CASES = path.join(__dirname, 'cases');

const load = (name: string, dataDir = CASES): Promise<Dataset> => loadDataset(name, { dataDir });

describe('data sets of public reports', () => {
  it.each([
    ['ok', ['0', '1', '2']],
    ['mixed-eol', ['cat', 'dog', 'owl']],
    ['mixed-eol-number', ['0', '1', '2']],
    ['header-crlf', ['cat', 'dog', 'owl']],
  ])('%s has three classes', async (name, classes) => {
    const { train, test, shape, featureNames, ...dataset } = await load(name);
    expect(dataset.classes).toEqual(classes);
    expect([train.features.rows, test.features.rows]).toEqual([60, 30]);
    expect(shape).toEqual({ kind: 'vector', size: 6 });
    expect(featureNames).toEqual(['f1', 'f2', 'f3', 'f4', 'f5', 'f6']);
    // The tables were made with the classes in turn.
    expect([...train.labels]).toEqual(Array.from({ length: 60 }, (_, i) => i % 3));
  });

  it.each([
    ['blank-number', /train\.csv: line \d+, column label: "" in the place of a class: a missing value\?/],
    ['blank-name', /train\.csv: line \d+, column label: "" in the place of a class: a missing value\?/],
    ['latin1-one', /train\.csv: line 2: byte 0xfc is not UTF-8; in Latin-1 .* it is "ü": save it as UTF-8/],
    ['latin1-two', /train\.csv: line 2: byte 0xe9 is not UTF-8; in Latin-1 .* it is "é": save it as UTF-8/],
    ['single', /train\.csv: all samples are of one class, expected two/],
  ])('%s is refused', async (name, message) => {
    const error = await errorOf(() => load(name));
    expect(error.name).toBe('DataError');
    expect(error.message).toMatch(message);
  });

  it('py2-long, saved by Python 2, holds 60 samples', async () => {
    const { train, classes } = await load('py2-long');
    expect(train.features.rows).toBe(60);
    expect(classes.length).toBeGreaterThan(1);
  });
});

describe('bools', () => {
  /** An array of `rows` × `columns`, one of `every` true, written piece by piece. */
  async function writeBools(file: string, rows: number, columns: number, every: number): Promise<void> {
    const handle = await open(file, 'w');
    try {
      await handle.write(npyBytes('|b1', [rows, columns], new Uint8Array(0)));
      const period = Uint8Array.from({ length: columns * every }, (_, i) => Number(i % every === 0));
      for (let row = 0; row < rows; row += every) {
        await handle.write(period.subarray(0, Math.min(every, rows - row) * columns));
      }
    } finally {
      await handle.close();
    }
  }

  it('of many chunks are packed while they are read', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'xnorlab-bools-'));
    try {
      const [rows, columns] = [3000, 4099]; // 12 MB, of lines that no chunk ends on
      const labels = npyBytes(
        '|u1',
        [rows],
        Uint8Array.from({ length: rows }, (_, i) => i % 2),
      );
      await writeFiles(path.join(folder, 'big'), { 'train/labels.npy': labels, 'test/labels.npy': labels });
      for (const split of ['train', 'test']) {
        await writeBools(path.join(folder, 'big', split, 'features.npy'), rows, columns, 7);
      }
      const { train } = await load('big', folder);
      if (!(train.features instanceof BitMatrix)) throw new Error('expected bits');
      for (const row of [0, 1, 1023, 2999]) {
        const expected = Array.from({ length: columns }, (_, c) => ((row * columns + c) % 7 === 0 ? 1 : -1));
        expect([...train.features.signs(row)], `row ${row}`).toEqual(expected);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('of another byte than 0 and 1 are refused with their place, and so are too few', async () => {
    const dataDir = await temporaryFolder();
    const labels = npyBytes('|u1', [2], Uint8Array.of(0, 1));
    const withBools = async (payload: Uint8Array): Promise<Error> => {
      await writeFiles(path.join(dataDir, 'own'), {
        'train/features.npy': npyBytes('|b1', [2, 3], payload),
        'train/labels.npy': labels,
        'test/features.npy': npyBytes('|b1', [2, 3], new Uint8Array(6)),
        'test/labels.npy': labels,
      });
      return errorOf(() => load('own', dataDir));
    };
    const wrong = await withBools(Uint8Array.of(0, 1, 1, 0, 2, 1));
    expect(wrong.message).toContain('row 1, column 1 (counted from 0): byte 2 for a bool, expected 0 or 1');
    const short = await withBools(Uint8Array.of(0, 1, 1, 0, 1));
    expect(short.message).toContain('shape [2, 3] of bool needs 6 bytes, 5 follow: truncated');
  });
});

describe('bools of any shape', () => {
  const bits = Uint8Array.from({ length: 24 }, (_, i) => Number(i % 5 < 2));

  async function loadBools(
    descr: string,
    sizes: readonly number[],
    payload: Uint8Array = bits,
    fortran = false,
  ): Promise<Dataset> {
    const dataDir = await temporaryFolder();
    const rows = sizes[0];
    const labels = npyBytes(
      '|u1',
      [rows],
      Uint8Array.from({ length: rows }, (_, i) => i % 2),
    );
    const features = npyBytes(descr, sizes, payload, fortran);
    for (const split of ['train', 'test']) {
      await writeFiles(path.join(dataDir, 'own', split), { 'features.npy': features, 'labels.npy': labels });
    }
    return load('own', dataDir);
  }

  it.each<[number[], Dataset['shape']]>([
    [[24, 1], { kind: 'vector', size: 1 }],
    [[2, 12], { kind: 'vector', size: 12 }],
    [[2, 4, 3], { kind: 'sequence', steps: 4, of: { kind: 'vector', size: 3 } }],
    [[2, 1, 3, 4], { kind: 'image', channels: 1, height: 3, width: 4 }],
    [[2, 3, 2, 2], { kind: 'image', channels: 3, height: 2, width: 2 }],
  ])('%j are packed as they are', async (sizes, shape) => {
    const { train, shape: found } = await loadBools('|b1', sizes);
    expect(found).toEqual(shape);
    expect(train.features).toBeInstanceOf(BitMatrix);
    expect(rowsOf(train.features).flat()).toEqual(Array.from(bits, (bit) => (bit ? 1 : -1)));
  });

  it('are read from files that say < or > of single bytes', async () => {
    for (const descr of ['<b1', '>b1', '=b1']) {
      expect((await loadBools(descr, [2, 12])).train.features).toBeInstanceOf(BitMatrix);
    }
  });

  it.each<[string, number[], Uint8Array, boolean, string]>([
    [
      'a byte too many',
      [2, 12],
      Uint8Array.from({ length: 25 }),
      false,
      'needs 24 bytes, 25 follow: trailing bytes',
    ],
    ['Fortran order', [2, 12], bits, true, 'is in Fortran order; save numpy.ascontiguousarray(array)'],
    ['one dimension', [24], bits, false, 'array of shape [24], expected [n, d]'],
    ['no columns', [2, 0], new Uint8Array(0), false, 'holds no samples: shape [2, 0]'],
  ])('are refused for %s', async (_, sizes, payload, fortran, problem) => {
    const error = await errorOf(() => loadBools('|b1', sizes, payload, fortran));
    expect([error.name, error.message]).toEqual(['DataError', expect.stringContaining(problem)]);
  });
});

describe('a table of many columns', () => {
  const names = (columns: number): string[] => Array.from({ length: columns }, (_, c) => `feature ${c}`);
  const numbers = (columns: number): string => Array.from({ length: columns }, (_, c) => c % 10).join(',');

  /** Loads, or fails to, in a time that comparing each name with each would take several times. */
  async function within(seconds: number, train: string, test = train): Promise<Dataset | Error> {
    const dataDir = await temporaryFolder();
    await writeFiles(path.join(dataDir, 'wide'), { 'train.csv': train, 'test.csv': test });
    const started = process.cpuUsage();
    const outcome = await load('wide', dataDir).catch((error: Error) => error);
    expect(process.cpuUsage(started).user).toBeLessThan(seconds * 1e6);
    return outcome;
  }

  it.each([20_000, 100_000])(
    'is read in a time that grows with its size, not with its square: %i',
    async (columns) => {
      const row = numbers(columns);
      const text = `${names(columns).join(',')},label\n${row},cat\n${row},dog\n`;
      const dataset = await within(columns / 5000, text);
      if (dataset instanceof Error) throw dataset;
      expect(rowsOf(dataset.train.features)[1].slice(8, 12)).toEqual([8, 9, 0, 1]);
      expect(dataset.featureNames?.at(-1)).toBe(`feature ${columns - 1}`);
    },
  );

  it('is read in quotes', async () => {
    const header = names(20_000).map((name) => `"${name}, m"`);
    const text = `"label",${header.join(',')}\r\n"a",${numbers(20_000)}\r\n"b",${numbers(20_000)}\r\n`;
    expect(await within(4, text)).toMatchObject({ classes: ['a', 'b'] });
  });

  it.each<[string, (columns: string[]) => string[], string]>([
    [
      'a name twice, at its end',
      (columns) => [...columns.slice(0, -1), 'feature 0'],
      'column feature 0 stands there twice',
    ],
    ['a name left out', (columns) => [...columns.slice(0, -1), ''], 'column 20000 has no name'],
  ])('is refused as fast for %s', async (_, change, problem) => {
    const text = `${change(names(20_000)).join(',')},label\n${numbers(20_000)},0\n${numbers(20_000)},1\n`;
    expect(await within(4, text)).toMatchObject({ message: expect.stringContaining(problem) });
  });

  it('is refused as fast for another name in the test file, and without a label', async () => {
    const rows = `${numbers(20_000)},0\n${numbers(20_000)},1\n`;
    const text = `${names(20_000).join(',')},label\n${rows}`;
    const other = text.replace('feature 19999,', 'feature x,');
    expect(await within(4, text, other)).toMatchObject({
      message: expect.stringContaining('feature 20000 is feature x, but'),
    });
    const unlabelled = text.replace(',label', ',class');
    expect(await within(4, unlabelled)).toMatchObject({
      message: expect.stringContaining('its columns are feature 0, feature 1, feature 2'),
    });
  });
});
