import { z } from 'zod';
import { checkLength } from '../../core/check.js';
import { checkGroupSize } from '../../kernels/checked.js';
import { LARGEST_WORD } from '../../kernels/consolidation.js';
import { ZERO_PLACES, type ZeroPlace } from '../../layers/zeros.js';

/** A number of neurons. */
export const width = z.int().min(1);

/** Widths of the hidden layers, and the groups that their neurons compete in; `groupSizes` checks that they fit. */
export const groupedLayerOptions = {
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
};

/** Options that all rules on hidden weights have in common; members of their schemas. */
export const hiddenWeightOptions = {
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
  inputFlipProbability: z
    .number()
    .min(0)
    .max(0.5)
    .default(0)
    .describe('Flip noise: probability that an input bit is flipped each time a training sample is shown.'),
};

/** A number for all layers, or one each. */
function perLayer(each: z.ZodNumber | z.ZodInt) {
  return z.union([each, z.array(each).min(1)]).optional();
}

/**
 * How depth protects hidden weights (layers/consolidation.ts): a member of the schemas of rules that allow it; `checkConsolidation` checks
 * that one of its options is given.
 */
export const consolidationOption = z
  .strictObject({
    m: perLayer(z.number().min(0).max(16)).describe(
      'm: it is taken with probability 1 − tanh²(m·|h|). One for all layers, or one each; 0 takes all.',
    ),
    threshold: perLayer(z.int().min(0).max(LARGEST_WORD)).describe(
      'θ: it is taken where |h| ≤ θ. One for all layers, or one each; 32767 takes all.',
    ),
    halving: perLayer(
      z.int().refine((depth) => depth >= 1 && depth <= 16384 && Number.isInteger(Math.log2(depth)), {
        error: 'Invalid input: expected a power of two in [1, 16384]',
      }),
    ).describe(
      'It is taken with probability 2^−⌊|h|/halving⌋: a staircase of integers only. A power of two for all layers, or one each.',
    ),
    probability: perLayer(z.number().min(0).max(1)).describe(
      'It is taken with this probability at any depth: a control. One for all layers, or one each.',
    ),
  })
  .optional()
  .describe(
    'Consolidation: whether a step of a hidden weight towards zero is taken depends on its depth |h|, by one of these. Default: all are.',
  );

/**
 * Where a network may have zeros beside ±1 (layers/zeros.ts): a member of the schemas of rules that allow them. Parsed to the places in
 * the order of ZERO_PLACES, so that one choice has one run key.
 */
export const zerosOption = z
  .union(
    [
      z.enum(['published']).transform(() => [...ZERO_PLACES]),
      z
        .array(z.enum(ZERO_PLACES))
        .min(1)
        .refine((places) => new Set(places).size === places.length)
        .transform((places) => ZERO_PLACES.filter((place) => places.includes(place))),
    ],
    `published or a list of ${ZERO_PLACES.join(', ')}, each once`,
  )
  .optional()
  .describe(
    'Where sign(0) = 0 makes zeros beside ±1: published (everywhere, as the published code has them) or a list of weights, activations, classifier. Hidden weights then start truncated, of any parity. Default: nowhere.',
  );

/** Whether an initial depth leaves anything to learn with: with zeros among weights or classifier, 0 makes all of them 0. */
export function hasSignsToStart({
  zeros = [],
  initialDepth,
}: {
  readonly zeros?: readonly ZeroPlace[] | undefined;
  readonly initialDepth: number;
}): boolean {
  return initialDepth > 0 || !(zeros.includes('weights') || zeros.includes('classifier'));
}

/** What `hasSignsToStart` refuses, as a check of a schema. */
export const NO_SIGNS_TO_START = {
  path: ['initialDepth'],
  error: 'Invalid input: expected more than 0 with zeros among weights or classifier: all of them would be 0',
};

/**
 * The group size γ of every layer.
 * @param layers - widths K of the layers
 * @param groupSize - one for all layers, or one each
 * @throws ArgumentError when a group size does not divide its layer's width, or the number of sizes is wrong
 */
export function groupSizes(layers: readonly number[], groupSize: number | readonly number[]): number[] {
  const sizes = typeof groupSize === 'number' ? layers.map(() => groupSize) : [...groupSize];
  checkLength('groupSize', sizes, layers.length);
  layers.forEach((neurons, l) => {
    checkGroupSize(typeof groupSize === 'number' ? 'groupSize' : `groupSize[${l}]`, sizes[l], neurons);
  });
  return sizes;
}

/**
 * A share of a width as the number of neurons that it stands for, before it is rounded to an integer: 0.29 · 100 is
 * 28.999… in floating point, so the 9th decimal is the last that counts.
 */
export function shareOfWidth(share: number, neurons: number): number {
  return Number((share * neurons).toFixed(9));
}

/**
 * How far the largest logit must lead the second for a sample not to trigger: ⌊r·K⌋, doubled for a single unit, whose two opposite
 * logits differ by twice its value.
 * @param width - K of what the classifier reads
 */
export function triggerMargin(
  { robustness, output }: { readonly robustness: number; readonly output?: string | undefined },
  width: number,
): number {
  const margin = Math.floor(shareOfWidth(robustness, width));
  return output === 'single-unit' ? 2 * margin : margin;
}
