import { z } from 'zod';
import { ArgumentError } from '../../core/errors.js';
import {
  consolidationOption,
  hasSignsToStart,
  hiddenWeightOptions,
  NO_SIGNS_TO_START,
  width,
  zerosOption,
} from '../binary/options.js';

/** K1 perceptrons that vote in K2 units, layers separated by `_`: the published notation. */
const COMMITTEE_NOTATION = /^[1-9]\d*-[1-9]\d*(_[1-9]\d*-[1-9]\d*)*$/;

/**
 * Sizes of a committee from the published notation.
 * @param text - `K1-K2`, such as `2000-40`, or of several layers `K1-K2_K1-K2`
 * @returns K1 perceptrons and K2 units of each layer, one after the other
 * @throws ArgumentError for any other text
 */
export function parseCommittee(text: string): number[] {
  if (COMMITTEE_NOTATION.test(text)) return text.split(/[-_]/).map(Number);
  throw new ArgumentError('layers', 'K1-K2, two positive integers, or several of them with _ between', text);
}

/** K1 and K2 of each layer. @param layers - one after the other */
export function pairsOf(layers: readonly number[]): [perceptrons: number, units: number][] {
  return Array.from({ length: layers.length / 2 }, (_, l) => [layers[2 * l], layers[2 * l + 1]]);
}

const pairsOfWidths = z.array(width).refine(({ length }) => length > 0 && length % 2 === 0, {
  error: 'Invalid input: expected two integers [K1, K2] for each layer, or the text K1-K2',
});

/** SBPI's secondary step. */
const secondaryConfig = z.strictObject({
  probability: z
    .number()
    .min(0)
    .max(1)
    .describe('p_s: probability that a perceptron within the threshold steps.'),
  threshold: z.int().min(1).describe('θ_m: largest stability of a right perceptron that may step.'),
});

/** Options of the committee rule. */
export const committeeConfig = z
  .strictObject({
    name: z.literal('committee'),
    layers: z
      .union(
        [pairsOfWidths, z.string().regex(COMMITTEE_NOTATION).transform(parseCommittee)],
        'two integers [K1, K2] for each layer, or the text K1-K2',
      )
      .prefault([1020, 51])
      .describe(
        'K1 perceptrons and K2 units, each the majority of K1/K2: [1020, 51] or the text 1020-51; of several layers 165-15_165-15.',
      ),
    robustness: z
      .number()
      .min(0)
      .max(1)
      .default(0.25)
      .describe('r: a sample triggers when its largest logit leads by less than ⌊r·K2⌋.'),
    ...hiddenWeightOptions,
    consolidation: consolidationOption,
    zeros: zerosOption,
    output: z
      .enum(['single-unit'])
      .optional()
      .describe(
        'single-unit: for two classes a single logit whose sign decides (+1: class 0). Default: one logit for each class.',
      ),
    secondary: secondaryConfig.optional().describe('SBPI: deepen what is barely right. Default: none, CP+R.'),
  })
  .refine(hasSignsToStart, NO_SIGNS_TO_START)
  .refine(({ zeros, consolidation }) => !(zeros && consolidation), {
    path: ['zeros'],
    error: 'Invalid input: expected none with consolidation: a weight of 0 has no depth',
  })
  .refine(({ zeros, secondary }) => !(zeros && secondary), {
    path: ['zeros'],
    error: 'Invalid input: expected none with a secondary step: a weight of 0 is on neither side',
  });

/** Checked options of the committee rule, defaults filled in. */
export type CommitteeConfig = z.output<typeof committeeConfig>;
