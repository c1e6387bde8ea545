import { z } from 'zod';
import { consolidatedStep } from './consolidated-step.js';
import { elasticStep } from './elastic-step.js';
import type { Optimizer } from './optimizer.js';
import { pathStep } from './path-step.js';

const shuffled = z
  .boolean()
  .default(false)
  .describe('A control: each weight is protected as another one of its layer should be.');

/** How what earlier tasks have learned is protected in float training: members of the schemas of rules that allow it, at most one of them. */
export const protectionOptions = {
  consolidation: z
    .strictObject({
      m: z.number().min(0).max(1000).describe('m: changes towards zero are multiplied by 1 − tanh²(m·|W|).'),
      shuffled,
    })
    .optional()
    .describe('Metaplasticity: depth protects weights from changes towards zero. Default: none.'),
  elastic: z
    .strictObject({
      lambda: z.number().min(0).describe('λ: weight of the penalty.'),
      shuffled,
    })
    .optional()
    .describe(
      'Elastic weight consolidation: weights are held where they were at the end of each task, by the Fisher information. Default: none.',
    ),
  path: z
    .strictObject({
      strength: z.number().min(0).describe('c: weight of the penalty.'),
      damping: z.number().positive().default(0.1).describe('ξ: added to the squared distance of a weight.'),
    })
    .optional()
    .describe(
      'Synaptic intelligence: weights are held where they were at the end of the last task, by what their changes took off the loss. Default: none.',
    ),
} as const;

/** Options of protection; at most one. */
export type ProtectionOptions = {
  readonly [Key in keyof typeof protectionOptions]?: z.output<(typeof protectionOptions)[Key]>;
};

/** Whether at most one way to protect weights is asked for: a check of a schema. */
export function protectsOnce({ consolidation, elastic, path }: ProtectionOptions): boolean {
  return [consolidation, elastic, path].filter((one) => one !== undefined).length <= 1;
}

/** What `protectsOnce` refuses. */
export const PROTECTS_TWICE = {
  path: ['consolidation'],
  error: 'Invalid input: expected at most one of consolidation, elastic, path',
};

/** An optimizer of weights, with the protection that is asked for. */
export function protectedStep(
  inner: Optimizer,
  { consolidation, elastic, path }: ProtectionOptions,
): Optimizer {
  if (consolidation)
    return consolidatedStep(inner, { m: consolidation.m, isShuffled: consolidation.shuffled });
  if (elastic) return elasticStep(inner, { lambda: elastic.lambda, isShuffled: elastic.shuffled });
  return path ? pathStep(inner, path) : inner;
}
