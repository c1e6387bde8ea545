import { z } from 'zod';
import { decodeContainer, encodeContainer, type VersionedContents } from '../core/container.js';
import { ArgumentError, CheckpointError } from '../core/errors.js';
import { type NamedArrays, underPrefix, withPrefix } from '../core/named-arrays.js';
import { type BinarizerConfig, quantitiesOf } from '../data/binarize.js';
import { columnsOf, type FittedTransformation } from '../data/transformation.js';
import { checkNetwork } from '../layers/check-network.js';
import type { Network } from '../layers/network.js';
import { RECORD_VERSION, type RunRecord } from '../records/record.js';
import type { ModelParts } from './model.js';
import { joinNetwork, networkOutline, splitNetwork } from './network-arrays.js';

const count = z.int().min(1);

/** What is read of a record here and where a network is used. */
const recordSchema = z.looseObject({
  recordVersion: z.int(),
  config: z.looseObject({ dataset: z.looseObject({ name: z.string() }) }),
  rule: z.looseObject({ name: z.string() }),
  dataset: z.looseObject({ name: z.string() }),
  epochs: z.array(z.looseObject({})).min(1),
});

const contentSchema = z.strictObject({
  record: z.custom<RunRecord>((value) => recordSchema.safeParse(value).success),
  classes: z.array(z.string()).min(2),
  featureNames: z.array(z.string()).optional(),
  transformation: z.discriminatedUnion('inputForm', [
    z.strictObject({
      inputForm: z.literal('binarized'),
      config: z.custom<BinarizerConfig>(
        (value) => z.looseObject({ kind: z.string() }).safeParse(value).success,
      ),
      inputColumns: count,
      takesBits: z.boolean(),
      leftOut: count.optional(),
    }),
    z.strictObject({
      inputForm: z.literal('full-precision'),
      columns: count,
      leftOut: count.optional(),
    }),
  ]),
  network: networkOutline,
});
type Content = z.output<typeof contentSchema>;

/** What a file holds. */
export interface SavedModel extends ModelParts {
  readonly network: Network;
}

/**
 * A trained network as the bytes of a file: `encodeContainer` of the kind `network`, laid out as docs/model-file.md says. Nothing of how
 * it was trained but the record.
 * @throws ArgumentError for a network that its learner does not describe
 */
export function encodeModel({
  record,
  classes,
  featureNames,
  transformation,
  network,
}: ModelParts): Uint8Array {
  if (!network) {
    throw new ArgumentError('model', 'one whose learner describes its network', record.rule.name);
  }
  const { outline, arrays } = splitNetwork(network);
  const fitted = splitTransformation(transformation);
  const content: Content = {
    record,
    classes: [...classes],
    ...(featureNames && { featureNames: [...featureNames] }),
    transformation: fitted.content,
    network: outline,
  };
  return encodeContainer('network', {
    content,
    arrays: { ...withPrefix('transformation', fitted.arrays), ...withPrefix('network', arrays) },
  });
}

/**
 * Reads what `encodeModel` wrote. Knows no rule and no options.
 * @param source - the file, to be named in errors
 * @throws CheckpointError for bytes that are damaged or something else, of version 1 (which only its rule's learner can read), or
 *   whose parts do not fit each other
 */
export function decodeModel(bytes: Uint8Array, source: string): SavedModel {
  const contents = decodeContainer(bytes, 'network', source);
  if (contents.version > 1) return modelOf(contents, source);
  throw new CheckpointError(source, 'is of version 1 of the format: load it in Node and save it again');
}

/** `decodeModel` of what is out of its container. */
export function modelOf({ content, arrays }: VersionedContents, source: string): SavedModel {
  const parsed = contentSchema.safeParse(content);
  if (!parsed.success) throw new CheckpointError(source, 'describes its network as no xnorlab does');
  const { record, classes, featureNames } = parsed.data;
  checkRecordVersion(record, source);
  const transformation = joinTransformation(
    parsed.data.transformation,
    underPrefix('transformation', arrays),
  );
  if (!transformation) {
    throw new CheckpointError(source, 'describes the inputs of its network as no xnorlab does');
  }
  const network = readNetwork(parsed.data, underPrefix('network', arrays), source);
  return fitting({ record, classes, ...(featureNames && { featureNames }), transformation, network }, source);
}

/** @throws CheckpointError when the record is newer than this program */
export function checkRecordVersion({ recordVersion }: RunRecord, source: string): void {
  if (recordVersion <= RECORD_VERSION) return;
  throw new CheckpointError(source, `has a record of version ${recordVersion}: use a newer xnorlab`);
}

function readNetwork(content: Content, arrays: NamedArrays, source: string): Network {
  try {
    return joinNetwork(content.network, arrays);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    throw new CheckpointError(source, `holds no whole network: ${error.message}`, { cause: error });
  }
}

/** The same parts. @throws CheckpointError unless inputs, network, classes and names are of the same sizes */
export function fitting(parts: SavedModel, source: string): SavedModel {
  const { classes, featureNames, transformation, network } = parts;
  const { taken, given } = columnsOf(transformation);
  let problem: string | undefined;
  try {
    const size = checkNetwork(network);
    if (size.inputs !== given) problem = `its network takes ${size.inputs} inputs, it is shown ${given}`;
    else if (size.classes !== classes.length) {
      problem = `its network tells ${size.classes} classes, there are ${classes.length} names`;
    } else if (featureNames && featureNames.length !== taken) {
      problem = `it has ${featureNames.length} names for ${taken} columns`;
    }
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    problem = error.message;
  }
  if (problem) throw new CheckpointError(source, `holds no whole network: ${problem}`);
  return parts;
}

interface SplitTransformation {
  readonly content: Content['transformation'];
  readonly arrays: NamedArrays;
}

function splitTransformation(fitted: FittedTransformation): SplitTransformation {
  const leftOut = fitted.leftOut !== undefined && { leftOut: fitted.leftOut };
  if (fitted.inputForm === 'binarized') {
    const { inputForm, config, inputColumns, takesBits, thresholds } = fitted;
    const arrays: NamedArrays = thresholds ? { thresholds } : {};
    return { content: { inputForm, config, inputColumns, takesBits, ...leftOut }, arrays };
  }
  const { inputForm, columns, moments } = fitted;
  return { content: { inputForm, columns, ...leftOut }, arrays: { ...moments } };
}

/** Undefined when the arrays are not those of the transformation. */
export function joinTransformation(
  content: Content['transformation'],
  { thresholds, mean, scale }: NamedArrays,
): FittedTransformation | undefined {
  if (content.inputForm === 'binarized') {
    if (!thresholds) return content;
    const isWhole =
      thresholds instanceof Float64Array && quantitiesOf(content, thresholds.length) !== undefined;
    return isWhole ? { ...content, thresholds } : undefined;
  }
  if (!mean && !scale) return content;
  const ofColumns = (values: NamedArrays[string]): values is Float64Array =>
    values instanceof Float64Array && values.length === content.columns;
  return ofColumns(mean) && ofColumns(scale) ? { ...content, moments: { mean, scale } } : undefined;
}
