/** `xnorlab/rules`: learning rules, and all that it takes to write one. Needs nothing of Node. */

import './binary-rules.js';

export { z } from 'zod';
export { BinaryLearner, type BinaryTrainingOptions } from './binary/binary-learner.js';
export { describeLayers, withInputNoise } from './binary/description.js';
export { LayeredLearner, type LayeredOptions } from './binary/layered-learner.js';
export { type BinarySizes, binaryMemory } from './binary/memory.js';
export { hiddenWeightOptions } from './binary/options.js';
export type { CheckRuleOptions } from './check/check-rule.js';
export { checkRule } from './check/check-rule.js';
export { type CheckName, type Finding, RuleError, RuleReport } from './check/report.js';
export { booleanGates, type OperationCounts } from './cost.js';
export type {
  OnnxRuntime,
  OnnxSession,
  OnnxSessionOptions,
  OnnxTensor,
  OnnxTensorConstructor,
  OnnxTensors,
} from './float/runtime.js';
export type { MemoryPart } from './memory-part.js';
export type { OwnInput } from './registry.js';
export {
  findRule,
  type RegisteredRule,
  type RuleFile,
  type RuleOptionsFunction,
  registerRule,
  ruleNames,
} from './registry.js';
export type * from './rule.js';
export type {
  NameOf,
  OwnRule,
  OwnRuleName,
  RuleConfig,
  RuleOptions,
  RuleSchemas,
  SchemaOf,
  SchemasOf,
} from './rule-types.js';
