import { describe, expect, it } from 'vitest';
import { keptRows } from '../../src/node/studies/kept-rows.js';
import type { RunRecord } from '../../src/records/record.js';
import { madeUpRuns } from '../../test/studies/made-up-run.js';
import { madeUpSweep } from '../../test/studies/made-up-sweep.js';
import { metaplasticity } from './maps.js';

const base = {
  name: 'local-error',
  layers: [255, 255],
  hiddenBits: 16,
  reinforcement: 0.5,
  initialDepth: 64,
  robustness: 0.25,
};

/** The base but for some options. */
function networks(testAccuracies: readonly number[], options: object = {}, batchSize = 100): RunRecord[] {
  return madeUpRuns({ rule: { ...base, ...options }, batchSize }, testAccuracies);
}

function committees(
  testAccuracies: readonly number[],
  reinforcement: number,
  secondary?: object,
): RunRecord[] {
  const rule = { name: 'committee', layers: [255, 51], reinforcement, ...(secondary && { secondary }) };
  return madeUpRuns({ rule, batchSize: 100 }, testAccuracies);
}

const records: readonly RunRecord[] = [
  ...committees([82, 83], 0.5, { threshold: 16, probability: 0.01 }),
  ...committees([81, 82], 0, { threshold: 4, probability: 0.1 }),
  ...committees([79, 81], 0, { threshold: 4, probability: 0.01 }),
  ...committees([76, 78], 0.5),
  ...committees([70, 74], 0),
  ...networks([84, 86]),
  ...networks([60, 70], { hiddenBits: 6 }),
  ...networks([10, 10], { hiddenBits: 5 }),
  ...networks([83, 84], { reinforcement: 1 }),
  ...networks([72, 73], { hiddenBits: 6 }, 10),
  ...networks([70, 71], { hiddenBits: 6, robustness: 0.5 }),
  ...networks([80, 81], { initialDepth: 256, reinforcement: 1 }),
  ...networks([84, 85], { flipThreshold: 16 }),
  // In no figure: they differ from the base in three options.
  ...networks([1, 2], { hiddenBits: 6, robustness: 0.5, reinforcement: 1 }),
];

const rows = metaplasticity.rows(records);

describe('thresholds of metaplasticity', () => {
  it('are drawn by two, the others as in the base; pairs that were not run are blank', () => {
    const maps = Object.entries(metaplasticity.figures(rows)).map(([name, { data }]) => {
      const [{ x, y, z }] = data as { x: string[]; y: string[]; z: (number | null)[][] }[];
      return [name, { x, y, z }];
    });
    expect(Object.fromEntries(maps)).toEqual({
      'bound-and-reinforcement': {
        x: ['5', '6', '16'],
        y: ['0.5', '1'],
        z: [
          [10, 65, 85],
          [null, null, 83.5],
        ],
      },
      'bound-and-batch-size': {
        x: ['5', '6', '16'],
        y: ['10', '100'],
        z: [
          [null, 72.5, null],
          [10, 65, 85],
        ],
      },
      'start-and-reinforcement': {
        x: ['64', '256'],
        y: ['0.5', '1'],
        z: [
          [85, null],
          [83.5, 80.5],
        ],
      },
      // From 6 bits on.
      'bound-and-robustness': {
        x: ['6', '16'],
        y: ['0.25', '0.5'],
        z: [
          [65, 85],
          [70.5, null],
        ],
      },
      // Without a threshold is one of 0.
      'threshold-and-bound': {
        x: ['6', '16'],
        y: ['0', '16'],
        z: [
          [65, 85],
          [null, 84.5],
        ],
      },
      'threshold-and-reinforcement': {
        x: ['0', '16'],
        y: ['0.5', '1'],
        z: [
          [85, 84.5],
          [83.5, null],
        ],
      },
    });
  });

  it('of committees are a table with a gap for what was not run', () => {
    expect(metaplasticity.tables(rows).secondary.toMarkdown()).toBe(
      '| threshold | probability | reinforcement 0 | reinforcement 0.5 |\n| --- | --- | ---: | ---: |\n' +
        '| none | none | 72.0 ± 2.8 | 77.0 ± 1.4 |\n' +
        '| 4 | 0.01 | 80.0 ± 1.4 | – |\n' +
        '| 4 | 0.1 | **81.50 ± 0.71** | – |\n' +
        '| 16 | 0.01 | – | **82.50 ± 0.71** |\n\n' +
        'Test accuracy of committees on FashionMNIST in percent, by the threshold of the secondary step and its ' +
        'probability. Mean ± standard deviation over 2 runs, the best of each column in bold.\n',
    );
  });

  it('do not depend on the order of the runs', () => {
    const shuffled = metaplasticity.rows(records.toSorted((a, b) => a.testAccuracy - b.testAccuracy));
    expect(shuffled).toEqual(rows);
    expect(metaplasticity.tables(rows.toReversed())).toEqual(metaplasticity.tables(rows));
    expect(metaplasticity.figures(rows.toReversed())).toEqual(metaplasticity.figures(rows));
  });

  it('of one rule alone leave out what the other would show', () => {
    const noCommittees = metaplasticity.rows(networks([84, 85], { hiddenBits: 5 }));
    expect(metaplasticity.tables(noCommittees)).toEqual({});
    expect(Object.keys(metaplasticity.figures(noCommittees))).toEqual([
      'bound-and-reinforcement',
      'bound-and-batch-size',
    ]);
    const noNetworks = metaplasticity.rows(committees([70, 74], 0));
    expect(metaplasticity.figures(noNetworks)).toEqual({});
    expect(Object.keys(metaplasticity.tables(noNetworks))).toEqual(['secondary']);
  });

  it('refuse what does not belong', () => {
    const [run] = networks([85]);
    const refused: readonly [RunRecord[], string][] = [
      [networks([85], { name: 'bep' }), "rule: expected one of local-error, committee, got 'bep'"],
      [
        [{ ...run, dataset: { ...run.dataset, name: 'mnist' } }],
        "dataset: expected one of fashion-mnist, got 'mnist'",
      ],
      [
        networks([85], { groupSize: 3 }),
        'rows: expected one row for each rule, hiddenBits, reinforcement, initialDepth, robustness, flipThreshold, ' +
          'batchSize, threshold, probability, seed (for rule local-error, hiddenBits 16, reinforcement 0.5, ',
      ],
      [networks([85], { flipThreshold: 0 }), 'rows: expected one row for each rule, hiddenBits'],
    ];
    for (const [others, message] of refused) {
      expect(() => metaplasticity.rows([...records, ...others])).toThrow(message);
    }
    expect(() => metaplasticity.tables([{ seed: 1 }])).toThrow("column: expected one of seed, got 'rule'");
    expect(() => metaplasticity.figures([{ seed: 1 }])).toThrow("column: expected one of seed, got 'rule'");
  });

  it('are redrawn from the rows that are stored', () => {
    const stored = keptRows(`${__dirname}/rows/metaplasticity.jsonl`);
    expect(Object.keys(stored[0])).toEqual(Object.keys(rows[0]));
    expect(stored).toHaveLength(504);
    const shapes = Object.entries(metaplasticity.figures(stored)).map(([name, { data }]) => {
      const [{ x, y, z }] = data as { x: string[]; y: string[]; z: (number | null)[][] }[];
      return [name, x.length, y.length, z.flat().includes(null)];
    });
    expect(shapes).toEqual([
      ['bound-and-reinforcement', 10, 4, false],
      ['bound-and-batch-size', 10, 2, false],
      ['start-and-reinforcement', 5, 4, false],
      ['bound-and-robustness', 6, 4, false],
      ['threshold-and-bound', 6, 5, false],
      ['threshold-and-reinforcement', 5, 4, false],
    ]);
  });
});

it('the sweep fills every cell of the table of the secondary threshold', () => {
  const made = madeUpSweep(__dirname, metaplasticity.sweeps);
  const { secondary } = metaplasticity.tables(metaplasticity.rows(made));
  expect(secondary.body).toHaveLength(1 + 3 * 3);
  expect(secondary.body.flatMap((cells) => cells.slice(2).map(({ text }) => text))).toEqual(
    Array(2 * 10).fill('72.0 ± 1.0'),
  );
});
