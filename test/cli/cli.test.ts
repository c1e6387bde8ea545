import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/records/record.js';
import { type Outcome, xnorlab } from './run-xnorlab.js';

const SMALL = [
  '--dataset',
  'prototypes',
  '--limit-train',
  '200',
  '--layers',
  '20',
  '--group-size',
  '5',
  '--epochs',
  '2',
];

describe('xnorlab train', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-cli-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('prints one JSON document on stdout with --json, progress on stderr, and saves the same', async () => {
    const file = path.join(folder, 'new', 'record.json');
    const { code, stdout, stderr } = await xnorlab(
      'train',
      '--rule',
      'local-error',
      ...SMALL,
      '--seed',
      '3',
      '--json',
      '--save',
      file,
    );
    expect(code).toBe(0);
    const record = JSON.parse(stdout) as RunRecord;
    expect(record).toMatchObject({ seed: 3, rule: { name: 'local-error' }, dataset: { trainSamples: 200 } });
    expect(record.epochs).toHaveLength(2);
    expect(stderr).toMatch(
      /^takes 816 KiB of memory for data, weights and batches\nepoch 1 {2}training .*\nepoch 2 {2}training .*\n$/,
    );
    expect(readFileSync(file, 'utf8')).toBe(stdout);
    expect(readdirSync(path.dirname(file))).toEqual(['record.json']);
  });

  it('reads a file of options; flags win', async () => {
    const file = path.join(folder, 'run.yaml');
    writeFileSync(
      file,
      'dataset: prototypes\nrule: { name: local-error, layers: [20], groupSize: 5 }\nepochs: 7\n',
    );
    const { stdout } = await xnorlab(
      'train',
      '--config',
      file,
      '--limit-train',
      '100',
      '--epochs',
      '1',
      '--json',
    );
    const record = JSON.parse(stdout) as RunRecord;
    expect(record.epochs).toHaveLength(1);
    expect(record.config).toMatchObject({ rule: { layers: [20], groupSize: 5 } });
  });

  it('tells the outcome in words without --json', async () => {
    const { stdout } = await xnorlab('train', '--rule', 'local-error', ...SMALL);
    expect(stdout).toMatch(
      /^local-error on prototypes \(200 training samples\), seed 1\n {2}test \d+\.\d\d %/,
    );
  });
});

describe('bad usage: exit status 2, one line that says why, nothing written', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-bad-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const local = ['--rule', 'local-error'];
  it.each<[string[], string]>([
    [['--dataset', 'nothing', ...local], 'dataset: expected one of prototypes, fashion-mnist, mnist'],
    [
      [...local, ...SMALL, '--group-size', '7'],
      "groupSize: expected a divisor of the layer's 20 neurons, got 7",
    ],
    [[...local, ...SMALL, '--robustness', '1.5'], 'rule.robustness: expected a number of at most 1, got 1.5'],
    [[...local, ...SMALL, '--robustness', 'much'], "rule.robustness: expected a number, got 'much'"],
    [[...local, ...SMALL, '--layers', ''], "rule.layers.0: expected a number, got ''"],
    [[...local, ...SMALL, '--layers', '0'], 'rule.layers.0: expected a number of at least 1, got 0'],
    [[...SMALL, '--rule', 'sgd'], 'rule: expected no key groupSize'],
    [
      [...local, ...SMALL, '--binarizer', 'mean'],
      "binarizer.kind: expected one of median, thermometer, got 'mean'",
    ],
    [[...local, ...SMALL, '--config', 'missing.yaml'], 'config: expected a readable YAML or JSON file'],
    [[...local, ...SMALL, '--epohcs', '3'], "unknown option '--epohcs'\n(Did you mean --epochs?)"],
  ])('%j', async (args, message) => {
    const file = path.join(folder, 'record.json');
    const { code, stdout, stderr } = await xnorlab('train', ...args, '--save', file, '--json');
    expect(stderr).toContain(message);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses an unwritable place before training', async () => {
    const { code, stdout, stderr } = await xnorlab(
      'train',
      ...local,
      ...SMALL,
      '--save',
      '/proc/record.json',
      '--json',
    );
    expect(stderr).toMatch(/^xnorlab: cannot write \/proc\/record\.json: .*\. Choose another place/);
    expect(code).toBe(1);
    expect(stdout).toBe('');
  });
});

describe('damaged data: exit status 1, the file is named', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-data-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function trainOn(name: string, files: Record<string, string | Uint8Array>): Promise<Outcome> {
    const set = path.join(folder, name);
    mkdirSync(set, { recursive: true });
    for (const [file, content] of Object.entries(files)) writeFileSync(path.join(set, file), content);
    return xnorlab(
      'train',
      '--dataset',
      name,
      '--data-dir',
      folder,
      '--rule',
      'local-error',
      '--layers',
      '4',
      '--group-size',
      '2',
    );
  }

  it('NaN in features', async () => {
    const { code, stderr } = await trainOn('nan', {
      'train.csv': 'x,label\n1,a\nNaN,b\n',
      'test.csv': 'x,label\n1,a\n',
    });
    expect(stderr).toMatch(/nan\/train\.csv: .*line 3.*x.*NaN/);
    expect(code).toBe(1);
  });

  it('labels outside the classes', async () => {
    const { code, stderr } = await trainOn('labels', {
      'train.csv': 'x,label\n1,a\n2,b\n',
      'test.csv': 'x,label\n1,c\n',
    });
    expect(stderr).toMatch(/labels\/test\.csv: .*c/);
    expect(code).toBe(1);
  });

  it('truncated gzip', async () => {
    const images = gzipSync(new Uint8Array(5000)).subarray(0, 20);
    const { code, stderr } = await trainOn('fashion-mnist', {
      'train-images-idx3-ubyte.gz': images,
      'train-labels-idx1-ubyte.gz': images,
      't10k-images-idx3-ubyte.gz': images,
      't10k-labels-idx1-ubyte.gz': images,
    });
    expect(stderr).toMatch(/fashion-mnist\/[a-z0-9-]+-ubyte\.gz: truncated gzip data/);
    expect(code).toBe(1);
  });
});

describe('xnorlab data and doctor', () => {
  it('lists data sets', async () => {
    const { code, stdout } = await xnorlab('data', '--json');
    expect(code).toBe(0);
    const names = (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['prototypes', 'fashion-mnist', 'mnist']));
  });

  it('checks one and says what is in it', async () => {
    const { stdout } = await xnorlab('data', 'prototypes', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      trainSamples: 20_000,
      validationSamples: 3_000,
      testSamples: 3_000,
    });
  });

  it('examines Node, Jupyter, kernel, backends and data', async () => {
    const { stdout } = await xnorlab('doctor', '--json');
    const { checks } = JSON.parse(stdout) as { checks: { name: string; status: string; found: string }[] };
    const names = checks.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['node', 'jupyter', 'kernel', 'backend reference', 'data prototypes']),
    );
    expect(checks.find(({ name }) => name === 'backend reference')?.status).toBe('ok');
    expect(checks.find(({ name }) => name === 'node')?.found).toContain(process.versions.node);
  });
});
