// Before ours, so that binary rules come first wherever rules are listed.
import './binary-rules.js';
import { adam, sgd } from './gradient-descent.js';
import { iterative } from './iterative/iterative.js';
import { qat } from './quantized/qat.js';
import { registerBuiltIn } from './registry.js';
import type { SchemasOf } from './rule-types.js';

/** The rules that need ONNX Runtime, in the order of lists: for hosts that have it. */
export const floatRules = [
  sgd, //
  adam,
  qat,
  iterative,
] as const;

declare module './rule-types.js' {
  interface RuleSchemas extends SchemasOf<typeof floatRules> {}
}

for (const rule of floatRules) registerBuiltIn(rule);
