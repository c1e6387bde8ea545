import { beforeAll, describe, expect, it } from 'vitest';
import type { Dataset, FeatureMatrix } from '../../../src/data/dataset.js';
import { listDatasets, loadDataset } from '../../../src/node/data/load.js';

const NAMES = ['penbased', 'satimage', 'chess', 'breast', 'tic-tac-toe', 'ionosphere'] as const;

describe('tables of KEEL, as UCI publishes them', async () => {
  const listed = new Map((await listDatasets()).map(({ name, folder }) => [name, folder]));
  if (NAMES.some((name) => !listed.get(name))) {
    process.stderr.write('\n*** SKIPPED: tables of KEEL are not on this machine; none was read ***\n\n');
    it.skip('SKIPPED: not on this machine', () => undefined);
    return;
  }
  const sets = new Map<string, Dataset>();

  beforeAll(async () => {
    for (const name of NAMES) sets.set(name, await loadDataset(name));
  });

  // Rows as `zcat … | wc -l` counts them; categories as `cut -d, -f… | sort -u` does.
  it.each([
    ['penbased', 10_992, 16, 0, 10],
    ['satimage', 6435, 36, 0, 6],
    ['ionosphere', 351, 33, 0, 2],
    // 35 columns of two categories and one of three
    ['chess', 3196, 73, 73, 2],
    ['tic-tac-toe', 958, 27, 27, 2],
    // deg-malig alone is a number
    ['breast', 277, 39, 38, 2],
  ])('%s has its samples, columns and classes', (name, samples, columns, signs, classes) => {
    const { train, test, shape, classes: names } = sets.get(name) as Dataset;
    expect(train.labels.length + test.labels.length).toBe(samples);
    expect(test.labels.length).toBe(Math.round(samples / 5));
    expect(shape).toEqual({ kind: 'vector', size: columns, ...(signs > 0 && { signs }) });
    expect(names).toHaveLength(classes);
  });

  it('have each category once: the ones of a sample are as many as its columns of categories', () => {
    const { features } = (sets.get('chess') as Dataset).train;
    for (let row = 0; row < features.rows; row++) {
      const values = [...(features as FeatureMatrix).rowRange(row, row + 1).values];
      expect(values.filter((value) => value === 1)).toHaveLength(36);
      expect(values.filter((value) => value === -1)).toHaveLength(37);
    }
  });

  it('have their numbers: the coordinates of pen digits go from 0 to 100', () => {
    const { train, classes } = sets.get('penbased') as Dataset;
    const values = [...(train.features as FeatureMatrix).values].sort((a, b) => a - b);
    expect([values[0], values[values.length - 1]]).toEqual([0, 100]);
    expect(classes).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  it('lie in a folder that is no set itself', () => {
    expect(listed.has('keel')).toBe(false);
  });
});
