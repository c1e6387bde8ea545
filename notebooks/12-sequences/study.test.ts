import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSweep } from '../../src/node/sweep/read-sweep.js';
import type { RunRecord } from '../../src/records/record.js';
import { expandSweep } from '../../src/training/sweep/expand.js';
import { madeUpRun } from '../../test/studies/made-up-run.js';
import { PUBLISHED_DIGITS, PUBLISHED_SERIES } from './published.js';
import study, { differenceOf } from './study.js';

const { series, digits } = study.parts;

/** The records of a part's sweep, with these test accuracies in turn. */
function records(part: typeof series | typeof digits, accuracies: readonly number[] = [80]): RunRecord[] {
  const configs = part.sweeps.flatMap((file) => expandSweep(readSweep(path.join(__dirname, file))));
  return configs.map((config, i): RunRecord => {
    const rule = { ...config.rule } as { readonly name: string; readonly layers: readonly number[] };
    const { name: dataset } = config.dataset;
    const testAccuracy = accuracies[i % accuracies.length];
    const made = madeUpRun({ dataset, rule, seed: config.seed, testAccuracy, validationAccuracy: 70 + i });
    // With how its samples are divided and shown.
    return { ...made, config };
  });
}

describe('time series', () => {
  it('stand beside the paper, three folds and three runs a set; what was not run is a gap', () => {
    const { accuracy } = series.tables(series.rows(records(series, [70, 80, 90])));
    expect(accuracy.rows).toHaveLength(PUBLISHED_SERIES.length);
    const smooth = accuracy.rows.find(({ dataset }) => dataset === 'SmoothSubspace');
    // Nine runs, three of each: variance 600/8; the paper's is 4.24².
    expect(smooth).toMatchObject({ n: 9, mean: 80, published: 89, difference: -9 });
    expect(smooth?.standardErrors).toBeCloseTo(-9 / Math.sqrt(75 / 9 + 4.24 ** 2 / 9), 9);
    const [first] = records(series);
    const alone = series.tables(series.rows([first])).accuracy;
    expect(alone.rows.find(({ dataset }) => dataset === 'Earthquakes')).toMatchObject({ n: 0, mean: null });
  });

  it('have no standard error of a single run', () => {
    const [published] = PUBLISHED_SERIES;
    expect(differenceOf({ mean: 79.78, n: 1, standardDeviation: null }, published)).toEqual({
      difference: 0,
    });
  });

  it('refuse what is not of the table', () => {
    const other = madeUpRun({ rule: { name: 'bep-tt', layers: [9] }, dataset: 'mnist' });
    expect(() => series.rows([...records(series), other])).toThrow('dataset: expected one of Distal');
    const [first] = records(series);
    expect(() => series.rows([first, first])).toThrow('one row for each dataset, fold, seed');
  });
});

describe('digits', () => {
  it('stand beside the paper, setting by setting', () => {
    const rows = digits.rows(records(digits));
    const { accuracy } = digits.tables(rows);
    expect(accuracy.body.map(([steps, whose]) => [steps.text, whose.text])).toEqual(
      ['2', '4', '8'].flatMap((steps) => [
        [steps, 'ours'],
        [steps, 'published'],
      ]),
    );
    expect(Object.keys(digits.figures(rows))).toEqual(['steps']);
    expect(digits.tables(rows.toReversed())).toEqual(digits.tables(rows));
  });

  it('are published for four numbers of steps and five gates', () => {
    expect(PUBLISHED_DIGITS).toHaveLength(20);
    expect(PUBLISHED_DIGITS.find(({ steps, gate }) => steps === 4 && gate === 0.01)?.accuracy).toBe(96.55);
    expect(PUBLISHED_DIGITS.find(({ steps, gate }) => steps === 4 && gate === 0.5)?.accuracy).toBe(72.79);
  });

  it('refuse digits that are not cut', () => {
    const whole = madeUpRun({ rule: { name: 'bep-tt', layers: [9], gate: 0.01 }, dataset: 'mnist' });
    expect(() => digits.rows([...records(digits), whole])).toThrow('steps: expected a number of pieces');
  });
});
