import { describe, expect, it } from 'vitest';
import type { Row } from '../../src/core/row.js';
import { keptRows } from '../../src/node/studies/kept-rows.js';
import type { RunRecord } from '../../src/records/record.js';
import { type MadeUpRun, madeUpRuns } from '../../test/studies/made-up-run.js';
import { madeUpSweep } from '../../test/studies/made-up-sweep.js';
import study from './study.js';

const { controls } = study.parts;

const rule = { name: 'local-error', layers: [255], groupSize: 51, trainClassifier: false };
const perceptronReadOut = { margin: 2 };

function runs(
  testAccuracies: readonly number[],
  options: object,
  change: Partial<MadeUpRun> = {},
): RunRecord[] {
  return madeUpRuns({ ...change, rule: { ...rule, ...options } }, testAccuracies);
}

const records: readonly RunRecord[] = [
  ...runs([70], { trainClassifier: true, layers: [35] }, { dataset: 'prototypes' }),
  ...runs([80, 81, 82], { perceptronReadOut, freezeLayers: 'all' }),
  ...runs([85, 86, 88], { perceptronReadOut }),
  ...runs([70, 71, 72], { trainClassifier: true, freezeLayers: 'all' }),
  ...runs([69, 73, 72], { trainClassifier: true }),
  ...runs([84, 84, 84], {}),
];
const rows = controls.rows(records);

describe('controls', () => {
  it('are named by the hidden layer and the read-out, in the order of the study', () => {
    const { accuracy } = controls.tables(rows);
    expect(accuracy.headings).toEqual([
      'dataset',
      'width',
      'trained layer, fixed classifier',
      'trained layer, trained classifier',
      'random layer, trained classifier',
      'trained layer, perceptron',
      'random layer, perceptron',
    ]);
    expect(accuracy.body.map(([dataset, width]) => [dataset.text, width.text])).toEqual([
      ['fashion-mnist', '255'],
      ['prototypes', '35'],
    ]);
  });

  it('say what a trained layer is better by than a random one of the same seed', () => {
    const { worth } = controls.tables(rows);
    expect(worth.rows).toMatchObject([
      // −1, 2 and 0
      { readOut: 'trained classifier', width: 255, n: 3, trained: 214 / 3, random: 71, mean: 1 / 3 },
      { readOut: 'perceptron', trained: 259 / 3, random: 81, mean: 16 / 3 },
      // 4, 3 and 2
      { readOut: 'fixed classifier against perceptron', trained: 84, random: 81, mean: 3 },
    ]);
    expect(worth.body.map((row) => row.slice(-3).map(({ text }) => text))).toEqual([
      ['+0.33', '−3.46 to +4.13', '3'],
      ['+5.33', '+3.90 to +6.77', '3'],
      ['+3.00', '+0.52 to +5.48', '3'],
    ]);
    expect(worth.body.map((row) => row[5].isBest)).toEqual([false, true, true]);
  });

  it('have the interval of Student: 5, 5 and 6 are 16/3 ± 4.3027·√(1/3)/√3', () => {
    const [, { mean, low, high }] = controls.tables(rows).worth.rows as Row[];
    const half = 4.30265272991 / 3;
    expect(mean).toBeCloseTo(16 / 3, 12);
    expect(low).toBeCloseTo(16 / 3 - half, 9);
    expect(high).toBeCloseTo(16 / 3 + half, 9);
    const single = controls.rows([
      ...runs([80], { perceptronReadOut, freezeLayers: 'all' }),
      ...runs([82], { perceptronReadOut }),
    ]);
    expect(controls.tables(single).worth.rows).toMatchObject([{ mean: 2, low: null, high: null, n: 1 }]);
  });

  it('have a figure of all, and one for each data set where there is something to compare', () => {
    const figures = controls.figures(rows);
    expect(Object.keys(figures)).toEqual(['accuracy', 'worth-fashion-mnist']);
    expect(controls.figures(controls.rows(records.slice(0, 1)))).toHaveProperty('accuracy');
  });

  it('do not depend on the order of the runs', () => {
    expect(controls.rows(records.toReversed())).toEqual(rows);
    expect(controls.tables(rows.toReversed())).toEqual(controls.tables(rows));
    expect(controls.figures(rows.toReversed())).toEqual(controls.figures(rows));
  });

  it('refuse what does not belong', () => {
    const refused: readonly [RunRecord[], string][] = [
      [runs([85], { name: 'bep' }), "rule: expected one of local-error, got 'bep'"],
      [runs([85], { layers: [255, 51] }), "layers: expected one hidden layer, got '255,51'"],
      [
        runs([85], {}, { dataset: 'cifar' }),
        "dataset: expected one of fashion-mnist, mnist, prototypes, got 'cifar'",
      ],
      [runs([85], { freezeLayers: 'all' }), "got 'random layer, fixed classifier'"],
      [runs([85], { robustness: 1 }), 'rows: expected one row for each dataset, width, network, seed'],
    ];
    for (const [others, message] of refused) {
      expect(() => controls.rows([...records, ...others])).toThrow(message);
    }
  });

  it('are redrawn from the rows that are stored', () => {
    const stored = keptRows(`${__dirname}/rows/controls.jsonl`);
    expect(Object.keys(stored[0])).toEqual(Object.keys(rows[0]));
    expect(Object.keys(controls.figures(stored))).toEqual([
      'accuracy',
      'worth-fashion-mnist',
      'worth-mnist',
      'worth-prototypes',
    ]);
  });
});

it('the sweep fills every comparison', () => {
  const { worth } = controls.tables(controls.rows(madeUpSweep(__dirname, controls.sweeps)));
  expect(worth.rows).toHaveLength(3 * 3 * 6);
  expect(worth.rows.every(({ n }) => n === 3)).toBe(true);
});
