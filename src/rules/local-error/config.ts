import { z } from 'zod';
import { ArgumentError } from '../../core/errors.js';
import {
  consolidationOption,
  groupedLayerOptions,
  hasSignsToStart,
  hiddenWeightOptions,
  NO_SIGNS_TO_START,
  width,
  zerosOption,
} from '../binary/options.js';
import { groupScheduleOption } from '../group-schedule.js';
import type { RunOutline } from '../rule.js';

/** Greedy layer-wise training. */
const greedyConfig = z.strictObject({
  epochsPerLayer: width.describe(
    'Epochs in which a layer alone is trained; the last layer gets all that are left.',
  ),
});

/** An averaged perceptron as the read-out. */
const perceptronConfig = z.strictObject({
  margin: z
    .number()
    .min(0)
    .max(1000)
    .default(2)
    .describe(
      "m: a sample also counts when its label's logit leads by less than m steps on it would move it.",
    ),
});

/**
 * Options of the local-error rule. Symbols are those of [LBES]; defaults are its FashionMNIST setting. Not in the paper, and off
 * by default: `inputFlipProbability`, `ties`, `flipThreshold`, `consolidation`, `freezeLayers`, `readOut`, `perceptronReadOut`, `majorityAfterEpochs`,
 * `greedy`, `groupSchedule`.
 */
export const localErrorConfig = z
  .strictObject({
    name: z.literal('local-error'),
    ...groupedLayerOptions,
    robustness: z
      .number()
      .min(0)
      .max(1)
      .default(0.25)
      .describe('r: a sample triggers when its largest logit leads by less than ⌊r·K⌋.'),
    ...hiddenWeightOptions,
    zeros: zerosOption,
    ties: z
      .enum(['random'])
      .optional()
      .describe(
        'random: in training, an activation with z = 0 is +1 or −1 at random. Default: +1, or 0 with zeros in the activations.',
      ),
    flipThreshold: z
      .int()
      .min(1)
      .max(16383)
      .optional()
      .describe(
        'θ: how far beyond 0 a hidden weight must go before its visible weight flips (hysteresis). Default: it flips as soon as it changes sign.',
      ),
    consolidation: consolidationOption,
    classifier: z
      .enum(['random', 'equiangular'])
      .default('random')
      .describe('How the ±1 rows of a local classifier are made.'),
    trainClassifier: z
      .boolean()
      .default(false)
      .describe('Train the local classifiers instead of leaving them as drawn.'),
    freezeFirstLayer: z.boolean().default(false).describe('Leave the first layer as drawn.'),
    freezeLayers: z
      .union([width, z.literal('all')])
      .optional()
      .describe(
        'Leave so many layers as drawn, from the input side on, or all. Default: freezeFirstLayer decides.',
      ),
    output: z
      .enum(['one-per-class', 'single-unit'])
      .default('one-per-class')
      .describe(
        'One logit for each class, or for two classes a single one whose sign decides (+1: class 0).',
      ),
    readOut: z
      .enum(['last', 'summed'])
      .default('last')
      .describe("Whose logits decide: the last layer's, or the sum of all layers'."),
    perceptronReadOut: perceptronConfig
      .optional()
      .describe(
        "Read the last layer out with an averaged perceptron of integers, which trains beside the layers. Default: the layers' own classifiers decide.",
      ),
    majorityAfterEpochs: z
      .int()
      .min(0)
      .optional()
      .describe(
        'Predict with the majority of each visible weight over the ends of the epochs after this many. Default: with the weights themselves.',
      ),
    greedy: greedyConfig
      .optional()
      .describe('Train one layer after the other, input side first. Default: all layers simultaneously.'),
    groupSchedule: groupScheduleOption,
  })
  .refine(hasSignsToStart, NO_SIGNS_TO_START)
  .refine(({ zeros, ties }) => !(ties && zeros?.includes('activations')), {
    path: ['ties'],
    error: 'Invalid input: expected none with zeros in the activations, where a tie is 0',
  })
  .refine(({ zeros, flipThreshold }) => !(zeros && flipThreshold !== undefined), {
    path: ['zeros'],
    error: 'Invalid input: expected none with a flipThreshold: a weight of 0 has no side to flip from',
  })
  .refine(({ zeros, consolidation }) => !(zeros && consolidation), {
    path: ['zeros'],
    error: 'Invalid input: expected none with consolidation: a weight of 0 has no depth',
  })
  .refine(({ zeros, majorityAfterEpochs }) => !(zeros && majorityAfterEpochs !== undefined), {
    path: ['zeros'],
    error: 'Invalid input: expected none with majorityAfterEpochs: weights vote ±1',
  })
  .refine(({ greedy, groupSchedule }) => !(greedy && groupSchedule), {
    path: ['greedy'],
    error: 'Invalid input: expected none with a groupSchedule, which lets the groups of all layers grow',
  })
  .refine(({ greedy, freezeFirstLayer }) => !(greedy && freezeFirstLayer), {
    path: ['greedy'],
    error: 'Invalid input: expected none with freezeFirstLayer: the first layer would have a turn',
  })
  .refine(({ freezeLayers = 1, layers }) => freezeLayers === 'all' || freezeLayers <= layers.length, {
    path: ['freezeLayers'],
    error: 'Invalid input: expected no more than there are layers',
  })
  .refine(({ freezeLayers, freezeFirstLayer }) => !(freezeLayers && freezeFirstLayer), {
    path: ['freezeLayers'],
    error: 'Invalid input: expected none with freezeFirstLayer, which says the same of the first layer',
  })
  .refine(({ greedy, freezeLayers }) => !(greedy && freezeLayers), {
    path: ['greedy'],
    error: 'Invalid input: expected none with freezeLayers: frozen layers would have a turn',
  })
  .refine(
    (config) =>
      config.freezeLayers === undefined ||
      frozenLayers(config) < config.layers.length ||
      config.trainClassifier ||
      config.perceptronReadOut,
    {
      path: ['freezeLayers'],
      error:
        'Invalid input: expected trainClassifier or perceptronReadOut where all layers are frozen: nothing would learn',
    },
  )
  .refine(({ perceptronReadOut, readOut }) => !(perceptronReadOut && readOut === 'summed'), {
    path: ['perceptronReadOut'],
    error: 'Invalid input: expected none with readOut summed: one of them decides',
  })
  .refine(({ perceptronReadOut, greedy }) => !(perceptronReadOut && greedy), {
    path: ['perceptronReadOut'],
    error: 'Invalid input: expected none with greedy: the layer that it reads changes',
  })
  .refine(
    ({ perceptronReadOut, majorityAfterEpochs }) => !(perceptronReadOut && majorityAfterEpochs !== undefined),
    {
      path: ['perceptronReadOut'],
      error:
        'Invalid input: expected none with majorityAfterEpochs: it learns on activations of the weights themselves',
    },
  )
  .refine(({ perceptronReadOut, zeros }) => !(perceptronReadOut && zeros), {
    path: ['perceptronReadOut'],
    error: 'Invalid input: expected none with zeros: it reads activations of ±1',
  })
  .refine(({ greedy, majorityAfterEpochs }) => !(greedy && majorityAfterEpochs !== undefined), {
    path: ['greedy'],
    error:
      'Invalid input: expected none with majorityAfterEpochs: layers that have not had their turn would vote',
  });

/** Checked options of the local-error rule, defaults filled in. */
export type LocalErrorConfig = z.output<typeof localErrorConfig>;

/** Layers, from the input side on, that stay as drawn. */
export function frozenLayers({
  layers,
  freezeLayers,
  freezeFirstLayer,
}: {
  readonly layers: readonly number[];
  readonly freezeLayers?: number | 'all' | undefined;
  readonly freezeFirstLayer: boolean;
}): number {
  if (freezeLayers === 'all') return layers.length;
  return freezeLayers ?? Number(freezeFirstLayer);
}

/** @throws ArgumentError for greedy training that ends before the last layer's turn */
export function checkTurns({ greedy, layers }: LocalErrorConfig, { epochs }: RunOutline): void {
  if (!greedy) return;
  const before = (layers.length - 1) * greedy.epochsPerLayer;
  if (epochs > before) return;
  const expected = `more than the ${before} epochs that the layers before the last take`;
  throw new ArgumentError('epochs', expected, epochs, ['epochs']);
}
