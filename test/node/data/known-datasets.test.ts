import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ArgumentError } from '../../../src/core/errors.js';
import { knownDatasets, registerDataset } from '../../../src/data/known/catalog.js';
import type { KnownDataset } from '../../../src/data/known/known-dataset.js';
import { seriesDataset } from '../../../src/data/series-table.js';
import { sha256Of } from '../../../src/node/data/file-access.js';
import { listDatasets, loadDataset } from '../../../src/node/data/load.js';
import { errorOf, temporaryFolder, writeFiles } from '../../data/helpers.js';

const README = (name: string): string => path.resolve(__dirname, '..', '..', '..', 'data', name, 'README.md');

describe.each(knownDatasets())('$name', (known) => {
  it('has a README with where it comes from and the hash of each file', () => {
    expect(existsSync(README(known.name))).toBe(true);
    const text = readFileSync(README(known.name), 'utf8');
    for (const { sha256 } of known.files) expect(text).toContain(sha256);
    expect(text).toContain(known.homepage);
  });

  it('is what its module says, where it is on this machine', async (context) => {
    const summary = (await listDatasets()).find(({ name }) => name === known.name);
    if (summary?.status !== 'found') return context.skip();
    const { shape, sha256 } = await loadDataset(known.name, { download: false });
    expect(shape).toEqual(known.shape);
    expect(readFileSync(README(known.name), 'utf8')).toContain(sha256);
  });
});

describe('registerDataset', () => {
  const train = '0\t1\t2\n1\t3\t4\n';
  const tiny: KnownDataset = {
    name: 'registered-here',
    title: 'two series',
    shape: { kind: 'sequence', steps: 2, of: { kind: 'vector', size: 1 } },
    files: ['train.tsv', 'test.tsv'].map((name) => ({ name, sha256: sha256Of(Buffer.from(train)) })),
    homepage: 'http://tiny.invalid',
    assemble: (fileOf) =>
      seriesDataset('registered-here', { train: fileOf('train.tsv'), test: fileOf('test.tsv') }),
  };

  it('makes a set of the user’s own known: found, checked, listed', async () => {
    registerDataset(tiny);
    registerDataset(tiny);
    const dataDir = await temporaryFolder();
    const absent = await errorOf(() => loadDataset(tiny.name, { dataDir }));
    expect(absent.message).toContain('it is published at http://tiny.invalid');
    await writeFiles(path.join(dataDir, tiny.name), { 'train.tsv': train, 'test.tsv': train });
    expect((await loadDataset(tiny.name, { dataDir })).shape).toEqual(tiny.shape);
    await writeFiles(path.join(dataDir, tiny.name), { 'test.tsv': train.replace('4', '5') });
    const other = await errorOf(() => loadDataset(tiny.name, { dataDir }));
    expect(other.message).toContain(
      'test.tsv: is not test.tsv of registered-here: SHA-256 of the contents is',
    );
    const listed = (await listDatasets({ dataDir })).filter(({ name }) => name === tiny.name);
    expect(listed).toEqual([
      { name: tiny.name, status: 'found', folder: path.join(dataDir, tiny.name), note: 'two series' },
    ]);
  });

  it.each(['mnist', 'prototypes'])('refuses the name %s, which is taken', (name) => {
    expect(() => registerDataset({ ...tiny, name })).toThrow(ArgumentError);
    expect(() => registerDataset({ ...tiny, name })).toThrow(
      `name: expected one that no data set has yet, got '${name}'`,
    );
  });
});
