import '../../../src/rules/float-rules.js';
import { describe, expect, it } from 'vitest';
import { ArgumentError } from '../../../src/core/errors.js';
import type { TrainConfig } from '../../../src/training/config.js';
import { expandSweep } from '../../../src/training/sweep/expand.js';
import { fieldAt } from '../../../src/training/sweep/fields.js';
import type { SweepSpec } from '../../../src/training/sweep/spec.js';

const BASE: SweepSpec['base'] = {
  dataset: 'prototypes',
  rule: { name: 'local-error', layers: [30, 30], groupSize: 5 },
  epochs: 2,
};

/** The values of some fields in every run of a sweep. */
function runs(axes: SweepSpec['axes'], ...paths: string[]): unknown[][] {
  return expandSweep({ base: BASE, axes }).map((config) =>
    paths.map((path) => fieldAt(config as unknown as Record<string, unknown>, path)),
  );
}

function refusal(spec: unknown): ArgumentError {
  try {
    expandSweep(spec as SweepSpec);
  } catch (error) {
    if (error instanceof ArgumentError) return error;
    throw error;
  }
  throw new Error('accepted');
}

describe('expandSweep', () => {
  it('gives the base alone without axes, with all defaults', () => {
    const [config, ...others] = expandSweep({ base: BASE });
    expect(others).toEqual([]);
    expect(config).toMatchObject({
      dataset: { name: 'prototypes' },
      batchSize: 100,
      rule: { robustness: 0.25 },
    });
  });

  it('combines the fields of a grid and all axes, the last varying fastest', () => {
    expect(
      runs(
        [{ grid: { 'rule.robustness': [0.1, 0.2], 'rule.groupSize': [3, 5] } }, { seeds: 2 }],
        'rule.robustness',
        'rule.groupSize',
        'seed',
      ),
    ).toEqual([
      [0.1, 3, 1],
      [0.1, 3, 2],
      [0.1, 5, 1],
      [0.1, 5, 2],
      [0.2, 3, 1],
      [0.2, 3, 2],
      [0.2, 5, 1],
      [0.2, 5, 2],
    ]);
  });

  it('moves paired fields together', () => {
    const layers = [[20], [30, 30], [45]];
    expect(
      runs(
        [{ paired: { 'rule.layers': layers, 'rule.groupSize': [4, 6, 9] } }],
        'rule.layers',
        'rule.groupSize',
      ),
    ).toEqual([
      [[20], 4],
      [[30, 30], 6],
      [[45], 9],
    ]);
  });

  it('lays cases over the base; another rule or data set replaces all options of its own', () => {
    const configs = expandSweep({
      base: { ...BASE, dataset: { name: 'prototypes', limitTrain: 50 } },
      axes: [
        {
          cases: [
            { rule: { groupSize: 3 } },
            { rule: { name: 'sgd', layers: [10] }, epochs: 7 },
            { dataset: 'mnist' },
          ],
        },
      ],
    });
    expect(configs.map(({ rule, dataset, epochs }) => ({ rule: rule.name, dataset, epochs }))).toEqual([
      { rule: 'local-error', dataset: { name: 'prototypes', limitTrain: 50 }, epochs: 2 },
      { rule: 'sgd', dataset: { name: 'prototypes', limitTrain: 50 }, epochs: 7 },
      { rule: 'local-error', dataset: { name: 'mnist' }, epochs: 2 },
    ]);
    expect(configs[0].rule).toMatchObject({ layers: [30, 30], groupSize: 3 });
    expect(configs[1].rule).not.toHaveProperty('groupSize');
  });

  it('applies an axis only where its condition is met', () => {
    expect(
      runs(
        [
          { cases: [{}, { rule: { name: 'bep', layers: [30], groupSize: 5 } }] },
          { grid: { 'rule.gate': [0.01, 0.1] }, when: { 'rule.name': 'bep' } },
          { seeds: [7, 9], when: { 'rule.gate': [0.1, 0.2] } },
        ],
        'rule.name',
        'rule.gate',
        'seed',
      ),
    ).toEqual([
      ['local-error', undefined, 1],
      ['bep', 0.01, 1],
      ['bep', 0.1, 7],
      ['bep', 0.1, 9],
    ]);
  });

  it('takes divisors of a field, of all of its widths, in a range', () => {
    // gcd(30, 45) = 15: 1 3 5 15; 28: 1 2 4 7 14 28
    expect(
      runs(
        [
          {
            grid: {
              'rule.layers': [[30, 45], [28]],
              'rule.groupSize': { divisorsOf: 'rule.layers', min: 3, max: 14 },
            },
          },
        ],
        'rule.layers',
        'rule.groupSize',
      ),
    ).toEqual([
      [[30, 45], 3],
      [[30, 45], 5],
      [[28], 4],
      [[28], 7],
      [[28], 14],
    ]);
  });

  it('removes runs that are there already, defaults written or not', () => {
    expect(runs([{ cases: [{}, { batchSize: 100 }, { seed: 1 }] }, { seeds: [1, 2, 1] }], 'seed')).toEqual([
      [1],
      [2],
    ]);
  });

  it('lets a later axis win', () => {
    expect(runs([{ grid: { epochs: [1, 3] } }, { grid: { epochs: [5] } }], 'epochs')).toEqual([[5]]);
  });

  it('leaves the specification as it was', () => {
    const spec: SweepSpec = { base: BASE, axes: [{ grid: { 'rule.robustness': [0.5] } }] };
    const before = structuredClone(spec);
    expandSweep(spec);
    expect(spec).toEqual(before);
  });
});

describe('random axes', () => {
  const random = {
    samples: 400,
    seed: 3,
    fields: {
      'rule.robustness': { min: 0.25, max: 0.75 },
      'rule.initialDepth': { min: 0.01, max: 100, scale: 'log' as const },
      'rule.hiddenBits': { min: 2, max: 5, integer: true },
      batchSize: { min: 1, max: 1000, scale: 'log' as const, integer: true },
      'rule.classifier': ['random', 'equiangular'],
      'rule.groupSize': { divisorsOf: 'rule.layers', max: 6 },
    },
  };
  const drawn = (axes: SweepSpec['axes']): TrainConfig[] => expandSweep({ base: BASE, axes });
  const numbers = (path: string): number[] => runs([{ random }], path).map(([value]) => value as number);
  const shareBelow = (values: readonly number[], limit: number): number =>
    values.filter((value) => value < limit).length / values.length;

  it('draw uniformly from what each field says', () => {
    expect(drawn([{ random }])).toHaveLength(400);
    const robustness = numbers('rule.robustness');
    expect(Math.min(...robustness)).toBeGreaterThanOrEqual(0.25);
    expect(Math.max(...robustness)).toBeLessThanOrEqual(0.75);
    expect(shareBelow(robustness, 0.5)).toBeCloseTo(0.5, 1);
    // Half of the logarithms of [0.01, 100] lie below that of 1, of [1, 1000] below about 31.6
    expect(shareBelow(numbers('rule.initialDepth'), 1)).toBeCloseTo(0.5, 1);
    expect(shareBelow(numbers('batchSize'), 31.6)).toBeCloseTo(0.5, 1);
    expect(new Set(numbers('rule.hiddenBits'))).toEqual(new Set([2, 3, 4, 5]));
    expect(new Set(numbers('rule.classifier'))).toEqual(new Set(['random', 'equiangular']));
    expect(new Set(numbers('rule.groupSize'))).toEqual(new Set([1, 2, 3, 5, 6]));
  });

  it('draw the same points for every seed of a run, and again', () => {
    const few = { ...random, samples: 3 };
    const withoutSeed = drawn([{ seeds: 2 }, { random: few }]).map(({ seed, ...rest }) => ({ seed, rest }));
    expect(withoutSeed.map(({ seed }) => seed)).toEqual([1, 1, 1, 2, 2, 2]);
    const points = withoutSeed.map(({ rest }) => rest);
    expect(points.slice(3)).toEqual(points.slice(0, 3));
    expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(3);
  });

  it('draw every field by itself', () => {
    const range = { min: 0, max: 1 };
    const fields = { 'rule.robustness': range, 'rule.reinforcement': range };
    const points = runs([{ random: { samples: 5, fields } }], 'rule.robustness', 'rule.reinforcement');
    expect(points.filter(([one, other]) => one === other)).toEqual([]);
  });

  it('keep their draws when a sample or a field is added, and change with the seed', () => {
    const robustness = { 'rule.robustness': { min: 0, max: 1 } };
    const draw = (samples: number, seed: number, fields: object): unknown[] =>
      runs([{ random: { samples, seed, fields: { ...fields, ...robustness } } }], 'rule.robustness').flat();
    expect(draw(3, 0, {}).slice(0, 2)).toEqual(draw(2, 0, { batchSize: { min: 1, max: 9, integer: true } }));
    expect(draw(3, 0, {})).not.toEqual(draw(3, 1, {}));
  });
});

describe('sweeps that are refused', () => {
  it.each<[string, object, string]>([
    ['an unknown kind of axis', { axes: [{ gird: {} }] }, 'axes.0: expected no key gird, got { gird: {} }'],
    [
      'two kinds in one axis',
      { axes: [{ seeds: 2, grid: { epochs: [1] } }] },
      'axes.0: expected exactly one of grid, paired, cases, random, seeds, got { seeds: 2, grid: { epochs: [Array] } }',
    ],
    [
      'an unknown field',
      { axes: [{ grid: { 'rule.groupsize': [5] } }] },
      'axes.0.grid.rule.groupsize: expected a field of a training run, such as rule.name or seed, got [ 5 ]',
    ],
    [
      'an empty list',
      { axes: [{ grid: { epochs: [] } }] },
      'axes.0.grid.epochs: expected a list whose length is at least 1, got []',
    ],
    [
      'paired lists of different lengths',
      { axes: [{ paired: { epochs: [1, 2], seed: [1] } }] },
      'axes.0.paired: expected lists of the same length, got { epochs: [ 1, 2 ], seed: [ 1 ] }',
    ],
    [
      'a condition that no run meets',
      { axes: [{ seeds: 2, when: { 'rule.name': 'bep' } }] },
      "axes.0.when: expected a condition that base and earlier axes meet in some run, got { 'rule.name': 'bep' }",
    ],
    [
      'a logarithm of zero',
      { axes: [{ random: { samples: 1, fields: { epochs: { min: 0, max: 1, scale: 'log' } } } }] },
      "axes.0.random.fields.epochs: expected min above 0 on a log scale, got { min: 0, max: 1, scale: 'log' }",
    ],
    [
      'divisors of what is not set',
      {
        base: { rule: { name: 'local-error' } },
        axes: [{ grid: { 'rule.groupSize': { divisorsOf: 'rule.layers' } } }],
      },
      'axes.0.grid.rule.groupSize: expected rule.layers to be set before, to an integer or a list of integers, got undefined',
    ],
    [
      'divisors that are not there',
      { axes: [{ grid: { 'rule.groupSize': { divisorsOf: 'rule.layers', min: 7, max: 9 } } }] },
      'axes.0.grid.rule.groupSize: expected divisors of rule.layers in [7, 9], got [ 30, 30 ]',
    ],
    [
      'more runs than anybody trains',
      { axes: [{ seeds: 1000 }, { random: { samples: 1000, fields: { batchSize: [1, 2] } } }] },
      "axes: expected at most 100000 runs, got '101000 or more'",
    ],
    [
      'an impossible base',
      { base: { ...BASE, epochs: 0 }, axes: [] },
      'epochs: expected a number of at least 1, got 0',
    ],
    [
      'an impossible run',
      { axes: [{ grid: { 'rule.layers': [[30], [28]] } }, { seeds: 2 }] },
      "rule.groupSize of the run with rule.layers [28], seed 1: expected a divisor of the layer's 28 neurons, got 5",
    ],
    [
      'options of another rule',
      { axes: [{ grid: { 'rule.name': ['local-error', 'sgd'] } }] },
      'rule of the run with rule.name sgd: expected no key groupSize, got',
    ],
  ])('%s', (_, spec, message) => {
    expect(refusal({ base: BASE, ...spec }).message).toContain(message);
  });

  it('says where the value stands that is to blame', () => {
    const path = (axes: unknown[], base: object = BASE): readonly PropertyKey[] =>
      refusal({ base, axes }).path;
    expect(path([{ grid: { 'rule.groupSize': [5, 7] } }])).toEqual(['axes', 0, 'grid', 'rule.groupSize', 1]);
    expect(path([{ seeds: 2 }, { cases: [{}, { rule: { groupSize: 7 } }] }])).toEqual([
      'axes',
      1,
      'cases',
      1,
      'rule',
      'groupSize',
    ]);
    expect(path([{ grid: { 'rule.layers': [[28]] } }])).toEqual(['base', 'rule', 'groupSize']);
    expect(path([{ seeds: [1, -1] }])).toEqual(['axes', 0, 'seeds', 1]);
    expect(path([], { ...BASE, epohcs: 1 })).toEqual(['base', 'epohcs']);
  });
});
