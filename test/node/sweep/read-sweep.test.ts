import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSweep } from '../../../src/node/sweep/read-sweep.js';
import { expandSweep } from '../../../src/training/sweep/expand.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-sweep-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

const SWEEP = 'base: { dataset: mnist, rule: { name: sgd, layers: [10] } }\naxes:\n  - seeds: 3\n';

describe('readSweep', () => {
  it('gives the sweep under the name of its file, unless it has one', () => {
    const spec = readSweep(write('seeds.v2.yaml', SWEEP));
    expect(spec).toEqual({
      name: 'seeds.v2',
      base: { dataset: 'mnist', rule: { name: 'sgd', layers: [10] } },
      axes: [{ seeds: 3 }],
    });
    expect(expandSweep(spec).map(({ seed }) => seed)).toEqual([1, 2, 3]);
    expect(readSweep(write('seeds.yaml', `name: three\n${SWEEP}`)).name).toBe('three');
  });

  it('says where in the file an impossible run comes from', () => {
    const file = write('sweep.yaml', SWEEP.replace('seeds: 3', 'grid: { rule.layers: [[10], [0]] }'));
    expect(() => readSweep(file)).toThrow(
      `${file}:3:33 rule.layers.0 of the run with rule.layers [0]: expected a number of at least 1, got 0`,
    );
  });
});
