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

describe('a table of 20,000 columns', () => {
  it('is read in a time that grows with its size, not with its square', async () => {
    const dataDir = await temporaryFolder();
    const columns = 20_000;
    const header = Array.from({ length: columns }, (_, c) => `feature ${c}`).join(',');
    const row = Array.from({ length: columns }, (_, c) => c % 10).join(',');
    const text = `${header},label\n${row},cat\n${row},dog\n`;
    await writeFiles(path.join(dataDir, 'wide'), { 'train.csv': text, 'test.csv': text });
    const started = process.cpuUsage();
    const { train } = await load('wide', dataDir);
    // It takes 0.1 s; comparing each name with each took 9.
    expect(process.cpuUsage(started).user).toBeLessThan(3e6);
    expect(rowsOf(train.features)[1].slice(8, 12)).toEqual([8, 9, 0, 1]);
  });
});
