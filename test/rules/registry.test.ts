import '../../src/rules/binary-rules.js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { registeredStyle } from '../../src/core/series-styles.js';
import {
  configuredRule,
  findRule,
  perRegistry,
  registerFrom,
  registerRule,
  registryVersion,
  ruleFiles,
  ruleNames,
  ruleOptionsSchema,
} from '../../src/rules/registry.js';
import type { RuleContext, RuleDefinition } from '../../src/rules/rule.js';
import type { RuleConfig, RuleOptions } from '../../src/rules/rule-types.js';

const OPTIONS = z.strictObject({ rate: z.int().default(3).describe('Of something.') });

/** A rule that hands out what its methods are given. */
function definition(name: string): RuleDefinition<typeof OPTIONS> {
  return {
    name,
    version: 2,
    options: OPTIONS,
    inputForm: ({ rate }) => (rate > 3 ? 'full-precision' : 'binarized'),
    describe: (...given) => given as never,
    createLearner: async (...given) => given as never,
  };
}

const configOf = (options: unknown): RuleConfig => ruleOptionsSchema().parse(options as RuleOptions);

describe('the registry', () => {
  it('knows the binary rules, and others in the order in which they came', () => {
    expect(ruleNames().slice(0, 3)).toEqual(['local-error', 'bep', 'committee']);
    registerRule(definition('late'));
    registerRule(definition('later'));
    registerRule(definition('late'));
    expect(ruleNames().slice(-2)).toEqual(['late', 'later']);
    expect(findRule('late')).toMatchObject({ isBuiltIn: false, definition: { name: 'late', version: 2 } });
    expect(findRule('bep')?.isBuiltIn).toBe(true);
    expect(findRule('never')).toBeUndefined();
  });

  it('gives the names of xnorlab’s rules to no other', () => {
    const before = registryVersion();
    expect(() => registerRule(definition('bep'))).toThrow(
      "name: expected a name that no rule of xnorlab has, got 'bep'",
    );
    expect([registryVersion(), findRule('bep')?.isBuiltIn]).toEqual([before, true]);
  });

  it('returns a function that makes options', () => {
    const rule = registerRule(definition('made'));
    expect([rule(), rule({ rate: 5 })]).toEqual([{ name: 'made' }, { name: 'made', rate: 5 }]);
    expect(configOf(rule())).toEqual({ name: 'made', rate: 3 });
    // What a notebook knows it by.
    expect(Reflect.get(rule, Symbol.for('xnorlab.rule'))).toBe('made');
  });

  it('makes what depends on it again when a rule is added, and only then', () => {
    let made = 0;
    const count = perRegistry(() => ++made);
    expect([count(), count()]).toEqual([1, 1]);
    const before = registryVersion();
    registerRule(definition('another'));
    expect(registryVersion()).toBe(before + 1);
    expect([count(), count()]).toEqual([2, 2]);
  });

  it('gives a rule a style of its own, or those that it names', () => {
    registerRule(definition('plain'));
    registerRule({ ...definition('styled'), styles: { 'styled, wide': 4 } });
    registerRule({ ...definition('unstyled'), styles: {} });
    expect(['plain', 'styled', 'styled, wide', 'unstyled'].map(registeredStyle)).toEqual([
      { style: undefined },
      undefined,
      { style: 4 },
      undefined,
    ]);
  });

  it('remembers the file that a rule comes from', () => {
    const file = { file: '/rules/mine.ts', sha256: 'ab12' };
    registerFrom(file, () => {
      registerRule(definition('from-file'));
      registerRule(definition('from-file-too'));
    });
    registerRule(definition('from-nowhere'));
    expect(() =>
      registerFrom({ file: '/rules/broken.ts', sha256: 'cd34' }, () => {
        throw new Error('broken');
      }),
    ).toThrow('broken');
    registerRule(definition('after-broken'));
    expect(ruleFiles()).toEqual([file]);
    expect(findRule('from-file')?.source).toEqual(file);
    for (const name of ['from-nowhere', 'after-broken']) expect(findRule(name)).not.toHaveProperty('source');
    expect(configuredRule(configOf({ name: 'from-file' })).sha256).toBe('ab12');
    expect(configuredRule(configOf({ name: 'from-nowhere' }))).not.toHaveProperty('sha256');
  });
});

describe('a configured rule', () => {
  const problem = {} as never;

  it('hands its options to all that its definition does', async () => {
    const outlines: unknown[] = [];
    registerRule({ ...definition('checked'), check: (...given) => void outlines.push(given) });
    const config = configOf({ name: 'checked', rate: 7 });
    const rule = configuredRule(config);
    expect([rule.name, rule.version, rule.inputForm]).toEqual(['checked', 2, 'full-precision']);
    const context = {} as RuleContext;
    expect(rule.describe(problem)).toEqual([config, problem]);
    expect(await rule.createLearner(problem, context)).toEqual([config, problem, context]);
    const run = { epochs: 1, tasks: 1 } as never;
    rule.check(run);
    expect(outlines).toEqual([[config, run]]);
  });

  it('takes the states of its own version, or of those from an earlier one on', () => {
    registerRule(definition('new-states'));
    registerRule({ ...definition('old-states'), stateVersion: 1 });
    const versions = ['new-states', 'old-states'].map(
      (name) => configuredRule(configOf({ name })).stateVersion,
    );
    expect(versions).toEqual([2, 1]);
  });

  it('needs ONNX Runtime where its definition says so', () => {
    registerRule(definition('of-bits'));
    registerRule({ ...definition('of-floats'), needsOnnxRuntime: true });
    const needs = ['of-bits', 'of-floats'].map((name) => configuredRule(configOf({ name })).needsOnnxRuntime);
    expect(needs).toEqual([false, true]);
  });

  it('may do without a check of the run', () => {
    registerRule(definition('unchecked'));
    const rule = configuredRule(configOf({ name: 'unchecked' }));
    expect(rule.inputForm).toBe('binarized');
    expect(rule.check({} as never)).toBeUndefined();
  });

  it('is refused when there is none of the name', () => {
    expect(() => configuredRule({ name: 'never' } as unknown as RuleConfig)).toThrow(
      /^rule\.name: expected one of local-error, bep, committee.*, got 'never'$/,
    );
  });
});
