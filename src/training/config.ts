import { z } from 'zod';
import { ArgumentError } from '../core/errors.js';
import { parse } from '../core/parse.js';
import type { Protocol } from '../data/protocol.js';
import '../rules/binary-rules.js';
import { configuredRule, perRegistry, ruleOptionsSchema } from '../rules/registry.js';

const count = z.int().min(1);

const prototypesConfig = z.strictObject({
  features: count.optional().describe('Features of a sample. Default: 1000.'),
  classes: z.int().min(2).optional().describe('Prototypes, one for each class. Default: 10.'),
  flipProbability: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('How likely each feature of a sample differs from its prototype. Default: 0.46.'),
  trainSamples: count.optional().describe('Samples to train on. Default: 20000.'),
  validationSamples: z.int().min(0).optional().describe('Samples to choose by. Default: 3000.'),
  testSamples: count.optional().describe('Samples to report on. Default: 3000.'),
  seed: z.int().min(0).optional().describe('Determines prototypes and samples. Default: 0.'),
});

const sampleCount = z
  .number()
  .positive()
  .refine((samples) => samples < 1 || Number.isInteger(samples), {
    error: 'Invalid input: expected a number of samples, or a share below 1',
  });

const protocolParts = {
  from: z
    .enum(['training', 'all'])
    .default('training')
    .describe(
      'Which samples are divided: those of the training file, validation samples among them, or test samples, too.',
    ),
  fitOn: z
    .enum(['training', 'all'])
    .default('training')
    .describe(
      'What medians, thresholds and moments are fitted on: the training part, or all that is divided.',
    ),
  validation: sampleCount
    .optional()
    .describe(
      'How many samples of the training part, or which share of it below 1, are kept from training as validation samples. Default: none.',
    ),
};

const protocolConfig = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('holdout').describe('Shuffled by the seed of the run, the last samples held out.'),
    heldOut: sampleCount.describe(
      'How many samples are held out, or with a number below 1, which share of them.',
    ),
    ...protocolParts,
  }),
  z.strictObject({
    kind: z
      .literal('cross-validation')
      .describe('Shuffled by the seed of the run, one of several equal pieces held out.'),
    folds: z.int().min(2).describe('How many pieces.'),
    fold: count.describe('Which of them is held out, from 1.'),
    ...protocolParts,
  }),
]);

const datasetConfig = z.strictObject({
  name: z.string().min(1).describe('prototypes, fashion-mnist, mnist, or a folder of your own.'),
  limitTrain: count.optional().describe('Train on the first so many training samples only.'),
  labelColumn: z
    .string()
    .optional()
    .describe(
      'The column with the class, of a table. Default: label in CSV; in KEEL, ARFF and plain tables the output, or the last.',
    ),
  steps: count
    .optional()
    .describe(
      'Cut samples that are no sequences into so many pieces of equal size, the steps of a sequence: the pixels of a picture row after row.',
    ),
  window: count.optional().describe('Show the last so many steps of each sequence only. Default: all.'),
  prototypes: prototypesConfig.optional().describe('Settings of the generated set prototypes.'),
  protocol: protocolConfig
    .optional()
    .describe(
      'How samples are divided into a part that trains and one held out and reported on. Default: as the files divide them.',
    ),
});

const binarizerConfig = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('median').describe('+1 above the median, -1 below: one bit for each feature.'),
    per: z.enum(['channel', 'feature', 'image']).describe('What the median is taken of.'),
  }),
  z.strictObject({
    kind: z.literal('thermometer').describe('Several bits for each feature, one for each threshold.'),
    levels: z.int().min(1).max(256).describe('Thresholds, and so bits, for each feature.'),
    thresholds: z
      .enum(['quantile', 'even'])
      .describe('Thresholds at quantiles of the training samples, or evenly between least and largest.'),
  }),
]);

const tasksConfig = z.strictObject({
  count: z.int().min(2).default(5).describe('How many, the data set as it is among them.'),
  kind: z
    .enum(['permuted', 'datasets', 'parts', 'classes'])
    .default('permuted')
    .describe(
      'What makes tasks differ. permuted: each has its own fixed random order of the inputs; the first keeps theirs. datasets: each is a data set, see others. parts: each has an equal part of the training samples, as they come, and all have the same test samples. classes: each has an equal share of the classes, in their order.',
    ),
  others: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('For datasets: the names of those after the first, as wide and with as many classes as it.'),
  order: z
    .enum(['in-turn', 'interleaved'])
    .optional()
    .describe(
      'interleaved: every epoch shows an equal share of all tasks, the upper bound of learning in turn. Default: in-turn.',
    ),
  replay: count
    .optional()
    .describe(
      'Training samples of each class of every task before that are shown in every epoch of a task, besides its own. Default: none.',
    ),
  everyEpoch: z
    .boolean()
    .optional()
    .describe(
      'Whether the network is measured on all tasks so far after every epoch. Default: after the last epoch of each task.',
    ),
});

/** One training run: data set × binarizer × rule × training × seed. The record holds it with its defaults. */
export const trainConfig = perRegistry(() =>
  z.strictObject({
    dataset: z
      .union([z.string().min(1), datasetConfig], 'the name of a data set, or name and options')
      .describe('A data set, or just its name.'),
    binarizer: binarizerConfig
      .optional()
      .describe(
        'How inputs become ±1. Default: median, per channel of images and per feature of other data.',
      ),
    rule: ruleOptionsSchema().describe('The learning rule, by its name, with its options.'),
    tasks: tasksConfig
      .optional()
      .describe(
        'Tasks learned one after the other, for an equal share of the epochs each. Default: one task.',
      ),
    epochs: count.default(20).describe('How often every training sample is shown.'),
    batchSize: count.default(100).describe('Samples shown at once, between two updates of the network.'),
    modelSelection: z
      .enum(['last', 'best-validation'])
      .default('last')
      .describe('Which epoch is reported: the last, or the first with the best validation accuracy.'),
    seed: z.int().min(0).default(1).describe('Determines every random draw of the run.'),
  }),
);
/** The schema of a training run, with the rules that are registered. */
export type TrainSchema = ReturnType<typeof trainConfig>;

/** What a caller writes: only what differs from the defaults. */
export type TrainOptions = DeepReadonly<z.input<TrainSchema>>;

/** So that constants can be handed in. */
export type DeepReadonly<T> = T extends string | readonly []
  ? T
  : T extends readonly (infer Element)[]
    ? readonly DeepReadonly<Element>[]
    : T extends object
      ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
      : T;

/** A checked configuration, defaults filled in. */
export interface TrainConfig extends Omit<z.output<TrainSchema>, 'dataset'> {
  readonly dataset: z.output<typeof datasetConfig>;
}

/**
 * Checks a configuration, wherever it comes from, and fills in its defaults.
 * @param options - `TrainOptions`, or what may be some: of a file, or a record
 * @throws ArgumentError for an unknown key, a missing one, a value out of its range, options of a rule that do not fit each
 *   other or the run, epochs that tasks cannot share evenly, or accuracies to be compared between epochs that belong to
 *   different tasks
 */
export function parseTrainConfig(options: unknown): TrainConfig {
  const { dataset, ...rest } = parse(trainConfig(), options);
  configuredRule(rest.rule).check({
    epochs: rest.epochs,
    tasks: rest.tasks?.count ?? 1,
    isInterleaved: rest.tasks?.order === 'interleaved',
  });
  if (rest.tasks) checkTasks(rest.tasks, rest);
  if (typeof dataset === 'string') return { ...rest, dataset: { name: dataset } };
  checkFold(dataset.protocol);
  return { ...rest, dataset };
}

/** Options in which `dataset: mnist` is written out, `dataset: { name: mnist }`, so that more can be added. */
export function datasetByName<Options extends Readonly<Record<string, unknown>>>(options: Options): Options {
  return typeof options.dataset === 'string' ? { ...options, dataset: { name: options.dataset } } : options;
}

function checkFold(protocol: Protocol | undefined): void {
  if (protocol?.kind !== 'cross-validation' || protocol.fold <= protocol.folds) return;
  throw new ArgumentError('dataset.protocol.fold', `one of the ${protocol.folds} folds`, protocol.fold, [
    'dataset',
    'protocol',
    'fold',
  ]);
}

function checkTasks(
  { count: tasks, kind, others, order, replay }: NonNullable<TrainConfig['tasks']>,
  { epochs, modelSelection }: Pick<TrainConfig, 'epochs' | 'modelSelection'>,
): void {
  if (epochs % tasks !== 0) {
    throw new ArgumentError('epochs', `a multiple of the ${tasks} tasks`, epochs, ['epochs']);
  }
  if (modelSelection !== 'last') {
    const expected = 'last, as accuracies before are on other tasks';
    throw new ArgumentError('modelSelection', expected, modelSelection, ['modelSelection']);
  }
  if ((others?.length ?? 0) !== (kind === 'datasets' ? tasks - 1 : 0)) {
    const expected =
      kind === 'datasets' ? `the names of ${tasks - 1} data sets` : `none with tasks of kind ${kind}`;
    throw new ArgumentError('tasks.others', expected, others, ['tasks', 'others']);
  }
  if (order === 'interleaved' && replay !== undefined) {
    const expected = 'none with interleaved tasks, which are all shown all the time';
    throw new ArgumentError('tasks.replay', expected, replay, ['tasks', 'replay']);
  }
}
