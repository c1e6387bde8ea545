import { describe, expect, it } from 'vitest';
import { keptRows } from '../../src/node/studies/kept-rows.js';
import type { RunRecord } from '../../src/records/record.js';
import { sampleRecord } from '../../test/sample-record.js';
import { madeUpRun } from '../../test/studies/made-up-run.js';
import { madeUpSweep } from '../../test/studies/made-up-sweep.js';
import { metaplasticityDepths } from './depths.js';
import { metaplasticityFlips } from './flips.js';

const base = {
  name: 'local-error',
  layers: [255, 255],
  hiddenBits: 16,
  reinforcement: 0.5,
  initialDepth: 64,
  robustness: 0.25,
};

/** The base but for some options; `sampleRecord` with its flips times a factor. */
function network(options: object, seed = 1, factor = 1, batchSize = 100): RunRecord {
  const run = madeUpRun({ rule: { ...base, ...options }, batchSize, seed });
  const epochs = sampleRecord.epochs.map((epoch) => ({
    ...epoch,
    layers: (epoch.layers ?? []).map((layer) => ({ ...layer, flips: factor * layer.flips })),
  }));
  return { ...run, epochs };
}

const committee = madeUpRun({ rule: { name: 'committee', layers: [255, 51] }, batchSize: 100 });

const records: readonly RunRecord[] = [
  network({}),
  network({}, 2, 3),
  network({ hiddenBits: 6 }),
  network({ reinforcement: 1 }),
  network({ flipThreshold: 16 }),
  committee,
  // In none: bits that are not shown, two options changed, and another option than those shown.
  network({ hiddenBits: 7 }),
  network({ hiddenBits: 6, reinforcement: 1 }),
  network({ initialDepth: 0 }),
  network({}, 1, 1, 10),
];

const flips = metaplasticityFlips.rows(records);
const depths = metaplasticityDepths.rows(records);

function linesOf(report: typeof metaplasticityFlips, rows: typeof flips): object {
  return Object.fromEntries(
    Object.entries(report.figures(rows)).map(([name, { data }]) => [
      name,
      (data as { name: string; x: number[]; y: number[] }[]).map((trace) => [trace.name, trace.y]),
    ]),
  );
}

describe('flips by the thresholds of metaplasticity', () => {
  it('have a row per run, epoch and layer', () => {
    // Layers of 12 and 8 weights.
    expect(flips).toHaveLength(5 * 2 * 2);
    expect(flips[0]).toEqual({
      hiddenBits: 6,
      reinforcement: 0.5,
      flipThreshold: 0,
      seed: 1,
      epoch: 1,
      layer: 1,
      flipPercent: (100 * 20) / 12,
      boundPercent: 0,
    });
  });

  it('are drawn by one option, the others as in the base: means over seeds', () => {
    const [one, two] = [
      [(100 * 20) / 12, (100 * 8) / 12],
      [(100 * 10) / 8, (100 * 4) / 8],
    ];
    const twice = (values: number[]): number[] =>
      values.map((value) => expect.closeTo(2 * value, 10) as number);
    const once = (values: number[]): number[] => values.map((value) => expect.closeTo(value, 10) as number);
    expect(linesOf(metaplasticityFlips, flips)).toEqual({
      'by-bits': [
        ['6 bits', once(one)],
        ['16 bits', twice(one)],
        ['6 bits', once(two)],
        ['16 bits', twice(two)],
      ],
      'by-reinforcement': [
        ['reinforcement 0.5', twice(one)],
        ['reinforcement 1', once(one)],
        ['reinforcement 0.5', twice(two)],
        ['reinforcement 1', once(two)],
      ],
      'by-threshold': [
        ['θ 0', twice(one)],
        ['θ 16', once(one)],
        ['θ 0', twice(two)],
        ['θ 16', once(two)],
      ],
    });
  });

  it('are a table of the last epoch, and so is what lies at the bound', () => {
    const tables = metaplasticityFlips.tables(flips.filter(({ hiddenBits }) => hiddenBits === 16));
    expect(tables.flips.toMarkdown()).toBe(
      '| hiddenBits | reinforcement | flipThreshold | layer 1 | layer 2 |\n| --- | --- | --- | ---: | ---: |\n' +
        '| 16 | 0.5 | 0 | 133 ± 94 (n = 2) | 100 ± 71 (n = 2) |\n' +
        '| 16 | 0.5 | 16 | 66.67 (n = 1) | 50.00 (n = 1) |\n' +
        '| 16 | 1 | 0 | 66.67 (n = 1) | 50.00 (n = 1) |\n\n' +
        "Flips in epoch 2, in percent of a layer's visible weights. Mean ± standard deviation over n runs.\n",
    );
    expect(tables.bound.body[0].map(({ text }) => text)).toEqual([
      '16',
      '0.5',
      '0',
      '0.00 ± 0.00',
      '25.00 ± 0.00',
    ]);
    expect(tables.bound.caption).toBe(
      'Hidden weights at the bound after epoch 2, in percent. Mean ± standard deviation over n runs.',
    );
  });
});

describe('depths of hidden weights', () => {
  it('are drawn with room and without, seed 1: percent by range and epoch', () => {
    const maps = Object.entries(metaplasticityDepths.figures(depths)).map(([name, { data }]) => [
      name,
      (data as { y: string[]; z: number[][] }[]).map(({ y, z }) => [y, z]),
    ]);
    const layers = [
      [
        ['1', '2–3', '4–7', '8–15'],
        [
          [50, 25],
          [25, 25],
          [25, 25],
          [0, 25],
        ],
      ],
      [
        ['1', '2–3', '4–7', '8–15'],
        [
          [100, 50],
          [0, 50],
          [0, 0],
          [0, 0],
        ],
      ],
    ];
    expect(Object.fromEntries(maps)).toEqual({ '6-bits': layers, '16-bits': layers });
  });

  it('are a table of the last epoch', () => {
    const { depths: table } = metaplasticityDepths.tables(depths);
    expect(table.toMarkdown()).toBe(
      '| depth | 6 bits, layer 1 | 6 bits, layer 2 | 16 bits, layer 1 | 16 bits, layer 2 |\n' +
        '| --- | ---: | ---: | ---: | ---: |\n' +
        '| 1 | 25.00 | 50.00 | 25.00 | 50.00 |\n' +
        '| 2–3 | 25.00 | 50.00 | 25.00 | 50.00 |\n' +
        '| 4–7 | 25.00 | 0.00 | 25.00 | 0.00 |\n' +
        '| 8–15 | 25.00 | 0.00 | 25.00 | 0.00 |\n\n' +
        "Hidden weights by depth \\|h\\| after epoch 2, in percent of a layer's. Single runs.\n",
    );
  });
});

describe.each([metaplasticityFlips, metaplasticityDepths])('$title', (report) => {
  const rows = report.rows(records);

  it('does not depend on the order of the runs', () => {
    expect(report.rows(records.toReversed())).toEqual(rows);
    expect(report.tables(rows.toReversed())).toEqual(report.tables(rows));
    expect(report.figures(rows.toReversed())).toEqual(report.figures(rows));
  });

  it('has no rows of committees', () => {
    expect(report.rows([committee])).toEqual([]);
  });

  it('refuses what does not belong', () => {
    const [run] = records;
    const refused: readonly [RunRecord, string][] = [
      [network({ name: 'bep' }), "rule: expected one of local-error, committee, got 'bep'"],
      [
        { ...run, dataset: { ...run.dataset, name: 'mnist' } },
        "dataset: expected one of fashion-mnist, got 'mnist'",
      ],
      [network({ groupSize: 3 }), 'rows: expected one row for each hiddenBits, '],
    ];
    for (const [other, message] of refused) expect(() => report.rows([...records, other])).toThrow(message);
    expect(() => report.tables([{ seed: 1 }])).toThrow("column: expected one of seed, got 'epoch'");
    expect(() => report.figures([{ seed: 1 }])).toThrow("column: expected one of seed, got 'hiddenBits'");
  });
});

it('they are redrawn from the rows that are stored', () => {
  const [storedFlips, storedDepths] = ['metaplasticity-flips', 'metaplasticity-depths'].map((name) =>
    keptRows(`${__dirname}/rows/${name}.jsonl`),
  );
  // 11 settings, 3 seeds; 2 settings, 15 ranges of depth; 20 epochs, 2 layers.
  expect(storedFlips).toHaveLength(11 * 3 * 20 * 2);
  expect(storedDepths).toHaveLength(2 * 15 * 20 * 2);
  expect(Object.keys(storedFlips[0])).toEqual(Object.keys(flips[0]));
  expect(Object.keys(storedDepths[0])).toEqual(Object.keys(depths[0]));
  const lines = Object.entries(metaplasticityFlips.figures(storedFlips)).map(([name, { data }]) => [
    name,
    data.length,
  ]);
  expect(lines).toEqual([
    ['by-bits', 2 * 4],
    ['by-reinforcement', 2 * 4],
    ['by-threshold', 2 * 5],
  ]);
  expect(Object.keys(metaplasticityDepths.figures(storedDepths))).toEqual(['6-bits', '16-bits']);
});

it('the sweep fills the tables of flips and depths', () => {
  const made = madeUpSweep(__dirname, metaplasticityFlips.sweeps);
  const { flips: flipTable, bound } = metaplasticityFlips.tables(metaplasticityFlips.rows(made));
  for (const { body, caption } of [flipTable, bound]) {
    expect(body).toHaveLength(11);
    expect(caption).toContain('over 3 runs');
  }
  const { depths: depthTable } = metaplasticityDepths.tables(metaplasticityDepths.rows(made));
  expect(depthTable.headings).toHaveLength(1 + 2 * 2);
});
