import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/records/canonical-json.js';
import { isRunKey, runKey } from '../../src/records/run-key.js';

describe('canonicalJson', () => {
  it('sorts keys at every depth, keeps the order of lists, and leaves out what has no value', () => {
    const value = { b: [{ z: 1, y: null }, 2], a: { d: 'é"', c: true }, e: undefined, 10: 0.1, 9: 1e21 };
    expect(canonicalJson(value)).toBe(
      '{"10":0.1,"9":1e+21,"a":{"c":true,"d":"é\\""},"b":[{"y":null,"z":1},2]}',
    );
    expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
  });

  it('refuses what JSON cannot hold, saying where', () => {
    expect(() => canonicalJson({ rule: { rates: [1, Number.NaN] } })).toThrow(
      'rule.rates[1]: expected a value that JSON can hold, got NaN',
    );
    expect(() => canonicalJson({ rule: { layers: [undefined] } })).toThrow(
      'rule.layers[0]: expected a value that JSON can hold, got undefined',
    );
  });
});

describe('runKey', () => {
  const rule = { name: 'local-error', version: 2 };
  const config = {
    dataset: { name: 'prototypes' },
    rule: { name: 'local-error', layers: [20, 10] },
    seed: 3,
  };
  const key = runKey(config, 'abc', rule);

  it('is the beginning of the hash of all that determines a run', () => {
    const text =
      '{"config":{"dataset":{"name":"prototypes"},"rule":{"layers":[20,10],"name":"local-error"},"seed":3},' +
      '"datasetSha256":"abc","recordVersion":1,"rule":{"name":"local-error","version":2}}';
    expect(key).toBe(createHash('sha256').update(text).digest('hex').slice(0, 32));
    expect(isRunKey(key)).toBe(true);
    expect(isRunKey(`${key}0`)).toBe(false);
    expect(isRunKey('../../../../../../../../etc/passwd')).toBe(false);
  });

  it('ignores the order of keys and the backend', () => {
    const { dataset, rule: options, seed } = config;
    const turned = { seed, rule: { layers: options.layers, name: options.name }, dataset };
    expect(runKey(turned, 'abc', { version: 2, name: 'local-error' })).toBe(key);
    expect(runKey({ ...config, backend: 'wasm' }, 'abc', rule)).toBe(key);
  });

  it.each([
    ['a field', { ...config, seed: 4 }, 'abc', rule],
    ['a nested field', { ...config, rule: { ...config.rule, layers: [10, 20] } }, 'abc', rule],
    ['a further field', { ...config, epochs: 1 }, 'abc', rule],
    ['a backend that belongs to the rule', { ...config, rule: { ...config.rule, backend: 1 } }, 'abc', rule],
    ['the data', config, 'abd', rule],
    ['the name of the rule', config, 'abc', { ...rule, name: 'bep' }],
    ['its version', config, 'abc', { ...rule, version: 3 }],
  ])('changes with %s', (_, otherConfig, sha256, otherRule) => {
    expect(runKey(otherConfig, sha256, otherRule)).not.toBe(key);
  });
});
