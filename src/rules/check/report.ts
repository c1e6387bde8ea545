import { XnorlabError } from '../../core/errors.js';

/** What `checkRule` looks at, by name. */
export const CHECKS = {
  options: 'every option is described, and defaults are complete',
  determinism: 'the same seed gives the same result',
  state: 'a learner that is saved and loaded goes on as one that never stopped',
  predictions:
    'there is one class for each row, the same for rows together and alone, and asking changes nothing',
  batches: 'the last batch may be smaller, and every batch is told of',
  data: 'data is read only, and only the rows that are shown',
  observations: 'what an epoch tells is within its range',
  cost: 'parameters, memory and operations are those of `describe`',
} as const;

/** Name of a check. */
export type CheckName = keyof typeof CHECKS;

/** Something that is wrong with a rule. */
export interface Finding {
  readonly check: CheckName;
  /** What is wrong and, where known, how to mend it. */
  readonly problem: string;
}

/** A rule does not do what xnorlab relies on. */
export class RuleError extends XnorlabError {
  override readonly exitCode = 1;

  constructor(
    readonly rule: string,
    readonly findings: readonly Finding[],
  ) {
    super(`${rule}: ${findings.map(({ check, problem }) => `${check}: ${problem}`).join('; ')}`);
  }
}

/** What `checkRule` found. */
export class RuleReport {
  constructor(
    readonly rule: string,
    readonly version: number,
    /** None: nothing was found. */
    readonly findings: readonly Finding[],
  ) {}

  /** @throws RuleError if anything was found */
  throwIfWrong(): void {
    if (this.findings.length > 0) throw new RuleError(this.rule, this.findings);
  }

  /** One line for each check, and one for each finding. */
  toString(): string {
    const lines = Object.entries(CHECKS).flatMap(([check, promise]) => {
      const problems = this.findings.filter((finding) => finding.check === check);
      return [
        `${problems.length === 0 ? '✓' : '✗'} ${check}: ${promise}`,
        ...problems.map(({ problem }) => `    ${problem}`),
      ];
    });
    return [`${this.rule}, version ${this.version}`, ...lines].join('\n');
  }
}
