import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FeatureMatrix } from '../../src/data/dataset.js';
import { FEWEST_TO_SAMPLE, groupMedians } from '../../src/data/group-medians.js';

type Floats = FeatureMatrix & { readonly values: Float32Array };

/** The definition: sort, take the one in the middle, the lower of two. */
function medianBySorting(features: Floats, group: Uint32Array): number {
  const { rows, columns, values } = features;
  const all = Float32Array.from({ length: rows * group.length }, (_, i) => {
    return values[Math.floor(i / group.length) * columns + group[i % group.length]];
  }).sort();
  return all[Math.ceil(all.length / 2) - 1] + 0;
}

function matrix(rows: number, columns: number, at: (row: number, column: number) => number): Floats {
  const values = Float32Array.from({ length: rows * columns }, (_, i) =>
    at(Math.floor(i / columns), i % columns),
  );
  return new FeatureMatrix(rows, columns, values) as Floats;
}

const single = (columns: number): Uint32Array[] =>
  Array.from({ length: columns }, (_, column) => Uint32Array.of(column));

/** Numbers without an obvious order, in (−1, 1). */
const mixed = (i: number): number => Math.sin(i * 12.9898) * Math.cos(i * 78.233);

describe('medians of groups of columns', () => {
  const rows = FEWEST_TO_SAMPLE + 1;

  it.each<[string, (row: number, column: number) => number]>([
    ['of any numbers', (row, column) => mixed(row * 31 + column)],
    ['of both signs of zero', (row) => (row % 2 === 0 ? -0 : 0)],
    ['around zero', (row) => (row % 3 === 0 ? 1 : -1) * Math.abs(mixed(row)) * 1e-44],
    ['that are all one number', () => 2.5],
    ['of two numbers, one more of the higher', (row) => Number(row * 2 > rows - 2)],
    ['that ascend', (row) => row],
    ['that descend', (row) => -row],
    ['of few numbers', (row, column) => Math.floor(4 * mixed(row * 17 + column))],
    ['of which half are zero', (row) => Math.max(0, mixed(row))],
    ['at the ends of what float32 holds', (row) => (mixed(row) > 0 ? 3.4e38 : -3.4e38)],
    ['that no sample tells: one value in the rows that are looked at', (row) => (row % 16 === 0 ? 9 : row)],
  ])('are those of sorting: columns %s', (_, at) => {
    const features = matrix(rows, 3, at);
    const groups = [...single(3), Uint32Array.of(0, 2)];
    const expected = groups.map((group) => medianBySorting(features, group));
    expect([...groupMedians(features, groups)]).toEqual(expected);
  });

  it('are those of sorting for more columns than are looked through together', () => {
    const features = matrix(rows, 140, (row, column) => mixed(row * 140 + column) * (column + 1));
    const groups = single(140);
    expect([...groupMedians(features, groups)]).toEqual(
      groups.map((group) => medianBySorting(features, group)),
    );
  });

  it('are found where every bracket misses: a sample of other values than the rest', () => {
    // Which rows are looked at is no secret; here they alone hold large numbers.
    const plain = matrix(rows, 1, (row) => row);
    const looked = new Set<number>();
    const spy = new Proxy(plain.values, {
      get(values, key) {
        if (typeof key === 'string' && /^\d+$/.test(key)) looked.add(Number(key));
        const value: unknown = Reflect.get(values, key, values);
        return typeof value === 'function' ? value.bind(values) : value;
      },
    });
    groupMedians({ ...plain, values: spy, rows, columns: 1 } as unknown as Floats, single(1));
    expect(looked.size).toBeGreaterThan(200);
    expect(looked.size).toBeLessThan(1000);
    const features = matrix(rows, 1, (row) => (looked.has(row) ? 1e6 + row : row));
    expect([...groupMedians(features, single(1))]).toEqual([medianBySorting(features, Uint32Array.of(0))]);
  });

  it('are those of sorting, whatever the numbers', () => {
    const float = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(float, { minLength: 1, maxLength: 50 }), fc.nat(), (numbers, stride) => {
        const features = matrix(
          rows,
          2,
          (row, column) => numbers[(row * (stride + 1) + column) % numbers.length],
        );
        const groups = [...single(2), Uint32Array.of(0, 1)];
        expect([...groupMedians(features, groups)]).toEqual(
          groups.map((group) => medianBySorting(features, group)),
        );
      }),
      { numRuns: 40 },
    );
  });
});
