import { ArgumentError } from '../../core/errors.js';
import { parse } from '../../core/parse.js';
import { checkShape, type Shape, sizeOf, vector } from '../../core/shape.js';
import { checkedKernels } from '../../kernels/checked.js';
import type { Kernels } from '../../kernels/kernels.js';
import { referenceKernels } from '../../kernels/reference.js';
import { configuredRule, findRule, ruleNames, ruleOptionsSchema } from '../registry.js';
import type { RuleContext } from '../rule.js';
import type { RuleConfig, RuleOptions } from '../rule-types.js';
import { RULE_CHECKS } from './checks.js';
import { type Finding, RuleReport } from './report.js';
import { sampleData } from './sample-problem.js';
import type { Subject } from './subject.js';

/** On what a rule is tried. All optional. */
export interface CheckRuleOptions {
  /** Classes of the data, at least 2. Default 3. */
  readonly classes?: number | undefined;
  /** Shape of the samples. Default: 41 numbers; for rules that need images, one of them. */
  readonly input?: Shape | undefined;
  /** Kernels that it computes with. Default: the reference; in Node the fastest present. */
  readonly kernels?: Kernels | undefined;
  /** For float rules. */
  readonly onnxRuntime?: RuleContext['onnxRuntime'];
}

/** No multiple of the batch size, and of no word of bits. */
const SAMPLES = 37;
const INPUTS = 41;
const BATCH_SIZE = 8;

/**
 * Tries whether a rule keeps to what xnorlab relies on: that the same seed gives the same result, that a run that is stopped
 * goes on as if it had not been, that predictions have the right form and change nothing, that batches and data are used
 * as they should be, and that it costs what it says. Small made-up data; seconds.
 * @param options - of a registered rule: `{ name: 'mine', layers: [30] }`; small layers do
 * @returns what was found; `String(report)` is for people, `report.throwIfWrong()` for tests
 * @throws ArgumentError for options of a rule that is not registered, or that are wrong
 */
export async function checkRule(
  options: RuleOptions,
  {
    classes = 3,
    input = vector(INPUTS),
    kernels = checkedKernels(referenceKernels),
    onnxRuntime,
  }: CheckRuleOptions = {},
): Promise<RuleReport> {
  checkShape('input', input);
  const rule = findRule(options.name);
  if (!rule) throw new ArgumentError('name', `one of ${ruleNames().join(', ')}`, options.name);
  const config = parse(ruleOptionsSchema(), options, 'rule');
  const configured = configuredRule(config);
  const subject: Subject = {
    rule: configured,
    problem: { input, classes, batchSize: BATCH_SIZE, hasValidation: true },
    kernels,
    onnxRuntime,
    samples: SAMPLES,
    data: () => sampleData(configured.inputForm, { samples: SAMPLES, inputs: sizeOf(input), classes }),
  };
  const findings: Finding[] = checkOptions(config).map((problem) => ({ check: 'options', problem }));
  for (const check of Object.keys(RULE_CHECKS) as (keyof typeof RULE_CHECKS)[]) {
    const problems = await RULE_CHECKS[check](subject).catch((error: unknown) => [
      `it throws ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
    ]);
    findings.push(...problems.map((problem) => ({ check, problem })));
  }
  return new RuleReport(configured.name, configured.version, findings);
}

/** Records hold a configuration with its defaults, as JSON: read again, it must be the same. */
function checkOptions(config: RuleConfig): string[] {
  try {
    const written = JSON.stringify(config);
    const again = JSON.stringify(parse(ruleOptionsSchema(), JSON.parse(written)));
    return again === written
      ? []
      : [`options with defaults ${written} become ${again} when they are read again`];
  } catch (error) {
    return [`options with defaults cannot be written and read again: ${String(error)}`];
  }
}
