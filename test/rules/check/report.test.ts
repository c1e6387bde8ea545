import { describe, expect, it } from 'vitest';
import { CHECKS, type Finding, RuleError, RuleReport } from '../../../src/rules/check/report.js';

const FINDINGS: readonly Finding[] = [
  { check: 'data', problem: 'reads too much' },
  { check: 'state', problem: 'forgets' },
  { check: 'data', problem: 'writes' },
];

describe('a report', () => {
  it('has a line for each check, with what was found below it', () => {
    expect(String(new RuleReport('mine', 3, FINDINGS)).split('\n')).toEqual([
      'mine, version 3',
      '✓ options: every option is described, and defaults are complete',
      '✓ determinism: the same seed gives the same result',
      '✗ state: a learner that is saved and loaded goes on as one that never stopped',
      '    forgets',
      '✓ predictions: there is one class for each row, the same for rows together and alone, and asking changes nothing',
      '✓ batches: the last batch may be smaller, and every batch is told of',
      '✗ data: data is read only, and only the rows that are shown',
      '    reads too much',
      '    writes',
      '✓ observations: what an epoch tells is within its range',
      '✓ cost: parameters, memory and operations are those of `describe`',
    ]);
  });

  it('throws all that was found, and nothing where nothing was', () => {
    const report = new RuleReport('mine', 3, FINDINGS);
    expect(() => report.throwIfWrong()).toThrow(RuleError);
    expect(() => report.throwIfWrong()).toThrow(/^mine: data: reads too much; state: forgets; data: writes$/);
    expect(new RuleError('mine', FINDINGS)).toMatchObject({
      rule: 'mine',
      findings: FINDINGS,
      name: 'RuleError',
      exitCode: 1,
    });
    const right = new RuleReport('mine', 3, []);
    expect(() => right.throwIfWrong()).not.toThrow();
    expect(String(right).match(/✓/g)).toHaveLength(Object.keys(CHECKS).length);
  });
});
