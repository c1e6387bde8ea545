import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { randomCorrection } from '../../../examples/random-correction.js';
import { seriesStyleNumbers } from '../../../src/figures/series-style.js';
import {
  checkRule,
  findRule,
  type RunRecord,
  registerRule,
  runRows,
  type SweepSpec,
  sweep,
  train,
} from '../../../src/index.js';
import { openStore } from '../../../src/node/store/run-store.js';
import type { RuleDefinition } from '../../../src/rules/rule.js';
import { sweepJsonSchema } from '../../../src/training/sweep/schema.js';
import { PRESENT_BACKENDS } from '../../rules/binary/problem.js';

const PROTOTYPES = { features: 60, classes: 3, trainSamples: 120, validationSamples: 60, testSamples: 60 };
const DATASET = { name: 'prototypes', prototypes: { ...PROTOTYPES, flipProbability: 0.2 } };
const RULE = randomCorrection({ layers: [21, 15], corrections: 3 });

function timeless({ config: _, backend: __, ...record }: RunRecord): unknown {
  return JSON.parse(
    JSON.stringify(record, (key, value) => (key.endsWith('Ms') || key === 'startedAt' ? undefined : value)),
  );
}

describe('a rule of the user’s', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-own-rule-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is trained, and recorded as ours are', async () => {
    const { record } = await train({ dataset: DATASET, rule: RULE, epochs: 8, batchSize: 20 });
    expect(record.rule).toEqual({ name: 'random-correction', version: 1 });
    expect(record.config).toMatchObject({
      rule: { name: 'random-correction', layers: [21, 15], corrections: 3, robustness: 0.25, hiddenBits: 16 },
    });
    expect(record.testAccuracy).toBeGreaterThan(80);
    expect(record.epochs[0].layers).toHaveLength(2);
    expect(runRows([record], { columns: { corrections: 'rule.corrections' } })[0]).toMatchObject({
      rule: 'random-correction',
      layers: '21,15',
      parameters: 60 * 21 + 21 * 15,
      corrections: 3,
    });
  });

  it('gives the same numbers on every backend', async () => {
    const options = { dataset: DATASET, rule: RULE, epochs: 2, batchSize: 20 };
    const [expected, ...others] = await Promise.all(
      PRESENT_BACKENDS.map(async (backend) => timeless((await train({ ...options, backend })).record)),
    );
    for (const other of others) expect(other).toEqual(expected);
  });

  it('is swept where it is registered, without threads, and goes on where it was', async () => {
    const spec: SweepSpec = {
      name: 'own',
      base: { dataset: DATASET, rule: RULE, epochs: 2, batchSize: 20 },
      axes: [{ grid: { 'rule.corrections': [1, 4] } }, { seeds: 2 }],
    };
    const store = path.join(folder, 'store');
    const first = await sweep(spec, { store });
    expect(first).toMatchObject({ finished: 4, failed: 0 });
    expect(await sweep(spec, { store })).toMatchObject({ finished: 0, skipped: 4 });
    const [record] = await first.records();
    const alone = await train({
      dataset: DATASET,
      rule: randomCorrection({ layers: [21, 15], corrections: 1 }),
      epochs: 2,
      batchSize: 20,
    });
    expect(timeless(record)).toEqual(timeless(alone.record));
    const opened = openStore(store);
    expect(opened.query('SELECT DISTINCT rule, layers FROM runs')).toEqual([
      { rule: 'random-correction', layers: '21,15' },
    ]);
    opened.close();
    await expect(sweep(spec, { store, workers: 2 })).rejects.toThrow(
      'workers: expected nothing, as only this program knows random-correction: see rules, got 2',
    );
  });

  it('has its options checked, and completed by editors', async () => {
    await expect(train({ dataset: DATASET, rule: randomCorrection({ corrections: 0 }) })).rejects.toThrow(
      'rule.corrections: expected a number of at least 1, got 0',
    );
    expect(() => sweepJsonSchema()).not.toThrow();
    expect(JSON.stringify(sweepJsonSchema())).toContain('rule.corrections');
    expect(JSON.stringify(sweepJsonSchema())).toContain('Most neurons of a layer that a sample corrects');
  });

  it('keeps to what xnorlab relies on', async () => {
    for (const inputFlipProbability of [0, 0.1]) {
      const report = await checkRule(
        randomCorrection({ layers: [12, 7], corrections: 2, inputFlipProbability }),
      );
      expect(report.findings).toEqual([]);
    }
  });

  it('looks the same in every figure, and like no other', () => {
    const ours = ['local-error', 'bep', 'sgd', 'qat', 'committee', 'iterative'];
    const [alone] = seriesStyleNumbers(['random-correction']);
    for (const rule of ours) {
      const [own, other] = seriesStyleNumbers(['random-correction', rule]);
      expect(own % 7, rule).not.toBe(other % 7);
    }
    const [withAll, ...others] = seriesStyleNumbers(['random-correction', ...ours]);
    expect(others).not.toContain(withAll);
    expect(seriesStyleNumbers(['random-correction', 'anything'])[0]).toBe(alone);
  });
});

describe('registerRule', () => {
  const definition: RuleDefinition<z.ZodObject> = {
    name: 'mine',
    version: 1,
    options: z.strictObject({ layers: z.array(z.int()).default([3]).describe('Neurons.') }),
    inputForm: () => 'binarized',
    describe: () => {
      throw new Error('not made');
    },
    createLearner: async () => {
      throw new Error('not made');
    },
  };

  it('takes a rule that is written anew in place of the earlier one', () => {
    registerRule(definition);
    registerRule({ ...definition, version: 2 });
    expect(findRule('mine')?.definition.version).toBe(2);
  });

  it.each<[string, Partial<RuleDefinition<z.ZodObject>>, string]>([
    ['a rule of xnorlab', { name: 'bep' }, "name: expected a name that no rule of xnorlab has, got 'bep'"],
    ['a name with spaces', { name: 'My rule' }, 'name: expected small letters, digits and hyphens'],
    ['half a version', { version: 0.5 }, 'version: expected an integer of at least 1, got 0.5'],
    [
      'an option without a description',
      { options: z.strictObject({ flips: z.int() }) },
      'options.flips: expected a description, .describe(…), got undefined',
    ],
    ['no schema', { options: { flips: 3 } as unknown as z.ZodObject }, 'options: expected an object schema'],
  ])('refuses %s', (_, wrong, message) => {
    expect(() => registerRule({ ...definition, ...wrong })).toThrow(message);
  });

  it('keeps what options are refused for', async () => {
    const pair = registerRule({
      ...definition,
      name: 'pair',
      options: z
        .strictObject({ a: z.int().default(1).describe('A.'), b: z.int().default(2).describe('B.') })
        .refine(({ a, b }) => a < b, { path: ['b'], error: 'Invalid input: expected more than a' }),
    });
    await expect(train({ dataset: DATASET, rule: pair({ b: 0 }) })).rejects.toThrow(
      'rule.b: expected more than a, got 0',
    );
    await expect(train({ dataset: DATASET, rule: pair({ a: 1, ...{ c: 0 } }) })).rejects.toThrow(
      'rule: expected no key c',
    );
  });
});
