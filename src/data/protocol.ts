import { ArgumentError } from '../core/errors.js';
import { RandomStream } from '../core/random.js';
import { contentSha256 } from './content-hash.js';
import type { Dataset, Samples } from './dataset.js';
import { gatherRows } from './gather-rows.js';

/**
 * How the samples of a data set are divided into a part that trains and one that is held out and measured on as its test samples, in
 * place of the division that its files make. A plain object, as it stands in a config file.
 *
 * Samples are shuffled by the seed of the run, so that every seed has its own division:
 * - `holdout`: the last `heldOut` of them are held out: a number of samples, or with a number below 1 that share of them, rounded to
 *   the nearest number
 * - `cross-validation`: of n samples in `folds` pieces, those from ⌊(fold − 1)·n/folds⌋ to before ⌊fold·n/folds⌋ are held out: over the folds of a
 *   seed each sample once
 */
export type Protocol = {
  /**
   * Which samples are divided: `training`, those of the training file, which are the training and the validation samples of the set,
   * or `all`, its test samples, too. They count in this order.
   */
  readonly from: 'training' | 'all';
  /** What medians, thresholds and moments are fitted on: the part that trains, or all samples that are divided. */
  readonly fitOn: 'training' | 'all';
  /**
   * How many of the last of those that would train, or with a number below 1 which share of them, are validation samples instead. Default:
   * none.
   */
  readonly validation?: number | undefined;
} & (
  | { readonly kind: 'holdout'; readonly heldOut: number }
  | {
      readonly kind: 'cross-validation';
      /** At least 2. */
      readonly folds: number;
      /** Which of them is held out, from 1. */
      readonly fold: number;
    }
);

/** Draws the order in which samples are divided. */
const STREAM = 'data/protocol';

/** A data set divided by a protocol. */
export interface DividedDataset {
  /** Without validation samples, unless the protocol keeps some; its test samples are those held out, its hash is that of the division. */
  readonly dataset: Dataset;
  /** What medians, thresholds and moments are to be fitted on; absent for the training samples. */
  readonly fitOn?: Samples['features'];
}

/** Positions of the samples of each part, in the order in which they were shuffled. */
export interface Division {
  readonly train: Uint32Array;
  readonly validation?: Uint32Array;
  readonly heldOut: Uint32Array;
}

/**
 * Which samples train and which are held out.
 * @param samples - how many are divided
 * @param seed - of the run
 * @throws ArgumentError when one of the parts would be empty
 */
export function drawDivision(protocol: Protocol, samples: number, seed: number): Division {
  const [start, end] = heldOutRange(protocol, samples);
  const order = RandomStream.named(seed, STREAM).permutation(samples);
  const train = new Uint32Array(samples - (end - start));
  train.set(order.subarray(0, start));
  train.set(order.subarray(end), start);
  const heldOut = order.slice(start, end);
  const kept = protocol.validation === undefined ? 0 : countOf(protocol.validation, train.length);
  if (protocol.validation === undefined) return { train, heldOut };
  if (kept < 1 || kept >= train.length) {
    const expected = `at least one and fewer than all of the ${train.length} samples that are left to train on`;
    throw new ArgumentError('dataset.protocol.validation', expected, protocol.validation, VALIDATION_PATH);
  }
  return {
    train: train.subarray(0, train.length - kept),
    validation: train.subarray(train.length - kept),
    heldOut,
  };
}

/** A number of samples, or a share of them below 1, as a number of them. */
function countOf(samplesOrShare: number, samples: number): number {
  return samplesOrShare < 1 ? Math.round(samplesOrShare * samples) : samplesOrShare;
}

function heldOutRange(protocol: Protocol, samples: number): [start: number, end: number] {
  if (protocol.kind === 'holdout') {
    const { heldOut } = protocol;
    const count = countOf(heldOut, samples);
    if (count >= 1 && count < samples) return [samples - count, samples];
    const expected = `at least one and fewer than all of the ${samples} samples that are divided`;
    throw new ArgumentError('dataset.protocol.heldOut', expected, heldOut, HELD_OUT_PATH);
  }
  const { folds, fold } = protocol;
  if (folds > samples) {
    const expected = `at most the ${samples} samples that are divided`;
    throw new ArgumentError('dataset.protocol.folds', expected, folds, ['dataset', 'protocol', 'folds']);
  }
  return [Math.floor(((fold - 1) * samples) / folds), Math.floor((fold * samples) / folds)];
}

const HELD_OUT_PATH = ['dataset', 'protocol', 'heldOut'];
const VALIDATION_PATH = ['dataset', 'protocol', 'validation'];

/**
 * Divides a data set anew; nothing of it is changed.
 * @param seed - of the run
 * @throws ArgumentError when one of the parts would be empty, or the samples left to train on are of one class
 */
export function divideDataset(dataset: Dataset, protocol: Protocol, seed: number): DividedDataset {
  const { train, validation, test } = dataset;
  const parts = [train, validation, ...(protocol.from === 'all' ? [test] : [])].filter(
    (part) => part !== undefined,
  );
  const features = parts.map((part) => part.features);
  const labels = joined(parts.map((part) => part.labels));
  const pick = (rows: Uint32Array): Samples => ({
    features: gatherRows(features, rows),
    labels: Int32Array.from(rows, (row) => labels[row]),
  });
  const division = drawDivision(protocol, labels.length, seed);
  const { validation: _, ...rest } = dataset;
  const divided = {
    ...rest,
    train: pick(division.train),
    ...(division.validation && { validation: pick(division.validation) }),
    test: pick(division.heldOut),
  };
  const [first] = divided.train.labels;
  if (divided.train.labels.every((label) => label === first)) {
    const expected = 'a division whose training samples are of two classes at least';
    throw new ArgumentError('dataset.protocol', expected, protocol, ['dataset', 'protocol']);
  }
  return {
    dataset: { ...divided, sha256: contentSha256(divided) },
    ...(protocol.fitOn === 'all' && { fitOn: gatherRows(features, Uint32Array.from(labels.keys())) }),
  };
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A protocol in a few words, for records and rows: `holdout 10000, fitted on all`. */
export function describeProtocol(protocol: Protocol): string {
  const { from, fitOn, validation } = protocol;
  const division =
    protocol.kind === 'holdout'
      ? `holdout ${protocol.heldOut}`
      : `fold ${protocol.fold} of ${protocol.folds}`;
  return [
    division,
    from === 'all' && 'of all samples',
    validation !== undefined && `validation ${validation}`,
    fitOn === 'all' && 'fitted on all',
  ]
    .filter(Boolean)
    .join(', ');
}
