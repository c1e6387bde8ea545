import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { trainCommand } from '../../src/cli/train-command.js';
import { type TrainFlags, trainOptions } from '../../src/cli/train-options.js';
import type { RunRecord } from '../../src/records/record.js';
import { parseTrainConfig } from '../../src/training/config.js';

const checkedRule = (flags: Record<string, string>) =>
  parseTrainConfig(trainOptions({ dataset: 'prototypes', ...flags })).rule;

describe('flags of rules', () => {
  it('reads the committee of the published notation, and of two widths', () => {
    const committee = { rule: 'committee' };
    expect(checkedRule({ ...committee, layers: '1020-51' })).toMatchObject({ layers: [1020, 51] });
    expect(checkedRule({ ...committee, layers: '1020,51' })).toMatchObject({ layers: [1020, 51] });
    expect(() => checkedRule({ ...committee, layers: '1020-' })).toThrow(
      "rule.layers.0: expected a number, got '1020-'",
    );
    expect(() => checkedRule({ rule: 'bep', layers: '1020-51' })).toThrow(
      "rule.layers.0: expected a number, got '1020-51'",
    );
    expect(() => checkedRule({ rule: 'bep', layers: '-5' })).toThrow(
      'rule.layers.0: expected a number of at least 1, got -5',
    );
  });

  it("puts SBPI's secondary step together from its two flags, and misses the one that is not given", () => {
    const committee = { rule: 'committee', secondaryThreshold: '16' };
    expect(checkedRule({ ...committee, secondaryProbability: '0.01' })).toMatchObject({
      secondary: { threshold: 16, probability: 0.01 },
    });
    expect(checkedRule({ rule: 'committee' })).not.toHaveProperty('secondary');
    expect(() => checkedRule(committee)).toThrow(/^rule\.secondary\.probability: .*got undefined$/);
  });

  it('puts the options beyond the papers where they belong', () => {
    const flags = {
      rule: 'local-error',
      readOut: 'summed',
      epochsPerLayer: '3',
      inputFlipProbability: '0.05',
      flipThreshold: '3',
    };
    expect(checkedRule(flags)).toMatchObject({
      readOut: 'summed',
      greedy: { epochsPerLayer: 3 },
      inputFlipProbability: 0.05,
      flipThreshold: 3,
    });
    expect(checkedRule({ rule: 'local-error', majorityAfterEpochs: '10' })).toMatchObject({
      majorityAfterEpochs: 10,
    });
    expect(checkedRule({ rule: 'local-error', patience: '4' })).toMatchObject({
      groupSchedule: { patience: 4 },
    });
  });

  it('leaves them off by default', () => {
    const rule = checkedRule({ rule: 'local-error' });
    expect(rule).toMatchObject({ readOut: 'last', inputFlipProbability: 0 });
    expect(rule).not.toHaveProperty('greedy');
    expect(rule).not.toHaveProperty('groupSchedule');
    expect(rule).not.toHaveProperty('majorityAfterEpochs');
  });
});

/** All that version 0.2 had, with values that some rule takes. */
const BEFORE: Readonly<Record<string, string>> = {
  layers: '51,51',
  'group-size': '3,17',
  robustness: '0.3',
  reinforcement: '0.4',
  'hidden-bits': '8',
  'initial-depth': '30',
  'flip-threshold': '2',
  classifier: 'equiangular',
  'train-classifier': '',
  'freeze-first-layer': '',
  output: 'single-unit',
  'read-out': 'summed',
  'majority-after-epochs': '2',
  'epochs-per-layer': '2',
  'input-flip-probability': '0.1',
  gate: '0.1',
  patience: '3',
  'secondary-threshold': '4',
  'secondary-probability': '0.2',
  'no-batch-norm': '',
  'scale-products': '',
  'epochs-per-stage': '2',
  'learning-rate': '0.1',
  momentum: '0.5',
  inputs: 'binarized',
};

describe('flags that follow from the options of rules', () => {
  const options = trainCommand().options.map(({ long }) => long);

  it('are those that there were before, and those of options that had none', () => {
    for (const flag of Object.keys(BEFORE)) expect(options).toContain(`--${flag}`);
    for (const flag of ['--beta1', '--order']) expect(options).toContain(flag);
    expect(new Set(options).size).toBe(options.length);
  });

  it.each([
    ['local-error', 'group-size', { groupSize: [3, 17] }],
    ['local-error', 'train-classifier', { trainClassifier: true }],
    ['qat', 'no-batch-norm', { batchNorm: false }],
    ['qat', 'learning-rate', { learningRate: 0.1 }],
    ['sgd', 'inputs', { inputs: 'binarized' }],
    ['iterative', 'epochs-per-stage', { epochsPerStage: 2 }],
    ['bep', 'gate', { gate: 0.1 }],
  ])('%s --%s', (rule, flag, expected) => {
    const command = trainCommand();
    command.action(() => undefined);
    const words = [`--${flag}`, BEFORE[flag]].filter(Boolean);
    command.parse(['--dataset', 'mnist', '--rule', rule, '--layers', '51,51', ...words], { from: 'user' });
    expect(trainOptions(command.opts() as TrainFlags).rule).toMatchObject(expected);
  });

  it.each([
    ['local-error', 'published', ['weights', 'activations', 'classifier']],
    ['local-error', 'classifier,weights', ['weights', 'classifier']],
    ['committee', 'activations', ['activations']],
  ])('%s --zeros %s', (rule, zeros, expected) => {
    expect(checkedRule({ rule, zeros })).toMatchObject({ zeros: expected });
  });

  it('name the places that --zeros knows', () => {
    const message = 'rule.zeros: expected published or a list of weights, activations, classifier, each once';
    expect(() => checkedRule({ rule: 'committee', zeros: 'weights,weights' })).toThrow(message);
    expect(() => checkedRule({ rule: 'committee', zeros: 'all' })).toThrow('rule.zeros');
  });

  it('say what they are and which rules have them', () => {
    const help = trainCommand().helpInformation().replace(/\s+/g, ' ');
    expect(help).toContain('--group-size <list> local-error, bep, local-error-conv: γ: neurons that compete');
    expect(help).toContain("bep, bep-tt: r: a sample triggers when its label's logit leads by less than r·K");
  });

  it('are refused by the rule that has no such option', () => {
    expect(() => checkedRule({ rule: 'committee', gate: '0.1' })).toThrow('rule: expected no key gate');
  });
});

describe('--tasks', () => {
  it('says how many tasks there are', () => {
    const flags = { dataset: 'prototypes', rule: 'sgd', layers: '5', tasks: '4' };
    expect(parseTrainConfig(trainOptions(flags))).toMatchObject({
      tasks: { count: 4, kind: 'permuted' },
      epochs: 20,
    });
    expect(() => parseTrainConfig(trainOptions({ ...flags, epochs: '6' }))).toThrow(
      'epochs: expected a multiple of the 4 tasks, got 6',
    );
  });
});

describe('--match-memory', () => {
  let folder: string;
  let binary: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-match-'));
    binary = path.join(folder, 'binary.yaml');
    const prototypes = '{ features: 100, trainSamples: 500, testSamples: 10 }';
    writeFileSync(
      binary,
      `dataset: { name: prototypes, prototypes: ${prototypes} }\nrule: { name: committee, layers: 30-6 }\nbatchSize: 10\n`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the command in this process. @returns what it prints on stdout */
  async function run(...flags: string[]): Promise<string> {
    const printed: string[] = [];
    const mutes = [
      vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0),
      vi.spyOn(process.stderr, 'write').mockImplementation(() => true),
    ];
    try {
      const config = ['--config', binary, '--rule', 'sgd', '--layers', '5', '--epochs', '1'];
      await trainCommand().parseAsync([...config, ...flags, '--json'], { from: 'user' });
    } finally {
      for (const mute of mutes) mute.mockRestore();
    }
    return printed.join('');
  }

  it('trains on the samples that the memory of the other run leaves room for', async () => {
    const record = JSON.parse(await run('--match-memory', binary)) as RunRecord;
    // Binary: 16·30·100 weights, 6·10 classifier, 10·(30 + 12) activations, 500·100 data. Float: 550 weights, 15 units.
    const binaryBits = 16 * 3000 + 60 + 420 + 50_000;
    const samples = Math.floor((binaryBits - 32 * 550 - 64 * 15 * 10) / 3200);
    expect(record.dataset.trainSamples).toBe(samples);
    expect(record.config).toMatchObject({ dataset: { name: 'prototypes', limitTrain: samples } });
  });

  it('excludes --limit-train', async () => {
    await expect(run('--match-memory', binary, '--limit-train', '7')).rejects.toThrow(
      'dataset.limitTrain: expected none, as it follows from the memory of the binary run, got 7',
    );
  });

  it('names the file that cannot be read', async () => {
    await expect(run('--match-memory', path.join(folder, 'nothing.yaml'))).rejects.toThrow('nothing.yaml');
  });
});
