import fc from 'fast-check';
import type { Shape } from '../../src/core/shape.js';
import { FeatureMatrix } from '../../src/data/dataset.js';

/** The shape of images. */
export const image = (channels: number, height: number, width: number): Shape => ({
  kind: 'image',
  channels,
  height,
  width,
});

/** Float32 or byte matrix of the given rows. */
export function matrix(
  rows: number[][],
  Type: typeof Float32Array | typeof Uint8Array = Float32Array,
): FeatureMatrix {
  return new FeatureMatrix(rows.length, rows[0].length, Type.from(rows.flat()));
}

/** Rows of equal length, of bytes or of float32 values with many ties. */
export const anyMatrix = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 2, max: 70 }), fc.boolean())
  .chain(([rows, columns, bytes]) =>
    fc
      .array(fc.integer({ min: bytes ? 0 : -6, max: bytes ? 255 : 6 }), {
        minLength: rows * columns,
        maxLength: rows * columns,
      })
      .map((values) => {
        const typed = bytes ? Uint8Array.from(values) : Float32Array.from(values, (value) => value / 4);
        return new FeatureMatrix(rows, columns, typed);
      }),
  );

/** The definition, told differently: sort, take the smallest value that at least `share` of the values reach. */
export function quantileBySorting(values: readonly number[], numerator: number, denominator: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const found = sorted.find(
    (value) => sorted.filter((x) => x <= value).length * denominator >= numerator * sorted.length,
  );
  return found ?? Number.NaN;
}
