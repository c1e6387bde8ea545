import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { ArgumentError } from '../../src/core/errors.js';
import { Int16Matrix, Int32Matrix } from '../../src/core/int-matrix.js';
import { RandomStream } from '../../src/core/random.js';
import { checkedKernels, checkGroupSize } from '../../src/kernels/checked.js';
import { GeometricGaps } from '../../src/kernels/geometric-gaps.js';
import type { Kernels } from '../../src/kernels/kernels.js';
import { SampleList, StepList } from '../../src/kernels/lists.js';
import { MAXIMUM_BOUND, mapOperations } from '../../src/kernels/operations.js';
import { referenceKernels } from '../../src/kernels/reference.js';

const bits = (rows: number, columns: number) => new BitMatrix(rows, columns);
const int16 = (rows: number, columns: number) => new Int16Matrix(rows, columns);
const int32 = (rows: number, columns: number) => new Int32Matrix(rows, columns);
const labels = (length: number) => new Int32Array(length);

function samples(capacity: number, count = 0): SampleList {
  const list = new SampleList(new Uint32Array(capacity));
  list.count = count;
  return list;
}

const untouchable = (): never => {
  throw new Error('the backend was called');
};

/** Fails when anything gets past the checks. */
const guarded = checkedKernels({ ...referenceKernels, ...mapOperations(() => untouchable) });

function rejects(call: (kernels: Kernels) => unknown, message: string): void {
  expect(() => call(guarded)).toThrow(ArgumentError);
  expect(() => call(guarded)).toThrow(expect.objectContaining({ message }));
}

describe('checkedKernels', () => {
  it('checks gatherRows', () => {
    const rows = new Uint32Array(2);
    rejects((k) => k.gatherRows(bits(9, 7), rows, bits(3, 7)), 'out: expected shape [2, 7], got [ 3, 7 ]');
    rejects((k) => k.gatherRows(bits(9, 7), rows, bits(2, 8)), 'out: expected shape [2, 7], got [ 2, 8 ]');
  });

  it('checks product', () => {
    rejects(
      (k) => k.product(bits(2, 7), bits(3, 8), int32(2, 3)),
      'weights: expected shape [3, 7], got [ 3, 8 ]',
    );
    rejects(
      (k) => k.product(bits(2, 7), bits(3, 7), int32(3, 2)),
      'out: expected shape [2, 3], got [ 3, 2 ]',
    );
    rejects(
      (k) => k.product(bits(2, 7), bits(3, 7), int32(2, 3), bits(2, 4)),
      'signs: expected shape [2, 3], got [ 2, 4 ]',
    );
  });

  it('checks packSigns', () => {
    rejects((k) => k.packSigns(int16(2, 3), bits(2, 4)), 'out: expected shape [2, 3], got [ 2, 4 ]');
    rejects((k) => k.packSigns(int32(2, 3), bits(1, 3)), 'out: expected shape [2, 3], got [ 1, 3 ]');
  });

  it('checks packGates', () => {
    rejects((k) => k.packGates(int32(2, 3), 1, bits(2, 4)), 'gates: expected shape [2, 3], got [ 2, 4 ]');
    for (const limit of [-1, 0.5, 2 ** 31]) {
      const message = `limit: expected an integer in [0, 2147483647], got ${limit}`;
      rejects((k) => k.packGates(int32(2, 3), limit, bits(2, 3)), message);
    }
  });

  it('checks packMajority', () => {
    rejects(
      (k) => k.packMajority(bits(2, 6), 4, bits(2, 1)),
      "groupSize: expected a divisor of the layer's 6 neurons, got 4",
    );
    rejects((k) => k.packMajority(bits(2, 6), 3, bits(2, 3)), 'out: expected shape [2, 2], got [ 2, 3 ]');
  });

  it('checks backProduct', () => {
    const back = (gates: BitMatrix, weights: BitMatrix, out: Int32Matrix) => (k: Kernels) =>
      k.backProduct(bits(2, 3), gates, weights, samples(2), out);
    rejects(back(bits(2, 4), bits(3, 5), int32(2, 5)), 'gates: expected shape [2, 3], got [ 2, 4 ]');
    rejects(back(bits(2, 3), bits(4, 5), int32(2, 5)), 'weights: expected shape [3, 5], got [ 4, 5 ]');
    rejects(back(bits(2, 3), bits(3, 5), int32(2, 3)), 'out: expected shape [2, 5], got [ 2, 3 ]');
  });

  it('checks findTriggers', () => {
    rejects(
      (k) => k.findTriggers(int32(3, 1), labels(3), 0, samples(3)),
      'logits.columns: expected an integer of at least 2, got 1',
    );
    rejects(
      (k) => k.findTriggers(int32(3, 2), labels(2), 0, samples(3)),
      'labels: expected 3 entries, got 2',
    );
    rejects(
      (k) => k.findTriggers(int32(3, 2), labels(3), -1, samples(3)),
      'margin: expected an integer of at least 0, got -1',
    );
    rejects(
      (k) => k.findTriggers(int32(3, 2), labels(3), 0.5, samples(3)),
      'margin: expected an integer of at least 0, got 0.5',
    );
    rejects(
      (k) => k.findTriggers(int32(3, 2), labels(3), 0, samples(2)),
      'triggers.capacity: expected an integer of at least 3, got 2',
    );
  });

  it('checks selectNeurons', () => {
    const select = (neurons: number, rows: number, groupSize: number, capacity: number) => (k: Kernels) =>
      k.selectNeurons(
        int32(3, 6),
        samples(3, 2),
        bits(4, neurons),
        labels(rows),
        groupSize,
        StepList.withCapacity(capacity),
      );
    rejects(select(7, 3, 2, 6), 'desired: expected shape [4, 6], got [ 4, 7 ]');
    rejects(select(6, 2, 2, 6), 'desiredRows: expected 3 entries, got 2');
    rejects(select(6, 3, 4, 6), "groupSize: expected a divisor of the layer's 6 neurons, got 4");
    rejects(select(6, 3, 2, 5), 'steps.capacity: expected an integer of at least 6, got 5');
  });

  it('checks selectRivals', () => {
    const select = (classes: number, length: number, capacity: number) => (k: Kernels) =>
      k.selectRivals(int32(3, classes), labels(length), samples(3, 2), StepList.withCapacity(capacity));
    rejects(select(1, 3, 4), 'logits.columns: expected an integer of at least 2, got 1');
    rejects(select(2, 4, 4), 'labels: expected 3 entries, got 4');
    rejects(select(2, 3, 3), 'steps.capacity: expected an integer of at least 4, got 3');
  });

  it('checks applySteps', () => {
    const apply = (visible: BitMatrix, inputs: BitMatrix, bound: number) => (k: Kernels) =>
      k.applySteps(int16(2, 7), visible, inputs, StepList.withCapacity(0), bound);
    rejects(apply(bits(3, 7), bits(5, 7), 1), 'visible: expected shape [2, 7], got [ 3, 7 ]');
    rejects(apply(bits(2, 7), bits(5, 6), 1), 'inputs: expected shape [5, 7], got [ 5, 6 ]');
    rejects(apply(bits(2, 7), bits(5, 7), 0), 'bound: expected an integer in [1, 32767], got 0');
    rejects(apply(bits(2, 7), bits(5, 7), 32769), 'bound: expected an integer in [1, 32767], got 32769');
    rejects(apply(bits(2, 7), bits(5, 7), 4), 'bound: expected an odd integer, got 4');
  });

  it('checks reinforce', () => {
    const gaps = new GeometricGaps(RandomStream.named(1, 'checked'));
    rejects((k) => k.reinforce(int16(1, 1), gaps, 1.5), 'bound: expected an integer in [1, 32767], got 1.5');
    rejects((k) => k.reinforce(int16(1, 1), gaps, 32766), 'bound: expected an odd integer, got 32766');
  });

  it('names what is no operand at all', () => {
    const nothing = undefined as never;
    rejects(
      (k) => k.product(nothing, bits(3, 7), int32(2, 3)),
      'inputs: expected a BitMatrix, got undefined',
    );
    rejects(
      (k) => k.packSigns({} as never, bits(2, 3)),
      'values: expected an Int16Matrix or Int32Matrix, got {}',
    );
    rejects(
      (k) => k.gatherRows(bits(2, 3), nothing, bits(2, 3)),
      'rows: expected a Uint32Array, got undefined',
    );
    rejects(
      (k) => k.selectRivals(int32(3, 2), labels(3), nothing, StepList.withCapacity(4)),
      'samples: expected a SampleList, got undefined',
    );
    rejects((k) => k.reinforce(int16(1, 1), nothing, 1), 'gaps: expected GeometricGaps, got undefined');
  });

  it('passes on what is right, and what comes back', () => {
    const kernels = checkedKernels(referenceKernels);
    expect(kernels.backend).toBe('reference');
    expect(kernels.description).toBe(referenceKernels.description);
    expect(kernels.findTriggers(int32(3, 2), Int32Array.of(0, 1, 1), 0, samples(3))).toBe(2);
    const steps = StepList.withCapacity(1);
    steps.push(0, 1, -1);
    const hidden = new Int16Matrix(2, 3, new Int16Array(6).fill(-1));
    expect(kernels.applySteps(hidden, bits(2, 3), bits(1, 3), steps, MAXIMUM_BOUND)).toBe(3);
    const gaps = new GeometricGaps(RandomStream.named(1, 'checked'));
    gaps.setProbability(1);
    expect(kernels.reinforce(hidden, gaps, 1)).toBe(6);
    expect(Array.from(hidden.values)).toEqual([-1, -1, -1, 1, 1, 1]);
  });
});

describe('checkGroupSize', () => {
  it('accepts divisors only', () => {
    for (const divisor of [1, 2, 3, 4, 6, 12]) expect(() => checkGroupSize('γ', divisor, 12)).not.toThrow();
    for (const wrong of [0, -3, 5, 24, 1.5, Number.NaN]) {
      expect(() => checkGroupSize('γ', wrong, 12)).toThrow(
        `γ: expected a divisor of the layer's 12 neurons, got ${wrong}`,
      );
    }
  });
});
