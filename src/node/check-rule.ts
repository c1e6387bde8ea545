import { type CheckRuleOptions, checkRule as checkRuleOn } from '../rules/check/check-rule.js';
import type { RuleReport } from '../rules/check/report.js';
import type { RuleOptions } from '../rules/rule-types.js';
import { selectKernels } from './kernels/select.js';
import { floatRuntime } from './onnx-runtime.js';

/**
 * Tries whether a rule keeps to what xnorlab relies on: that the same seed gives the same result, that a run that is stopped
 * goes on as if it had not been, that predictions have the right form and change nothing, that batches and data are used
 * as they should be, and that it costs what it says. Small made-up data; seconds. Float rules, too.
 * @param options - of a registered rule: `{ name: 'mine', layers: [30] }`; small layers do
 * @returns what was found; `String(report)` is for people, `report.throwIfWrong()` for tests
 * @throws ArgumentError for options of a rule that is not registered, or that are wrong
 */
export function checkRule(options: RuleOptions, settings: CheckRuleOptions = {}): Promise<RuleReport> {
  const kernels = settings.kernels ?? selectKernels();
  return checkRuleOn(options, {
    ...settings,
    kernels,
    onnxRuntime: settings.onnxRuntime ?? floatRuntime(kernels),
  });
}
