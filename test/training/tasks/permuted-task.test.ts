import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { randomStreams } from '../../../src/core/random.js';
import { signRows } from '../../../src/rules/float/batches.js';
import type { Inputs, RealRows } from '../../../src/rules/rule.js';
import { permutedTask, type TaskSamples } from '../../../src/training/tasks/permuted-task.js';

const COLUMNS = 70;
const BITS = randomStreams(1).stream('test/bits').signs(9, COLUMNS);

/** The same samples in all three parts, so that the same permutation leaves them the same. */
function samplesOf(inputs: Inputs): TaskSamples {
  const part = { inputs, labels: Int32Array.from({ length: inputs.rows }, (_, row) => row % 2) };
  return { train: part, validation: part, test: part };
}

const DATA = samplesOf(BITS);

function bitsOf(task: number, seed = 1): BitMatrix {
  const { inputs } = permutedTask(DATA, task, randomStreams(seed)).train;
  if (inputs instanceof BitMatrix) return inputs;
  throw new TypeError('bits became something else');
}

function columnSums(matrix: BitMatrix): number[] {
  return Array.from({ length: COLUMNS }, (_, column) =>
    Array.from({ length: matrix.rows }, (_, row) => matrix.get(row, column)).reduce<number>(
      (a, b) => a + b,
      0,
    ),
  );
}

describe('permutedTask', () => {
  it('is the data itself for task 1', () => {
    expect(permutedTask(DATA, 1, randomStreams(1))).toBe(DATA);
  });

  it('has the same column sums in another order, and the same labels', () => {
    const ascending = (sums: readonly number[]): number[] => [...sums].sort((a, b) => a - b);
    const [plain, permuted] = [columnSums(BITS), columnSums(bitsOf(2))];
    expect(permuted).not.toEqual(plain);
    expect(ascending(permuted)).toEqual(ascending(plain));
    expect(permutedTask(DATA, 2, randomStreams(1)).train.labels).toBe(DATA.train.labels);
  });

  it('has one order for training, validation and test samples', () => {
    const { train, validation, test } = permutedTask(DATA, 2, randomStreams(1));
    expect(validation?.inputs).toEqual(train.inputs);
    expect(test.inputs).toEqual(train.inputs);
  });

  it('has an order of its own for each task and seed, and always the same', () => {
    const different = [bitsOf(2), bitsOf(3), bitsOf(2, 2), BITS].map(({ words }) => words.join());
    expect(new Set(different).size).toBe(4);
    expect(bitsOf(3)).toEqual(bitsOf(3));
  });

  it('gives real rows the order that it gives bits', () => {
    const inputs = permutedTask(samplesOf(signRows(BITS)), 2, randomStreams(1)).test.inputs as RealRows;
    const row = new Float32Array(COLUMNS);
    inputs.copyRow(4, row, 0);
    expect([...row]).toEqual([...bitsOf(2).signs(4)]);
  });

  it('has no validation samples where the data has none', () => {
    const { validation: _, ...data } = DATA;
    expect(permutedTask(data, 2, randomStreams(1))).not.toHaveProperty('validation');
  });
});
