import { describe, expect, it } from 'vitest';
import type { Row } from '../../src/core/row.js';
import type { RunRecord } from '../../src/records/record.js';
import type { FormattedTable } from '../../src/tables/formatted-table.js';
import { madeUpRun, madeUpRuns } from '../../test/studies/made-up-run.js';
import { madeUpSweep } from '../../test/studies/made-up-sweep.js';
import { PUBLISHED } from './published.js';
import study from './study.js';

const { comparison } = study.parts;

/** A sweep that is half done. */
const records: readonly RunRecord[] = [
  ...madeUpRuns({ rule: { name: 'committee', layers: [40, 8] }, parameters: 31_360 }, [72, 73, 74]),
  ...madeUpRuns({ rule: { name: 'committee', layers: [35, 7] }, parameters: 27_440 }, [70, 71, 72]),
  madeUpRun({
    rule: { name: 'qat', layers: [35, 35], batchNorm: false },
    parameters: 28_665,
    testAccuracy: 35,
  }),
  ...madeUpRuns({ rule: { name: 'bep', layers: [35, 35] }, parameters: 28_665 }, [82.5, 83.5, 84.5]),
  ...madeUpRuns({ rule: { name: 'local-error', layers: [135, 135] }, parameters: 124_065 }, [84, 85, 86]),
  ...madeUpRuns({ rule: { name: 'local-error', layers: [75, 75] }, parameters: 64_425 }, [83, 84, 85]),
  ...madeUpRuns({ rule: { name: 'local-error', layers: [35, 35] }, parameters: 28_665 }, [81, 82, 83]),
];

const rows = comparison.rows(records);

function tables(from: readonly Row[] = rows): Readonly<Record<string, FormattedTable>> {
  return comparison.tables(from);
}

describe('rows of the comparison', () => {
  it('say what tables and figures need, whatever the order of the runs', () => {
    expect(rows).toEqual(comparison.rows([...records].reverse()));
    expect(rows.at(-1)).toEqual({
      dataset: 'fashion-mnist',
      rule: 'qat',
      layers: '35,35',
      seed: 1,
      testAccuracy: 35,
      validationAccuracy: 71,
      parameters: 28_665,
      memoryMegabytes: 1.5,
      booleanGates: 1_000_000,
      batchNorm: 'false',
    });
    const sizes = rows.filter(({ rule }) => rule === 'local-error').map(({ layers }) => layers);
    expect([...new Set(sizes)]).toEqual(['35,35', '75,75', '135,135']);
  });

  it('hold nothing that is not compared', () => {
    const adam = comparison.rows([madeUpRun({ rule: { name: 'adam', layers: [35, 35] } })]);
    expect(() => tables(adam)).toThrow(
      'rule: expected one of local-error, bep, committee, qat with batchNorm, qat without batchNorm, sgd, iterative, ' +
        "got 'adam'",
    );
    expect(() => comparison.rows([])).toThrow('records: expected at least one run, got []');
  });
});

describe('the table of a data set', () => {
  it('has committees beside the network with as many parameters, published values, gaps and numbers of seeds', () => {
    expect(tables()['fashion-mnist'].toMarkdown()).toBe(
      '| layers | local-error | bep | committee | qat without batchNorm |\n' +
        '| --- | ---: | ---: | ---: | ---: |\n' +
        '| 35,35 | 82.0 ± 1.0 (n = 3) [81.53] | **83.5 ± 1.0** (n = 3) [82.63] | 71.0 ± 1.0 (n = 3) | 35.00 (n = 1) [35.43] |\n' +
        '| 75,75 | **84.0 ± 1.0** (n = 3) [83.69] | – [84.25] | – | – [49.6] |\n' +
        '| 135,135 | **85.0 ± 1.0** (n = 3) [84.68] | – [84.91] | – | – [56.39] |\n' +
        '| 40-8 | – | – | **73.0 ± 1.0** (n = 3) | – |\n\n' +
        'Test accuracy on fashion-mnist in percent. Committees of perceptrons and units stand beside the network with ' +
        'as many parameters: 35-7 beside 35,35. Not run: qat with batchNorm, sgd, iterative. Mean ± standard deviation ' +
        'over n runs, the best of each row in bold. In brackets: published.\n',
    );
  });

  it('puts a committee beside the nearest of several networks', () => {
    const near = madeUpRun({ rule: { name: 'sgd', layers: [34, 34] }, parameters: 27_500, seed: 2 });
    const text = tables([...rows, ...comparison.rows([near])])['fashion-mnist'].toMarkdown();
    expect(text).toContain('35-7 beside 34,34.');
    expect(text).toContain('| 34,34 | – | – | 71.0 ± 1.0 (n = 3) | – | **80.00** (n = 1) |\n');
  });

  it('has shallow networks first, whatever was run first', () => {
    const deep = madeUpRun({ rule: { name: 'local-error', layers: [35, 35, 35] }, parameters: 29_890 });
    const late = madeUpRun({ rule: { name: 'bep', layers: [75, 75] }, parameters: 64_425 });
    const shown = tables(comparison.rows([deep, late]))['fashion-mnist'].body.map(([layers]) => layers.text);
    expect(shown).toEqual(['75,75', '35,35,35']);
  });

  it('has one data set each', () => {
    const both = [...rows, ...rows.map((row) => ({ ...row, dataset: 'prototypes' }))];
    expect(Object.keys(tables(both))).toEqual(['fashion-mnist', 'prototypes', 'differences', 'tests']);
    expect(tables(both)['fashion-mnist'].toMarkdown()).toBe(tables()['fashion-mnist'].toMarkdown());
    expect(tables(both).prototypes.toMarkdown()).toContain('| 82.0 ± 1.0 (n = 3) [55.96] |');
  });

  it('tells runs apart that would be averaged otherwise', () => {
    const [first] = rows;
    expect(() => tables([...rows, first])).toThrow(
      'rows: expected one row for each dataset, series, layers, seed (for dataset fashion-mnist, series bep, layers',
    );
    const rival = madeUpRun({ rule: { name: 'committee', layers: [35, 5] }, parameters: 27_440 });
    expect(() => tables([...rows, ...comparison.rows([rival])])).toThrow(
      'series committee, layers 35,35, seed 1',
    );
  });
});

describe('the other tables', () => {
  it('say how far the means are from the published ones', () => {
    expect(tables().differences.toMarkdown()).toBe(
      '| dataset | layers | local-error | bep | qat without batchNorm |\n| --- | --- | ---: | ---: | ---: |\n' +
        '| fashion-mnist | 35,35 | +0.47 | +0.87 | -0.43 |\n' +
        '| fashion-mnist | 75,75 | +0.31 | – | – |\n' +
        '| fashion-mnist | 135,135 | +0.32 | – | – |\n\n' +
        'Mean test accuracy minus the published mean, in points.\n',
    );
    expect(tables().differences.rows[0]).toMatchObject({ mean: 82, published: 81.53, n: 3 });
    expect(tables().differences.rows[0].difference).toBeCloseTo(0.47, 12);
  });

  it('test what was run with the same seeds, and say what was not', () => {
    const [head, , ...lines] = tables().tests.toMarkdown().split('\n');
    expect(head).toBe(
      '| dataset | layers | first | second | n | difference | 95 % interval | d_z | p (t test) |',
    );
    expect(lines.slice(0, 3)).toEqual([
      '| fashion-mnist | 35,35 | bep | local-error | 3 | +1.50 | [+1.50, +1.50] | – | – |',
      '| fashion-mnist | 35,35 | committee | local-error | 3 | -11.00 | [-11.00, -11.00] | – | – |',
      '',
    ]);
    expect(lines[3]).toContain(
      'Left out, run with other seeds or without local-error: qat without batchNorm (1 of 4), committee (1 of 4).',
    );
  });

  it('are left out when there is nothing to say', () => {
    const sgd = comparison.rows([madeUpRun({ rule: { name: 'sgd', layers: [36, 36] } })]);
    expect(Object.keys(tables(sgd))).toEqual(['fashion-mnist']);
  });
});

describe('the figure', () => {
  const traces = comparison.figures(rows).accuracy.data as {
    name: string;
    x: number[];
    y: number[];
  }[];
  const named = (name: string) => traces.filter((trace) => trace.name === name);

  it('has committees where their parameters are', () => {
    expect(named('committee')).toMatchObject([{ x: [27_440, 31_360], y: [71, 73] }]);
    expect(named('local-error')).toMatchObject([{ x: [28_665, 64_425, 124_065], y: [82, 84, 85] }]);
  });

  it('is drawn once more without what stretches the scale, over the width', () => {
    const closer = comparison.figures(rows).closer.data as { name: string; x: number[] }[];
    const names = [...new Set(closer.map(({ name }) => name))];
    expect(names).toEqual(expect.arrayContaining(['local-error', 'bep', 'qat with batchNorm, published']));
    expect(names.filter((name) => /committee|without/.test(name))).toEqual([]);
    expect(closer.find(({ name }) => name === 'local-error')?.x).toEqual([35, 75, 135]);
  });

  it('has the published points of the sizes that were run, also of rules that were not', () => {
    const sizes = named('qat with batchNorm, published').map(({ x, y }) => [...x, ...y]);
    expect(sizes).toEqual([
      [28_665, 82.53],
      [64_425, 84.39],
      [124_065, 85.1],
    ]);
  });
});

it('the sweeps fill every cell that the papers have', () => {
  const made = tables(comparison.rows(madeUpSweep(__dirname, comparison.sweeps)));
  expect(Object.keys(made)).toEqual(['fashion-mnist', 'prototypes', 'differences', 'tests']);
  for (const dataset of ['fashion-mnist', 'prototypes']) {
    const { headings, body, caption } = made[dataset];
    expect(headings).toHaveLength(1 + 7);
    expect(body.map(([layers]) => layers.text)).toEqual(
      [2, 3].flatMap((depth) => [35, 75, 135, 255, 525].map((width) => Array(depth).fill(width).join())),
    );
    const shallow = body.slice(0, 5).flatMap((cells) => cells.slice(1).map(({ text }) => text));
    expect(shallow).toEqual(Array(5 * 7).fill('73.0 ± 1.6'));
    const deep = body.slice(5).map((cells) => cells.slice(1).map(({ text }) => text !== '–'));
    const runDeep = ['local-error', 'bep', 'qat with batchNorm', 'sgd'];
    expect(deep).toEqual(Array(5).fill(headings.slice(1).map((series) => runDeep.includes(series))));
    expect(caption).not.toContain('Not run');
    expect(caption).toContain('over 5 runs');
  }
  // Each of 2 data sets × 5 widths has published values of 4 rules with two layers, and of 3 that we ran with three.
  expect(made.differences.rows).toHaveLength(2 * 5 * (4 + 3));
  expect(made.tests.rows).toHaveLength(2 * 5 * (6 + 3));
  expect(made.tests.caption).not.toContain('Left out');
});

describe('what was published', () => {
  // Spot checks against the paper's figure 2, a point or two of each curve.
  it.each([
    ['prototypes', 'local-error', null, '35,35', 55.96],
    ['prototypes', 'bep', null, '525,525', 77.24],
    ['prototypes', 'qat', 'true', '75,75', 71.84],
    ['prototypes', 'qat', 'false', '255,255', 55.15],
    ['prototypes', 'local-error', null, '135,135,135', 70.83],
    ['prototypes', 'bep', null, '35,35,35', 58.58],
    ['prototypes', 'qat', 'true', '525,525,525', 73.53],
    ['prototypes', 'qat', 'false', '35,35,35', 14.34],
    ['fashion-mnist', 'local-error', null, '525,525', 85.46],
    ['fashion-mnist', 'bep', null, '75,75', 84.25],
    ['fashion-mnist', 'qat', 'true', '255,255', 86.03],
    ['fashion-mnist', 'qat', 'false', '525,525', 68.94],
    ['fashion-mnist', 'local-error', null, '35,35,35', 80.81],
    ['fashion-mnist', 'bep', null, '255,255,255', 85.43],
    ['fashion-mnist', 'qat', 'true', '135,135,135', 85.5],
    ['fashion-mnist', 'qat', 'false', '525,525,525', 58.4],
  ])('of %s %s %s %s', (dataset, rule, batchNorm, layers, testAccuracy) => {
    const [row, ...others] = PUBLISHED.filter(
      (each) =>
        each.dataset === dataset &&
        each.rule === rule &&
        each.batchNorm === batchNorm &&
        each.layers === layers,
    );
    expect(others).toEqual([]);
    expect(row.testAccuracy).toBe(testAccuracy);
    expect(row.depth).toBe(layers.split(',').length);
  });

  it('is 16 curves of 5 widths', () => {
    expect(PUBLISHED).toHaveLength(16 * 5);
  });
});
