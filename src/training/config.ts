import { z } from 'zod';
import { ArgumentError } from '../core/errors.js';
import { parse } from '../core/parse.js';
import { BACKEND_CHOICES } from '../node/kernels/select.js';
import { groupSizes } from '../rules/binary/options.js';
import { type RuleConfig, ruleConfig } from '../rules/catalog.js';

const count = z.int().min(1);

const prototypesConfig = z.strictObject({
  features: count.optional(),
  classes: z.int().min(2).optional(),
  flipProbability: z.number().min(0).max(1).optional(),
  trainSamples: count.optional(),
  validationSamples: z.int().min(0).optional(),
  testSamples: count.optional(),
  seed: z.int().min(0).optional(),
});

const datasetConfig = z.strictObject({
  name: z.string().min(1).describe('prototypes, fashion-mnist, mnist, or a folder of your own.'),
  limitTrain: count.optional().describe('Train on the first so many training samples only.'),
  labelColumn: z.string().optional().describe('The column with the class, in a CSV set. Default: label.'),
  prototypes: prototypesConfig.optional().describe('Settings of the generated set prototypes.'),
});

const binarizerConfig = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('median'), per: z.enum(['channel', 'feature', 'image']) }),
  z.strictObject({
    kind: z.literal('thermometer'),
    levels: z.int().min(1).max(256),
    thresholds: z.enum(['quantile', 'even']),
  }),
]);

const tasksConfig = z.strictObject({
  count: z.int().min(2).default(5).describe('How many, the data set as it is among them.'),
  kind: z
    .literal('permuted')
    .default('permuted')
    .describe(
      'What makes tasks differ: each has its own fixed random order of the inputs; the first keeps theirs.',
    ),
});

/** One training run: data set × binarizer × rule × training × seed. The record holds it with its defaults. */
export const trainConfig = z.strictObject({
  dataset: z
    .union([z.string().min(1), datasetConfig], 'the name of a data set, or name and options')
    .describe('A data set, or just its name.'),
  binarizer: binarizerConfig
    .optional()
    .describe('How inputs become ±1. Default: median, per channel of images and per feature of other data.'),
  rule: ruleConfig,
  tasks: tasksConfig
    .optional()
    .describe('Tasks learned one after the other, for an equal share of the epochs each. Default: one task.'),
  epochs: count.default(20),
  batchSize: count.default(100),
  modelSelection: z
    .enum(['last', 'best-validation'])
    .default('last')
    .describe('Which epoch is reported: the last, or the first with the best validation accuracy.'),
  seed: z.int().min(0).default(1).describe('Determines every random draw of the run.'),
  backend: z
    .enum(BACKEND_CHOICES)
    .optional()
    .describe('Kernels. Default: $XNORLAB_BACKEND, else the fastest.'),
});

/** What a caller writes: only what differs from the defaults. */
export type TrainOptions = DeepReadonly<z.input<typeof trainConfig>>;

/** So that constants can be handed in. */
export type DeepReadonly<T> = T extends readonly (infer Element)[]
  ? readonly DeepReadonly<Element>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** A checked configuration, defaults filled in. */
export interface TrainConfig extends Omit<z.output<typeof trainConfig>, 'dataset'> {
  readonly dataset: z.output<typeof datasetConfig>;
}

/**
 * @throws ArgumentError for an unknown key, a missing one, a value out of its range, group sizes that do not divide the
 *   widths of their layers, greedy training that ends before the last layer's turn, epochs that tasks cannot share
 *   evenly, or accuracies to be compared between epochs that belong to different tasks
 */
export function parseTrainConfig(options: TrainOptions): TrainConfig {
  const { dataset, ...rest } = parse(trainConfig, options);
  checkGroupSizes(rest.rule);
  checkGreedyTurns(rest.rule, rest.epochs);
  if (rest.tasks) checkTasks(rest.tasks.count, rest);
  return { ...rest, dataset: typeof dataset === 'string' ? { name: dataset } : dataset };
}

/** Options in which `dataset: mnist` is written out, `dataset: { name: mnist }`, so that more can be added. */
export function datasetByName<Options extends Readonly<Record<string, unknown>>>(options: Options): Options {
  return typeof options.dataset === 'string' ? { ...options, dataset: { name: options.dataset } } : options;
}

function checkGroupSizes(rule: RuleConfig): void {
  if (!('groupSize' in rule)) return;
  try {
    groupSizes(rule.layers, rule.groupSize);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    const { argument, expected, received } = error;
    throw new ArgumentError(`rule.${argument}`, expected, received, ['rule', 'groupSize']);
  }
}

function checkGreedyTurns(rule: RuleConfig, epochs: number): void {
  if (rule.name !== 'local-error' || !rule.greedy) return;
  const before = (rule.layers.length - 1) * rule.greedy.epochsPerLayer;
  if (epochs > before) return;
  const expected = `more than the ${before} epochs that the layers before the last take`;
  throw new ArgumentError('epochs', expected, epochs, ['epochs']);
}

function checkTasks(
  tasks: number,
  { epochs, modelSelection, rule }: Pick<TrainConfig, 'epochs' | 'modelSelection' | 'rule'>,
): void {
  if (epochs % tasks !== 0) {
    throw new ArgumentError('epochs', `a multiple of the ${tasks} tasks`, epochs, ['epochs']);
  }
  if (modelSelection !== 'last') {
    const expected = 'last, as accuracies before are on other tasks';
    throw new ArgumentError('modelSelection', expected, modelSelection, ['modelSelection']);
  }
  if ('groupSchedule' in rule && rule.groupSchedule) {
    const expected = 'none, as it would compare accuracies on different tasks';
    throw new ArgumentError('rule.groupSchedule', expected, rule.groupSchedule, ['rule', 'groupSchedule']);
  }
}
