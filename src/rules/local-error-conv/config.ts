import { z } from 'zod';
import { width } from '../binary/options.js';
import { type LocalErrorConfig, localErrorConfig } from '../local-error/config.js';

const { shape } = localErrorConfig;

/** Where filters come from. */
export const FRONT_ENDS = ['exemplar', 'random', 'competitive'] as const;

/** Options that are those of `local-error`, for the layers behind the filters. */
const layerOptions = {
  layers: shape.layers.describe('Neurons K of each layer behind the filters, input side first.'),
  groupSize: shape.groupSize,
  robustness: shape.robustness,
  reinforcement: shape.reinforcement,
  hiddenBits: shape.hiddenBits,
  initialDepth: shape.initialDepth,
  classifier: shape.classifier,
  trainClassifier: shape.trainClassifier,
  readOut: shape.readOut,
  perceptronReadOut: shape.perceptronReadOut,
  majorityAfterEpochs: shape.majorityAfterEpochs,
  groupSchedule: shape.groupSchedule,
};

/** Options of local errors behind filters on windows of images. The filters' own come first; the others are those of `local-error`. */
export const localErrorConvConfig = z
  .strictObject({
    name: z.literal('local-error-conv'),
    frontEnd: z
      .enum(FRONT_ENDS)
      .default('exemplar')
      .describe(
        'What filters are: exemplar (random windows of training images), random (±1 by chance: the control), competitive (exemplars that have moved towards the windows that they match best).',
      ),
    shared: z
      .boolean()
      .default(true)
      .describe(
        'Whether each filter looks at all windows, or at one that is drawn for it (local receptive fields).',
      ),
    filters: width.max(65536).default(128).describe('F: number of filters.'),
    windowSize: width
      .max(1024)
      .default(5)
      .describe('Side of the square windows that filters look at, in pixels.'),
    padding: z
      .int()
      .min(0)
      .max(1024)
      .optional()
      .describe(
        'Pixels of −1 that are added at each side of an image. Default: half of the window, rounded down; 0 where filters are not shared.',
      ),
    firingShare: z
      .number()
      .min(0)
      .max(1)
      .default(0.1)
      .describe(
        'Most that a filter fires: its integer threshold is the lowest with which it does at no more than this share of the windows of some training images.',
      ),
    pool: width
      .max(1024)
      .default(4)
      .describe(
        'Side of the squares of windows that become one feature for each filter; 1 for none. Shared filters only.',
      ),
    pooling: z
      .enum(['or', 'majority'])
      .default('or')
      .describe('When a square is +1: when one of its windows fires, or when half of them do.'),
    keepInputs: z
      .boolean()
      .default(true)
      .describe('Whether the layers behind also see the bits of the image themselves.'),
    competitiveWindows: z
      .int()
      .min(0)
      .default(100_000)
      .describe('Windows that competitive filters are shown.'),
    ...layerOptions,
  })
  .refine(({ shared, frontEnd }) => shared || frontEnd !== 'competitive', {
    path: ['shared'],
    error: 'Invalid input: expected shared filters that compete: each window is matched by all of them',
  })
  .refine(({ shared, padding = 0 }) => shared || padding === 0, {
    path: ['padding'],
    error: 'Invalid input: expected none with filters that are not shared: their windows lie on the image',
  })
  .superRefine((config, context) => {
    const { error } = localErrorConfig.safeParse(layerConfig(config));
    for (const { path, message } of error?.issues ?? []) context.addIssue({ code: 'custom', path, message });
  });

/** Checked options, defaults filled in. */
export type LocalErrorConvConfig = z.output<typeof localErrorConvConfig>;

/** What of the options `local-error` is made with. */
function layerConfig(
  config: Pick<LocalErrorConvConfig, keyof typeof layerOptions>,
): z.input<typeof localErrorConfig> {
  const names = Object.keys(layerOptions) as (keyof typeof layerOptions)[];
  const given = names.filter((name) => config[name] !== undefined).map((name) => [name, config[name]]);
  return { name: 'local-error', ...Object.fromEntries(given) };
}

/** The layers behind the filters, as `local-error` has them. */
export function layersBehind(config: LocalErrorConvConfig): LocalErrorConfig {
  return localErrorConfig.parse(layerConfig(config));
}
