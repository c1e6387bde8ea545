import { BitMatrix } from '../core/bit-matrix.js';
import { ArgumentError } from '../core/errors.js';
import { channelColumns, type Shape, signsOf, sizeOf } from '../core/shape.js';
import type { FeatureMatrix } from './dataset.js';

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

  /** Values and moments in the form that kernels take. */
  get standardized(): Moments & Pick<FeatureMatrix, 'values'> {
    return { values: this.features.values, ...this.moments };
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
 * Fits mean and (population) standard deviation on training samples: per channel (of
 * `channelColumns`: a channel of an image, a feature of a vector). Features that never vary become 0. Packed ±1 data, and columns that are
 * signs, are taken as they are.
 */
export function fitStandardizer(trainFeatures: FeatureMatrix | BitMatrix, shape: Shape): Standardizer {
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

function fitMoments(features: FeatureMatrix, shape: Shape): Moments {
  const columns = sizeOf(shape);
  const quantities = columns - signsOf(shape);
  const mean = new Float64Array(columns);
  const scale = new Float64Array(columns).fill(1, quantities);
  for (const channel of channelColumns(shape).slice(0, signsOf(shape) > 0 ? quantities : undefined)) {
    const moments = momentsOf(features, channel);
    for (const column of channel) {
      mean[column] = moments.mean;
      scale[column] = moments.deviation > 0 ? 1 / moments.deviation : 0;
    }
  }
  return { mean, scale };
}

/** Two passes, so that no precision is lost where the mean is large against the deviation. */
function momentsOf(
  { rows, columns, values }: FeatureMatrix,
  channel: Uint32Array,
): { mean: number; deviation: number } {
  const count = rows * channel.length;
  const sumOver = (term: (value: number) => number): number => {
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < channel.length; i++) sum += term(values[row * columns + channel[i]]);
    }
    return sum;
  };
  const mean = sumOver((value) => value) / count;
  return { mean, deviation: Math.sqrt(sumOver((value) => (value - mean) ** 2) / count) };
}
