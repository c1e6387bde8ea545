import { z } from 'zod';
import { groupedLayerOptions, hiddenWeightOptions } from '../binary/options.js';

/** Options of the local-error rule. Symbols are those of [LBES]; defaults are its FashionMNIST setting. */
export const localErrorConfig = z.strictObject({
  name: z.literal('local-error'),
  ...groupedLayerOptions,
  robustness: z
    .number()
    .min(0)
    .max(1)
    .default(0.25)
    .describe('r: a sample triggers when its largest logit leads by less than ⌊r·K⌋.'),
  ...hiddenWeightOptions,
  classifier: z
    .enum(['random', 'equiangular'])
    .default('random')
    .describe('How the ±1 rows of a local classifier are made.'),
  trainClassifier: z
    .boolean()
    .default(false)
    .describe('Train the local classifiers instead of leaving them as drawn.'),
  freezeFirstLayer: z.boolean().default(false).describe('Leave the first layer as drawn.'),
  output: z
    .enum(['one-per-class', 'single-unit'])
    .default('one-per-class')
    .describe('One logit for each class, or for two classes a single one whose sign decides (+1: class 0).'),
});

/** Checked options of the local-error rule, defaults filled in. */
export type LocalErrorConfig = z.output<typeof localErrorConfig>;
