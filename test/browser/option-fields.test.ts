import { describe, expect, it } from 'vitest';
import { prototypesFields, readField, ruleFields, runFields } from '../../src/browser/option-fields.js';
import { ruleNames } from '../../src/rules/registry.js';
import { parseTrainConfig } from '../../src/training/config.js';

describe('options as fields of a form', () => {
  it('have kind, default, range and words of their schema', () => {
    const fields = new Map(ruleFields('local-error').map((field) => [field.path, field]));
    expect(fields.get('rule.layers')).toMatchObject({ kind: 'list', default: '255,255' });
    expect(fields.get('rule.robustness')).toEqual({
      path: 'rule.robustness',
      name: 'robustness',
      kind: 'number',
      description: 'r: a sample triggers when its largest logit leads by less than ⌊r·K⌋.',
      default: '0.25',
      choices: [],
      minimum: 0,
      maximum: 1,
      isInteger: false,
    });
    expect(fields.get('rule.classifier')).toMatchObject({
      kind: 'choice',
      choices: ['random', 'equiangular'],
      default: 'random',
    });
    expect(fields.get('rule.trainClassifier')).toMatchObject({ kind: 'switch', default: 'false' });
    expect(fields.get('rule.greedy.epochsPerLayer')).toMatchObject({ kind: 'number', default: '' });
    expect(fields.has('rule.name')).toBe(false);
    expect(runFields().map(({ path }) => path)).toEqual(['epochs', 'batchSize', 'modelSelection', 'seed']);
    expect(prototypesFields().map(({ name }) => name)).toContain('flipProbability');
  });

  it('all have a description', () => {
    const all = [...ruleNames().flatMap(ruleFields), ...runFields(), ...prototypesFields()];
    expect(all.filter(({ description }) => description === '')).toEqual([]);
  });

  it('give a configuration with their defaults', () => {
    for (const rule of ruleNames()) {
      const options: Record<string, unknown> = { name: rule };
      for (const field of ruleFields(rule)) {
        const value = readField(field, field.default);
        // Parts that are off by default have defaults of their own for when they are on.
        const isPart = field.path.split('.').length > 2;
        if (value !== undefined && !isPart) options[field.name] = value;
      }
      expect(parseTrainConfig({ dataset: 'prototypes', rule: options })).toEqual(
        parseTrainConfig({ dataset: 'prototypes', rule: { name: rule } }),
      );
    }
  });

  it.each([
    ['number', '0.5', 0.5],
    ['number', ' 3 ', 3],
    ['number', 'three', 'three'],
    ['number', '', undefined],
    ['list', '255', [255]],
    ['list', '17, 51', [17, 51]],
    ['text', '51', 51],
    ['text', '17,51', [17, 51]],
    ['text', 'published', 'published'],
    ['choice', 'random', 'random'],
    ['switch', 'true', true],
  ] as const)('are read from text: %s %j', (kind, text, expected) => {
    expect(readField({ kind }, text)).toEqual(expected);
  });
});
