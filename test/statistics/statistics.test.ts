import padjust from '@stdlib/stats-padjust';
import wilcoxon from '@stdlib/stats-wilcoxon';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.js';
import type { Row } from '../../src/core/row.js';
import { compare } from '../../src/statistics/compare.js';
import { paretoFront } from '../../src/statistics/pareto-front.js';
import { tInterval } from '../../src/statistics/sample.js';
import { signedRankP } from '../../src/statistics/signed-rank.js';
import { summarize } from '../../src/statistics/summarize.js';

const BEP = [85.1, 84.7, 85.6, 85.0, 85.4];
const LOCAL = [84.2, 84.3, 84.9, 84.6, 84.4];

/** One row per seed from 1. */
function runsOf(rule: string, values: readonly number[], more: Row = {}): Row[] {
  return values.map((testAccuracy, i) => ({ rule, seed: i + 1, ...more, testAccuracy }));
}

const rows = [...runsOf('bep', BEP), ...runsOf('local-error', LOCAL)];

describe('summarize', () => {
  const options = { by: ['rule'], value: 'testAccuracy' };

  it('agrees with NumPy and SciPy', () => {
    const [bep] = summarize(rows, options);
    expect(bep).toEqual({
      rule: 'bep',
      n: 5,
      mean: expect.closeTo(85.16, 10),
      standardDeviation: expect.closeTo(0.3507135583350021, 10),
      low95: expect.closeTo(84.7245316009, 8),
      high95: expect.closeTo(85.5954683991, 8),
      min: 84.7,
      max: 85.6,
    });
  });

  it('gives the same numbers for rows in another order, groups as they come', () => {
    const backwards = summarize([...rows].reverse(), options);
    expect(backwards).toEqual(summarize(rows, options).reverse());
  });

  it('says nothing of the spread of one value', () => {
    expect(summarize(rows.slice(0, 1), options)[0]).toMatchObject({
      n: 1,
      mean: 85.1,
      standardDeviation: null,
      low95: null,
      high95: null,
    });
  });

  it('finds no spread in equal values', () => {
    // Their mean is rounded to 0.10000000000000002.
    const equal = runsOf('bep', [0.1, 0.1, 0.1]);
    expect(summarize(equal, options)[0].standardDeviation).toBe(0);
  });

  it('tells the number 1 from the text 1', () => {
    const mixed = [
      { level: 1, x: 1 },
      { level: '1', x: 2 },
    ];
    expect(summarize(mixed, { by: ['level'], value: 'x' }).length).toBe(2);
  });

  it('refuses what it cannot summarize', () => {
    expect(() => summarize([], options)).toThrow('rows: expected at least one row, got []');
    expect(() => summarize(rows, { ...options, by: ['width'] })).toThrow(
      "column: expected one of rule, seed, testAccuracy, got 'width'",
    );
    expect(() => summarize([{ rule: 'bep', testAccuracy: null }], options)).toThrow(
      'testAccuracy: expected a finite number in the row of rule bep, testAccuracy null, got null',
    );
    expect(() => summarize([{ n: 1, x: 1 }], { by: ['n'], value: 'x' })).toThrow(
      "by: expected no column called like a result (n, mean, standardDeviation, low95, high95, min, max), got 'n'",
    );
  });
});

describe('tInterval', () => {
  it('is t times the standard error to both sides of the mean', () => {
    // t of a table: 4.303 for two degrees of freedom, 2.262 for nine. s = 1; s² = 55/6.
    const [low, high] = tInterval([1, 2, 3]) ?? [];
    expect(low).toBeCloseTo(2 - 4.302653 / Math.sqrt(3), 5);
    expect(high).toBeCloseTo(2 + 4.302653 / Math.sqrt(3), 5);
    const ten = tInterval(Array.from({ length: 10 }, (_, i) => i)) ?? [];
    expect(ten[1]).toBeCloseTo(4.5 + 2.262157 * Math.sqrt(55 / 6 / 10), 5);
  });

  it('covers the mean of normal values in 95 % of all samples, few as they are', () => {
    const stream = RandomStream.named(1, 'test/t-interval');
    const samples = Array.from({ length: 1000 }, () => Array.from({ length: 3 }, () => stream.normal()));
    const covered = samples.filter((sample) => {
      const [low, high] = tInterval(sample) ?? [];
      return Number(low) <= 0 && 0 <= Number(high);
    });
    // 950 ± 4 · √(1000 · 0.95 · 0.05)
    expect(Math.abs(covered.length - 950)).toBeLessThan(28);
  });

  it('is the mean where all values are equal, and nothing for one', () => {
    expect(tInterval([0.1, 0.1, 0.1])).toEqual([0.1, 0.1]);
    expect(tInterval([1])).toBeNull();
  });
});

describe('signedRankP', () => {
  it.each([
    [[1, 2, 3, 4.5, -6], 20 / 32],
    [[1.1, 2.2, -0.3, 4.4, 5.5, 6.6, -7.7, 8.8, 9.9, 10.1], 50 / 1024],
    [[1, 2, 3, 4, 5], 2 / 32],
    // With ties, counted over all signs:
    [[1, -2, 2, 3, 3, -3, 4, 5], 42 / 256],
    // Zeros are left out:
    [[0, 0, 1, 2, -3, 4], 10 / 16],
    [[0, 0], 1],
    // These tie but for rounding:
    [[0.3, 0.1 + 0.2, -0.3, 0.3], 10 / 16],
  ])('of %j is %d', (differences, p) => {
    expect(signedRankP(differences)).toBeCloseTo(p, 12);
  });

  it('agrees with the library where that is exact: without ties and zeros', () => {
    const distinct = fc
      .uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 2, maxLength: 20 })
      .chain((sizes) =>
        fc.tuple(...sizes.map((size) => fc.boolean().map((isNegative) => (isNegative ? -size : size)))),
      );
    fc.assert(
      fc.property(distinct, (differences) => {
        // The library doubles the middle.
        const library = Math.min(1, wilcoxon(differences).pValue);
        expect(signedRankP(differences)).toBeCloseTo(library, 10);
      }),
    );
  });
});

describe('compare', () => {
  const options = { between: 'rule', value: 'testAccuracy' };

  it('agrees with SciPy on paired differences', () => {
    expect(compare(rows, options)).toEqual([
      {
        first: 'bep',
        second: 'local-error',
        n: 5,
        firstMean: expect.closeTo(85.16, 10),
        secondMean: expect.closeTo(84.48, 10),
        meanDifference: expect.closeTo(0.68, 10),
        low95: expect.closeTo(0.3354522235, 8),
        high95: expect.closeTo(1.0245477765, 8),
        effectSize: expect.closeTo(2.450549898531956, 8),
        tTestP: expect.closeTo(0.005400046408336973, 10),
        tTestHolmP: expect.closeTo(0.005400046408336973, 10),
        wilcoxonP: 0.0625,
        wilcoxonHolmP: 0.0625,
      },
    ]);
  });

  it('pairs by seed, in whatever order rows come', () => {
    // Their sum depends on the order: 0.6000000000000001 from the left, 0.6 from the right.
    const awkward = [...runsOf('bep', [0.1, 0.2, 0.3]), ...runsOf('sgd', [0, 0, 0])];
    const shuffled = [...awkward.slice(0, 3).reverse(), ...awkward.slice(3)];
    expect(compare(shuffled, options)).toEqual(compare(awkward, options));
  });

  it('compares every pair of levels in every group, and adjusts over all of them', () => {
    const three = (dataset: string, shift: number): Row[] => [
      ...runsOf('bep', BEP, { dataset }),
      ...runsOf('local-error', LOCAL, { dataset }),
      ...runsOf('sgd', [85.0, 85.3, 84.9, 85.1 + shift, 85.2], { dataset }),
    ];
    const result = compare([...three('mnist', 0), ...three('prototypes', 2)], {
      ...options,
      within: ['dataset'],
    });
    expect(result.map(({ dataset, first, second }) => [dataset, first, second])).toEqual(
      ['mnist', 'prototypes'].flatMap((dataset) => [
        [dataset, 'bep', 'local-error'],
        [dataset, 'bep', 'sgd'],
        [dataset, 'local-error', 'sgd'],
      ]),
    );
    const values = result.map(({ tTestP }) => Number(tTestP));
    expect(Math.min(...values) * 6).toBeCloseTo(
      Math.min(...result.map(({ tTestHolmP }) => Number(tTestHolmP))),
      12,
    );
    expect(result.map(({ tTestHolmP }) => tTestHolmP)).toEqual(padjust(values, 'holm'));
  });

  it('compares with a baseline alone where one is given', () => {
    const more = [...rows, ...runsOf('sgd', BEP)];
    const pairs = compare(more, { ...options, baseline: 'local-error' });
    expect(pairs.map(({ first, second }) => [first, second])).toEqual([
      ['bep', 'local-error'],
      ['sgd', 'local-error'],
    ]);
    expect(() => compare(more, { ...options, baseline: 'adam' })).toThrow(
      "baseline: expected one of bep, local-error, sgd, got 'adam'",
    );
  });

  it('leaves open what one pair, or equal differences, do not say', () => {
    const one = [...runsOf('bep', [85]), ...runsOf('sgd', [84])];
    expect(compare(one, options)[0]).toMatchObject({
      n: 1,
      meanDifference: 1,
      low95: null,
      effectSize: null,
      tTestP: null,
      tTestHolmP: null,
      wilcoxonP: null,
      wilcoxonHolmP: null,
    });
    // Differences of 0.1 each but for rounding:
    const equal = [...runsOf('bep', [85.1, 84.3, 80.2]), ...runsOf('sgd', [85.0, 84.2, 80.1])];
    expect(compare(equal, options)[0]).toMatchObject({ effectSize: null, tTestP: null, wilcoxonP: 0.25 });
  });

  it('names the seeds that are not paired', () => {
    const seeds = (rule: string, all: number[]): Row[] =>
      all.map((seed) => ({ rule, dataset: 'mnist', seed, testAccuracy: seed }));
    expect(() =>
      compare([...seeds('bep', [1, 2, 3]), ...seeds('sgd', [1, 4])], { ...options, within: ['dataset'] }),
    ).toThrow(
      'rows: expected the same values of seed for bep and sgd (dataset mnist), ' +
        "got 'seed 2, 3 only for bep; 4 only for sgd'",
    );
  });

  it('names a seed that one level has twice', () => {
    const twice = [
      ...runsOf('bep', BEP, { epochs: 1 }),
      ...runsOf('bep', BEP, { epochs: 2 }),
      ...runsOf('sgd', BEP),
    ];
    expect(() => compare(twice, options)).toThrow(
      'rows: expected one row for each seed, and within to have the columns that tell others apart ' +
        '(for rule bep, seed 1 they differ in `epochs`: 1, 2), got 2',
    );
  });

  it('refuses to compare a level with nothing', () => {
    expect(() => compare(runsOf('bep', BEP), options)).toThrow(
      "rows: expected two levels of rule to compare, got [ 'bep' ]",
    );
  });
});

describe('paretoFront', () => {
  const options = { maximize: 'testAccuracy', minimize: 'memoryBits' };
  const point = (name: string, testAccuracy: number, memoryBits: number): Row => ({
    name,
    testAccuracy,
    memoryBits,
  });

  it('keeps what no other row beats, by rising cost, equals together', () => {
    const all = [
      point('dear', 90, 100),
      point('beaten', 80, 60),
      point('cheap', 70, 10),
      point('same gain, dearer', 70, 11),
      point('middle', 85, 50),
      point('same cost, less gain', 84, 50),
      point('twin', 85, 50),
    ];
    expect(paretoFront(all, options).map(({ name }) => name)).toEqual(['cheap', 'middle', 'twin', 'dear']);
  });

  it('is what the definition says', () => {
    const points = fc.array(
      fc.record({ testAccuracy: fc.integer({ min: 0, max: 6 }), memoryBits: fc.integer({ min: 0, max: 6 }) }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(points, (all) => {
        const beats = (a: (typeof all)[0], b: (typeof all)[0]): boolean =>
          a.testAccuracy >= b.testAccuracy &&
          a.memoryBits <= b.memoryBits &&
          (a.testAccuracy > b.testAccuracy || a.memoryBits < b.memoryBits);
        const front = all.filter((one) => !all.some((other) => beats(other, one)));
        expect(new Set(paretoFront(all, options))).toEqual(new Set(front));
        expect(paretoFront(all, options).length).toBe(front.length);
      }),
    );
  });

  it('refuses a cost that is missing', () => {
    expect(() => paretoFront([{ testAccuracy: 1 }], options)).toThrow(
      "column: expected one of testAccuracy, got 'memoryBits'",
    );
  });
});
