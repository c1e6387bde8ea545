import { ArgumentError } from '../core/errors.js';
import { bytesText, MOST_MATRIX_BYTES } from '../core/matrix-size.js';
import { valueAt } from '../core/parse.js';
import { vector } from '../core/shape.js';
import type { DatasetRecord } from '../records/record.js';
import type { MemoryPart } from '../rules/memory-part.js';
import { configuredRule, findRule } from '../rules/registry.js';
import type { TrainConfig } from './config.js';
import { problemOf } from './task-data.js';

export type { MemoryPart };

/** Memory that a run takes in training, as far as sizes tell. */
export interface RunMemory {
  /** All of it together. */
  readonly bytes: number;
  readonly parts: readonly MemoryPart[];
}

/**
 * What a run takes, known before anything of it is made: its data in the form that it is shown, its weights, what belongs to them, and
 * what is computed for a batch. Least, as engines and libraries take some of their own.
 */
export function runMemory(config: TrainConfig, dataset: DatasetRecord): RunMemory {
  const rule = configuredRule(config.rule);
  const { trainSamples, validationSamples, testSamples, inputs } = dataset;
  const samples = trainSamples + validationSamples + testSamples;
  const bytesPerInput = rule.inputForm === 'binarized' ? 1 / 8 : Float32Array.BYTES_PER_ELEMENT;
  const data: MemoryPart = {
    path: ['dataset'],
    what: `data [${samples}, ${inputs}]`,
    bytes: samples * inputs * bytesPerInput,
    matrixBytes: 0,
  };
  // No batch has more samples than there are.
  const batchSize = Math.min(config.batchSize, Math.max(trainSamples, validationSamples, testSamples, 1));
  const parts = [data, ...rule.memory(problemOf(dataset, batchSize, config.tasks?.count))];
  return { bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0), parts };
}

/** The least that data can be: what a configuration takes on it, it takes on any. */
const LEAST_DATASET: DatasetRecord = {
  name: 'any',
  sha256: '',
  classes: 2,
  features: 1,
  inputs: 1,
  shape: vector(1),
  inputShape: vector(1),
  trainSamples: 1,
  validationSamples: 0,
  testSamples: 1,
};

/**
 * `checkMemory` before any data is there: what is too large whatever that is, is refused. Of rules that tell their memory in no other way
 * than by their description, which may depend on the data, nothing is known yet.
 */
export function checkSizes(config: TrainConfig, limitBytes: number): void {
  if (findRule(config.rule.name)?.definition.memory) {
    checkMemory(config, runMemory(config, LEAST_DATASET), limitBytes);
  }
}

/**
 * Refuses by arithmetic what would end the process later.
 * @param limitBytes - what may be taken in all
 * @throws ArgumentError naming the option that is too large
 */
export function checkMemory(
  config: TrainConfig,
  { bytes, parts }: RunMemory,
  limitBytes: number = Number.POSITIVE_INFINITY,
): void {
  const tooLong = parts.find(({ matrixBytes }) => matrixBytes > MOST_MATRIX_BYTES);
  if (tooLong) {
    const { what, matrixBytes } = tooLong;
    const most = bytesText(MOST_MATRIX_BYTES);
    refuse(config, tooLong, `matrices of at most ${most} (${what} take ${bytesText(matrixBytes)})`);
  }
  if (bytes <= limitBytes) return;
  const most = parts.reduce((largest, part) => (part.bytes > largest.bytes ? part : largest));
  const share = `${most.what} take ${bytesText(most.bytes)} of ${bytesText(bytes)}`;
  refuse(
    config,
    most,
    `a run that fits into ${bytesText(limitBytes)} of memory (${share}; see XNORLAB_MEMORY)`,
  );
}

function refuse(config: TrainConfig, { path }: MemoryPart, expected: string): never {
  throw new ArgumentError(path.map(String).join('.'), expected, valueAt(config, path), path);
}
