import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../src/core/row.js';
import { readSweep } from '../../src/node/sweep/read-sweep.js';
import type { RunRecord } from '../../src/records/record.js';
import { expandSweep } from '../../src/training/sweep/expand.js';
import { madeUpSweep } from '../../test/studies/made-up-sweep.js';
import { ablationRows } from './ablations.js';
import { comparisonRuns, figure2Rows } from './bep.js';
import { ALL_ZEROS, comparedRows } from './compared.js';
import { BEP_ABLATIONS, LBES_CURVES, LBES_ROWS, reasonNotRun } from './published.js';
import study from './study.js';
import { verdictOf, verdictOfDifference } from './verdicts.js';
import { zerosEffects } from './zeros.js';

const { published, zeros } = study.parts;

/** What the sweeps will leave: test accuracies of 71, 72 … by the seed. A run that two of them have is in the store once. */
function records(files: readonly string[]): RunRecord[] {
  const configs = files.flatMap((file) => expandSweep(readSweep(path.join(__dirname, file))));
  const runs = madeUpSweep(__dirname, files).map((record, i): [string, RunRecord] => [
    JSON.stringify(configs[i]),
    {
      ...record,
      config: { ...record.config, dataset: configs[i].dataset },
      dataset: { ...record.dataset, protocol: 'holdout 10000, fitted on all' },
    },
  ]);
  return [...new Map(runs).values()];
}

const rows = published.rows(records(published.sweeps));

describe('a verdict', () => {
  const ours = { n: 4, mean: 84, standardDeviation: 1 };

  it('is the difference in standard errors of both means', () => {
    // 1²/4 + 0.9²/(10 − 1) = 0.34
    const verdict = verdictOf(ours, { published: 85, spread: 0.9, runs: 10 });
    expect(verdict).toMatchObject({ published: 85, mean: 84, n: 4, difference: -1, verdict: 'agrees' });
    expect(verdict.standardErrors).toBeCloseTo(-1 / Math.sqrt(0.34), 12);
    expect(verdictOf(ours, { published: 85.2, spread: 0.9, runs: 10 }).verdict).toBe('below');
    expect(verdictOf(ours, { published: 82.8, spread: 0.9, runs: 10 }).verdict).toBe('above');
  });

  it('takes the spread of ours where none is published, and needs one', () => {
    // 1²/4 + 1²/5 = 0.45
    const verdict = verdictOf(ours, { published: 83, spread: null, runs: 5 });
    expect(verdict.standardErrors).toBeCloseTo(1 / Math.sqrt(0.45), 12);
    const single = verdictOf(
      { ...ours, n: 1, standardDeviation: null },
      { published: 83, spread: 1, runs: 5 },
    );
    expect(single).toMatchObject({ standardErrors: null, verdict: null });
  });

  it('of a difference has the errors of all four means', () => {
    const first = { mean: 80, standardDeviation: 2, n: 4, published: 79, spread: 3 };
    const second = { mean: 41, standardDeviation: 4, n: 4, published: 44, spread: 6 };
    const { standardErrors, ...verdict } = verdictOfDifference(first, second);
    expect(verdict).toEqual({ published: 35, mean: 39, error: Math.sqrt(5), verdict: 'agrees' });
    // 2²/4 + 4²/4 + 3²/9 + 6²/9 = 10
    expect(standardErrors).toBeCloseTo(4 / Math.sqrt(10), 12);
  });
});

describe('what was published', () => {
  it.each([
    ['sizes', 'fashion-mnist', '525,525', { groupSize: 105 }, 86.64, 0.29],
    ['sizes', 'prototypes', '35,35', { groupSize: 35 }, 79.1, 1.27],
    ['depth', 'fashion-mnist', Array(10).fill(1035).join(), {}, 86.78, 0.27],
    ['group-sizes', 'fashion-mnist', '4095', { groupSize: 65 }, 86.08, 0.35],
    ['robustness', 'fashion-mnist', '135', { robustness: 1 }, 80.86, 0.42],
    ['classifiers', 'prototypes', '35,35', { trainClassifier: 'true' }, 81.96, 0.76],
    ['clip', 'fashion-mnist', '135,135', { hiddenBits: 6 }, 81.58, 0.6],
    ['committees', 'prototypes', '44,4', {}, 43.64, 4.95],
    ['committee-groups', 'fashion-mnist', '880,880', {}, 73.64, 3.37],
    ['float', 'fashion-mnist', '105,105', { rule: 'sgd', inputs: 'full-precision' }, 78.38, 0.61],
    ['tables', 'uci digits', '135,135', {}, 98.61, expect.any(Number)],
  ])('in %s of %s %s', (experiment, dataset, layers, setting: Row, value, spread) => {
    const found = LBES_ROWS.filter(
      (row) =>
        [row.experiment, row.dataset, row.layers].join() === [experiment, dataset, layers].join() &&
        Object.entries(setting).every(([column, cell]) => row[column] === cell),
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ published: value, spread });
  });

  it('is 641 rows of LBES, and 32 points of the ablations of BEP', () => {
    expect(LBES_ROWS).toHaveLength(641);
    expect(BEP_ABLATIONS).toHaveLength(32);
  });
});

describe('the sweeps', () => {
  const compared = comparedRows(rows);

  it('run every row of LBES that has no reason not to be', () => {
    const missing = compared.filter(({ reading }) => reading === 'not run').map(reasonNotRun);
    expect([...new Set(missing)]).toEqual([
      'data not to be had: features of an AlexNet',
      'hours of float training',
      'table not at hand',
      'other samples: ours lack those with missing values',
    ]);
    const ran = compared.filter(({ reading }) => reading === 'strictly binary');
    expect(ran).toHaveLength(10 + 5 + 58 + 20 + 6 + 6 + 10 + 20 + 7 + 30 + 36);
    for (const { n, mean } of ran) expect(mean).toBeCloseTo(70 + (1 + Number(n)) / 2, 10);
  });

  it('have the zeros of the published code for sizes, committees and what depends on them', () => {
    const settings = compared.filter(({ reading }) => reading === 'with zeros');
    expect(settings.map(({ experiment }) => experiment)).toEqual([
      ...Array(10).fill('sizes'),
      ...Array(2).fill('group-sizes'),
      ...Array(4).fill('robustness'),
      ...Array(2).fill('classifiers'),
      ...Array(2).fill('clip'),
      ...Array(10).fill('committees'),
      ...Array(27).fill('committee-groups'),
      ...Array(36).fill('tables'),
    ]);
  });

  it('are under the protocol of the published code', () => {
    const configs = study.parts.published.sweeps.flatMap((file) =>
      expandSweep(readSweep(path.join(__dirname, file))),
    );
    for (const { dataset, epochs, modelSelection } of configs) {
      expect({ epochs, modelSelection }).toEqual({ epochs: 50, modelSelection: 'last' });
      expect(dataset.protocol).toEqual({
        kind: 'holdout',
        fitOn: 'all',
        ...(dataset.name === 'fashion-mnist'
          ? { heldOut: 10_000, from: 'training' }
          : { heldOut: dataset.name === 'prototypes' ? 2000 : 0.2, from: 'all' }),
      });
    }
    expect(configs.some(({ dataset }) => dataset.prototypes?.seed !== undefined)).toBe(false);
  });
});

describe('the tables', () => {
  const tables = published.tables(rows);

  it('have a row for each published one, with both readings and training accuracy', () => {
    expect(tables.sizes.headings).toEqual([
      ...['data', 'network', 'setting', 'published', 'strictly binary', 'in SE', 'verdict'],
      ...['with zeros', 'in SE', 'verdict'],
      ...['training, published', 'training, strictly binary', 'training, with zeros'],
    ]);
    expect(tables.sizes.body).toHaveLength(10);
    expect(tables.sizes.toMarkdown()).toContain(
      '| fashion-mnist | 525,525 | γ 105 | 86.64 ± 0.29 | 75.5 ± 3.0 | -11.6 | below |',
    );
    expect(tables['group-sizes'].body).toHaveLength(58);
    expect(tables.committees.toMarkdown()).toContain('| prototypes | 44-4 |');
    expect(tables.depth.toMarkdown()).toContain('| 1035 × 10 |');
  });

  it('count verdicts, and say what is missing and why', () => {
    const [sum] = tables.verdicts.body.slice(-1);
    expect(sum.map(({ text }) => text).slice(0, 3)).toEqual(['all', '641', '208']);
    const missing = tables['not-run'].rows.reduce((total, row) => total + Number(row.rows), 0);
    expect(missing).toBe(641 - 208);
    expect(tables['not-run'].toMarkdown()).toContain('data not to be had: features of an AlexNet');
  });

  it('have the headline of the paper', () => {
    expect(tables.headline.toMarkdown()).toContain('| strictly binary | +35.46 | -10.00 ± 1.87 |');
  });

  it('hold runs of the study comparison against figure 2 of BEP', () => {
    const own = figure2Rows(comparisonRuns());
    // 2 data sets × 5 widths × (4 rules with two layers, 3 with three)
    expect(own).toHaveLength(2 * 5 * (4 + 3));
    expect(
      own.find(({ dataset, rule, layers }) => [dataset, rule, layers].join() === 'fashion-mnist,bep,35,35'),
    ).toMatchObject({
      published: 82.63,
      n: 5,
    });
  });
});

describe('groups that grow', () => {
  const own = study.parts.growing;
  const ran = own.rows(records(own.sweeps));

  it('are run in all sizes of figure 2 on FashionMNIST, and in two on Prototypes', () => {
    const points = figure2Rows(ran);
    expect(points.map(({ dataset, rule, layers, n }) => [dataset, rule, layers, n].join(' '))).toEqual([
      'prototypes bep 35,35,35 5',
      'prototypes bep 75,75,75 5',
      ...[2, 3].flatMap((depth) =>
        [35, 75, 135, 255, 525].map((width) => `fashion-mnist bep ${Array(depth).fill(width).join()} 5`),
      ),
    ]);
    // Accuracies are made up from the seed, 1 to 5.
    for (const { mean } of points) expect(mean).toBeCloseTo(73, 10);
  });

  it('hold ours against the published points', () => {
    const table = own.tables(ran)['growing-groups'].toMarkdown();
    expect(table).toContain('| fashion-mnist | bep | 35,35 | 82.63 | 73.0 ± 1.6 | -9.63 | -9.6 | below |');
  });
});

describe('the ablations of BEP', () => {
  const own = study.parts.bep;
  const ran = own.rows(records(own.sweeps));

  it('are run at every published point', () => {
    const points = ablationRows(ran);
    expect(points).toHaveLength(32);
    // Accuracies are made up from the seed, 1 to 5; r = p_r = 0.5 are one run of two points.
    for (const { n } of points) expect(n).toBe(5);
    expect(ran).toHaveLength(155);
  });

  it('are shown beside the figures of the paper, and where they were not run', () => {
    const some = ran.filter(({ gate }) => gate !== 1);
    const text = own.tables(some).ablations.toMarkdown();
    expect(text).toContain('| fashion-mnist | 525,525 | r 0.5 | 86.79 |');
    expect(text).toContain('| fashion-mnist | 525 × 5 | ν 1 | 19.79 | – | – | – | – |');
  });
});

describe('curves', () => {
  it('are of the last epochs what the tables say', () => {
    const last = LBES_CURVES.filter(({ epoch }) => epoch === 50);
    expect(last).toHaveLength(4);
    for (const { dataset, layers, testAccuracy, trainAccuracy } of last) {
      const row = LBES_ROWS.find(
        (each) => [each.experiment, each.dataset, each.layers].join() === ['sizes', dataset, layers].join(),
      );
      expect(row?.published).toBeCloseTo(testAccuracy, 1);
      expect(row?.publishedTrain).toBeCloseTo(trainAccuracy, 1);
    }
  });
});

describe('the order of iterative binarization', () => {
  it('is told by what is left when the first layer is binary, and when all are', () => {
    const { iterative } = study.parts;
    const accuracies = [50, 80, 70, 65];
    const made = records(iterative.sweeps).map((record) => ({
      ...record,
      epochs: accuracies.map((validationAccuracy, i) => ({
        ...record.epochs[0],
        epoch: i + 1,
        validationAccuracy,
      })),
      config: { ...record.config, rule: { ...(record.config as { rule: object }).rule, epochsPerStage: 3 } },
    }));
    const own = iterative.rows(made);
    expect(own).toHaveLength(24);
    expect(own[0]).toMatchObject({ floatAccuracy: 80, firstAccuracy: 70, lastAccuracy: 65 });
    expect(iterative.tables(own).order.toMarkdown()).toContain(
      '| 75,75 | 1,2,3 | 3 | 80.00 ± 0.00 | 10.00 ± 0.00 | 65.00 ± 0.00 |',
    );
  });
});

it('the figure has one point a row, and the line of equality', () => {
  const { data } = published.figures(rows).agreement as unknown as {
    data: { name: string; x: number[]; y: number[] }[];
  };
  const of = (name: string): number =>
    data.filter((trace) => trace.name === name).reduce((sum, { x }) => sum + x.length, 0);
  // FashionMNIST, Prototypes and UCI; those of FashionMNIST between 78 and 88 % once more, of which these made-up runs have none.
  expect([of('strictly binary'), of('with zeros')]).toEqual([208, 93]);
  const closer = rows.map((row): Row => ({ ...row, testAccuracy: 85 }));
  const panels = published.figures(closer).agreement.data as unknown as typeof data;
  const lines = panels.filter(({ name }) => name === 'equal').map(({ x, y }) => [x, y]);
  expect(lines).toEqual([
    ...Array(3).fill([
      [0, 100],
      [0, 100],
    ]),
    [
      [78, 88],
      [78, 88],
    ],
  ]);
});

it('docs/published.md shows tables as the page of the study has them', () => {
  const lines = (file: string): string[] =>
    readFileSync(path.join(__dirname, file), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('|'));
  const page = lines('RESULTS.md');
  const shown = lines('../../docs/published.md');
  expect(shown.length).toBeGreaterThan(50);
  expect(shown.filter((line) => !page.includes(line))).toEqual([]);
});

describe('what zeros are worth', () => {
  const run = (seed: number, places: string | null, testAccuracy: number): Row => ({
    ...{ dataset: 'mnist', rule: 'local-error', layers: '35,35', seed, zeros: places, testAccuracy },
  });

  it('is counted seed by seed, with those that were run without', () => {
    const effects = zerosEffects(
      [
        ...[80, 81, 82, 90].map((accuracy, seed) => run(seed, null, accuracy)),
        ...[81, 83, 85].map((accuracy, seed) => run(seed, 'weights', accuracy)),
        run(1, ALL_ZEROS, 82),
      ],
      'testAccuracy',
    );
    expect(effects).toMatchObject([
      { place: 'weights', n: 3, meanDifference: 2, low95: expect.closeTo(2 - 4.302653 / Math.sqrt(3), 5) },
      { place: 'everywhere', n: 1, meanDifference: 1, low95: null },
    ]);
  });

  it('is in the tables of every network that was run so', () => {
    const own = zeros.tables(zeros.rows(records(zeros.sweeps)));
    expect(Object.keys(own)).toEqual(['test', 'training']);
    // Sizes and committees of both data sets, and committees grouped otherwise.
    expect(own.test.body).toHaveLength(20 + 20);
    expect(own.test.toMarkdown()).toContain('0.00 [0.00, 0.00], n = 10');
    expect(zeros.tables([run(1, null, 80)])).toEqual({});
  });
});
