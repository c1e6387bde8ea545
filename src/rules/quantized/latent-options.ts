import { z } from 'zod';
import type { Normalization } from './pieces.js';

/** Options of rules whose latent weights become signs, besides `batchNorm` and those of Adam. */
export const latentOptions = {
  scaleProducts: z
    .boolean()
    .default(false)
    .describe(
      'Without batchNorm: divide products by √N in training. Inference stays the same, fully binary.',
    ),
  learningRate: z
    .number()
    .positive()
    .default(0.001)
    .describe('η: about the largest change of a latent weight in a step; they lie in [−1, 1].'),
} as const;

interface NormalizationOptions {
  readonly batchNorm: boolean;
  readonly scaleProducts: boolean;
}

/** What the options have to fulfil, and what is said where they do not. */
export function normalizesOnce({ batchNorm, scaleProducts }: NormalizationOptions): boolean {
  return !(batchNorm && scaleProducts);
}
export const NORMALIZES_TWICE = {
  path: ['scaleProducts'],
  error: 'Invalid input: expected false with batchNorm, which undoes any scale',
};

/** What stands between products and signs by these options. */
export function normalizationOf({ batchNorm, scaleProducts }: NormalizationOptions): Normalization {
  if (batchNorm) return 'batch-norm';
  return scaleProducts ? 'scaled' : 'none';
}
