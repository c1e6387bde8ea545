import { z } from 'zod';
import { checkLength } from '../../bits/check.js';
import { checkGroupSize } from '../../kernels/checked.js';

const width = z.int().min(1);

/** Options of the local-error rule. Symbols are those of [LBES]; defaults are its FashionMNIST setting. */
export const localErrorConfig = z.strictObject({
  name: z.literal('local-error'),
  layers: z
    .array(width)
    .min(1)
    .default([255, 255])
    .describe('Neurons K of each hidden layer, input side first.'),
  groupSize: z
    .union([width, z.array(width).min(1)])
    .default(51)
    .describe(
      'γ: neurons that compete for one correction; divides the width. One for all layers, or one each.',
    ),
  robustness: z
    .number()
    .min(0)
    .max(1)
    .default(0.25)
    .describe('r: a sample triggers when its largest logit leads by less than ⌊r·K⌋.'),
  reinforcement: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('p_r: scale of the probability that a batch deepens a hidden weight.'),
  hiddenBits: z.int().min(2).max(16).default(16).describe('B: bits of a hidden weight; |h| ≤ 2^(B−1) − 1.'),
  initialDepth: z
    .number()
    .min(0)
    .max(32767)
    .default(64)
    .describe(
      'Standard deviation of the normal distribution that hidden weights start from; 0 starts all at ±1.',
    ),
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

/**
 * The group size γ of every layer.
 * @throws ArgumentError when a group size does not divide its layer's width, or the number of sizes is wrong
 */
export function groupSizes(config: LocalErrorConfig): number[] {
  const { layers, groupSize } = config;
  const sizes = typeof groupSize === 'number' ? layers.map(() => groupSize) : groupSize;
  checkLength('groupSize', sizes, layers.length);
  layers.forEach((neurons, l) => {
    checkGroupSize(typeof groupSize === 'number' ? 'groupSize' : `groupSize[${l}]`, sizes[l], neurons);
  });
  return sizes;
}

/** Largest |h| of a hidden weight: 2^(B−1) − 1, odd. */
export function hiddenBound(config: LocalErrorConfig): number {
  return 2 ** (config.hiddenBits - 1) - 1;
}
