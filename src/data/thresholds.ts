import { channelColumns, type Shape, sizeOf } from '../core/shape.js';
import { FeatureMatrix } from './dataset.js';
import { FEWEST_TO_SAMPLE, groupMedians } from './group-medians.js';
import { histogramValuesAt, lowerQuantileRank, valuesAt } from './order-statistics.js';

const BYTE_VALUES = 256;

/** Columns copied out together, so that each part of the matrix is fetched from memory once, and rows, so that it stays in the cache. */
const COLUMNS_AT_ONCE = 32;
const ROWS_AT_ONCE = 32;

/** The lower median of every feature over all rows; one entry per column. */
export function featureMedians(features: FeatureMatrix): Float64Array {
  if (!holdsFloats(features) || features.rows < FEWEST_TO_SAMPLE) return quantileThresholds(features, 1);
  return groupMedians(
    features,
    Array.from({ length: features.columns }, (_, column) => Uint32Array.of(column)),
  );
}

function holdsFloats(features: FeatureMatrix): features is FeatureMatrix & { readonly values: Float32Array } {
  return features.values instanceof Float32Array;
}

/**
 * `quantileThresholds` of a shape: of a sequence over all its steps, so that a code means the same at each.
 * @returns `columns` × `levels` entries; quantile i of column c at c · levels + i − 1
 */
export function quantilesOfShape(features: FeatureMatrix, shape: Shape, levels: number): Float64Array {
  if (shape.kind !== 'sequence') return quantileThresholds(features, levels);
  const { rows, columns, values } = features;
  // Steps lie one after the other, so that they can be read as rows.
  const steps = new FeatureMatrix(rows * shape.steps, sizeOf(shape.of), values);
  const ofStep = quantilesOfShape(steps, shape.of, levels);
  return Float64Array.from({ length: columns * levels }, (_, i) => ofStep[i % ofStep.length]);
}

/**
 * The lower quantiles i / (levels + 1), i = 1 … levels, of every feature over all rows.
 * @returns `columns` × `levels` entries; quantile i of column c at c · levels + i − 1
 */
export function quantileThresholds(features: FeatureMatrix, levels: number): Float64Array {
  const ranks = Array.from({ length: levels }, (_, i) => lowerQuantileRank(features.rows, i + 1, levels + 1));
  const thresholds = new Float64Array(features.columns * levels);
  const { values } = features;
  if (values instanceof Uint8Array) {
    const histograms = byteHistograms(values, features.columns);
    for (let column = 0; column < features.columns; column++) {
      thresholds.set(histogramValuesAt(histograms, column * BYTE_VALUES, ranks), column * levels);
    }
    return thresholds;
  }
  forEachColumn(values, features, (column, sorted) => {
    thresholds.set(valuesAt(sorted, ranks), column * levels);
  });
  return thresholds;
}

/** How often each byte value occurs in each column; 256 counts per column. */
function byteHistograms(values: Uint8Array, columns: number): Uint32Array {
  const histograms = new Uint32Array(columns * BYTE_VALUES);
  let offset = 0;
  for (const value of values) {
    histograms[offset + value]++;
    offset += BYTE_VALUES;
    if (offset === histograms.length) offset = 0;
  }
  return histograms;
}

/** Calls `visit` with a copy of each column that it may reorder. */
function forEachColumn(
  values: Float32Array,
  { rows, columns }: FeatureMatrix,
  visit: (column: number, copy: Float32Array) => void,
): void {
  const copies = new Float32Array(COLUMNS_AT_ONCE * rows); // copy i at [i * rows, (i + 1) * rows)
  for (let first = 0; first < columns; first += COLUMNS_AT_ONCE) {
    const used = Math.min(COLUMNS_AT_ONCE, columns - first);
    for (let start = 0; start < rows; start += ROWS_AT_ONCE) {
      const end = Math.min(start + ROWS_AT_ONCE, rows);
      for (let i = 0; i < used; i++) {
        for (let row = start; row < end; row++) copies[i * rows + row] = values[row * columns + first + i];
      }
    }
    for (let i = 0; i < used; i++) visit(first + i, copies.subarray(i * rows, (i + 1) * rows));
  }
}

/** The lower median of one sample over its features. */
export function sampleMedian({ values, columns }: FeatureMatrix, row: number): number {
  const sample = values.subarray(row * columns, (row + 1) * columns);
  return lowerMedian(sample.slice());
}

/** The lower median of every channel (of `channelColumns`) over all its columns in all rows, repeated for each of them. */
export function channelMedians(features: FeatureMatrix, shape: Shape): Float64Array {
  const thresholds = new Float64Array(features.columns);
  const channels = [...channelColumns(shape)];
  const medians =
    holdsFloats(features) && features.rows >= FEWEST_TO_SAMPLE
      ? groupMedians(features, channels)
      : channels.map((columns) => lowerMedian(valuesIn(features, columns)));
  channels.forEach((columns, channel) => {
    for (const column of columns) thresholds[column] = medians[channel];
  });
  return thresholds;
}

/**
 * min + i · (max − min) / levels, i = 0 … levels − 1, with the range of the channel (of
 * `channelColumns`), over all rows.
 * @returns `columns` × `levels` entries; threshold i of column c at c · levels + i
 */
export function evenThresholds(features: FeatureMatrix, shape: Shape, levels: number): Float64Array {
  const [minima, maxima] = columnRanges(features);
  const thresholds = new Float64Array(features.columns * levels);
  for (const columns of channelColumns(shape)) {
    const minimum = columns.reduce(
      (least, column) => Math.min(least, minima[column]),
      Number.POSITIVE_INFINITY,
    );
    const maximum = columns.reduce(
      (most, column) => Math.max(most, maxima[column]),
      Number.NEGATIVE_INFINITY,
    );
    for (const column of columns) {
      for (let level = 0; level < levels; level++) {
        thresholds[column * levels + level] = minimum + (level * (maximum - minimum)) / levels;
      }
    }
  }
  return thresholds;
}

function columnRanges({ values, columns }: FeatureMatrix): [minima: Float64Array, maxima: Float64Array] {
  const minima = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
  const maxima = new Float64Array(columns).fill(Number.NEGATIVE_INFINITY);
  let column = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < minima[column]) minima[column] = value;
    if (value > maxima[column]) maxima[column] = value;
    if (++column === columns) column = 0;
  }
  return [minima, maxima];
}

/** The values of some columns in all rows, in a copy. */
function valuesIn({ rows, columns, values }: FeatureMatrix, chosen: Uint32Array): Uint8Array | Float32Array {
  const copy = new (values instanceof Uint8Array ? Uint8Array : Float32Array)(rows * chosen.length);
  let next = 0;
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < chosen.length; i++) copy[next++] = values[row * columns + chosen[i]];
  }
  return copy;
}

/** The lower median. Bytes are counted; floats are reordered. */
function lowerMedian(values: Uint8Array | Float32Array): number {
  const ranks = [lowerQuantileRank(values.length, 1, 2)];
  if (values instanceof Float32Array) return valuesAt(values, ranks)[0];
  const histogram = new Uint32Array(BYTE_VALUES);
  for (let i = 0; i < values.length; i++) histogram[values[i]]++;
  return histogramValuesAt(histogram, 0, ranks)[0];
}
