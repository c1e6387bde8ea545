import { bep } from './bep/bep.js';
import { bepTt } from './bep-tt/bep-tt.js';
import { committee } from './committee/committee.js';
import { localError } from './local-error/local-error.js';
import { localErrorConv } from './local-error-conv/local-error-conv.js';
import { registerBuiltIn } from './registry.js';
import type { SchemasOf } from './rule-types.js';

/** The rules that run anywhere, in the order of lists. */
export const binaryRules = [
  localError, //
  bep,
  committee,
  bepTt,
  localErrorConv,
] as const;

declare module './rule-types.js' {
  interface RuleSchemas extends SchemasOf<typeof binaryRules> {}
}

for (const rule of binaryRules) registerBuiltIn(rule);
