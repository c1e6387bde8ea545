import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { Int16Matrix } from '../../../src/core/int-matrix.js';
import { RandomStream } from '../../../src/core/random.js';
import { type Step, StepList } from '../../../src/kernels/lists.js';
import { deepenRightWeights } from '../../../src/rules/committee/deepen.js';

interface Layer {
  readonly weights: { readonly hidden: Int16Matrix; readonly visible: BitMatrix };
  readonly bound: number;
}

/** Hidden weights in three groups: at the bound, one step below it, and near 0. */
function randomLayer(neurons: number, columns: number, bound: number, stream: RandomStream): Layer {
  const hidden = new Int16Matrix(neurons, columns);
  const visible = stream.signs(neurons, columns);
  for (let i = 0; i < hidden.values.length; i++) {
    const depth = [bound, Math.max(bound - 2, 1), 1][stream.below(3)];
    hidden.values[i] = depth * visible.get(Math.floor(i / columns), i % columns);
  }
  return { weights: { hidden, visible }, bound };
}

/** The definition, weight by weight. */
function deepened({ weights: { hidden }, bound }: Layer, inputs: BitMatrix, steps: readonly Step[]) {
  const values = Array.from(hidden.values);
  let count = 0;
  for (const { sample, neuron, direction } of steps) {
    for (let n = 0; n < hidden.columns; n++) {
      const i = neuron * hidden.columns + n;
      if (Math.sign(values[i]) * inputs.get(sample, n) !== direction) continue;
      values[i] = Math.sign(values[i]) * Math.min(Math.abs(values[i]) + 2, bound);
      count++;
    }
  }
  return { values, count };
}

describe('deepening the weights on the right side', () => {
  it('is its definition, for rows of even and odd length and every bound', () => {
    const shape = fc.record({
      neurons: fc.integer({ min: 1, max: 4 }),
      columns: fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constantFrom(31, 32, 33, 64, 65, 96)),
      hiddenBits: fc.constantFrom(2, 3, 8, 15, 16),
      count: fc.integer({ min: 0, max: 12 }),
      seed: fc.nat(10_000),
    });
    fc.assert(
      fc.property(shape, ({ neurons, columns, hiddenBits, count, seed }) => {
        const stream = RandomStream.named(seed, 'test/deepen');
        const layer = randomLayer(neurons, columns, 2 ** (hiddenBits - 1) - 1, stream);
        const inputs = stream.signs(5, columns);
        const steps = StepList.withCapacity(count);
        for (let i = 0; i < count; i++) {
          steps.push(stream.below(5), stream.below(neurons), stream.below(2) ? 1 : -1);
        }
        const visible = layer.weights.visible.words.slice();
        const expected = deepened(layer, inputs, steps.toArray());
        expect(deepenRightWeights(layer, inputs, steps)).toBe(expected.count);
        expect([...layer.weights.hidden.values]).toEqual(expected.values);
        expect(layer.weights.visible.words).toEqual(visible);
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('by hand', () => {
    const hidden = new Int16Matrix(1, 4);
    hidden.values.set([5, -5, 7, -7]);
    const layer = { weights: { hidden, visible: BitMatrix.fromSigns([[1, -1, 1, -1]]) }, bound: 7 };
    const steps = StepList.withCapacity(2);
    // W∘x = + − + −: towards +, columns 0 and 2; the second is at the bound. Then away, columns 1 and 3.
    steps.push(0, 0, 1);
    expect(deepenRightWeights(layer, BitMatrix.fromSigns([[1, 1, 1, 1]]), steps)).toBe(2);
    expect([...hidden.values]).toEqual([7, -5, 7, -7]);
    steps.count = 0;
    steps.push(0, 0, -1);
    expect(deepenRightWeights(layer, BitMatrix.fromSigns([[1, 1, 1, 1]]), steps)).toBe(2);
    expect([...hidden.values]).toEqual([7, -7, 7, -7]);
  });
});
