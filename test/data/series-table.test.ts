import { describe, expect, it } from 'vitest';
import { vector } from '../../src/core/shape.js';
import type { Dataset } from '../../src/data/dataset.js';
import { seriesDataset } from '../../src/data/series-table.js';
import { errorOf, rowsOf } from './helpers.js';

const TRAIN = '2\t0.5\t-1e-1\t3\n-1\t1\t2\t3\n';

function read(train: string | Uint8Array, test = '2\t7\t8\t9\n'): Dataset {
  return seriesDataset('own', {
    train: { file: 'train.tsv', bytes: Buffer.from(train) },
    test: { file: 'test.tsv', bytes: Buffer.from(test) },
  });
}

describe('time series of the UCR archive', () => {
  it('are sequences of one number a step, with the classes that occur', () => {
    const { train, test, shape, classes, validation } = read(TRAIN);
    expect(shape).toEqual({ kind: 'sequence', steps: 3, of: vector(1) });
    expect(rowsOf(train.features)).toEqual([
      [0.5, Math.fround(-0.1), 3],
      [1, 2, 3],
    ]);
    expect(classes).toEqual(['-1', '2']);
    expect([[...train.labels], [...test.labels]]).toEqual([[1, 0], [1]]);
    expect(validation).toBeUndefined();
  });

  it('may end their lines in any way', () => {
    expect(rowsOf(read(TRAIN.replace('\n', '\r\n')).train.features)).toHaveLength(2);
  });

  it.each([
    ['series of different lengths', '1\t1\t2\n2\t1\t2\t3\n', 'line 2: a series of 3 steps, but line 1 has 2'],
    ['a missing value', '1\t1\t2\t3\n2\t1\tNaN\t3\n', 'line 2, step 2: "NaN", expected a finite number'],
    ['a missing class', '1\t1\t2\t3\n\t1\t2\t3\n', 'line 2: "" in the place of a class'],
    ['commas', '1,1,2,3\n', 'line 1: a class, but no series after a tab'],
    ['one class', '1\t1\t2\t3\n1\t4\t5\t6\n', 'all samples are of one class'],
    ['nothing', '\n\n', 'holds no series'],
  ])('are refused for %s', async (_, train, problem) => {
    const error = await errorOf(() => read(train));
    expect([error.name, error.message]).toEqual([
      'DataError',
      expect.stringContaining(`train.tsv: ${problem}`),
    ]);
  });
});
