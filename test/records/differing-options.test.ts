import { describe, expect, it } from 'vitest';
import { differingOptions, flatOptions } from '../../src/records/differing-options.js';

describe('options that runs differ in', () => {
  it('are those that take two values, or are there for some only', () => {
    const runs = [
      { rule: { name: 'a', groupSize: 5, layers: [3, 2] }, epochs: 2, seed: 1 },
      { rule: { name: 'a', groupSize: 7, layers: [3, 2] }, epochs: 2, seed: 2 },
      { rule: { name: 'a', groupSize: 7, layers: [3, 2], noise: 0.5 }, epochs: 2, seed: 2 },
    ];
    expect(differingOptions(runs)).toEqual(['rule.groupSize', 'seed', 'rule.noise']);
    expect(differingOptions(runs.slice(1, 2))).toEqual([]);
    expect(differingOptions([])).toEqual([]);
  });

  it('are compared among runs of one rule where they are that rule’s', () => {
    const runs = [
      { rule: { name: 'a', groupSize: 5 }, dataset: { name: 'd' } },
      { rule: { name: 'a', groupSize: 5 }, dataset: { name: 'd' } },
      { rule: { name: 'b', rate: 0.1 }, dataset: { name: 'd' } },
    ];
    expect(differingOptions(runs)).toEqual(['rule.name']);
    expect(differingOptions([...runs, { rule: { name: 'b', rate: 0.2 }, dataset: { name: 'd' } }])).toEqual([
      'rule.name',
      'rule.rate',
    ]);
  });

  it('are told apart in their types: the number 1 is not the text 1', () => {
    expect(differingOptions([{ epochs: 1 }, { epochs: '1' }])).toEqual(['epochs']);
  });
});

describe('the options of a configuration', () => {
  it('have paths', () => {
    const config = { a: { b: [1, 2], c: true, d: { e: null } }, f: [{ g: 1 }], h: undefined, i: [] };
    expect([...flatOptions(config)]).toEqual([
      ['a.b', '1,2'],
      ['a.c', 'true'],
      ['a.d.e', null],
      ['f', '[{"g":1}]'],
      ['i', ''],
    ]);
  });
});
