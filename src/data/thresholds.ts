import { type FeatureMatrix, type FeatureShape, featureCount } from './dataset.js';
import { histogramValuesAt, lowerQuantileRank, valuesAt } from './order-statistics.js';

const BYTE_VALUES = 256;

/** Columns copied out together, so that each part of the matrix is fetched from memory once. */
const COLUMNS_AT_ONCE = 32;

/** The lower median of every feature over all rows; one entry per column. */
export function featureMedians(features: FeatureMatrix): Float64Array {
  return quantileThresholds(features, 1);
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
    for (let row = 0; row < rows; row++) {
      const start = row * columns + first;
      for (let i = 0; i < used; i++) copies[i * rows + row] = values[start + i];
    }
    for (let i = 0; i < used; i++) visit(first + i, copies.subarray(i * rows, (i + 1) * rows));
  }
}

/** The lower median of one sample over its features. */
export function sampleMedian({ values, columns }: FeatureMatrix, row: number): number {
  return lowerMedian([values.subarray(row * columns, (row + 1) * columns)]);
}

/** The lower median of every channel over all pixels of all rows, repeated for each column of the channel. */
export function channelMedians(features: FeatureMatrix, shape: FeatureShape): Float64Array {
  const thresholds = new Float64Array(features.columns);
  const width = groupWidth(shape);
  for (let start = 0; start < features.columns; start += width) {
    thresholds.fill(lowerMedian(columnSlices(features, start, start + width)), start, start + width);
  }
  return thresholds;
}

/**
 * min + i · (max − min) / levels, i = 0 … levels − 1, with the range of the channel for images and of the feature
 * for vectors, over all rows.
 * @returns `columns` × `levels` entries; threshold i of column c at c · levels + i
 */
export function evenThresholds(features: FeatureMatrix, shape: FeatureShape, levels: number): Float64Array {
  const [minima, maxima] = columnRanges(features);
  const thresholds = new Float64Array(features.columns * levels);
  const width = groupWidth(shape);
  for (let start = 0; start < features.columns; start += width) {
    const minimum = minima.subarray(start, start + width).reduce((least, value) => Math.min(least, value));
    const maximum = maxima.subarray(start, start + width).reduce((most, value) => Math.max(most, value));
    for (let output = start * levels; output < (start + width) * levels; output++) {
      thresholds[output] = minimum + ((output % levels) * (maximum - minimum)) / levels;
    }
  }
  return thresholds;
}

/** Number of neighbouring columns that share a range: a channel of an image, one feature of a vector. */
function groupWidth(shape: FeatureShape): number {
  return shape.kind === 'image' ? featureCount(shape) / shape.channels : 1;
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

/** Columns [start, end) of every row, as views. */
function columnSlices(
  { rows, columns, values }: FeatureMatrix,
  start: number,
  end: number,
): (Uint8Array | Float32Array)[] {
  return Array.from({ length: rows }, (_, row) =>
    values.subarray(row * columns + start, row * columns + end),
  );
}

/** The lower median of all values of all pieces. Bytes are counted; floats are copied and selected from. */
function lowerMedian(pieces: readonly (Uint8Array | Float32Array)[]): number {
  const count = pieces.reduce((total, piece) => total + piece.length, 0);
  const ranks = [lowerQuantileRank(count, 1, 2)];
  if (pieces[0] instanceof Uint8Array) {
    const histogram = new Uint32Array(BYTE_VALUES);
    for (const piece of pieces) for (let i = 0; i < piece.length; i++) histogram[piece[i]]++;
    return histogramValuesAt(histogram, 0, ranks)[0];
  }
  const copy = new Float32Array(count);
  let next = 0;
  for (const piece of pieces) {
    copy.set(piece, next);
    next += piece.length;
  }
  return valuesAt(copy, ranks)[0];
}
