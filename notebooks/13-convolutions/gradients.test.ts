import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSweep } from '../../src/node/sweep/read-sweep.js';
import type { RunRecord } from '../../src/records/record.js';
import { expandSweep } from '../../src/training/sweep/expand.js';
import { madeUpRun } from '../../test/studies/made-up-run.js';
import { gradients } from './gradients.js';

/** The records of the sweep; the first, of floats, has 90 % and each further one a point less. */
function records(): RunRecord[] {
  const [file] = gradients.sweeps;
  return expandSweep(readSweep(path.join(__dirname, file))).map((config, i): RunRecord => {
    const rule = { ...config.rule, layers: [9] } as never;
    const made = madeUpRun({
      dataset: 'fashion-mnist',
      rule,
      seed: 1,
      testAccuracy: 90 - i,
      validationAccuracy: 80,
    });
    return { ...made, config };
  });
}

describe('networks trained with gradients', () => {
  it('have a line each, with how far they are below floats', () => {
    const { rows } = gradients.tables(gradients.rows(records())).ingredients;
    expect(rows).toHaveLength(12);
    expect(rows.map(({ n }) => n)).toEqual(new Array(12).fill(1));
    expect(rows.find(({ network }) => network === 'floats')).toMatchObject({ test: 90, belowFloats: 0 });
    expect(rows.find(({ network }) => network === '+ tanh before')).toMatchObject({
      test: 89,
      belowFloats: -1,
    });
    expect(rows.find(({ network }) => network === '+ skip')).toMatchObject({ test: 86, belowFloats: -4 });
  });

  it('are gaps where they were not run, without floats to compare, too', () => {
    const [, second] = records();
    const { ingredients } = gradients.tables(gradients.rows([second]));
    expect(ingredients.rows.filter(({ n }) => n === 1)).toMatchObject([{ test: 89, belowFloats: null }]);
    expect(ingredients.rows[0]).toMatchObject({ n: 0, test: null });
  });

  it('refuse what is not of the table', () => {
    const [first] = records();
    expect(() => gradients.rows([first, first])).toThrow('one row for each network, seed');
    const other = madeUpRun({ dataset: 'mnist', rule: { name: 'float-conv', layers: [9] } as never });
    expect(() => gradients.rows([other])).toThrow('dataset: expected one of fashion-mnist');
  });
});
