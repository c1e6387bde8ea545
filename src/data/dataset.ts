import { BitMatrix } from '../core/bit-matrix.js';
import { checkInteger, checkLength } from '../core/check.js';
import type { Shape } from '../core/shape.js';

/** Dense row-major features, one row per sample. `values[r * columns + c]` is column `c` of sample `r`. */
export class FeatureMatrix {
  /**
   * @param rows - samples, at least 0
   * @param columns - features of one sample, at least 1
   * @param values - `rows * columns` entries, row after row; not copied. Readers rely on finite entries
   * @throws ArgumentError when a size is out of range or `values` has another length
   */
  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly values: Uint8Array | Float32Array,
  ) {
    checkInteger('rows', rows, 0);
    checkInteger('columns', columns, 1);
    checkLength('values', values, rows * columns);
  }

  /** The entry at (`row`, `column`). @throws ArgumentError outside the matrix */
  get(row: number, column: number): number {
    checkInteger('row', row, 0, this.rows - 1);
    checkInteger('column', column, 0, this.columns - 1);
    return this.values[row * this.columns + column];
  }

  /** A view on rows [start, end): shares the values, copies nothing. @throws ArgumentError outside the matrix */
  rowRange(start: number, end: number): FeatureMatrix {
    checkInteger('start', start, 0, this.rows);
    checkInteger('end', end, start, this.rows);
    const values = this.values.subarray(start * this.columns, end * this.columns);
    return new FeatureMatrix(end - start, this.columns, values);
  }
}

/** The columns of one sample; bits as ±1. @throws ArgumentError for a row that is none */
export function rowValues(
  features: FeatureMatrix | BitMatrix,
  row: number,
): Uint8Array | Float32Array | Int8Array {
  return features instanceof BitMatrix ? features.signs(row) : features.rowRange(row, row + 1).values;
}

/** Labelled samples: row `r` of `features` belongs to `labels[r]`. */
export interface Samples {
  /** At least one row. A BitMatrix is data that is binary by nature; a FeatureMatrix holds finite numbers. */
  readonly features: FeatureMatrix | BitMatrix;
  /** Class numbers in [0, classes), one per row. */
  readonly labels: Int32Array;
}

/** The parts of a data set, by the names used in messages and file names. */
export type SplitName = 'train' | 'validation' | 'test';

/** A data set as it is trained and measured on. All splits have the same columns and the same classes. */
export interface Dataset {
  /** The name it was loaded by: `fashion-mnist`. */
  readonly name: string;
  /** Class names; `classes[label]` is the name of class number `label`. At least two. */
  readonly classes: readonly string[];
  /** What the columns of a sample mean; of all splits. */
  readonly shape: Shape;
  /** Names of the columns, where the source has them: the header of a CSV table without its label. */
  readonly featureNames?: readonly string[];
  readonly train: Samples;
  /** Absent when the source has none. */
  readonly validation?: Samples;
  readonly test: Samples;
  /**
   * SHA-256, in hexadecimal, of the features, labels and counts of all splits as they are used: the same on
   * every (little-endian) machine, whatever the file format or compression.
   */
  readonly sha256: string;
  /** Absolute paths of the files that were read, in reading order; empty for generated data. */
  readonly files: readonly string[];
}
