import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { ArgumentError } from '../core/errors.js';
import { sizeOf } from '../core/shape.js';
import { adamConfig, sgdConfig } from '../rules/gradient-descent.js';
import { localErrorConfig } from '../rules/local-error/config.js';
import {
  type CountedFloat,
  countedSamples,
  publishedBinaryBits,
  publishedFloatBits,
  publishedWidth,
} from '../rules/published-memory.js';
import { configuredRule } from '../rules/registry.js';
import { parseTrainConfig, type TrainConfig, type TrainOptions } from '../training/config.js';
import { problemOf } from '../training/task-data.js';
import { type MemoryTotals, memoryTotals } from '../training/totals.js';
import { type PrepareOptions, prepareData } from './prepare-data.js';
import type { BackendOption } from './train.js';

/** Schema of the options of a rule. */
type NamedOptions = z.ZodType & { readonly shape: { readonly name: z.ZodLiteral<string> } };

/** Where the data comes from, and how memory is counted. */
export interface EqualMemoryOptions extends PrepareOptions {
  /**
   * `records`: as records count, all that a run holds; the widths of the float run stay, its samples follow. `published`: as the
   * authors of [LBES] count, hidden weights and pre-activations at 8 bits; a float run on full precision gets ⌊n/32⌋ samples, one on bits all of
   * them, and its widths follow.
   */
  readonly accounting?: 'records' | 'published';
}

/** Two runs that take the same memory in training. Bits are those of a record's totals, or of the published accounting. */
export interface EqualMemory {
  /** Model + activations + training set of the binary run. */
  readonly binaryBits: number;
  /**
   * The same of the float run on its share of the training set: at most `binaryBits`, by less than one sample; in the published accounting
   * nearest to it of all widths.
   */
  readonly floatBits: number;
  /** Training samples of the binary run. */
  readonly binarySamples: number;
  /** Training samples that the float run has room for, at least 1. */
  readonly floatSamples: number;
  /** The float options with `dataset.limitTrain` set to `floatSamples` where these are not all; as published, with the width of its layers. */
  readonly options: TrainOptions & BackendOption;
}

/**
 * How many training samples make a float run as large in memory as a binary one (algorithms.md §7): the largest n with
 *
 *     float model + float activations + n · bits of a float sample ≤ total of the binary run
 *
 * A full-precision sample takes 32 times the bits of a binarized one. Where both models and activations together take
 * the same memory, n is therefore 1/32 of the binary run's samples, as in [LBES]. At equal widths the float network is the
 * larger one, its weights twice (of 16 bits each) and its activations and errors 32 times, and that comes off the samples:
 * 1,412 of 50,000 images of FashionMNIST at 135,135, and 855 at 525,525.
 *
 * With `accounting: 'published'` the float network is narrower as well, all hidden layers of one width: 105,105 on 1,562 of 50,000 images beside
 * LBES at 525,525. These are the pairs of the published tables for FashionMNIST; where data are bits already (Prototypes), theirs is narrower by a
 * neuron in four of ten.
 *
 * @param binary - any run, as published one of `local-error`; `dataset.limitTrain` counts
 * @param float - a run on the same data set, without `dataset.limitTrain`; as published one of `sgd` or `adam`, of whose layers only the number counts
 * @param options - where the data comes from, how memory is counted
 * @throws ArgumentError when the data sets differ, no sample fits, or all of them fit and leave memory unused; as published for other rules
 */
export async function equalMemory(
  binary: TrainOptions & BackendOption,
  float: TrainOptions & BackendOption,
  { accounting = 'records', ...options }: EqualMemoryOptions = {},
): Promise<EqualMemory> {
  const binaryConfig = configOf(binary);
  const floatConfig = configOf(float);
  checkSameData(binaryConfig, floatConfig);
  if (accounting === 'published') return equalAsPublished(binaryConfig, floatConfig, float, options);
  const binaryRun = await memoryOf(binaryConfig, options);
  const floatRun = await memoryOf(floatConfig, options);
  const binaryBits = binaryRun.memory.memoryBits;
  const { memoryBits, dataBits } = floatRun.memory;
  const bitsPerSample = dataBits / floatRun.samples;
  const networkBits = memoryBits - dataBits;
  const floatSamples = Math.floor((binaryBits - networkBits) / bitsPerSample);
  if (floatSamples < 1) {
    const room = `a network with a sample of ${bitsPerSample} bits within the ${binaryBits} bits of the binary run`;
    throw new ArgumentError('float', room, `${networkBits} bits without samples`);
  }
  if (floatSamples > floatRun.samples) {
    const size = `at least the ${binaryBits} bits of the binary run with all ${floatRun.samples} samples`;
    throw new ArgumentError('float', size, `${memoryBits} bits`);
  }
  return {
    binaryBits,
    floatBits: networkBits + floatSamples * bitsPerSample,
    binarySamples: binaryRun.samples,
    floatSamples,
    options: { ...float, dataset: { ...floatConfig.dataset, limitTrain: floatSamples } },
  };
}

async function equalAsPublished(
  binary: TrainConfig,
  config: TrainConfig,
  float: TrainOptions & BackendOption,
  options: PrepareOptions,
): Promise<EqualMemory> {
  const { layers } = ruleOf(binary, 'binary.rule', localErrorConfig);
  const rule = ruleOf(config, 'float.rule', sgdConfig, adamConfig);
  const counted: CountedFloat = { rule: rule.name, depth: rule.layers.length, inputs: rule.inputs };
  const { description } = await prepareData(binary, options);
  const { batchSize, input, classes } = problemOf(description, binary.batchSize);
  const run = { samples: description.trainSamples, inputs: sizeOf(input), classes, batchSize };
  const binaryBits = publishedBinaryBits(layers, run);
  const width = publishedWidth(binaryBits, counted, run);
  const floatSamples = countedSamples(counted, run.samples);
  const dataset = { ...config.dataset, ...(floatSamples < run.samples && { limitTrain: floatSamples }) };
  return {
    binaryBits,
    floatBits: publishedFloatBits(width, counted, run),
    binarySamples: run.samples,
    floatSamples,
    options: { ...float, rule: { ...rule, layers: rule.layers.map(() => width) }, dataset },
  };
}

/** The options of a rule that the published accounting is of, one of some. @throws ArgumentError for any other */
function ruleOf<Schemas extends readonly NamedOptions[]>(
  { rule }: TrainConfig,
  argument: string,
  ...schemas: Schemas
): z.output<Schemas[number]> {
  const schema = schemas.find((one) => one.shape.name.value === rule.name);
  if (schema) return schema.parse(rule) as z.output<Schemas[number]>;
  const names = schemas.map((one) => one.shape.name.value).join(' or ');
  throw new ArgumentError(`${argument}.name`, `${names}, which the published accounting is of`, rule.name);
}

function configOf({ backend: _, ...options }: TrainOptions & BackendOption): TrainConfig {
  return parseTrainConfig(options);
}

function checkSameData(binary: TrainConfig, float: TrainConfig): void {
  if (float.dataset.limitTrain !== undefined) {
    const expected = 'none, as it follows from the memory of the binary run';
    throw new ArgumentError('dataset.limitTrain', expected, float.dataset.limitTrain);
  }
  const { limitTrain: _, ...expected } = binary.dataset;
  const { limitTrain: __, ...found } = float.dataset;
  if (isDeepStrictEqual(found, expected)) return;
  throw new ArgumentError('dataset', `that of the binary run, ${JSON.stringify(expected)}`, found);
}

interface RunMemory {
  readonly memory: MemoryTotals;
  /** Training samples. */
  readonly samples: number;
}

/** What a run takes, without making its network. */
async function memoryOf(config: TrainConfig, options: PrepareOptions): Promise<RunMemory> {
  const { task, description } = await prepareData(config, options);
  const rule = configuredRule(config.rule).describe(
    problemOf(description, config.batchSize, config.tasks?.count),
  );
  return { memory: memoryTotals(rule.memoryBits, task), samples: description.trainSamples };
}
