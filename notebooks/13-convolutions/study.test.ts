import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { keptRows } from '../../src/node/studies/kept-rows.js';
import type { RunRecord } from '../../src/records/record.js';
import { parseTrainConfig } from '../../src/training/config.js';
import { type MadeUpRun, madeUpRuns } from '../../test/studies/made-up-run.js';
import { madeUpSweep } from '../../test/studies/made-up-sweep.js';
import study, { NETWORKS } from './study.js';

const { networks } = study.parts;
const filters = { filters: 128, windowSize: 5, shared: true, frontEnd: 'exemplar', hiddenBits: 16 };
const rule = { name: 'local-error-conv', layers: [525], ...filters };
const binarizer = { kind: 'thermometer', levels: 4, thresholds: 'even' };

function runs(
  testAccuracies: readonly number[],
  change: Omit<Partial<MadeUpRun>, 'rule'> & { rule?: object } = {},
): RunRecord[] {
  const made = madeUpRuns({ binarizer, ...change, rule: { ...rule, ...change.rule } }, testAccuracies);
  // What training says of the layers: those before, too.
  return made.map((record) => ({ ...record, dataset: { ...record.dataset, features: 784, classes: 10 } }));
}

const records: readonly RunRecord[] = [
  ...runs([84, 85, 87]),
  ...runs([80, 82, 82], { rule: { frontEnd: 'random' } }),
  ...runs([81], { rule: { name: 'local-error' } }),
  ...runs([79], { rule: { shared: false, filters: 2048, windowSize: 9 } }),
];
const rows = networks.rows(records);

describe('convolutions', () => {
  it('are named by what stands in front of the layers, in the order of the study', () => {
    const { accuracy } = networks.tables(rows);
    expect(accuracy.body.map(([, , network]) => network.text)).toEqual([
      'nothing',
      'fields, exemplars',
      'shared, random',
      'shared, exemplars',
    ]);
    expect(accuracy.rows).toMatchObject([
      { test: 81 },
      { test: 79 },
      { test: 244 / 3, n: 3 },
      { test: 256 / 3 },
    ]);
  });

  it('count bits and gates', () => {
    // 1,000 weights in training take 16 bits each, and one afterwards; 11,000,000 bits in all.
    const [, , , { bits, gates }] = rows.toSorted((a, b) => Number(a.gates) - Number(b.gates));
    expect(bits).toBe(11_000_000 - 15_000);
    // 28 · 28 windows of 100 bits, 128 filters; weights and classifier; XNOR and popcount, a threshold each; 10 gates a bit.
    expect(gates).toBe(10 * (784 * 128 * 201 + 2 * (1000 + 10 * 525)));
  });

  it('say what filters are better by than random ones, by seed', () => {
    const { controls } = networks.tables(rows);
    // 4, 3 and 5: mean 4, standard deviation 1, three pairs.
    expect(controls.rows).toMatchObject([{ network: 'shared, exemplars − shared, random', mean: 4, n: 3 }]);
    expect(Number(controls.rows[0].standardErrors)).toBeCloseTo(4 * Math.sqrt(3), 9);
  });

  it('have two figures for each data set, with published accuracies', () => {
    const figures = networks.figures(rows);
    expect(Object.keys(figures)).toEqual(['bits-fashion-mnist', 'gates-fashion-mnist']);
    const texts = (figures['bits-fashion-mnist'].layout?.annotations ?? []).map(({ text }) => text);
    expect(texts).toContain('NITRO-D perceptron, integers, 88.66');
  });

  it('refuse what does not belong', () => {
    const refused: readonly [RunRecord[], string][] = [
      [
        runs([85], { rule: { name: 'bep' } }),
        "rule: expected one of local-error, local-error-conv, got 'bep'",
      ],
      [runs([85], { dataset: 'cifar' }), "dataset: expected one of fashion-mnist, mnist, got 'cifar'"],
      [runs([85], { rule: { frontEnd: 'trained' } }), "got 'shared, trained'"],
    ];
    for (const [others, message] of refused) expect(() => networks.rows(others)).toThrow(message);
  });

  it('are redrawn from the rows that are stored', () => {
    const stored = keptRows(`${__dirname}/rows/networks.jsonl`);
    expect(Object.keys(stored[0])).toEqual(Object.keys(rows[0]));
    expect(Object.keys(networks.figures(stored))).toContain('bits-fashion-mnist');
  });
});

it('the sweeps fill every place of the tables', () => {
  const made = madeUpSweep(__dirname, networks.sweeps).map((record) => ({
    ...record,
    dataset: { ...record.dataset, features: 784 },
  }));
  const { accuracy, controls } = networks.tables(networks.rows(made));
  expect(new Set(accuracy.rows.map(({ network }) => network))).toEqual(new Set(NETWORKS));
  // Made-up runs know no budgets, so that those of FashionMNIST are one.
  expect(controls.rows).toHaveLength(3 + 1);
});

it.each(['fashion-mnist', 'mnist'])('best-%s.yaml is a network of the sweep', (name) => {
  const best = parseTrainConfig(parse(readFileSync(join(__dirname, `best-${name}.yaml`), 'utf8')));
  const swept = madeUpSweep(__dirname, ['sweep-best.yaml'])
    .filter(({ config }) => (config as { dataset: { name: string } }).dataset.name === name)
    .map(({ config }) => (config as { rule: object }).rule);
  expect(swept).toContainEqual(expect.objectContaining(best.rule));
});
