import '../../src/rules/binary-rules.js';
import '../../src/rules/float-rules.js';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { rulesMarkdown } from '../../src/cli/rules-markdown.js';
import { findRule, ruleNames } from '../../src/rules/registry.js';

const FILE = path.resolve(__dirname, '..', '..', 'docs', 'rules.md');
const [BEGIN, END] = ['<!-- options of rules: generated -->', '<!-- end of options -->'];

describe('docs/rules.md', () => {
  it('says the options of every rule as the registry does; XNORLAB_ACCEPT_DOCS=1 writes them', () => {
    const text = readFileSync(FILE, 'utf8');
    const builtIn = ruleNames().filter((name) => findRule(name)?.isBuiltIn);
    const [before, rest = ''] = text.split(BEGIN);
    const [, after = ''] = rest.split(END);
    const current = `${before}${BEGIN}\n\n${rulesMarkdown(builtIn)}\n\n${END}${after}`;
    if (process.env.XNORLAB_ACCEPT_DOCS === '1') writeFileSync(FILE, current);
    expect(readFileSync(FILE, 'utf8')).toBe(current);
  });

  it('has ranges, choices and defaults', () => {
    const text = rulesMarkdown(ruleNames());
    expect(text).toContain('| `hiddenBits` | integer in [2, 16] | `16` | B: bits of a hidden weight');
    expect(text).toContain('| `classifier` | one of random, equiangular | `random` |');
    expect(text).toContain('| `greedy.epochsPerLayer` | integer from 1 |  | Train one layer after the other');
  });
});
