import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
      const [first, second, third, fourth] = [1, 2, 3, 4].map((seed) => sampleRun(seed, 'depths'));
      for (const run of [first, second, third, fourth]) writer.begin(run);
      writer.finish(first.key, first.record);
      writer.finish(second.key, second.record);
      writer.appendEpochs(third.key, [plainEpoch(1)]);
      writer.fail(fourth.key, new RangeError('too\ndeep'));
    });
    store.close();
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('says what is in it, in words and as JSON', async () => {
    const [words, json] = await Promise.all([xnorlabStore(folder), xnorlabStore(folder, '--json')]);
    expect(words).toMatchObject({ code: 0, stderr: '' });
    const [head, ...rest] = words.stdout.split('\n');
    expect(head).toBe(`${folder}: 2 runs finished, 1 unfinished, 1 failed; 5 epochs`);
    expect(rest).toContain('sweep   runs  finished');
    expect(rest).toContain('depths  4     2');
    expect(rest).toContain('rule         dataset     layers  tasks  runs  meanTestAccuracy');
    expect(rest).toContain('local-error  prototypes  4,2     1      2     73.50');
    expect(words.stdout).toContain('RangeError  too deep');
    expect(JSON.parse(json.stdout)).toMatchObject({
      folder,
      ...{ finished: 2, unfinished: 1, failed: 1, epochs: 5 },
      sweeps: [{ sweep: 'depths', runs: 4, finished: 2 }],
      groups: [
        {
          rule: 'local-error',
          dataset: 'prototypes',
          layers: '4,2',
          tasks: 1,
          runs: 2,
          meanTestAccuracy: 73.5,
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
    expect(readFileSync(path.join(to, 'epochs.csv'), 'utf8').split('\n')).toHaveLength(1 + 5 + 1);
    for (const file of (JSON.parse(parquet.stdout) as { files: string[] }).files) {
      expect(readFileSync(file).subarray(0, 4).toString()).toBe('PAR1');
    }
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
