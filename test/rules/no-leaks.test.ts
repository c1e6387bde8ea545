import '../../src/rules/binary-rules.js';
import '../../src/rules/float-rules.js';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { findRule, ruleNames } from '../../src/rules/registry.js';

const SOURCE = path.resolve(__dirname, '..', '..', 'src');

/** Where rules may be named: among themselves. Studies lie outside. */
const OF_RULES = ['rules/'];

/** One file knows where records from before there were architectures have theirs. */
const OLD_RECORDS = 'records/architecture.ts';

const names = ruleNames().filter((name) => findRule(name)?.isBuiltIn);
const options = new Set(names.flatMap((name) => Object.keys(findRule(name)?.definition.options.shape ?? {})));
/** Words of one part, such as `layers` or `output`, are everybody's. */
const telling = [...options].filter((option) => /[A-Z]/.test(option));

/** Texts in the code of a file that name a rule, or an option by its path or, where only rules use the word, its name. */
function leaksIn(file: string): string[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(path.join(SOURCE, file), 'utf8'),
    ts.ScriptTarget.ES2023,
  );
  // What rules and networks are made of has options itself.
  const isPiece = /^((node\/)?kernels|layers|models)\//.test(file);
  const leaks: string[] = [];
  const look = (node: ts.Node): void => {
    const text = ts.isStringLiteralLike(node) || ts.isIdentifier(node) ? node.text : '';
    const isRule = ts.isStringLiteralLike(node) && names.includes(text);
    const isPath = [...options].some((option) => option !== 'name' && text.includes(`rule.${option}`));
    if (isRule || isPath || (!isPiece && telling.includes(text))) leaks.push(`${file}: ${text}`);
    ts.forEachChild(node, look);
  };
  look(source);
  return leaks;
}

describe('the open registry', () => {
  it('has the only code that names rules and their options', () => {
    const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
      (file) =>
        file.endsWith('.ts') &&
        !file.includes('assembly') &&
        !OF_RULES.some((folder) => file.startsWith(folder)),
    );
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((file) => file !== OLD_RECORDS).flatMap(leaksIn)).toEqual([]);
  });

  it('would notice a leak', () => {
    expect(leaksIn('rules/binary-rules.ts')).toEqual([]);
    expect(leaksIn('rules/local-error/local-error.ts')).toContain(
      'rules/local-error/local-error.ts: local-error',
    );
    expect(leaksIn(OLD_RECORDS)).toEqual(['records/architecture.ts: rule.layers']);
    expect(telling).toEqual(
      expect.arrayContaining(['groupSize', 'groupSchedule', 'batchNorm', 'epochsPerStage']),
    );
  });
});
