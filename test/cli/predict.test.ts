import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { XnorlabError } from '../../src/core/errors.js';
import { saveModel } from '../../src/node/models/model-file.js';
import { train } from '../../src/node/train.js';
import type { RunRecord } from '../../src/records/record.js';
import { bytesOf, errorOf, idxBytes, npyBytes, writeFiles } from '../data/helpers.js';
import { printed } from './printed.js';
import { CLI, xnorlab } from './run-xnorlab.js';

/** Two classes that any network tells apart: x and y large, or small. */
const TRAIN = `x,y,z,label\n${'9,8,1,big\n1,2,2,small\n8,9,3,big\n2,1,4,small\n'.repeat(10)}`;
const TEST = 'x,y,z,label\n9,9,1,big\n1,1,1,small\n8,8,4,big\n';
const ROWS = Float32Array.of(9, 9, 1, 1, 1, 1, 1, 2, 3);

describe('xnorlab predict', () => {
  let folder: string;
  let model: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-predict-'));
    model = path.join(folder, 'new', 'network.xnorlab');
    await writeFiles(folder, {
      'sizes/train.csv': TRAIN,
      'sizes/test.csv': TEST,
      'other/train.csv': TRAIN.replaceAll('small', 'tiny'),
      'other/test.csv': TEST.replaceAll('small', 'tiny'),
      'rows.csv': 'x,y,z\n9,9,1\n1,1,1\n1,2,3\n',
      'labelled.csv': 'label,x,y,z\nbig,9,9,1\nbig,1,1,1\n',
      'rows.npy': npyBytes('<f4', [3, 3], bytesOf(ROWS)),
      'nan.npy': npyBytes('<f4', [1, 3], bytesOf(Float32Array.of(1, Number.NaN, 1))),
      'rows.idx.gz': gzipSync(idxBytes([3, 1, 3], ROWS)),
      'wide.csv': 'a,b,c,d\n1,2,3,4\n',
      'rows.txt': '1 2 3\n',
    });
    const run = await train(
      { dataset: 'sizes', rule: { name: 'sgd', layers: [8], learningRate: 0.1 }, epochs: 30, batchSize: 5 },
      { dataDir: folder },
    );
    await saveModel(run, model);
    await run.dispose();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const predict = async (...args: string[]): Promise<string> => (await printed(model, ...args)).out;
  const file = (name: string): string => path.join(folder, name);

  it('classifies the test samples of what it was trained on', async () => {
    expect(await predict('--data-dir', folder)).toBe(
      'sgd trained on sizes: 3 samples of sizes (test), 100.00 % right; predicted\n  big: 2\n  small: 1\n',
    );
  });

  it('prints one JSON document with --json, and writes every sample to --out', async () => {
    const out = file('out/classes.csv');
    const answer = await predict('--data-dir', folder, '--split', 'test', '--json', '--out', out);
    expect(JSON.parse(answer)).toEqual({
      network: { rule: 'sgd', dataset: 'sizes', seed: 1 },
      dataset: 'sizes',
      split: 'test',
      samples: 3,
      accuracy: 100,
      classes: ['big', 'small'],
      predictions: [0, 1, 0],
    });
    expect(readFileSync(out, 'utf8')).toBe('row,prediction,label\n0,big,big\n1,small,small\n2,big,big\n');
  });

  it('takes a folder by its path', async () => {
    const answer = await predict('--dataset', file('sizes'), '--split', 'train', '--json');
    expect(JSON.parse(answer)).toMatchObject({ samples: 40, accuracy: 100, split: 'train' });
  });

  it.each(['rows.csv', 'rows.npy', 'rows.idx.gz'])(
    'classifies the unlabelled samples of %s',
    async (name) => {
      const text = await predict('--dataset', file(name), '--json', '--backend', 'reference');
      const answer = JSON.parse(text) as Record<string, unknown>;
      expect(answer).toMatchObject({ samples: 3, predictions: [0, 1, 1] });
      expect(answer).not.toHaveProperty('accuracy');
    },
  );

  it('measures on a labelled file', async () => {
    const answer = await predict('--dataset', file('labelled.csv'), '--json');
    expect(JSON.parse(answer)).toMatchObject({ predictions: [0, 1], accuracy: 50 });
  });

  it.each<[string, string[], number, string]>([
    ['no such set', ['--dataset', 'nothing'], 2, 'dataset: expected one of prototypes, fashion-mnist, mnist'],
    [
      'no such path',
      ['--dataset', './no/thing'],
      2,
      "dataset: expected a folder or file that is there, got './no/thing'",
    ],
    [
      'no such part',
      ['--dataset', 'sizes', '--split', 'validation'],
      2,
      'split: expected train or test, as sizes has no validation samples',
    ],
    [
      'a part of that name',
      ['--dataset', 'sizes', '--split', 'tset'],
      2,
      "split: expected one of train, validation, test, got 'tset'",
    ],
    ['threads', ['--threads', 'many'], 2, 'threads: expected an integer of at least 1, got NaN'],
    [
      'other classes',
      ['--dataset', 'other'],
      1,
      'other: has samples of class tiny, but the network knows big, small',
    ],
    [
      'other columns',
      ['--dataset', 'wide.csv'],
      1,
      'wide.csv: lacks x, y, z; has a, b, c, d, which the network was not trained on',
    ],
    ['no number', ['--dataset', 'nan.npy'], 1, 'nan.npy: NaN at row 0, column 1'],
    ['no known format', ['--dataset', 'rows.txt'], 1, 'rows.txt: has a name that tells no format'],
  ])('refuses %s', async (_, args, status, message) => {
    const given = args.map((arg) => (/\.(csv|npy|txt)$/.test(arg) ? file(arg) : arg));
    const out = file('never.csv');
    const error = await errorOf(() => predict(...given, '--data-dir', folder, '--out', out, '--json'));
    expect(error.message).toContain(message);
    expect((error as XnorlabError).exitCode).toBe(status);
    expect(existsSync(out)).toBe(false);
  });

  it('says what is wrong with a damaged network', async () => {
    const damaged = file('damaged.xnorlab');
    writeFileSync(damaged, readFileSync(model));
    truncateSync(damaged, 300);
    const { code, stderr } = await xnorlab('predict', damaged, '--data-dir', folder);
    expect(stderr).toMatch(/^xnorlab: .*damaged\.xnorlab: is truncated: 300 of \d+ bytes are there\n$/);
    expect(code).toBe(1);
  });
});

describe('xnorlab train', () => {
  it('leaves with --save-model a network that xnorlab predict reads', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-save-model-'));
    const model = path.join(folder, 'new', 'network');
    const options = [
      '--rule',
      'local-error',
      '--dataset',
      'prototypes',
      '--limit-train',
      '300',
      '--layers',
      '20',
    ];
    const small = [...options, '--group-size', '5', '--epochs', '2', '--json'];
    const trained = await xnorlab('train', ...small, '--save-model', model);
    const { testAccuracy } = JSON.parse(trained.stdout) as RunRecord;
    const { stdout, stderr, code } = await xnorlab('predict', model, '--json');
    expect([stderr, code]).toEqual(['', 0]);
    expect(JSON.parse(stdout)).toMatchObject({
      accuracy: testAccuracy,
      dataset: 'prototypes',
      split: 'test',
    });
    rmSync(folder, { recursive: true });
  });

  it('goes on with --checkpoint from where Ctrl-C stopped it, and removes the file at the end', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-checkpoint-'));
    const checkpoint = path.join(folder, 'run.checkpoint');
    const options = [
      '--rule',
      'local-error',
      '--dataset',
      'prototypes',
      '--limit-train',
      '500',
      '--layers',
      '20',
    ];
    const args = [
      'train',
      ...options,
      '--group-size',
      '5',
      '--epochs',
      '200',
      '--checkpoint',
      checkpoint,
      '--json',
    ];
    const stopped = await new Promise<number | null>((resolve) => {
      const child = execFile(process.execPath, [CLI, ...args]);
      child.stderr?.on('data', (text: string) => text.includes('epoch 3 ') && child.kill('SIGINT'));
      child.on('exit', (code) => resolve(code));
    });
    expect([stopped, existsSync(checkpoint)]).toEqual([130, true]);
    const { code, stdout, stderr } = await xnorlab(...args);
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/^epoch [123] /m);
    expect((JSON.parse(stdout) as { epochs: unknown[] }).epochs).toHaveLength(200);
    expect(existsSync(checkpoint)).toBe(false);
    rmSync(folder, { recursive: true });
  });
});
