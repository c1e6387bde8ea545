import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/node/store/run-store.js';
import { plainEpoch, sampleRun } from '../node/store/sample-run.js';
import { xnorlab } from './run-xnorlab.js';

const xnorlabStore = (...args: string[]) => xnorlab('store', ...args);

describe('xnorlab store', () => {
  let root: string;
  let folder: string;
  beforeAll(async () => {
    root = mkdtempSync(path.join(tmpdir(), 'xnorlab-store-'));
    folder = path.join(root, 'store');
    const store = openStore(folder, { create: true });
    await store.write(async (writer) => {
      const [first, second, third, fourth, fifth] = [1, 2, 3, 4, 5].map((seed) => sampleRun(seed, 'depths'));
      for (const run of [first, second, third, fourth, fifth]) writer.begin(run);
      // The best of all runs is in the group of the lower mean.
      for (const [run, validationAccuracy] of [
        [first, 71],
        [second, 74],
        [third, 75],
      ] as const) {
        writer.finish(run.key, { ...run.record, validationAccuracy });
      }
      writer.fail(fourth.key, new RangeError('too\ndeep'));
      writer.appendEpochs(fifth.key, [plainEpoch(1)]);
    });
    store.close();
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('says what is in it, in words and as JSON', async () => {
    const [words, json] = await Promise.all([xnorlabStore(folder), xnorlabStore(folder, '--json')]);
    expect(words).toMatchObject({ code: 0, stderr: '' });
    const [head, ...rest] = words.stdout.split('\n');
    expect(head).toBe(`${folder}: 3 runs finished, 1 unfinished, 1 failed; 7 epochs`);
    expect(rest).toContain('sweep   runs  finished');
    expect(rest).toContain('depths  5     3');
    expect(rest).toContain(
      'rule         dataset     layers  tasks  rule.groupSize  runs  validation    test',
    );
    // Seeds 1 and 3: validation 71 and 75, test 73 and 75; seed 2 has another group size. Of two, s = |a − b| / √2.
    expect(rest).toContain(
      'local-error  prototypes  4,2     1      2               2     73.00 ± 2.83  74.00 ± 1.41',
    );
    expect(rest).toContain(
      'local-error  prototypes  4,2     1      1               1     74.00         74.00         best on validation data',
    );
    expect(words.stdout).toContain('RangeError  too deep');
    expect(JSON.parse(json.stdout)).toMatchObject({
      folder,
      ...{ finished: 3, unfinished: 1, failed: 1, epochs: 7 },
      sweeps: [{ sweep: 'depths', runs: 5, finished: 3 }],
      groups: [
        {
          options: {
            ...{ rule: 'local-error', dataset: 'prototypes', layers: '4,2', tasks: 1 },
            'rule.groupSize': 2,
          },
          runs: 2,
          validation: { mean: 73, standardDeviation: Math.sqrt(8) },
          test: { mean: 74, standardDeviation: Math.SQRT2 },
          isBest: false,
        },
        {
          options: {
            ...{ rule: 'local-error', dataset: 'prototypes', layers: '4,2', tasks: 1 },
            'rule.groupSize': 1,
          },
          runs: 1,
          validation: { mean: 74, standardDeviation: null },
          test: { mean: 74, standardDeviation: null },
          isBest: true,
        },
      ],
      failures: [{ seed: 4, errorName: 'RangeError', errorMessage: 'too\ndeep' }],
    });
  });

  it('exports', async () => {
    const to = path.join(root, 'exported');
    const [csv, parquet] = await Promise.all([
      xnorlabStore(folder, '--export', 'csv', '--to', to),
      xnorlabStore(folder, '--export', 'parquet', '--to', to, '--json'),
    ]);
    expect(csv).toMatchObject({ code: 0, stderr: '' });
    expect(csv.stdout.split('\n')).toContain(path.join(to, 'runs.csv'));
    expect(readFileSync(path.join(to, 'epochs.csv'), 'utf8').split('\n')).toHaveLength(1 + 7 + 1);
    for (const file of (JSON.parse(parquet.stdout) as { files: string[] }).files) {
      expect(readFileSync(file).subarray(0, 4).toString()).toBe('PAR1');
    }
  });

  it('checks, repairs and removes', async () => {
    const copy = path.join(root, 'copy');
    mkdirSync(copy);
    copyFileSync(path.join(folder, 'store.sqlite'), path.join(copy, 'store.sqlite'));
    const [first, second] = [1, 2].map((seed) => sampleRun(seed, 'depths').key);
    const whole = await xnorlabStore(copy, '--check');
    expect(whole).toEqual({ code: 0, stdout: `${copy}: nothing is damaged, 5 runs\n`, stderr: '' });
    expect(await xnorlabStore(copy, '--remove', second)).toEqual({
      code: 0,
      stdout: `1 runs removed from ${copy}\n`,
      stderr: '',
    });
    expect(await xnorlabStore(copy, '--remove', first, second)).toMatchObject({
      code: 2,
      stderr: `xnorlab: --remove: expected keys of runs of this store, got '${second}'\n`,
    });
    const file = path.join(copy, 'store.sqlite');
    const bytes = readFileSync(file);
    bytes[bytes.indexOf('"startedAt":"2026') + 14] ^= 1;
    writeFileSync(file, bytes);
    const damaged = await xnorlabStore(copy);
    expect(damaged.code).toBe(1);
    expect(damaged.stderr).toMatch(
      /^xnorlab: .*: is damaged: run \w{32}: it is not what was written, by its checksum/,
    );
    const check = await xnorlabStore(copy, '--check', '--json');
    expect(check.code).toBe(1);
    expect(JSON.parse(check.stdout)).toMatchObject({
      damages: [{ problem: expect.any(String) }],
      untrained: [expect.any(String)],
    });
    const repaired = await xnorlabStore(copy, '--repair');
    expect(repaired.code).toBe(0);
    expect(repaired.stdout).toContain('its configuration is whole, its outcome is not: to be trained again');
    expect(repaired.stdout).toMatch(/repaired; as it was, the store is in .*damaged-/);
    expect((await xnorlabStore(copy, '--check')).code).toBe(0);
    expect(await xnorlabStore(copy, '--check', '--repair')).toMatchObject({
      code: 2,
      stderr: 'xnorlab: --repair: expected nothing beside --check, got true\n',
    });
  });

  it('explains bad usage and what is no store, and writes nothing', async () => {
    const to = path.join(root, 'nothing');
    const outcomes = await Promise.all([
      xnorlabStore(folder, '--export', 'xlsx', '--to', to),
      xnorlabStore(folder, '--export', 'csv'),
      xnorlabStore(folder, '--to', to),
      xnorlabStore(to),
    ]);
    expect(outcomes).toEqual([
      { code: 2, stdout: '', stderr: "xnorlab: export: expected csv or parquet, got 'xlsx'\n" },
      { code: 2, stdout: '', stderr: 'xnorlab: to: expected a folder to export to, got undefined\n' },
      { code: 2, stdout: '', stderr: 'xnorlab: export: expected csv or parquet, got undefined\n' },
      { code: 1, stdout: '', stderr: `xnorlab: ${to}: does not exist\n` },
    ]);
    expect(existsSync(to)).toBe(false);
  });
});
