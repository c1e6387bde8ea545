import '../../rules/float-rules.js';
import { z } from 'zod';
import type { VersionedContents } from '../../core/container.js';
import { ArgumentError, CheckpointError } from '../../core/errors.js';
import { bytesText } from '../../core/matrix-size.js';
import { underPrefix } from '../../core/named-arrays.js';
import { randomStreams } from '../../core/random.js';
import type { FittedTransformation } from '../../data/transformation.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { Network } from '../../layers/network.js';
import {
  checkRecordVersion,
  fitting,
  joinTransformation,
  type SavedModel,
} from '../../models/model-bytes.js';
import type { RunRecord } from '../../records/record.js';
import type { MemoryPart } from '../../rules/memory-part.js';
import { configuredRule } from '../../rules/registry.js';
import { parseTrainConfig, type TrainConfig, type TrainOptions } from '../../training/config.js';
import { checkStateFits } from '../../training/learner-state.js';
import { problemOf } from '../../training/task-data.js';
import { floatRuntime } from '../onnx-runtime.js';

const count = z.int().min(1);

/** What is read of a record here. */
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
 * A network out of a file of version 1 of the format, which held the state of its learner: made anew, loaded, and asked what it
 * predicts with. Saving it again gives a file of today's version.
 * @param source - the file, to be named in errors
 * @throws CheckpointError for a file that is damaged, or was trained by another version of its rule
 */
export async function modelOfVersion1(
  { content, arrays }: VersionedContents,
  kernels: Kernels,
  source: string,
): Promise<SavedModel> {
  const parsed = contentSchema.safeParse(content);
  if (!parsed.success) throw new CheckpointError(source, 'describes its network as no xnorlab does');
  const { record, classes } = parsed.data;
  checkRecordVersion(record, source);
  if (classes.length !== record.dataset.classes) {
    const told = `its record tells ${record.dataset.classes} classes, there are ${classes.length} names`;
    throw new CheckpointError(source, `holds no whole network: ${told}`);
  }
  const config = readConfig(record, source);
  const transformation = readTransformation(parsed.data, config, arrays, source);
  const network = await networkOf(record, config, { state: underPrefix('learner', arrays), kernels, source });
  return fitting({ record, classes, transformation, network }, source);
}

interface LearnerSource {
  readonly state: VersionedContents['arrays'];
  readonly kernels: Kernels;
  readonly source: string;
}

async function networkOf(
  record: RunRecord,
  config: TrainConfig,
  { state, kernels, source }: LearnerSource,
): Promise<Network> {
  const rule = configuredRule(config.rule);
  if (record.rule.version < rule.stateVersion || record.rule.version > rule.version) {
    const versions = `version ${record.rule.version} of ${rule.name}, this xnorlab has version ${rule.version}`;
    throw new CheckpointError(source, `was trained by ${versions}`);
  }
  const problem = problemOf(record.dataset, config.batchSize);
  checkRoom(rule.memory(problem), state, source);
  const streams = randomStreams(config.seed);
  const learner = await rule.createLearner(problem, { kernels, streams, onnxRuntime: floatRuntime(kernels) });
  try {
    checkStateFits(learner, state, source);
    learner.loadState(state);
    const network = learner.network?.();
    if (network) return network;
    throw new CheckpointError(source, `holds a network that ${rule.name} does not describe`);
  } finally {
    await learner.dispose();
  }
}

/** What is made in memory for a byte of state: 1.2 of hidden weights, and of floats their gradients, too. */
const MOST_BYTES_PER_BYTE = 4;

/** Whatever a file holds, some is made that is no state: a batch of predictions, say. */
const FREE_BYTES = 2 ** 20;

/**
 * By arithmetic, before a learner is made that its state would be found not to fit.
 * @throws CheckpointError when the weights that the record tells are far more than those that the file holds
 */
function checkRoom(parts: readonly MemoryPart[], state: LearnerSource['state'], source: string): void {
  const held = Object.values(state).reduce((sum, { byteLength }) => sum + byteLength, 0);
  const told = parts.filter(({ path }) => path[0] === 'rule').reduce((sum, { bytes }) => sum + bytes, 0);
  if (told <= MOST_BYTES_PER_BYTE * held + FREE_BYTES) return;
  const problem = `its record tells a network of ${bytesText(told)}, ${bytesText(held)} are there`;
  throw new CheckpointError(source, `holds no whole network: ${problem}`);
}

/** @throws CheckpointError when the configuration is none that this program knows */
function readConfig({ config }: RunRecord, source: string): TrainConfig {
  try {
    return parseTrainConfig(config as TrainOptions);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    const problem = `has a configuration that this xnorlab does not know: ${error.message}`;
    throw new CheckpointError(source, problem, { cause: error });
  }
}

/** @throws CheckpointError when the arrays are not those of the transformation */
function readTransformation(
  { transformation }: Content,
  { binarizer }: TrainConfig,
  arrays: VersionedContents['arrays'],
  source: string,
): FittedTransformation {
  const fitted = underPrefix('transformation', arrays);
  const content =
    transformation.inputForm === 'full-precision'
      ? transformation
      : binarizer && { ...transformation, config: binarizer };
  const joined = content && joinTransformation(content, fitted);
  if (joined) return joined;
  throw new CheckpointError(source, 'describes the inputs of its network as no xnorlab does');
}
