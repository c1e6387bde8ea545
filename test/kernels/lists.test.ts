import { describe, expect, it } from 'vitest';
import { ArgumentError } from '../../src/core/errors.js';
import { SampleList, StepList } from '../../src/kernels/lists.js';

describe('SampleList', () => {
  it('lists the first entries of its storage, as a view', () => {
    const indices = Uint32Array.of(4, 2, 9);
    const list = new SampleList(indices);
    expect(list.capacity).toBe(3);
    expect(list.listed()).toHaveLength(0);
    list.count = 2;
    expect(Array.from(list.listed())).toEqual([4, 2]);
    list.listed()[1] = 7;
    expect(indices[1]).toBe(7);
  });
});

describe('StepList', () => {
  it('grows by pushing, in memory of fixed size', () => {
    const list = StepList.withCapacity(2);
    expect([list.count, list.capacity]).toEqual([0, 2]);
    list.push(5, 3, -1);
    list.push(6, 0, 1);
    expect(list.count).toBe(2);
    expect(list.toArray()).toEqual([
      { sample: 5, neuron: 3, direction: -1 },
      { sample: 6, neuron: 0, direction: 1 },
    ]);
    list.count = 1;
    expect(list.toArray()).toHaveLength(1);
  });

  it('keeps the arrays it is given', () => {
    const list = new StepList(new Uint32Array(1), new Uint32Array(1), new Int8Array(1));
    list.push(1, 2, -1);
    expect([list.samples[0], list.neurons[0], list.directions[0]]).toEqual([1, 2, -1]);
  });

  it('rejects arrays of different lengths', () => {
    expect(() => new StepList(new Uint32Array(1), new Uint32Array(2), new Int8Array(1))).toThrow(
      new ArgumentError('samples, neurons, directions', 'arrays of equal length', [1, 2, 1]),
    );
    expect(() => new StepList(new Uint32Array(1), new Uint32Array(1), new Int8Array(3))).toThrow(
      'samples, neurons, directions: expected arrays of equal length, got [ 1, 1, 3 ]',
    );
  });

  it('rejects what is no capacity', () => {
    expect(() => StepList.withCapacity(-1)).toThrow(
      'capacity: expected an integer in [0, 2147483647], got -1',
    );
    expect(() => StepList.withCapacity(0.5)).toThrow(
      'capacity: expected an integer in [0, 2147483647], got 0.5',
    );
  });
});
