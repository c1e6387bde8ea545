import { BitMatrix } from '../bits/bit-matrix.js';
import { ArgumentError } from '../bits/errors.js';
import { type FeatureMatrix, type FeatureShape, featureCount } from './dataset.js';

/** Rows of standardized real numbers, computed when they are asked for: no float copy of the data is held. */
export interface StandardizedRows {
  readonly rows: number;
  readonly columns: number;
  /** Writes row `row` to target[offset … offset + columns). */
  copyRow(row: number, target: Float32Array, offset: number): void;
}

/** Turns features into (x − mean) / standard deviation. */
export interface Standardizer {
  apply(features: FeatureMatrix | BitMatrix): StandardizedRows;
}

/**
 * Fits mean and (population) standard deviation on training samples: per channel for images, per feature for
 * vectors. Features that never vary become 0. Packed ±1 data is taken as it is.
 */
export function fitStandardizer(trainFeatures: FeatureMatrix | BitMatrix, shape: FeatureShape): Standardizer {
  const moments = trainFeatures instanceof BitMatrix ? undefined : fitMoments(trainFeatures, shape);
  return {
    apply: (features) => {
      if (features instanceof BitMatrix) return signRows(features);
      if (!moments) throw new ArgumentError('features', 'packed ±1 rows, as in training', 'real numbers');
      return standardizedRows(features, moments);
    },
  };
}

function signRows(bits: BitMatrix): StandardizedRows {
  return {
    rows: bits.rows,
    columns: bits.columns,
    copyRow: (row, target, offset) => target.set(bits.signs(row), offset),
  };
}

function standardizedRows(
  { rows, columns, values }: FeatureMatrix,
  { mean, scale }: Moments,
): StandardizedRows {
  return {
    rows,
    columns,
    copyRow: (row, target, offset) => {
      const first = row * columns;
      for (let c = 0; c < columns; c++) target[offset + c] = (values[first + c] - mean[c]) * scale[c];
    },
  };
}

interface Moments {
  /** One entry per column. */
  readonly mean: Float64Array;
  /** 1 / standard deviation, 0 where it is 0; one entry per column. */
  readonly scale: Float64Array;
}

function fitMoments(features: FeatureMatrix, shape: FeatureShape): Moments {
  const columns = featureCount(shape);
  const mean = new Float64Array(columns);
  const scale = new Float64Array(columns);
  // Columns that share their moments: the pixels of a channel, or each feature alone.
  const blockLength = shape.kind === 'image' ? shape.height * shape.width : 1;
  for (let start = 0; start < columns; start += blockLength) {
    const moments = blockMoments(features, start, start + blockLength);
    mean.fill(moments.mean, start, start + blockLength);
    scale.fill(moments.deviation > 0 ? 1 / moments.deviation : 0, start, start + blockLength);
  }
  return { mean, scale };
}

/** Two passes, so that no precision is lost where the mean is large against the deviation. */
function blockMoments(
  { rows, columns, values }: FeatureMatrix,
  start: number,
  end: number,
): { mean: number; deviation: number } {
  const count = rows * (end - start);
  const sumOver = (term: (value: number) => number): number => {
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      for (let c = start; c < end; c++) sum += term(values[row * columns + c]);
    }
    return sum;
  };
  const mean = sumOver((value) => value) / count;
  return { mean, deviation: Math.sqrt(sumOver((value) => (value - mean) ** 2) / count) };
}
