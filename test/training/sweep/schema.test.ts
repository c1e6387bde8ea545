import '../../../src/rules/float-rules.js';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { expandSweep } from '../../../src/training/sweep/expand.js';
import { sweepJsonSchema, trainJsonSchema } from '../../../src/training/sweep/schema.js';
import type { SweepSpec } from '../../../src/training/sweep/spec.js';
import { codeOf } from '../../documents/pages.js';

const ROOT = path.resolve(__dirname, '..', '..', '..');

/** Reads the JSON Schema as an editor would. */
const sweepSchema = z.fromJSONSchema(sweepJsonSchema() as z.core.JSONSchema.JSONSchema);
const trainSchema = z.fromJSONSchema(trainJsonSchema() as z.core.JSONSchema.JSONSchema);

const accepts = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;

/** The sweeps in docs/sweeps.md, and how many runs it says they are. */
function documentedSweeps(): [SweepSpec, number][] {
  const sweeps = codeOf('docs/sweeps.md', 'yaml')
    .filter((yaml) => yaml.startsWith('base:'))
    .map((yaml) => parse(yaml) as SweepSpec);
  const runs = [36, 25, 27];
  return sweeps.map((spec, i) => [spec, runs[i]]);
}

describe('documented sweeps', () => {
  it('are what is said of them, to us and to editors', () => {
    const sweeps = documentedSweeps();
    expect(sweeps).toHaveLength(3);
    for (const [spec, runs] of sweeps) {
      expect(expandSweep(spec)).toHaveLength(runs);
      expect(accepts(sweepSchema, spec)).toBe(true);
    }
  });

  it('in examples/ too', () => {
    const folder = path.join(ROOT, 'examples');
    const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
    expect(files).toContain('group-sizes.yaml');
    for (const file of files) {
      const spec = parse(readFileSync(path.join(folder, file), 'utf8')) as SweepSpec;
      expect(expandSweep(spec).length).toBeGreaterThan(1);
      expect(accepts(sweepSchema, spec)).toBe(true);
    }
  });
});

describe('JSON Schemas', () => {
  it.each<[unknown, boolean]>([
    [{ base: { rule: { layers: [10] } } }, true],
    [{ base: { rule: { layers: [0] } } }, false],
    [{ base: { epohcs: 1 } }, false],
    [{ axes: [{ gird: {} }] }, false],
    [{ axes: [{ grid: { 'rule.groupsize': [1] } }] }, false],
    [{ axes: [{ grid: { 'rule.groupSize': { divisorsOf: 'rule.layers' } } }] }, true],
    [{ axes: [{ cases: [{ dataset: 'mnist' }] }, { seeds: 3, when: { 'dataset.name': 'mnist' } }] }, true],
    [{ axes: [{ seeds: 0 }] }, false],
    [{ search: { kind: 'successive-halving' } }, true],
  ])('sweep: %j', (value, expected) => {
    expect(accepts(sweepSchema, value)).toBe(expected);
  });

  it.each<[unknown, boolean]>([
    [{ dataset: 'mnist', rule: { name: 'sgd', layers: [10] } }, true],
    [{ dataset: 'mnist', rule: { name: 'sgd' } }, false],
    [{ dataset: 'mnist', rule: { name: 'sgd', layers: [10], groupSize: 5 } }, false],
    [{ dataset: 'mnist' }, false],
  ])('train: %j', (value, expected) => {
    expect(accepts(trainSchema, value)).toBe(expected);
  });
});
