import { describe, expect, it } from 'vitest';
import type { Row } from '../../src/core/row.js';
import { keptRows } from '../../src/node/studies/kept-rows.js';
import type { RunRecord } from '../../src/records/record.js';
import { type MadeUpRun, madeUpRuns } from '../../test/studies/made-up-run.js';
import { madeUpSweep } from '../../test/studies/made-up-sweep.js';
import study from './study.js';

const { ablations } = study.parts;

const rule = {
  name: 'local-error',
  layers: [255, 255],
  groupSize: 51,
  robustness: 0.25,
  reinforcement: 0.5,
  classifier: 'equiangular',
  trainClassifier: false,
  freezeFirstLayer: false,
};

/** The base but for a few options of the rule, and of the run. */
function runs(
  testAccuracies: readonly number[],
  options: object = {},
  change: Partial<MadeUpRun> = {},
): RunRecord[] {
  return madeUpRuns(
    {
      batchSize: 100,
      binarizer: { kind: 'median', per: 'channel' },
      ...change,
      rule: { ...rule, ...options },
    },
    testAccuracies,
  );
}

const thermometer = (levels: number, thresholds: string): Partial<MadeUpRun> => ({
  binarizer: { kind: 'thermometer', levels, thresholds },
});

const records: readonly RunRecord[] = [
  ...runs([80, 81, 82], { reinforcement: 0.05 }, { batchSize: 10 }),
  ...runs([87, 87, 88], {}, thermometer(2, 'quantile')),
  ...runs([87, 88, 89], {}, thermometer(10, 'even')),
  ...runs([86, 87, 88], {}, thermometer(2, 'even')),
  ...runs([84, 85, 86], {}, { binarizer: { kind: 'median', per: 'image' } }),
  ...runs([79, 79, 80], { freezeFirstLayer: true }),
  ...runs([84, 85, 87], { trainClassifier: true }),
  ...runs([81, 82, 83], {}, { batchSize: 10 }),
  ...runs([88, 88, 89], { layers: [1020, 1020] }),
  ...runs([84, 85, 86], { layers: [255] }),
  ...runs([83], { groupSize: 85 }, { validationAccuracy: 75 }),
  ...runs([84, 85, 86], { groupSize: 15 }, { validationAccuracy: 74 }),
  ...runs([82, 83, 84], { groupSize: 5 }),
  ...runs([81, 82, 86], { robustness: 1 }, { validationAccuracy: 60 }),
  ...runs([85, 87, 89], { robustness: 0.5 }, { validationAccuracy: 70 }),
  ...runs([80, 80, 81], { robustness: 0.125 }, { validationAccuracy: 65 }),
  ...runs([85, 86, 87]),
];

const rows = ablations.rows(records);

const settingsOf = (table: { readonly rows: readonly Row[] }, column: string): unknown[] =>
  table.rows.map((row) => row[column]);

describe('ablations', () => {
  it('are named by what differs from the base, which comes first, and ordered by option and level', () => {
    const { accuracy } = ablations.tables(rows);
    expect(settingsOf(accuracy, 'setting')).toEqual([
      'base',
      'robustness 0.125',
      'robustness 0.5',
      'robustness 1',
      'groupSize 5',
      'groupSize 15',
      'groupSize 85',
      'depth 1',
      'width 1020',
      'batchSize 10',
      'trainClassifier true',
      'freezeFirstLayer true',
      'binarizer per image',
      'binarizer even 2',
      'binarizer even 10',
      'binarizer quantile 2',
      'reinforcement 0.05, batchSize 10',
    ]);
    expect(accuracy.toMarkdown()).toContain('| base | 86.0 ± 1.0 (n = 3) |\n');
    // Test accuracy chooses nothing.
    expect(accuracy.toMarkdown()).not.toContain('**');
  });

  it('do not depend on the order of the runs', () => {
    const shuffled = ablations.rows(records.toSorted((a, b) => a.testAccuracy - b.testAccuracy));
    expect(shuffled).toEqual(rows);
    expect(ablations.tables(rows.toReversed())).toEqual(ablations.tables(rows));
    expect(ablations.figures(rows.toReversed())).toEqual(ablations.figures(rows));
  });

  it('are compared with the base of the same seeds', () => {
    const { effects } = ablations.tables(rows);
    expect(settingsOf(effects, 'first').slice(0, 3)).toEqual([
      'robustness 0.125',
      'robustness 0.5',
      'robustness 1',
    ]);
    // Against 85, 86 and 87: differences −4, −4 and −1, whose standard deviation is √3.
    const [, , robustness1] = effects.rows;
    expect(robustness1).toMatchObject({ second: 'base', n: 3, firstMean: 83, secondMean: 86 });
    expect(robustness1.meanDifference).toBe(-3);
    expect(robustness1.effectSize).toBeCloseTo(-Math.sqrt(3), 12);
  });

  it('that lack a seed of the base are shown, and said to be left out where runs are paired', () => {
    const { accuracy, effects } = ablations.tables(rows);
    expect(accuracy.toMarkdown()).toContain('| groupSize 85 | 83.00 (n = 1) |\n');
    expect(settingsOf(effects, 'first')).not.toContain('groupSize 85');
    expect(effects.caption).toContain(
      'Left out, run with other seeds than the base: groupSize 85 (1 of 1). Mean difference',
    );
  });

  it('have a figure for each option that was changed, with the base among its levels', () => {
    const { effects, ...panels } = ablations.figures(rows);
    const levels = Object.entries(panels).map(([name, { layout }]) => [name, layout?.xaxis?.ticktext]);
    expect(Object.fromEntries(levels)).toEqual({
      robustness: ['0.125', '0.25', '0.5', '1'],
      groupSize: ['5', '15', '51', '85'],
      depth: ['1', '2'],
      width: ['255', '1020'],
      batchSize: ['10', '100'],
      binarizer: ['median', 'per image', 'even 2', 'even 10', 'quantile 2'],
      fixed: ['base', 'trainClassifier true', 'freezeFirstLayer true'],
    });
    // The one of batches of 10 with another reinforcement is no level of batchSize.
    expect(panels.batchSize.data).toMatchObject([{ y: [85, 86, 87, 81, 82, 83] }, { y: [82, 86] }]);
  });

  it('are drawn by the settings that validation accuracy, not test accuracy, likes best and least', () => {
    const [{ x, y }] = ablations.figures(rows).effects.data as { x: number[]; y: string[] }[];
    const drawn = Object.fromEntries(y.map((name, i) => [name, x[i]]));
    expect(drawn).toMatchObject({ 'robustness 0.5': 1, 'robustness 1': -3 });
    expect(drawn).not.toHaveProperty(['robustness 0.125']);
    // Of those that could be compared: groups of 85 were not, which it would like best.
    expect(drawn).toMatchObject({ 'groupSize 5': -3, 'groupSize 15': -1 });
    expect(drawn).not.toHaveProperty(['groupSize 85']);
    expect(y).toContain('reinforcement 0.05, batchSize 10');
  });

  it('have neither effects nor figures before there is something to compare', () => {
    const alone = ablations.rows(runs([85, 86]));
    expect(Object.keys(ablations.tables(alone))).toEqual(['accuracy']);
    expect(ablations.figures(alone)).toEqual({});
    const without = ablations.rows(runs([85, 86], { robustness: 1 }));
    expect(Object.keys(ablations.tables(without))).toEqual(['accuracy']);
    expect(Object.keys(ablations.figures(without))).toEqual(['robustness']);
  });

  it('refuse what does not belong', () => {
    const refused: readonly [RunRecord[], string][] = [
      [runs([85], { name: 'bep' }), "rule: expected one of local-error, got 'bep'"],
      [runs([85], {}, { dataset: 'mnist' }), "dataset: expected one of fashion-mnist, got 'mnist'"],
      [runs([85], { layers: [255, 51] }), "layers: expected layers of one width, got '255,51'"],
      [
        runs([85], { flipThreshold: 4 }),
        'rows: expected one row for each setting, seed (for setting base, seed 1 they are the same in every column), got 2',
      ],
    ];
    for (const [others, message] of refused) {
      expect(() => ablations.rows([...records, ...others])).toThrow(message);
    }
    expect(() => ablations.tables([{ seed: 1 }])).toThrow("column: expected one of seed, got 'rule'");
    expect(() => ablations.figures([{ seed: 1 }])).toThrow("column: expected one of seed, got 'rule'");
  });

  it('are redrawn from the rows that are stored', () => {
    const stored = keptRows(`${__dirname}/rows/ablations.jsonl`);
    expect(Object.keys(stored[0])).toEqual(Object.keys(rows[0]));
    expect(stored).toHaveLength(43 * 5);
    expect(Object.keys(ablations.figures(stored))).toEqual([
      ...['robustness', 'reinforcement', 'groupSize', 'depth', 'width', 'batchSize', 'binarizer'],
      ...['fixed', 'effects'],
    ]);
    expect(ablations.tables(stored).accuracy.body[0].map(({ text }) => text)).toEqual([
      'base',
      '85.35 ± 0.26',
    ]);
  });
});

it('the sweep fills every effect', () => {
  const { accuracy, effects } = ablations.tables(ablations.rows(madeUpSweep(__dirname, ablations.sweeps)));
  expect(accuracy.rows).toHaveLength(43);
  expect(effects.rows).toHaveLength(42);
  expect(effects.caption).not.toContain('Left out');
});
