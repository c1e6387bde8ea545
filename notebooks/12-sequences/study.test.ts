import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { FeatureMatrix } from '../../src/data/dataset.js';
import { readSweep } from '../../src/node/sweep/read-sweep.js';
import type { RunRecord } from '../../src/records/record.js';
import { expandSweep } from '../../src/training/sweep/expand.js';
import { madeUpRun } from '../../test/studies/made-up-run.js';
import { nearestNeighbourAccuracy } from './nearest-neighbour.js';
import { PUBLISHED_DIGITS, PUBLISHED_SERIES } from './published.js';
import study, { differenceOf } from './study.js';

const { series, lastStep, rivals, windows, digits } = study.parts;

/** The records of a part's sweep; test accuracies are 70, 80 and 90 in the three folds. */
function records(part: { readonly sweeps: readonly string[] }): RunRecord[] {
  const configs = part.sweeps.flatMap((file) => expandSweep(readSweep(path.join(__dirname, file))));
  return configs.map((config, i): RunRecord => {
    const rule = { ...config.rule } as { readonly name: string; readonly layers: readonly number[] };
    const { name: dataset } = config.dataset;
    const { protocol } = config.dataset;
    const testAccuracy = 60 + 10 * (protocol?.kind === 'cross-validation' ? protocol.fold : 1);
    const made = madeUpRun({ dataset, rule, seed: config.seed, testAccuracy, validationAccuracy: 70 + i });
    // With how its samples are divided and shown.
    return { ...made, config };
  });
}

describe('time series', () => {
  it('stand beside the paper, three folds and three runs a set; what was not run is a gap', () => {
    const { accuracy } = series.tables(series.rows(records(series)));
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

describe('neurons chosen by the last step', () => {
  it('stand beside the paper as well', () => {
    const { accuracy } = lastStep.tables(lastStep.rows(records(lastStep)));
    expect(accuracy.rows.find(({ dataset }) => dataset === 'SmoothSubspace')).toMatchObject({
      n: 9,
      mean: 80,
    });
  });
});

describe('other ways to train', () => {
  it('stand side by side, one line a set', () => {
    const { accuracy } = rivals.tables(rivals.rows(records(rivals)));
    expect(accuracy.headings).toEqual([
      'dataset',
      ...['bep-tt', 'local, last step', 'local, every step', 'QAT', 'QAT with BN', 'floats'],
    ]);
    // Three folds of 70, 80 and 90.
    const smooth = accuracy.body.find(([dataset]) => dataset.text === 'SmoothSubspace');
    expect(smooth?.map(({ text }) => text)).toEqual(['SmoothSubspace', ...Array(6).fill('80 ± 10')]);
  });

  it('refuse a rule that is none of them, and a run twice', () => {
    const other = madeUpRun({ rule: { name: 'sgd', layers: [9] }, dataset: 'mnist' });
    expect(() => rivals.rows([other])).toThrow("rule: expected one of bep-tt, qat, adam, got 'sgd'");
    const [first] = records(rivals);
    expect(() => rivals.rows([first, first])).toThrow('one row for each dataset, method, fold, seed');
  });
});

describe('windows', () => {
  it('are tried for several sets, with both stabilities', () => {
    const rows = windows.rows(records(windows));
    const { body } = windows.tables(rows).accuracy;
    expect(body.map(([dataset, stability]) => `${dataset.text} ${stability.text}`)).toEqual(
      expect.arrayContaining(['SmoothSubspace last', 'SmoothSubspace sum', 'ECGFiveDays sum']),
    );
    expect(() => windows.rows([...records(windows), records(windows)[0]])).toThrow(
      'one row for each dataset, window, stability',
    );
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

describe('the nearest neighbour', () => {
  const samples = (rows: readonly (readonly number[])[], labels: readonly number[]) => ({
    features: new FeatureMatrix(rows.length, 2, Float32Array.from(rows.flat())),
    labels: Int32Array.from(labels),
  });
  const train = samples([[0, 0], [4, 0], [0, 3]], [0, 1, 2]); // biome-ignore format: a triangle

  it('is the first of those at the least distance', () => {
    // (1, 0) is nearest to the first, (2, 0) as near to the first as to the second, (1, 2) to the third; (3, 3) is at 9 and 10 from
    // the third and the second.
    const test = samples([[1, 0], [2, 0], [1, 2], [3, 3]], [0, 1, 2, 2]); // biome-ignore format: as above
    expect(nearestNeighbourAccuracy(train, test)).toBe(75);
  });

  it('asks for numbers', () => {
    const bits = { features: new BitMatrix(1, 2), labels: Int32Array.of(0) };
    expect(() => nearestNeighbourAccuracy(train, bits)).toThrow("features: expected numbers, got 'bits'");
  });
});
