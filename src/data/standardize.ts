import { BitMatrix } from '../core/bit-matrix.js';
import { ArgumentError } from '../core/errors.js';
import { type FeatureMatrix, type FeatureShape, featureCount } from './dataset.js';

/** How columns are moved and scaled. */
export interface Moments {
  /** One entry per column. */
  readonly mean: Float64Array;
  /** 1 / standard deviation, 0 where it is 0; one entry per column. */
  readonly scale: Float64Array;
}

/** Rows of standardized real numbers, computed when they are asked for: no float copy of the data is held. */
export class StandardizedRows {
  readonly rows: number;
  readonly columns: number;

  /** Neither is copied. @param moments - of as many columns as `features` */
  constructor(
    readonly features: FeatureMatrix,
    readonly moments: Moments,
  ) {
    this.rows = features.rows;
    this.columns = features.columns;
  }

  /** Writes row `row` to target[offset … offset + columns). */
  copyRow(row: number, target: Float32Array, offset: number): void {
    const { columns } = this;
    const { values } = this.features;
    const { mean, scale } = this.moments;
    const first = row * columns;
    for (let c = 0; c < columns; c++) target[offset + c] = (values[first + c] - mean[c]) * scale[c];
  }
}

/** Packed ±1 as rows of real numbers, unpacked when they are asked for. */
export class SignRows {
  readonly rows: number;
  readonly columns: number;

  constructor(readonly bits: BitMatrix) {
    this.rows = bits.rows;
    this.columns = bits.columns;
  }

  /** Writes row `row` to target[offset … offset + columns). */
  copyRow(row: number, target: Float32Array, offset: number): void {
    target.set(this.bits.signs(row), offset);
  }
}

/** What fitting a standardizer found: plain data, enough for `restoreStandardizer`. */
export interface FittedStandardizer {
  /** Columns that it takes and gives. */
  readonly columns: number;
  /** Absent for packed ±1 data, which is taken as it is. */
  readonly moments?: Moments;
}

/** Turns features into (x − mean) / standard deviation. */
export interface Standardizer extends FittedStandardizer {
  /** @throws ArgumentError when they have other columns than, or are bits unlike, those it was fitted on */
  apply(features: FeatureMatrix | BitMatrix): StandardizedRows | SignRows;
}

/**
 * Fits mean and (population) standard deviation on training samples: per channel for images, per feature for
 * vectors. Features that never vary become 0. Packed ±1 data is taken as it is.
 */
export function fitStandardizer(trainFeatures: FeatureMatrix | BitMatrix, shape: FeatureShape): Standardizer {
  const { columns } = trainFeatures;
  if (trainFeatures instanceof BitMatrix) return restoreStandardizer({ columns });
  return restoreStandardizer({ columns, moments: fitMoments(trainFeatures, shape) });
}

/** The standardizer that was fitted, as it was. */
export function restoreStandardizer(fitted: FittedStandardizer): Standardizer {
  const { columns, moments } = fitted;
  return {
    ...fitted,
    apply: (features) => {
      if (features.columns !== columns)
        throw new ArgumentError('features', `${columns} columns`, features.columns);
      if (!moments) {
        if (features instanceof BitMatrix) return new SignRows(features);
        throw new ArgumentError('features', 'packed ±1 rows, as in training', 'real numbers');
      }
      if (features instanceof BitMatrix)
        throw new ArgumentError('features', 'real numbers, as in training', 'packed ±1 rows');
      return new StandardizedRows(features, moments);
    },
  };
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
