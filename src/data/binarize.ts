import { BitMatrix, WORD_BITS } from '../core/bit-matrix.js';
import { checkChoice, checkInteger } from '../core/check.js';
import { ArgumentError } from '../core/errors.js';
import { checkColumns, type Shape, signsOf, vector, withLevels } from '../core/shape.js';
import { FeatureMatrix } from './dataset.js';
import {
  channelMedians,
  evenThresholds,
  featureMedians,
  quantilesOfShape,
  sampleMedian,
} from './thresholds.js';

/**
 * How features become ±1. A plain object, as it stands in a config file.
 *
 * `median`: one bit per feature, x > median, with the lower median (of an even number of values, the smaller of
 * the two in the middle)
 * - `per: 'channel'`: over the channel in all training samples: its pixels in images, its steps in sequences; not for vectors. 0 for Fashion-MNIST
 * - `per: 'feature'`: over the training samples
 * - `per: 'image'`: of each sample over its own features; learns nothing from the training set
 *
 * `thermometer`: `levels` bits per feature, x > threshold i for each i, thresholds ascending
 * - `thresholds: 'quantile'` ("distributive"): the lower quantiles i / (levels + 1), i = 1 … levels, of each feature
 *   over the training samples, of sequences over their steps, too; one level is the median per feature. The papers' order statistics
 *   ⌊i · (n − 1) / (levels + 1)⌋ are the same or the one below
 * - `thresholds: 'even'`: min + i · (max − min) / levels, i = 0 … levels − 1, over the training set; the range is that
 *   of the channel for images and sequences, of the feature for vectors
 *
 * Columns that are −1 or +1 by nature (`VectorShape.signs`) become one bit each, as they are.
 */
export type BinarizerConfig =
  | { readonly kind: 'median'; readonly per: 'channel' | 'feature' | 'image' }
  | { readonly kind: 'thermometer'; readonly levels: number; readonly thresholds: 'quantile' | 'even' };

/** More levels than values of a byte tell nothing more. */
export const MAX_LEVELS = 256;

/** What fitting a binarizer found: plain data, enough for `restoreBinarizer`. */
export interface FittedBinarizer {
  readonly config: BinarizerConfig;
  /** Columns that it takes. */
  readonly inputColumns: number;
  /** Whether it was fitted on bits, which pass through. */
  readonly takesBits: boolean;
  /**
   * The threshold of every output column; absent where there is none: median per image, and data that is bits.
   * Output column of feature f at level l: f · levels + l. Columns that are signs follow those of all features, each with the threshold 0.
   */
  readonly thresholds?: Float64Array;
}

/** A fitted binarizer: +1 where x > threshold, −1 elsewhere. */
export interface Binarizer extends FittedBinarizer {
  /** Columns that `apply` gives: `inputColumns`, times `levels` for a thermometer, but for signs. */
  readonly outputColumns: number;
  /**
   * Packs features of any number of rows; changes nothing. Bits pass through: the same matrix comes back.
   * @throws ArgumentError when they have other columns than, or are bits unlike, those it was fitted on
   */
  apply(features: FeatureMatrix | BitMatrix): BitMatrix;
}

/**
 * Fits a binarizer. Changes nothing.
 * @param trainFeatures - training samples only, at least one; finite. Bits need no fit and pass through
 * @throws ArgumentError for a config that is not one of `BinarizerConfig`, a median per channel of data without
 *   channels or per image of data with signs, a thermometer for bits, no rows, or features of another shape
 */
export function fitBinarizer(
  config: BinarizerConfig,
  trainFeatures: FeatureMatrix | BitMatrix,
  shape: Shape,
): Binarizer {
  checkConfig(config, shape);
  checkColumns('trainFeatures', trainFeatures, shape);
  const inputColumns = trainFeatures.columns;
  if (trainFeatures instanceof BitMatrix) {
    if (config.kind === 'median') return restoreBinarizer({ config, inputColumns, takesBits: true });
    throw new ArgumentError('binarizer.kind', 'median, as the data is binary already', config.kind);
  }
  checkInteger('trainFeatures.rows', trainFeatures.rows, 1);
  const thresholds = fitThresholds(config, trainFeatures, shape);
  return restoreBinarizer({ config, inputColumns, takesBits: false, ...(thresholds && { thresholds }) });
}

/** What a binarizer makes of a shape: a thermometer gives `levels` channels for each, bits of one beside each other. */
export function binarizedShape(config: BinarizerConfig, shape: Shape): Shape {
  return withLevels(shape, config.kind === 'thermometer' ? config.levels : 1);
}

/** The binarizer that was fitted, as it was. */
export function restoreBinarizer(fitted: FittedBinarizer): Binarizer {
  const { config, inputColumns, takesBits, thresholds } = fitted;
  const levels = config.kind === 'thermometer' ? config.levels : 1;
  const pack = (features: FeatureMatrix): BitMatrix =>
    thresholds ? packAbove(features, thresholds, levels) : packAboveOwnMedian(features);
  return {
    ...fitted,
    outputColumns: thresholds?.length ?? inputColumns,
    apply: (features) => {
      const isBits = features instanceof BitMatrix;
      if (isBits !== takesBits) {
        const [expected, found] = takesBits ? ['bits', 'numbers'] : ['numbers', 'bits'];
        throw new ArgumentError('features', `${expected}, like those it was fitted on`, found);
      }
      if (features.columns !== inputColumns)
        throw new ArgumentError('features', `${inputColumns} columns`, features.columns);
      return isBits ? features : pack(features);
    },
  };
}

function checkConfig(config: BinarizerConfig, shape: Shape): void {
  checkChoice('binarizer.kind', config.kind, ['median', 'thermometer']);
  if (config.kind === 'thermometer') {
    checkInteger('binarizer.levels', config.levels, 1, MAX_LEVELS);
    checkChoice('binarizer.thresholds', config.thresholds, ['quantile', 'even']);
    return;
  }
  checkChoice('binarizer.per', config.per, ['channel', 'feature', 'image']);
  if (config.per === 'channel' && shape.kind === 'vector') {
    throw new ArgumentError('binarizer.per', 'feature or image for data without channels', config.per);
  }
  if (config.per === 'image' && signsOf(shape) > 0) {
    throw new ArgumentError('binarizer.per', 'feature for data with columns of categories', config.per);
  }
}

/**
 * How many of the input columns are quantities, the others being signs; undefined where such a binarizer has another number of thresholds.
 * @param thresholds - how many there are
 */
export function quantitiesOf(
  { config, inputColumns }: Pick<FittedBinarizer, 'config' | 'inputColumns'>,
  thresholds: number,
): number | undefined {
  const levels = config.kind === 'thermometer' ? config.levels : 1;
  const quantities = levels === 1 ? inputColumns : (thresholds - inputColumns) / (levels - 1);
  const isWhole = Number.isInteger(quantities) && quantities >= 0 && quantities <= inputColumns;
  return isWhole && quantities * levels + inputColumns - quantities === thresholds ? quantities : undefined;
}

/** The threshold of every output column; undefined for a median per image, which learns nothing. */
function fitThresholds(
  config: BinarizerConfig,
  features: FeatureMatrix,
  shape: Shape,
): Float64Array | undefined {
  const signs = signsOf(shape);
  if (signs > 0) {
    const quantities = features.columns - signs;
    const own =
      quantities > 0 && fitThresholds(config, leadingColumns(features, quantities), vector(quantities));
    return Float64Array.from([...(own || []), ...new Float64Array(signs)]);
  }
  if (config.kind === 'median') {
    if (config.per === 'image') return undefined;
    return config.per === 'channel' ? channelMedians(features, shape) : featureMedians(features);
  }
  return config.thresholds === 'quantile'
    ? quantilesOfShape(features, shape, config.levels)
    : evenThresholds(features, shape, config.levels);
}

function leadingColumns({ rows, columns, values }: FeatureMatrix, count: number): FeatureMatrix {
  const leading = values.filter((_, i) => i % columns < count);
  return new FeatureMatrix(rows, count, leading);
}

function packAboveOwnMedian(features: FeatureMatrix): BitMatrix {
  const bits = new BitMatrix(features.rows, features.columns);
  const thresholds = new Float64Array(features.columns);
  for (let row = 0; row < features.rows; row++) {
    packRow(features, row, thresholds.fill(sampleMedian(features, row)), 1, bits);
  }
  return bits;
}

function packAbove(features: FeatureMatrix, thresholds: Float64Array, levels: number): BitMatrix {
  const bits = new BitMatrix(features.rows, thresholds.length);
  for (let row = 0; row < features.rows; row++) packRow(features, row, thresholds, levels, bits);
  return bits;
}

/**
 * Writes row `row` of `bits`: for each feature x and each of its thresholds, x > threshold. One word at a time, without a branch on
 * what is as often so as not; the obvious form is bits.set(row, f * levels + l, x[f] > thresholds[f * levels + l] ? 1 : -1).
 */
function packRow(
  features: FeatureMatrix,
  row: number,
  thresholds: Float64Array,
  levels: number,
  bits: BitMatrix,
): void {
  const { columns, values } = features;
  if (levels === 1) packSingleLevel(values, row * columns, thresholds, bits.words, row * bits.rowWords);
  else packLevels(values, row * columns, columns, thresholds, levels, bits.words, row * bits.rowWords);
}

/** @param first - of the row in `values` @param word - the first of the row in `words` */
function packSingleLevel(
  values: Uint8Array | Float32Array,
  first: number,
  thresholds: Float64Array,
  words: Uint32Array,
  word: number,
): void {
  for (let start = 0; start < thresholds.length; start += WORD_BITS) {
    const end = Math.min(start + WORD_BITS, thresholds.length);
    let packed = 0;
    for (let c = end - 1; c >= start; c--) packed = (packed << 1) | Number(values[first + c] > thresholds[c]);
    words[word++] = packed;
  }
}

/** Columns after those that have `levels` thresholds have one. */
function packLevels(
  values: Uint8Array | Float32Array,
  first: number,
  columns: number,
  thresholds: Float64Array,
  levels: number,
  words: Uint32Array,
  word: number,
): void {
  const firstSign = first + (thresholds.length - columns) / (levels - 1);
  let packed = 0;
  let input = first;
  for (let output = 0; output < thresholds.length; input++) {
    const value = values[input];
    for (const end = output + (input < firstSign ? levels : 1); output < end; ) {
      packed |= Number(value > thresholds[output]) << (output & 31);
      if ((++output & 31) !== 0) continue;
      words[word++] = packed;
      packed = 0;
    }
  }
  if ((thresholds.length & 31) !== 0) words[word] = packed;
}
