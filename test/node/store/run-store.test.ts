import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Driver from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataError, EnvironmentError } from '../../../src/core/errors.js';
import { openStore, type RunStore } from '../../../src/node/store/run-store.js';
import type { RunRecord } from '../../../src/records/record.js';
import { plainEpoch, sampleRun } from './sample-run.js';

let root: string;
let folder: string;
let store: RunStore;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'xnorlab-store-'));
  folder = path.join(root, 'new', 'a%20?#store');
  store = openStore(folder, { create: true });
});
afterEach(() => {
  store.close();
  rmSync(root, { recursive: true, force: true });
});

/** Writes finished runs of these seeds. */
function finish(...seeds: number[]): Promise<void> {
  return store.write(async (writer) => {
    for (const seed of seeds) {
      const run = sampleRun(seed);
      writer.begin(run);
      writer.finish(run.key, run.record);
    }
  });
}

describe('a run store', () => {
  it('gives records back exactly as they were written, in the order of their begin, also when opened anew', async () => {
    const odd: RunRecord = {
      ...sampleRun(7).record,
      totals: { ...sampleRun(7).record.totals, booleanGates: 2 ** 53 - 1, trainMs: 0.1 + 0.2 },
      // What this version of the store has no column for.
      ...{ note: 'π "quoted" \u0000 null' },
    };
    await store.write(async (writer) => {
      const run = sampleRun(7);
      writer.begin(run);
      writer.begin(sampleRun(2));
      writer.appendEpochs(run.key, run.record.epochs.slice(0, 1));
      writer.finish(sampleRun(2).key, sampleRun(2).record);
      writer.finish(run.key, odd);
    });
    const texts = [odd, sampleRun(2).record].map((record) => JSON.stringify(record));
    expect(store.records().map((record) => JSON.stringify(record))).toEqual(texts);
    const again = openStore(folder);
    expect(again.records().map((record) => JSON.stringify(record))).toEqual(texts);
    again.close();
  });

  it('knows of unfinished and failed runs what there is, and nothing of others', async () => {
    const [unfinished, failed] = [sampleRun(1), sampleRun(2)];
    await store.write(async (writer) => {
      writer.begin(unfinished);
      writer.appendEpochs(unfinished.key, [plainEpoch(1), plainEpoch(2)]);
      writer.begin(failed);
      writer.fail(failed.key, new RangeError('too deep'));
    });
    const { key, config, rule, datasetSha256 } = unfinished;
    expect(store.find(key)).toEqual({
      status: 'unfinished',
      ...{ key, config, rule, datasetSha256 },
      epochs: [plainEpoch(1), plainEpoch(2)],
    });
    expect(store.find(failed.key)).toMatchObject({
      status: 'failed',
      error: { name: 'RangeError', message: 'too deep' },
      epochs: [],
    });
    expect(store.find(sampleRun(3).key)).toBeUndefined();
    expect(store.records()).toEqual([]);
    expect(store.runs().map((run) => run.status)).toEqual(['unfinished', 'failed']);
  });

  it('counts a run to every sweep that has it', async () => {
    await finish(1);
    await store.write(async (writer) => {
      writer.begin(sampleRun(2, 'second'));
      writer.begin(sampleRun(2, 'second'));
      writer.join(sampleRun(1).key, 'second');
      writer.begin(sampleRun(3, 'third'));
    });
    const keys = (sweep?: string): string[] => store.runs({ sweep }).map((run) => run.key);
    expect(keys()).toEqual([1, 2, 3].map((seed) => sampleRun(seed).key));
    expect(keys('second')).toEqual([2, 1].map((seed) => sampleRun(seed).key));
    expect(keys('fourth')).toEqual([]);
    expect(store.records({ sweep: 'second' })).toEqual([sampleRun(1).record]);
  });

  it('can be copied away, store.sqlite being all there is to it once nobody writes', async () => {
    await finish(1, 2);
    const copy = path.join(root, 'copy');
    mkdirSync(copy);
    cpSync(path.join(folder, 'store.sqlite'), path.join(copy, 'store.sqlite'));
    const copied = openStore(copy);
    expect(copied.records()).toEqual(store.records());
    copied.close();
  });
});

describe('openStore', () => {
  const open =
    (place: string, create = false) =>
    () =>
      openStore(place, { create });
  const database = (): string => path.join(folder, 'store.sqlite');

  it('refuses a text file, a missing folder, and a folder without a store', () => {
    const file = path.join(root, 'notes.txt');
    writeFileSync(file, 'text');
    for (const create of [false, true]) {
      expect(open(file, create)).toThrow(DataError);
      expect(open(file, create)).toThrow(`${file}: is a file, not the folder of a run store`);
    }
    expect(readFileSync(file, 'utf8')).toBe('text');
    expect(open(path.join(root, 'none'))).toThrow('none: does not exist');
    expect(existsSync(path.join(root, 'none'))).toBe(false);
    expect(open(root)).toThrow(`${root}: holds no run store: store.sqlite is missing`);
    expect(open(path.join(file, 'below'), true)).toThrow(EnvironmentError);
    // Node 20 says why, Node 24 that there is nothing.
    expect(open(path.join(file, 'below'))).toThrow(/below: (ENOTDIR|does not exist)/);
  });

  it('refuses what is not a store in the place of store.sqlite, and leaves it alone', () => {
    const other = path.join(root, 'other');
    mkdirSync(other);
    const file = path.join(other, 'store.sqlite');
    const foreign = path.join(root, 'foreign.sqlite');
    const driver = new Driver(foreign);
    driver.exec('CREATE TABLE mine (a)');
    driver.close();
    const cases: readonly [string | Buffer, string][] = [
      ['{"key": 1}\n'.repeat(100), 'is no SQLite database'],
      [readFileSync(foreign), 'store.sqlite is no run store of xnorlab'],
    ];
    for (const [contents, message] of cases) {
      writeFileSync(file, contents);
      for (const create of [false, true]) {
        expect(open(other, create)).toThrow(DataError);
        expect(open(other, create)).toThrow(message);
      }
      expect(readFileSync(file)).toEqual(Buffer.from(contents));
    }
  });

  it('refuses a store of a newer schema, and leaves it alone', async () => {
    await finish(1);
    const driver = new Driver(database());
    driver.exec('PRAGMA user_version = 99');
    driver.close();
    for (const create of [false, true]) {
      expect(open(folder, create)).toThrow(DataError);
      expect(open(folder, create)).toThrow(
        'was written by a newer xnorlab: its schema has version 99, this one knows up to 2; update',
      );
    }
  });

  it('refuses a truncated database', async () => {
    await finish(1, 2, 3);
    const copy = path.join(root, 'copy');
    mkdirSync(copy);
    cpSync(database(), path.join(copy, 'store.sqlite'));
    truncateSync(path.join(copy, 'store.sqlite'), 3 * 4096);
    expect(open(copy)).toThrow(DataError);
    expect(open(copy, true)).toThrow('is damaged (database disk image is malformed)');
    truncateSync(path.join(copy, 'store.sqlite'), 50);
    expect(open(copy)).toThrow('store.sqlite is no run store of xnorlab');
  });

  it('completes a store whose creation was cut short', () => {
    const cut = path.join(root, 'cut');
    mkdirSync(cut);
    writeFileSync(path.join(cut, 'store.sqlite'), '');
    // Long enough ago not to be waited for.
    utimesSync(path.join(cut, 'store.sqlite'), 1, 1);
    expect(open(cut)).toThrow('store.sqlite is no run store of xnorlab');
    const completed = openStore(cut, { create: true });
    expect(completed.runs()).toEqual([]);
    completed.close();
  });

  // Folders where SQLite's shared memory cannot be made, like read-only ones, which root does not know.
  it('reads where nothing can be written, unless changes are not merged', async () => {
    await finish(1, 2);
    const copy = path.join(root, 'read-only');
    mkdirSync(copy);
    symlinkSync('/nowhere/at-all', path.join(copy, 'store.sqlite-shm'));
    cpSync(database(), path.join(copy, 'store.sqlite'));
    const readOnly = openStore(copy);
    expect(readOnly.records()).toEqual(store.records());
    await expect(readOnly.write(async (writer) => writer.begin(sampleRun(5)))).rejects.toThrow(
      EnvironmentError,
    );
    expect(readOnly.records()).toEqual(store.records());
    readOnly.close();
    writeFileSync(path.join(copy, 'store.sqlite-wal'), 'changes');
    expect(open(copy)).toThrow('its last changes are not merged into store.sqlite yet. Copy the folder');
  });

  it('ends with close', () => {
    store.close();
    store.close();
    expect(() => store.runs()).toThrow('is used after it was closed');
  });
});
