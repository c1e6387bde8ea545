import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/records/record.js';
import { madeUpRun, madeUpRuns } from '../../test/studies/made-up-run.js';
import { madeUpSweep } from '../../test/studies/made-up-sweep.js';
import { beyondThePapers } from './options.js';

const rule = {
  name: 'local-error',
  layers: [255, 255],
  groupSize: 51,
  readOut: 'last',
  inputFlipProbability: 0,
};

const records: readonly RunRecord[] = [
  ...madeUpRuns({ rule: { ...rule, groupSize: 15, groupSchedule: { patience: 5 } } }, [84, 86, 87]),
  ...madeUpRuns({ rule: { ...rule, readOut: 'summed' } }, [85.5, 86.5, 88]),
  ...madeUpRuns({ rule }, [85, 86, 87]),
  madeUpRun({ rule: { ...rule, greedy: { epochsPerLayer: 25 } } }),
  ...madeUpRuns({ rule, binarizer: { kind: 'thermometer', levels: 8, thresholds: 'even' } }, [88, 88, 88]),
  ...madeUpRuns({ dataset: 'prototypes', rule }, [70, 71, 72]),
  ...madeUpRuns({ dataset: 'prototypes', rule: { ...rule, inputFlipProbability: 0.1 } }, [71, 72, 73]),
];

const rows = beyondThePapers.rows(records);

describe('options beyond the papers', () => {
  it('are named by what differs from the default, which comes first', () => {
    expect(beyondThePapers.tables(rows).accuracy.toMarkdown()).toBe(
      '| option | fashion-mnist | prototypes |\n| --- | ---: | ---: |\n' +
        '| default | 86.0 ± 1.0 (n = 3) | 71.0 ± 1.0 (n = 3) |\n' +
        '| greedy, 25 epochs per layer | 80.00 (n = 1) | – |\n' +
        '| summed read-out | 86.7 ± 1.3 (n = 3) | – |\n' +
        '| thermometer of 8, even | **88.00 ± 0.00** (n = 3) | – |\n' +
        '| groups of 15, groups grow, patience 5 | 85.7 ± 1.5 (n = 3) | – |\n' +
        '| input flips 0.1 | – | **72.0 ± 1.0** (n = 3) |\n\n' +
        'Test accuracy in percent. Mean ± standard deviation over n runs, the best of each column in bold.\n',
    );
  });

  it('are compared with the default of the same data set and seeds', () => {
    const { rows: effects, caption } = beyondThePapers.tables(rows).effects;
    expect(effects.map(({ dataset, first, second, n }) => [dataset, first, second, n])).toEqual([
      ['fashion-mnist', 'summed read-out', 'default', 3],
      ['fashion-mnist', 'thermometer of 8, even', 'default', 3],
      ['fashion-mnist', 'groups of 15, groups grow, patience 5', 'default', 3],
      ['prototypes', 'input flips 0.1', 'default', 3],
    ]);
    const [summed, , grown] = effects;
    // Differences 0.5, 0.5 and 1; −1, 0 and 0.
    expect(summed.meanDifference).toBeCloseTo(2 / 3, 12);
    expect(grown.meanDifference).toBeCloseTo(-1 / 3, 12);
    expect(caption).toContain(
      'Left out, run with other seeds or without the default: greedy, 25 epochs per layer (1 of 2).',
    );
  });

  it('are drawn with their intervals, a figure for each data set', () => {
    const figures = beyondThePapers.figures(rows);
    expect(Object.keys(figures)).toEqual(['fashion-mnist', 'prototypes']);
    expect(figures['fashion-mnist'].data).toMatchObject([
      {
        y: ['groups of 15, groups grow, patience 5', 'summed read-out', 'thermometer of 8, even'],
        x: [-1 / 3, expect.closeTo(2 / 3, 12), 2],
      },
    ]);
  });

  it('have no effects before there is something to compare', () => {
    const alone = beyondThePapers.rows([madeUpRun({ rule })]);
    expect(Object.keys(beyondThePapers.tables(alone))).toEqual(['accuracy']);
    expect(beyondThePapers.figures(alone)).toEqual({});
  });

  it('do not mix runs that differ in something else', () => {
    const other = madeUpRun({ rule: { ...rule, robustness: 0.5 } });
    expect(() => beyondThePapers.tables([...rows, ...beyondThePapers.rows([other])])).toThrow(
      'rows: expected one row for each dataset, option, seed (for dataset fashion-mnist, option default, seed 1 they differ in what was measured only: ',
    );
  });
});

it('the sweeps fill every effect', () => {
  const made = madeUpSweep(__dirname, beyondThePapers.sweeps);
  const { accuracy, effects } = beyondThePapers.tables(beyondThePapers.rows(made));
  expect(accuracy.rows).toHaveLength(2 * 9 + 4);
  expect(effects.rows).toHaveLength(2 * 8 + 4);
});
