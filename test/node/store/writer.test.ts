import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArgumentError, DataError, EnvironmentError } from '../../../src/core/errors.js';
import { Database } from '../../../src/node/store/database.js';
import { openStore, type RunStore } from '../../../src/node/store/run-store.js';
import { StoreWriter } from '../../../src/node/store/writer.js';
import type { RunRecord } from '../../../src/records/record.js';
import { plainEpoch, sampleRun } from './sample-run.js';

let folder: string;
let store: RunStore;
const run = sampleRun(1);

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-store-'));
  store = openStore(folder, { create: true });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function epochs(): number[] {
  return store.find(run.key)?.epochs.map(({ epoch }) => epoch) ?? [];
}

describe('epochs', () => {
  it('are there for readers as soon as they are appended', () =>
    store.write(async (writer) => {
      writer.begin(run);
      for (let epoch = 1; epoch <= 3; epoch++) {
        writer.appendEpochs(run.key, [plainEpoch(epoch)]);
        expect(epochs()).toHaveLength(epoch);
      }
    }));

  it('survive a new begin, and go with truncate', () =>
    store.write(async (writer) => {
      writer.begin(run);
      writer.appendEpochs(run.key, [1, 2, 3].map(plainEpoch));
      writer.begin(run);
      expect(epochs()).toEqual([1, 2, 3]);
      writer.truncate(run.key, 2);
      expect(epochs()).toEqual([1, 2]);
      writer.appendEpochs(run.key, [plainEpoch(3)]);
      writer.truncate(run.key, 0);
      expect(epochs()).toEqual([]);
    }));

  it('must go on from the last one, all of them or none', () =>
    store.write(async (writer) => {
      writer.begin(run);
      writer.appendEpochs(run.key, [plainEpoch(1)]);
      const append =
        (...numbers: number[]) =>
        () =>
          writer.appendEpochs(run.key, numbers.map(plainEpoch));
      expect(append(3)).toThrow('epochs[0].epoch: expected 2, the next one, got 3');
      expect(append(1)).toThrow('epochs[0].epoch: expected 2, the next one, got 1');
      expect(append(2, 4)).toThrow('epochs[1].epoch: expected 3, the next one, got 4');
      expect(epochs()).toEqual([1]);
    }));

  it('must be numbers that can be kept', () =>
    store.write(async (writer) => {
      writer.begin(run);
      const wrong = { ...plainEpoch(1), loss: Number.NaN };
      expect(() => writer.appendEpochs(run.key, [wrong])).toThrow('loss: expected a finite number, got NaN');
      expect(epochs()).toEqual([]);
    }));
});

describe('a run', () => {
  it('goes on only between its begin and its end', () =>
    store.write(async (writer) => {
      const attempts = [
        () => writer.truncate(run.key, 0),
        () => writer.appendEpochs(run.key, [plainEpoch(1)]),
        () => writer.fail(run.key, new Error('late')),
      ];
      const check = (state: string): void => {
        for (const attempt of attempts) {
          expect(attempt).toThrow(ArgumentError);
          expect(attempt).toThrow(`key: expected a run in progress, got '${state} run ${run.key}'`);
        }
      };
      check('unknown');
      expect(() => writer.finish(run.key, run.record)).toThrow('expected a run in progress');
      expect(() => writer.join(run.key, 'sweep')).toThrow('key: expected a run of this store');
      writer.begin(run);
      writer.fail(run.key, new Error('first'));
      check('failed');
      writer.begin(run);
      expect(store.find(run.key)).toMatchObject({ status: 'unfinished' });
      writer.finish(run.key, run.record);
      check('finished');
      expect(() => writer.begin(run)).toThrow('key: expected a run that is not finished yet');
      expect(store.records()).toEqual([run.record]);
    }));

  it('has a key that can name a file', () =>
    store.write(async (writer) => {
      expect(() => writer.begin({ ...run, key: '../key' })).toThrow(
        "key: expected a key made by runKey, got '../key'",
      );
      expect(() => store.checkpointFile('../key')).toThrow(ArgumentError);
    }));

  it('that is finished takes the epochs of its record, and the same result again without a word', () =>
    store.write(async (writer) => {
      writer.begin(run);
      writer.appendEpochs(run.key, [1, 2, 3].map(plainEpoch));
      writer.finish(run.key, run.record);
      expect(store.find(run.key)?.epochs).toEqual(run.record.epochs);
      const elsewhere: RunRecord = {
        ...run.record,
        config: { ...run.record.config, backend: 'wasm' },
        backend: { name: 'wasm', description: 'another' },
        software: { ...run.record.software, commit: 'other' },
        startedAt: '2027-01-01T00:00:00.000Z',
        epochs: run.record.epochs.map((epoch) => ({ ...epoch, trainMs: 1, elapsedMs: 2 })),
        totals: { ...run.record.totals, trainMs: 1, elapsedMs: 2 },
      };
      writer.finish(run.key, elsewhere);
      expect(store.records()).toEqual([run.record]);
    }));

  it.each<[string, Partial<RunRecord>]>([
    ['testAccuracy: 73, 73.1', { testAccuracy: 73.1 }],
    [
      'epochs.0.flips: 30, 31',
      { epochs: run.record.epochs.map((epoch, i) => ({ ...epoch, flips: i ? 12 : 31 })) },
    ],
    ['epochs.1: [object Object], undefined', { epochs: run.record.epochs.slice(0, 1) }],
    ['config.extra: undefined, 1', { config: { ...run.config, extra: 1 } }],
  ])('that is finished is never replaced by another result (%s)', (difference, change) =>
    store.write(async (writer) => {
      writer.begin(run);
      writer.finish(run.key, run.record);
      const attempt = (): void => writer.finish(run.key, { ...run.record, ...change });
      expect(attempt).toThrow(DataError);
      expect(attempt).toThrow(
        `${folder}: run ${run.key} is finished with another result (${difference}), which is kept`,
      );
      expect(store.records()).toEqual([run.record]);
    }),
  );
});

describe('the checkpoint of a run', () => {
  function makeCheckpoint(): string {
    const file = store.checkpointFile(run.key);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, 'state');
    return file;
  }

  it('stays while the run is unfinished, and goes with its end', async () => {
    const file = makeCheckpoint();
    expect(path.relative(folder, file)).toBe(path.join('checkpoints', `${run.key}.checkpoint`));
    await store.write(async (writer) => writer.begin(run));
    await store.write(async (writer) => {
      expect(existsSync(file)).toBe(true);
      writer.fail(run.key, new Error('no'));
      expect(existsSync(file)).toBe(false);
      makeCheckpoint();
      writer.begin(run);
      expect(existsSync(file)).toBe(true);
      writer.finish(run.key, run.record);
      expect(existsSync(file)).toBe(false);
    });
  });

  it('that a killed writer left behind goes with the next one', async () => {
    await store.write(async (writer) => {
      writer.begin(run);
      writer.finish(run.key, run.record);
    });
    const file = makeCheckpoint();
    await store.write(async () => expect(existsSync(file)).toBe(false));
  });
});

describe('a full disk', () => {
  it('is an error that says so; what was written stays, and writing goes on when there is room', () => {
    const database = new Database(path.join(folder, 'store.sqlite'), 'write');
    const writer = new StoreWriter(database, folder, (key) => store.checkpointFile(key));
    writer.begin(run);
    writer.appendEpochs(run.key, [plainEpoch(1)]);
    database.exec(`PRAGMA max_page_count = ${database.pragma('page_count') + 4}`);
    let written = 1;
    const fill = (): void => {
      for (;;) {
        writer.appendEpochs(
          run.key,
          [1, 2, 3, 4, 5].map((i) => plainEpoch(written + i)),
        );
        written += 5;
      }
    };
    expect(fill).toThrow(EnvironmentError);
    expect(fill).toThrow(`cannot read or write ${folder}/store.sqlite: database or disk is full. Make room`);
    expect(written).toBeGreaterThan(10);
    expect(epochs()).toHaveLength(written);
    database.exec('PRAGMA max_page_count = 1000000');
    writer.appendEpochs(run.key, [plainEpoch(written + 1)]);
    expect(epochs()).toHaveLength(written + 1);
    database.close();
  });
});
