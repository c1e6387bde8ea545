import { isDeepStrictEqual } from 'node:util';
import { ArgumentError } from '../core/errors.js';
import { configuredRule } from '../rules/registry.js';
import { parseTrainConfig, type TrainConfig, type TrainOptions } from '../training/config.js';
import { problemOf } from '../training/task-data.js';
import { type MemoryTotals, memoryTotals } from '../training/totals.js';
import { type PrepareOptions, prepareData } from './prepare-data.js';
import type { BackendOption } from './train.js';

/** Two runs that take the same memory in training. Bits are those of a record's totals. */
export interface EqualMemory {
  /** Model + activations + training set of the binary run. */
  readonly binaryBits: number;
  /** The same of the float run on its share of the training set: at most `binaryBits`, by less than one sample. */
  readonly floatBits: number;
  /** Training samples of the binary run. */
  readonly binarySamples: number;
  /** Training samples that the float run has room for, at least 1. */
  readonly floatSamples: number;
  /** The float options with `dataset.limitTrain` set to `floatSamples`. */
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
 * @param binary - any run; `dataset.limitTrain` counts
 * @param float - a run on the same data set, without `dataset.limitTrain`
 * @param options - where the data comes from
 * @throws ArgumentError when the data sets differ, no sample fits, or all of them fit and leave memory unused
 */
export async function equalMemory(
  binary: TrainOptions & BackendOption,
  float: TrainOptions & BackendOption,
  options: PrepareOptions = {},
): Promise<EqualMemory> {
  const binaryConfig = configOf(binary);
  const floatConfig = configOf(float);
  checkSameData(binaryConfig, floatConfig);
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
  const rule = configuredRule(config.rule).describe(problemOf(description, config.batchSize));
  return { memory: memoryTotals(rule.memoryBits, task), samples: description.trainSamples };
}
