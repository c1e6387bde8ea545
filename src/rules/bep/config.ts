import { z } from 'zod';
import { consolidationOption, groupedLayerOptions, hiddenWeightOptions } from '../binary/options.js';
import { groupScheduleOption } from '../group-schedule.js';

/** Options of the BEP rule. Symbols are those of [BEP]. */
export const bepConfig = z.strictObject({
  name: z.literal('bep'),
  ...groupedLayerOptions,
  robustness: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe("r: a sample triggers when its label's logit leads by less than r·K of the last layer."),
  gate: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe('ν: a neuron passes errors back when its |z| is at most ν times its number of inputs.'),
  ...hiddenWeightOptions,
  consolidation: consolidationOption,
  classifier: z
    .enum(['random', 'equiangular'])
    .default('random')
    .describe('How the ±1 rows of the output classifier are made.'),
  groupSchedule: groupScheduleOption,
});

/** Checked options of the BEP rule, defaults filled in. */
export type BepConfig = z.output<typeof bepConfig>;
