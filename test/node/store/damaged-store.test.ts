import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import Driver from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataError } from '../../../src/core/errors.js';
import { checkStore, repairStore } from '../../../src/node/store/repair.js';
import { openStore } from '../../../src/node/store/run-store.js';
import { StoreDamagedError } from '../../../src/node/store/store-damaged-error.js';
import { plainEpoch, sampleRun } from './sample-run.js';

let folder: string;
let database: string;
const runs = [1, 2, 3].map((seed) => sampleRun(seed, 'sweep'));
const [first, second, third] = runs;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-store-'));
  database = path.join(folder, 'store.sqlite');
  const store = openStore(folder, { create: true });
  await store.write(async (writer) => {
    for (const run of runs) writer.begin(run);
    writer.finish(first.key, first.record);
    writer.finish(second.key, second.record);
    writer.appendEpochs(third.key, [plainEpoch(1)]);
  });
  store.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Changes the store as nobody of ours would. */
function tamper(sql: string): void {
  const driver = new Driver(database);
  driver.exec(sql);
  driver.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  driver.close();
}

function read(): unknown {
  const store = openStore(folder);
  try {
    return store.runs();
  } finally {
    store.close();
  }
}

const REMEDY = () => `; \`xnorlab store ${folder} --check\` says all, --repair keeps what is whole`;

describe('a store that was changed', () => {
  it.each([
    [
      'a number',
      () =>
        `UPDATE epochs SET record = replace(record, '"epoch":1', '"epoch":7') WHERE run = 1 AND epoch = 1`,
      () => `run ${first.key}, epoch 1: it is not what was written, by its checksum`,
    ],
    [
      'a bit of a text that is UTF-8 no more, at which the driver would end the process',
      () => `UPDATE runs SET config = CAST(replace(CAST(config AS BLOB), 'p', x'ff') AS TEXT) WHERE id = 2`,
      () => `run ${second.key}: it is no configuration and outcome as JSON (and `,
    ],
    [
      'a missing epoch',
      () => 'DELETE FROM epochs WHERE run = 2 AND epoch = 2',
      () => `run ${second.key}: 1 of its 2 epochs are missing (and `,
    ],
    [
      'a missing run',
      () => 'DELETE FROM sweepRuns; DELETE FROM epochs; DELETE FROM runs',
      () => 'runs: 0 rows are there, and 3 were written (and ',
    ],
    [
      'a missing sweep',
      () => 'DELETE FROM sweepRuns WHERE run = 2',
      () => 'sweepRuns: 2 rows are there, and 3 were written (and ',
    ],
    ['the seal', () => 'UPDATE seal SET sum = 5', () => 'the seal: it is none'],
    [
      'a checksum away',
      () => 'UPDATE epochs SET checksum = NULL',
      () => 'the seal: the sum of all checksums is another',
    ],
    ['a view', () => 'DROP VIEW layers', () => 'the tables: they are not those that were made'],
  ])('is found: %s', (_, sql, message) => {
    tamper(sql());
    expect(read).toThrow(StoreDamagedError);
    expect(read).toThrow(`${folder}: is damaged: ${message()}`);
    expect(read).toThrow(REMEDY());
  });

  it('is not written to either', async () => {
    tamper(`UPDATE runs SET datasetSha256 = '11' WHERE id = 1`);
    const before = readFileSync(database);
    const store = openStore(folder);
    await expect(store.write(async (writer) => writer.remove(second.key))).rejects.toThrow(StoreDamagedError);
    store.close();
    expect(readFileSync(database)).toEqual(before);
  });
});

describe('repair', () => {
  it('keeps what is whole, makes runs unfinished whose outcome is not, and keeps the store as it was', async () => {
    const whole = read() as { key: string }[];
    tamper(
      `UPDATE epochs SET record = '{}' WHERE run = 2 AND epoch = 2; UPDATE runs SET key = x'ff' WHERE id = 3`,
    );
    const damaged = readFileSync(database);
    expect(checkStore(folder)).toMatchObject({
      whole: [first.key],
      untrained: [second.key],
      damages: expect.arrayContaining([
        { place: `run ${second.key}, epoch 2`, problem: 'it is not what was written, by its checksum' },
        { place: 'row 3 of runs', problem: 'its key is none' },
      ]),
    });
    expect(readFileSync(database)).toEqual(damaged);
    const { original = '' } = repairStore(folder);
    expect(path.dirname(original)).toBe(folder);
    expect(readFileSync(path.join(original, 'store.sqlite'))).toEqual(damaged);
    const store = openStore(folder);
    expect(store.runs({ sweep: 'sweep' })).toEqual([
      whole[0],
      { ...whole[1], status: 'unfinished', record: undefined, epochs: [] },
    ]);
    // A sweep trains what is not finished, and what is not there.
    await store.write(async (writer) => {
      writer.finish(second.key, second.record);
      writer.begin(third);
      writer.appendEpochs(third.key, [plainEpoch(1)]);
    });
    expect(store.runs()).toEqual(whole);
    store.close();
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('leaves a store alone that is whole', () => {
    const before = readFileSync(database);
    expect(repairStore(folder)).toMatchObject({
      damages: [],
      whole: runs.map(({ key }) => key),
      unchecked: 0,
    });
    expect(readFileSync(database)).toEqual(before);
    expect(existsSync(path.join(folder, 'damaged'))).toBe(false);
  });

  it('says what is no store', () => {
    expect(() => checkStore(path.join(folder, 'none'))).toThrow(
      'holds no run store: store.sqlite is missing',
    );
    writeFileSync(database, 'text'.repeat(2000));
    expect(() => repairStore(folder)).toThrow(DataError);
  });
});

describe('a store of xnorlab 0.2, without checksums', () => {
  beforeEach(() =>
    tamper(
      `DROP TABLE seal; ${['runs', 'epochs', 'sweepRuns'].map((t) => `ALTER TABLE ${t} DROP COLUMN checksum;`).join('')}
       PRAGMA user_version = 1`,
    ),
  );

  it('is read, and says what is not checked', () => {
    expect(read()).toHaveLength(3);
    expect(checkStore(folder)).toMatchObject({ damages: [], unchecked: 3 + 5 + 3 });
  });

  it('gets checksums for what is written to it, and no more', async () => {
    const store = openStore(folder);
    const before = store.runs();
    await store.write(async (writer) => {
      writer.finish(third.key, third.record);
    });
    expect(store.runs().slice(0, 2)).toEqual(before.slice(0, 2));
    store.close();
    expect(checkStore(folder)).toMatchObject({ damages: [], unchecked: 2 + 4 + 3 });
    tamper(`UPDATE epochs SET record = replace(record, '"epoch":1', '"epoch": 1') WHERE run = 3`);
    expect(read).toThrow(`run ${third.key}, epoch 1: it is not what was written, by its checksum`);
  });

  it('is found damaged where it is no JSON, or no text', () => {
    const bytes = readFileSync(database);
    bytes[bytes.indexOf('{"recordVersion"')] = '['.charCodeAt(0);
    writeFileSync(database, bytes);
    expect(read).toThrow(StoreDamagedError);
    // SQLite's own check of the file gives up at it, too.
    expect(checkStore(folder).damages).toContainEqual({
      place: expect.stringMatching(/^run [0-9a-f]{32}$/),
      problem: 'it is no configuration and outcome as JSON',
    });
    const { whole, untrained, lost } = repairStore(folder);
    expect([whole.length, untrained.length, lost.length]).toEqual([2, 1, 0]);
    expect((read() as { status: string }[]).map(({ status }) => status).sort()).toEqual([
      'finished',
      'unfinished',
      'unfinished',
    ]);
  });
});

describe('removing a run', () => {
  it('forgets it, its epochs, its sweeps and its checkpoint, and nothing else', async () => {
    const store = openStore(folder);
    const others = store.runs().filter(({ key }) => key !== second.key);
    const checkpoint = store.checkpointFile(second.key);
    await store.write(async (writer) => {
      mkdirSync(path.dirname(checkpoint), { recursive: true });
      writeFileSync(checkpoint, 'state');
      writer.remove(second.key);
      expect(() => writer.remove(second.key)).toThrow(
        `key: expected a run of this store, got '${second.key}'`,
      );
    });
    expect(existsSync(checkpoint)).toBe(false);
    expect(store.runs()).toEqual(others);
    expect(store.query('SELECT count(*) AS n FROM epochs')).toEqual([{ n: 3 }]);
    store.close();
    expect(checkStore(folder).damages).toEqual([]);
  });
});

describe('a store that is being made', () => {
  it('is waited for, and appears as a whole', async () => {
    const place = path.join(folder, 'new');
    mkdirSync(place);
    const sign = path.join(place, '.store.sqlite.x.tmp');
    writeFileSync(sign, '');
    const script = `
      const { openStore } = require(${JSON.stringify(path.resolve('dist', 'node', 'store', 'run-store.js'))});
      setTimeout(() => { openStore(${JSON.stringify(place)}, { create: true }).close(); require('node:fs').rmSync(${JSON.stringify(sign)}); }, 50);
    `;
    const maker = promisify(execFile)(process.execPath, ['-e', script]);
    // The clock of the file is set forward, so that a slow maker is no reason to stop waiting.
    utimesSync(sign, Date.now() / 1000 + 60, Date.now() / 1000 + 60);
    let store: ReturnType<typeof openStore> | undefined;
    while (!store) {
      try {
        store = openStore(place);
      } catch (error) {
        // Only if the maker has taken longer than anybody waits.
        expect(String(error)).toContain('store.sqlite is missing');
      }
    }
    expect(store.runs()).toEqual([]);
    store.close();
    await maker;
    expect(readdirSync(place).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('is made, though somebody was killed at that, whose files go', () => {
    const place = path.join(folder, 'new');
    mkdirSync(place);
    const left = path.join(place, '.store.sqlite.x.tmp');
    writeFileSync(left, '');
    utimesSync(left, 1, 1);
    expect(() => openStore(place)).toThrow('holds no run store: store.sqlite is missing');
    openStore(place, { create: true }).close();
    expect(existsSync(left)).toBe(false);
  });
});

describe('bits of a store flipped at random', () => {
  it('give an error of ours that says where, or what was written', { timeout: 300_000 }, async () => {
    const script = path.resolve('scripts', 'damage-stores.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [script, '--cases', '120', '--seed', '3']);
    expect(JSON.parse(stdout)).toMatchObject({ cases: 120, wrong: [] });
  });
});
