import { z } from 'zod';
import { ArgumentError, CheckpointError } from '../core/errors.js';
import { randomStreams } from '../core/random.js';
import { decodeContainer, encodeContainer, type NamedArrays } from '../node/checkpoint/container.js';
import { readBytes } from '../node/data/file-access.js';
import { writeFileAtomically } from '../node/files/atomic-file.js';
import { selectKernels } from '../node/kernels/select.js';
import { RECORD_VERSION, type RunRecord } from '../records/record.js';
import { configuredRule } from '../rules/registry.js';
import { parseTrainConfig, type TrainConfig } from '../training/config.js';
import { checkStateFits, underPrefix, withPrefix } from '../training/learner-state.js';
import { type FittedTransformation, problemOf } from '../training/task-data.js';
import { createModel, type Model } from './model.js';

/** What a loaded network computes with. All optional; predictions do not depend on it. */
export interface LoadModelOptions {
  /** Kernels: auto, native, wasm or reference. Default: `$XNORLAB_BACKEND`, else the fastest. */
  readonly backend?: string | undefined;
  /** Threads that one kernel operation may use. Default 1. */
  readonly threads?: number | undefined;
}

const count = z.int().min(1);

/** What is read of a record below. */
const recordSchema = z.looseObject({
  recordVersion: z.int(),
  config: z.looseObject({}),
  rule: z.looseObject({ version: z.int() }),
  dataset: z.looseObject({ inputs: count, classes: count, validationSamples: z.int().min(0) }),
});

const contentSchema = z.strictObject({
  record: z.custom<RunRecord>((value) => recordSchema.safeParse(value).success),
  classes: z.array(z.string()).min(2),
  transformation: z.discriminatedUnion('inputForm', [
    z.strictObject({ inputForm: z.literal('binarized'), inputColumns: count, takesBits: z.boolean() }),
    z.strictObject({ inputForm: z.literal('full-precision'), columns: count }),
  ]),
});
type Content = z.output<typeof contentSchema>;

/**
 * Writes a trained network to a file, whole or not at all: `encodeContainer` of the kind `network`. The content is
 * `record` (the run's, with its configuration), `classes` (names) and `transformation` (form and columns of the
 * inputs); the arrays are those of the learner's state as `learner/…`, and what the transformation was fitted to:
 * `transformation/thresholds` for ±1 inputs, `transformation/mean` and `transformation/scale` for real ones.
 * @param model - what `train` returned, or `loadModel`
 * @throws EnvironmentError when it cannot be written
 */
export async function saveModel(model: Model, file: string): Promise<void> {
  const { record, classes, learner, transformation } = model;
  const { content, arrays } = splitTransformation(transformation);
  const bytes = encodeContainer('network', {
    content: { record, classes: [...classes], transformation: content } satisfies Content,
    arrays: {
      ...withPrefix('learner', learner.saveState()),
      ...withPrefix('transformation', arrays),
    },
  });
  await writeFileAtomically(file, bytes);
}

/**
 * Reads a network that `saveModel` wrote. Needs no data set. Its learner is the caller's to dispose of.
 * @throws DataError for a file that cannot be read, CheckpointError for one that is damaged, holds something else, or
 *   was trained by another version of its rule; ArgumentError for options that are wrong
 */
export async function loadModel(file: string, options: LoadModelOptions = {}): Promise<Model> {
  const kernels = selectKernels(options.backend, { threads: options.threads });
  const { content, arrays } = decodeContainer(await readBytes(file), 'network', file);
  const parsed = contentSchema.safeParse(content);
  if (!parsed.success) throw new CheckpointError(file, 'describes its network as no xnorlab does');
  const { record, classes } = parsed.data;
  const config = readConfig(record, file);
  const rule = configuredRule(config.rule);
  if (record.rule.version !== rule.version) {
    const versions = `version ${record.rule.version} of ${rule.name}, this xnorlab has version ${rule.version}`;
    throw new CheckpointError(file, `was trained by ${versions}`);
  }
  const transformation = joinTransformation(parsed.data, config, arrays, file);
  const problem = problemOf(record.dataset, config.batchSize);
  const learner = await rule.createLearner(problem, { kernels, streams: randomStreams(config.seed) });
  const state = underPrefix('learner', arrays);
  try {
    checkStateFits(learner, state, file);
    learner.loadState(state);
  } catch (error) {
    await learner.dispose();
    throw error;
  }
  return createModel({ record, classes, transformation, learner });
}

/** @throws CheckpointError when the record is newer than this program, or its configuration is none that it knows */
function readConfig({ recordVersion, config }: RunRecord, file: string): TrainConfig {
  if (recordVersion > RECORD_VERSION) {
    throw new CheckpointError(file, `has a record of version ${recordVersion}: use a newer xnorlab`);
  }
  try {
    return parseTrainConfig(config);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    throw new CheckpointError(file, `has a configuration that this xnorlab does not know: ${error.message}`, {
      cause: error,
    });
  }
}

interface SplitTransformation {
  readonly content: Content['transformation'];
  readonly arrays: NamedArrays;
}

function splitTransformation(fitted: FittedTransformation): SplitTransformation {
  if (fitted.inputForm === 'binarized') {
    const { inputForm, inputColumns, takesBits, thresholds } = fitted;
    return { content: { inputForm, inputColumns, takesBits }, arrays: thresholds ? { thresholds } : {} };
  }
  const { inputForm, columns, moments } = fitted;
  return { content: { inputForm, columns }, arrays: { ...moments } };
}

/** @throws CheckpointError when the arrays are not those of the transformation */
function joinTransformation(
  { record, transformation }: Content,
  { binarizer }: TrainConfig,
  arrays: NamedArrays,
  file: string,
): FittedTransformation {
  const { thresholds, mean, scale } = underPrefix('transformation', arrays);
  const { inputs } = record.dataset;
  const ofLength = (length: number, values?: NamedArrays[string]): values is Float64Array =>
    values instanceof Float64Array && values.length === length;
  if (transformation.inputForm === 'full-precision') {
    if (!mean && !scale) return transformation;
    const { columns } = transformation;
    if (ofLength(columns, mean) && ofLength(columns, scale))
      return { ...transformation, moments: { mean, scale } };
  } else if (binarizer) {
    if (!thresholds) return { ...transformation, config: binarizer };
    if (ofLength(inputs, thresholds)) return { ...transformation, config: binarizer, thresholds };
  }
  throw new CheckpointError(file, 'describes the inputs of its network as no xnorlab does');
}
