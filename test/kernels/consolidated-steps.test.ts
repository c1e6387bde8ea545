import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { Int16Matrix } from '../../src/core/int-matrix.js';
import { RandomStream } from '../../src/core/random.js';
import { Consolidation, type ConsolidationTable, LIMIT_COUNT } from '../../src/kernels/consolidation.js';
import { type Step, StepList } from '../../src/kernels/lists.js';
import { referenceKernels } from '../../src/kernels/reference.js';
import { randomHidden, randomSteps, signsOf } from './operands.js';

const { applyConsolidatedSteps, applySteps } = referenceKernels;

function table(chance: (entry: number) => number, offset = 0, shift = 0): ConsolidationTable {
  return { offset, shift, chances: Array.from({ length: LIMIT_COUNT }, (_, entry) => chance(entry)) };
}

function consolidation(of: ConsolidationTable, name = 'consolidation'): Consolidation {
  return new Consolidation(RandomStream.named(3, name), of);
}

function stepList(steps: readonly Step[]): StepList {
  const list = StepList.withCapacity(steps.length);
  for (const { sample, neuron, direction } of steps) list.push(sample, neuron, direction);
  return list;
}

describe('applyConsolidatedSteps', () => {
  it('refuses by hand: what goes towards zero from beyond depth 3, as a whole; never what deepens', () => {
    const hidden = new Int16Matrix(2, 6, Int16Array.of(5, 3, 1, -5, -3, -1, 9, -9, 9, 9, 9, 9));
    const visible = signsOf(hidden);
    const inputs = BitMatrix.fromSigns([
      [-1, -1, -1, 1, 1, 1],
      [-1, -1, 1, 1, -1, 1],
    ]);
    const step = (sample: number): Step => ({ sample, neuron: 0, direction: 1 });
    const hard = consolidation(table((entry) => Number(entry === 0), 3));
    const flips = applyConsolidatedSteps(
      hidden,
      visible,
      inputs,
      stepList([step(0), step(0), step(1)]),
      hard,
      7,
    );
    // Sums −3 −3 −1 3 1 3: 5 and −5 stay, 3 goes by −6, 1 by −2, −3 by 2, −1 by 6. The other neuron is not touched.
    expect([...hidden.values]).toEqual([5, -3, -1, -5, -1, 5, 9, -9, 9, 9, 9, 9]);
    expect([...visible.signs(0)]).toEqual([1, -1, -1, -1, -1, 1]);
    expect(flips).toBe(3);
    const deeper = stepList([{ sample: 0, neuron: 0, direction: -1 }]);
    applyConsolidatedSteps(hidden, visible, inputs, deeper, consolidation(table(() => 0)), 7);
    // 5 and −5 deepen; 1 of −3 … 5 deepens, too: steps of 2 in the directions + + + − − −, none towards zero.
    expect([...hidden.values].slice(0, 6)).toEqual([7, -3, -1, -7, -3, 5]);
  });

  it('is applySteps where all steps are taken, and draws from its stream all the same', () => {
    const random = RandomStream.named(2, 'all taken');
    const start = randomHidden(random, 5, 130, 127);
    const inputs = random.signs(4, 130);
    const steps = stepList(randomSteps(random, 30, 4, 5));
    const all = consolidation(table(() => 1));
    const outcomes = [applySteps, null].map((apply) => {
      const hidden = new Int16Matrix(5, 130, start.values.slice());
      const visible = signsOf(start);
      const flips = apply
        ? apply(hidden, visible, inputs, steps, 127)
        : applyConsolidatedSteps(hidden, visible, inputs, steps, all, 127);
      return { flips, hidden, visible };
    });
    expect(outcomes[1]).toEqual(outcomes[0]);
    // 32 lanes and 5 neurons.
    const stream = RandomStream.named(3, 'consolidation');
    for (let i = 0; i < 37; i++) stream.uint32();
    expect([...all.state]).toEqual(stream.state());
  });

  it('takes a step where the word that its place has by hand is at most the limit', () => {
    // One neuron of 70 weights at 1, all stepped towards zero: those that moved are those whose word is below half.
    const stream = RandomStream.named(3, 'consolidation');
    const lanes = Array.from({ length: 32 }, () => BigInt(stream.uint32()));
    const row = BigInt(stream.uint32());
    const mask = 0xffffffffn;
    const words = Array.from({ length: 70 }, (_, n) => {
      const lane = BigInt(Math.floor((n % 64) / 2));
      let x = lanes[Number(lane)] ^ (((row << lane) | (row >> (32n - lane))) & mask);
      for (let block = 0; block <= Math.floor(n / 64); block++) {
        x ^= (x << 13n) & mask;
        x ^= x >> 17n;
        x ^= (x << 5n) & mask;
      }
      return Number((n % 2 === 0 ? x : x >> 16n) & 32767n);
    });
    const hidden = new Int16Matrix(1, 70, new Int16Array(70).fill(1));
    const visible = signsOf(hidden);
    const inputs = BitMatrix.fromSigns([new Array(70).fill(-1)]);
    const steps = stepList([{ sample: 0, neuron: 0, direction: 1 }]);
    applyConsolidatedSteps(hidden, visible, inputs, steps, consolidation(table(() => 0.5)), 7);
    expect([...hidden.values]).toEqual(words.map((word) => (word < 16384 ? -1 : 1)));
    // A word that is the limit takes the step, one above it does not.
    for (const [chance, isTaken] of [
      [words[66] + 1, true],
      [words[66], false],
    ] as const) {
      const again = new Int16Matrix(1, 70, new Int16Array(70).fill(1));
      const limited = consolidation(table(() => chance / 32768));
      applyConsolidatedSteps(again, signsOf(again), inputs, steps, limited, 7);
      expect(again.values[66]).toBe(isTaken ? -1 : 1);
    }
  });

  it('looks up 2^shift depths beyond the offset at a time, the last entry for all that are deeper', () => {
    // With limits that take or refuse every other entry, what is taken says which entry was read.
    for (const [offset, shift] of [
      [0, 0],
      [0, 3],
      [5, 1],
      [100, 9],
    ]) {
      const start = Int16Array.from({ length: 600 }, (_, i) => (2 * i * 27 + 1) % 32768);
      const hidden = new Int16Matrix(1, 600, start.slice());
      const inputs = BitMatrix.fromSigns([new Array(600).fill(-1)]);
      const steps = stepList([{ sample: 0, neuron: 0, direction: 1 }]);
      const alternating = consolidation(table((entry) => entry % 2, offset, shift));
      applyConsolidatedSteps(hidden, signsOf(hidden), inputs, steps, alternating, 32767);
      const entry = (h: number) => Math.min(63, Math.floor(Math.max(0, h - offset) / 2 ** shift));
      expect([...hidden.values]).toEqual(Array.from(start, (h) => (entry(h) % 2 === 1 ? h - 2 : h)));
    }
  });

  it('takes as many as the limit says, independently in columns, rows and calls', () => {
    const [rows, columns, calls] = [40, 784, 20];
    const inputs = BitMatrix.fromSigns([new Array(columns).fill(-1)]);
    const steps = stepList(
      Array.from({ length: rows }, (_, neuron): Step => ({ sample: 0, neuron, direction: 1 })),
    );
    const some = consolidation(table(() => 0.3));
    const taken: number[][] = [];
    for (let call = 0; call < calls; call++) {
      const hidden = new Int16Matrix(rows, columns, new Int16Array(rows * columns).fill(3));
      applyConsolidatedSteps(hidden, signsOf(hidden), inputs, steps, some, 32767);
      taken.push(Array.from(hidden.values, (h) => Number(h === 1)));
    }
    const count = rows * columns * calls;
    const mean = taken.flat().reduce((sum, one) => sum + one, 0) / count;
    expect(Math.abs(mean - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / count));
    const at = (call: number, row: number, column: number) => taken[call][row * columns + column] - 0.3;
    for (const [calls2, rows2, columns2] of [
      [0, 0, 1],
      [0, 0, 2],
      [0, 0, 64],
      [0, 1, 0],
      [1, 0, 0],
      [0, 1, 1],
    ]) {
      let [sum, n] = [0, 0];
      for (let call = 0; call + calls2 < calls; call++) {
        for (let row = 0; row + rows2 < rows; row++) {
          for (let column = 0; column + columns2 < columns; column++, n++) {
            sum += at(call, row, column) * at(call + calls2, row + rows2, column + columns2);
          }
        }
      }
      expect(Math.abs(sum / n / 0.21)).toBeLessThan(4 / Math.sqrt(n));
    }
  });

  it('refuses tables that are none', () => {
    const made = (changed: Partial<ConsolidationTable>) => () =>
      consolidation({ ...table(() => 1), ...changed });
    expect(made({ offset: -1 })).toThrow(/^offset: expected an integer in \[0, 32767\], got -1/);
    expect(made({ shift: 16 })).toThrow(/^shift: expected an integer in \[0, 15\], got 16/);
    expect(made({ chances: [1] })).toThrow(/^chances: expected 64 entries, got 1/);
    const wrong = table((entry) => (entry === 2 ? 1.5 : 0)).chances;
    expect(made({ chances: wrong })).toThrow(/^chances\[2\]: expected a number in \[0, 1\], got 1.5/);
  });
});
