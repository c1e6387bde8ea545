import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import Papa from 'papaparse';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnvironmentError } from '../../../src/core/errors.js';
import { openStore, type RunStore } from '../../../src/node/store/run-store.js';
import { runKey } from '../../../src/records/run-key.js';
import { plainEpoch, sampleRun } from './sample-run.js';

const NAMES = ['runs', 'epochs', 'layers', 'tasks', 'sweepRuns'];

let folder: string;
let store: RunStore;
const [finished, unfinished, failed] = [1, 2, 3].map((seed) => sampleRun(seed, 'one, "two"\nthree'));

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-store-'));
  store = openStore(path.join(folder, 'store'), { create: true });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function fill(): Promise<void> {
  return store.write(async (writer) => {
    for (const run of [finished, unfinished, failed]) writer.begin(run);
    writer.finish(finished.key, finished.record);
    writer.appendEpochs(unfinished.key, [plainEpoch(1)]);
    writer.fail(failed.key, new Error('a "quoted", long\nmessage'));
  });
}

type Cells = Record<string, unknown>;

/** Rows of a file with every number as a number and everything that is not there left out. */
async function readRows(file: string): Promise<Cells[]> {
  const rows: Cells[] = file.endsWith('.csv')
    ? Papa.parse<Cells>(readFileSync(file, 'utf8'), { header: true, skipEmptyLines: true }).data
    : await parquetReadObjects({ file: await asyncBufferFromFile(file) });
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row)
        .filter(([, value]) => value !== null && value !== '')
        .map(([name, value]) => {
          const number = typeof value === 'bigint' || /^-?[\d.]+(e[+-]\d+)?$/.test(String(value));
          return [name, number && !/^key|Sha256$/.test(name) ? Number(value) : value];
        }),
    ),
  );
}

describe.each(['csv', 'parquet'])('export to %s', (format) => {
  const exported = (to: string): Promise<string[]> =>
    format === 'csv' ? store.exportCsv(to) : store.exportParquet(to);

  it('gives back runs, epochs, layers and sweeps', async () => {
    await fill();
    const target = path.join(folder, 'new', 'target');
    const files = await exported(target);
    expect(files).toEqual(NAMES.map((name) => path.join(target, `${name}.${format}`)));
    const [runs, epochs, layers, tasks, sweepRuns] = await Promise.all(files.map(readRows));

    const { record } = finished;
    const common = (run: typeof finished, layerWidths: string): Cells => ({
      key: run.key,
      rule: 'local-error',
      ruleVersion: 1,
      dataset: 'prototypes',
      datasetSha256: '00',
      layers: layerWidths,
      epochs: 2,
      config: JSON.stringify(run.config),
      // What the runs differ in, and no column says yet.
      'rule.groupSize': run === unfinished ? 1 : 2,
    });
    expect(runs).toEqual([
      {
        ...common(finished, '4,2'),
        status: 'finished',
        seed: 1,
        selectedEpoch: 2,
        trainAccuracy: 75,
        validationAccuracy: 71,
        testAccuracy: 73,
        parameters: 20,
        memoryBits: 12_000_000,
        booleanGates: 1_000_000,
        trainMs: 20,
        elapsedMs: 30,
        backend: 'reference',
        startedAt: '2026-01-01T00:00:00.000Z',
      },
      { ...common(unfinished, '4,2'), status: 'unfinished', seed: 2 },
      {
        ...common(failed, '4,2'),
        status: 'failed',
        seed: 3,
        errorName: 'Error',
        errorMessage: 'a "quoted", long\nmessage',
      },
    ]);
    expect(epochs).toEqual([
      ...record.epochs.map(({ layers: _, ...epoch }) => ({ key: finished.key, ...epoch })),
      { key: unfinished.key, ...plainEpoch(1) },
    ]);
    expect(layers).toEqual(
      record.epochs.flatMap(({ epoch, layers: ofEpoch = [] }) =>
        ofEpoch.map(({ depthHistogram, ...layer }, i) => ({
          key: finished.key,
          epoch,
          layer: i + 1,
          ...layer,
          depthHistogram: JSON.stringify(depthHistogram),
        })),
      ),
    );
    expect(tasks).toEqual([]);
    expect(sweepRuns).toEqual(
      [finished, unfinished, failed].map(({ key }) => ({ key, sweep: 'one, "two"\nthree' })),
    );
  });

  it('has a column for every option that runs differ in, with its type', async () => {
    const configs = [
      { rule: { name: 'a', layers: [4, 2], rate: 1, noise: { kind: 'x' } }, seed: 1 },
      { rule: { name: 'a', layers: [4], rate: 0.5, greedy: true }, seed: 2 },
      { rule: { name: 'b', rate: 3, vast: 2 ** 60 }, seed: 2 },
      { rule: { name: 'b', rate: 3, vast: 'none' }, seed: 3 },
    ];
    await store.write(async (writer) => {
      for (const config of configs) {
        writer.begin({ ...finished, key: runKey(config, '00', finished.rule), config });
      }
    });
    const [file] = await exported(folder);
    const runs = await readRows(file);
    const options = runs.map((row) =>
      Object.fromEntries(Object.entries(row).filter(([name]) => name.includes('.'))),
    );
    expect(options).toEqual([
      { 'rule.layers': '4,2', 'rule.rate': 1, 'rule.noise.kind': 'x' },
      { 'rule.layers': 4, 'rule.rate': 0.5, 'rule.greedy': 'true' },
      { 'rule.rate': 3, 'rule.vast': 2 ** 60 },
      { 'rule.rate': 3, 'rule.vast': 'none' },
    ]);
    if (format !== 'parquet') return;
    const { schema } = await parquetMetadataAsync(await asyncBufferFromFile(file));
    const types = new Map(schema.map(({ name, type }) => [name, type]));
    const paths = ['rule.layers', 'rule.rate', 'rule.noise.kind', 'rule.greedy', 'rule.vast'];
    expect(paths.map((name) => types.get(name))).toEqual([
      ...['BYTE_ARRAY', 'DOUBLE', 'BYTE_ARRAY', 'BYTE_ARRAY', 'BYTE_ARRAY'],
    ]);
  });

  it('writes headings alone for an empty store', async () => {
    const files = await exported(folder);
    expect(await Promise.all(files.map(readRows))).toEqual(NAMES.map(() => []));
    if (format === 'csv') expect(readFileSync(files[4], 'utf8')).toBe('key,sweep\n');
  });

  it('defuses formulas in CSV if that is asked for', async () => {
    await store.write(async (writer) => writer.begin({ ...finished, sweep: '=HYPERLINK("http://x")' }));
    if (format !== 'csv') return;
    const [, , , , plain] = await exported(folder);
    expect(readFileSync(plain, 'utf8')).toContain(',"=HYPERLINK(""http://x"")"');
    const [, , , , defused] = await store.exportCsv(folder, { defuseFormulas: true });
    expect(readFileSync(defused, 'utf8')).toContain(`,"'=HYPERLINK(""http://x"")"`);
  });

  it('says where it cannot write', async () => {
    await fill();
    const file = path.join(folder, 'file');
    writeFileSync(file, 'text');
    await expect(exported(file)).rejects.toThrow(EnvironmentError);
    await expect(exported(file)).rejects.toThrow(`cannot write ${path.join(file, `runs.${format}`)}: `);
    expect(readFileSync(file, 'utf8')).toBe('text');
  });
});
