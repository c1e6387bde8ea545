// Before ours, so that binary rules come first wherever rules are listed.
import './binary-rules.js';
import { floatConv } from './convolutional/float-conv.js';
import { qatConv } from './convolutional/qat-conv.js';
import { realToBinary } from './convolutional/real-to-binary.js';
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
  floatConv,
  qatConv,
  realToBinary,
] as const;

declare module './rule-types.js' {
  interface RuleSchemas extends SchemasOf<typeof floatRules> {}
}

for (const rule of floatRules) registerBuiltIn(rule);
