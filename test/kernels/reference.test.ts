import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { Int16Matrix, Int32Matrix } from '../../src/core/int-matrix.js';
import { RandomStream } from '../../src/core/random.js';
import { TernaryMatrix } from '../../src/core/ternary-matrix.js';
import { SampleList, type Step, StepList } from '../../src/kernels/lists.js';
import { referenceKernels } from '../../src/kernels/reference.js';
import { randomHidden, randomIndices, randomIntegers, randomSteps, signsOf } from './operands.js';
import { trainChain } from './training-chain.js';

const { applyTernarySteps, ternaryProduct } = referenceKernels;
const { gatherRows, product, packSigns, packGates, packMajority, backProduct } = referenceKernels;
const { findTriggers, selectNeurons, drawNeurons, selectRivals, applySteps } = referenceKernels;

const SHAPES = [
  [1, 1, 2],
  [3, 64, 3],
  [5, 65, 10],
  [4, 130, 7],
] as const;

function int32(rows: number[][]): Int32Matrix {
  return new Int32Matrix(rows.length, rows[0].length, Int32Array.from(rows.flat()));
}

function randomTernary(random: RandomStream, rows: number, columns: number): TernaryMatrix {
  const values = () => Array.from({ length: columns }, () => random.below(3) - 1);
  return TernaryMatrix.fromValues(Array.from({ length: rows }, values));
}

function sampleList(...samples: number[]): SampleList {
  const list = new SampleList(Uint32Array.from(samples));
  list.count = samples.length;
  return list;
}

function stepList(steps: readonly Step[]): StepList {
  const list = StepList.withCapacity(steps.length);
  for (const { sample, neuron, direction } of steps) list.push(sample, neuron, direction);
  return list;
}

describe('gatherRows', () => {
  it('copies the rows asked for, in that order', () => {
    const source = BitMatrix.fromSigns([[1], [-1], [-1]]);
    const out = new BitMatrix(4, 1);
    gatherRows(source, Uint32Array.of(2, 0, 0, 1), out);
    expect([0, 1, 2, 3].map((row) => out.get(row, 0))).toEqual([-1, 1, 1, -1]);
  });
});

describe('product', () => {
  it('multiplies by hand: 1 − 1 + 1, and −1 − 1 − 1', () => {
    const inputs = BitMatrix.fromSigns([[1, 1, -1]]);
    const weights = BitMatrix.fromSigns([
      [1, -1, -1],
      [-1, -1, 1],
    ]);
    const out = new Int32Matrix(1, 2);
    product(inputs, weights, out);
    expect(Array.from(out.values)).toEqual([1, -3]);
  });

  it('is the dot product of rows of ±1', () => {
    for (const [rows, columns, neurons] of SHAPES) {
      const random = RandomStream.named(2, `product ${columns}`);
      const [inputs, weights] = [random.signs(rows, columns), random.signs(neurons, columns)];
      const out = new Int32Matrix(rows, neurons);
      product(inputs, weights, out);
      for (let b = 0; b < rows; b++) {
        for (let k = 0; k < neurons; k++) {
          let sum = 0;
          for (let n = 0; n < columns; n++) sum += inputs.get(b, n) * weights.get(k, n);
          expect(out.get(b, k)).toBe(sum);
        }
      }
    }
  });
});

describe('ternaryProduct', () => {
  it('multiplies by hand: 0 + 1 + 0, and 0 − 1 + 1', () => {
    const inputs = TernaryMatrix.fromValues([[0, 1, -1]]);
    const weights = TernaryMatrix.fromValues([
      [1, 1, 0],
      [-1, -1, -1],
    ]);
    const out = new Int32Matrix(1, 2);
    ternaryProduct(inputs, weights, out, inputs.zeros, weights.zeros);
    expect(Array.from(out.values)).toEqual([1, 0]);
  });

  it('is the dot product of rows of −1, 0 and +1, whichever have zeros', () => {
    for (const [rows, columns, neurons] of SHAPES) {
      const random = RandomStream.named(2, `ternary product ${columns}`);
      const [inputs, weights] = [rows, neurons].map((count) => randomTernary(random, count, columns));
      for (const [inputZeros, weightZeros] of [
        [inputs.zeros, weights.zeros],
        [inputs.zeros, undefined],
        [undefined, weights.zeros],
        [undefined, undefined],
      ]) {
        const out = new Int32Matrix(rows, neurons);
        ternaryProduct(inputs, weights, out, inputZeros, weightZeros);
        for (let b = 0; b < rows; b++) {
          const x = inputZeros ? inputs.values(b) : inputs.signs(b);
          for (let k = 0; k < neurons; k++) {
            const w = weightZeros ? weights.values(k) : weights.signs(k);
            expect(out.get(b, k)).toBe(x.reduce((sum, entry, n) => sum + entry * w[n], 0));
          }
        }
      }
    }
  });
});

describe('applyTernarySteps', () => {
  it('steps by hand: an input of 0 moves nothing, 0 goes to either side, and steps may end at 0', () => {
    const hidden = new Int16Matrix(2, 4, Int16Array.of(0, 2, -2, 5, 0, 0, 1, -1));
    const visible = TernaryMatrix.fromValues([
      [0, 1, -1, 1],
      [0, 0, 1, -1],
    ]);
    const inputs = TernaryMatrix.fromValues([[1, -1, 1, 0]]);
    const steps = stepList([{ sample: 0, neuron: 0, direction: 1 }]);
    const changes = applyTernarySteps(hidden, visible, inputs, steps, 7, visible.zeros, inputs.zeros);
    expect([...hidden.values]).toEqual([2, 0, 0, 5, 0, 0, 1, -1]);
    expect([0, 1].map((row) => [...visible.values(row)])).toEqual([
      [1, 0, 0, 1],
      [0, 0, 1, -1],
    ]);
    expect(changes).toBe(3);
    const back = stepList([{ sample: 0, neuron: 0, direction: -1 }]);
    applyTernarySteps(hidden, visible, inputs, back, 7, visible.zeros, inputs.zeros);
    expect([...hidden.values]).toEqual([0, 2, -2, 5, 0, 0, 1, -1]);
    expect([...visible.values(0)]).toEqual([0, 1, -1, 1]);
  });

  it('is applySteps where there are no zeros', () => {
    for (const [rows, columns, neurons] of SHAPES) {
      const random = RandomStream.named(2, `no zeros ${columns}`);
      const start = randomHidden(random, neurons, columns, 7);
      const inputs = random.signs(rows, columns);
      const steps = stepList(randomSteps(random, 20, rows, neurons));
      const outcomes = [applySteps, applyTernarySteps].map((apply) => {
        const hidden = new Int16Matrix(neurons, columns, start.values.slice());
        const visible = signsOf(start);
        return { flips: apply(hidden, visible, inputs, steps, 7), hidden, visible };
      });
      expect(outcomes[1]).toEqual(outcomes[0]);
    }
  });
});

describe('packSigns', () => {
  it('packs 0 as +1 and clears what was there, the tail included', () => {
    const out = new BitMatrix(1, 3, Uint32Array.of(0xffffffff, 0xffffffff));
    packSigns(int32([[0, -1, 5]]), out);
    expect(Array.from(out.words)).toEqual([0b101, 0]);
  });

  it('gives back the signs that a matrix of ±1 was made of', () => {
    const random = RandomStream.named(2, 'round trip');
    for (const columns of [1, 31, 32, 33, 64, 65, 200]) {
      const signs = random.signs(3, columns);
      const values = Int16Array.from([0, 1, 2].flatMap((row) => Array.from(signs.signs(row))));
      const out = random.signs(3, columns);
      packSigns(new Int16Matrix(3, columns, values), out);
      expect(out).toEqual(signs);
    }
  });
});

describe('findTriggers', () => {
  const logits = int32([
    [5, 2, 1],
    [2, 5, 5],
    [7, 7, 7],
    [-9, -3, -4],
  ]);
  const find = (labels: number[], margin: number) => {
    const triggers = new SampleList(new Uint32Array(4));
    const wrong = findTriggers(logits, Int32Array.from(labels), margin, triggers);
    return { wrong, listed: Array.from(triggers.listed()) };
  };

  it('lists the misclassified samples when the margin is 0; the lowest class wins ties', () => {
    expect(find([0, 1, 0, 1], 0)).toEqual({ wrong: 0, listed: [] });
    expect(find([1, 2, 0, 0], 0)).toEqual({ wrong: 3, listed: [0, 1, 3] });
  });

  it('adds samples whose lead is less than the margin', () => {
    expect(find([0, 1, 0, 1], 1)).toEqual({ wrong: 0, listed: [1, 2, 3].slice(0, 2) });
    expect(find([0, 1, 0, 1], 2)).toEqual({ wrong: 0, listed: [1, 2, 3] });
    expect(find([0, 1, 0, 1], 3)).toEqual({ wrong: 0, listed: [1, 2, 3] });
    expect(find([0, 1, 0, 1], 4)).toEqual({ wrong: 0, listed: [0, 1, 2, 3] });
  });

  it('agrees with sorting the logits', () => {
    for (const [rows, limit, classes] of SHAPES) {
      for (const margin of [0, 1, 5, 40]) {
        const random = RandomStream.named(2, `triggers ${limit} ${margin}`);
        const values = randomIntegers(random, 5 * rows, classes, limit);
        const labels = randomIndices(random, 5 * rows, classes);
        const triggers = new SampleList(new Uint32Array(5 * rows));
        const wrong = findTriggers(values, labels, margin, triggers);
        const rankings = Array.from(labels, (_, b) =>
          Array.from({ length: classes }, (_, c) => ({ c, z: values.get(b, c) })).sort(
            (first, second) => second.z - first.z || first.c - second.c,
          ),
        );
        expect(wrong).toBe(rankings.filter(([best], b) => best.c !== labels[b]).length);
        const expected = rankings.flatMap(([best, second], b) =>
          best.c !== labels[b] || best.z - second.z < margin ? [b] : [],
        );
        expect(Array.from(triggers.listed())).toEqual(expected);
      }
    }
  });
});

describe('selectNeurons', () => {
  it('takes of each group the wrong neuron nearest to its threshold, the lowest on ties', () => {
    // Stabilities: −3 −1 −1 | 0 2 4 | 5 −2 −6; a group without a wrong neuron selects none.
    const preActivations = int32([[-3, 1, -1, 0, -2, 4, 5, 2, -6]]);
    const desired = BitMatrix.fromSigns([new Array(9).fill(1), [1, -1, 1, -1, -1, 1, 1, -1, 1]]);
    const steps = StepList.withCapacity(3);
    selectNeurons(preActivations, sampleList(0), desired, Int32Array.of(1), 3, steps);
    expect(steps.toArray()).toEqual([
      { sample: 0, neuron: 1, direction: -1 },
      { sample: 0, neuron: 7, direction: -1 },
    ]);
  });

  it('agrees with sorting the wrong neurons of every group', () => {
    for (const [rows, limit, groups] of SHAPES) {
      const groupSize = 6;
      const neurons = groups * groupSize;
      const random = RandomStream.named(2, `select ${limit}`);
      const preActivations = randomIntegers(random, rows, neurons, limit);
      const desired = random.signs(4, neurons);
      const desiredRows = randomIndices(random, rows, 4);
      const samples = sampleList(...random.permutation(rows));
      const steps = StepList.withCapacity(rows * groups);
      selectNeurons(preActivations, samples, desired, desiredRows, groupSize, steps);
      const expected = Array.from(samples.listed()).flatMap((sample) =>
        Array.from({ length: groups }, (_, group) => {
          const wrong = Array.from({ length: groupSize }, (_, i) => {
            const neuron = group * groupSize + i;
            const direction = desired.get(desiredRows[sample], neuron);
            return { sample, neuron, direction, stability: preActivations.get(sample, neuron) * direction };
          }).filter(({ stability }) => stability < 0);
          wrong.sort((a, b) => b.stability - a.stability || a.neuron - b.neuron);
          return wrong.slice(0, 1).map(({ neuron, direction }) => ({ sample, neuron, direction }));
        }).flat(),
      );
      expect(steps.toArray()).toEqual(expected);
    }
  });
});

describe('drawNeurons', () => {
  it('takes of each group the wrong neuron that the draw says', () => {
    // Wrong are neurons 0, 2 and 3 of the first group, none of the second.
    const preActivations = new Int32Matrix(1, 8, Int32Array.of(-1, 5, -3, 7, 1, 0, 2, -4));
    const desired = BitMatrix.fromSigns([[1, 1, 1, -1, 1, 1, 1, -1]]);
    const third = 2 ** 32 / 3;
    const chosen = [0, third - 1, third + 1, 2 * third - 1, 2 * third + 1, 2 ** 32 - 1].map((draw) => {
      const steps = StepList.withCapacity(2);
      const draws = Uint32Array.of(draw, draw);
      drawNeurons(preActivations, sampleList(0), desired, Int32Array.of(0), 4, draws, steps);
      return steps.toArray();
    });
    const step = (neuron: number, direction: 1 | -1) => [{ sample: 0, neuron, direction }];
    expect(chosen).toEqual([step(0, 1), step(0, 1), step(2, 1), step(2, 1), step(3, -1), step(3, -1)]);
  });

  it('draws every wrong neuron about as often', () => {
    const random = RandomStream.named(1, 'draw neurons');
    const preActivations = new Int32Matrix(1, 10, new Int32Array(10).fill(-1));
    const desired = new BitMatrix(1, 10, Uint32Array.of(0b1101011011, 0));
    const steps = StepList.withCapacity(1);
    const counts = new Map<number, number>();
    for (let i = 0; i < 7000; i++) {
      const draws = Uint32Array.of(random.uint32());
      drawNeurons(preActivations, sampleList(0), desired, Int32Array.of(0), 10, draws, steps);
      counts.set(steps.neurons[0], (counts.get(steps.neurons[0]) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([0, 1, 3, 4, 6, 8, 9]);
    // Five standard deviations of a binomial of 7000 draws at 1/7.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(147);
  });
});

describe('selectRivals', () => {
  it('moves the label towards and the strongest other class away', () => {
    const logits = int32([
      [9, 4, 4],
      [1, 8, 8],
      [3, 2, 1],
    ]);
    const steps = StepList.withCapacity(6);
    selectRivals(logits, Int32Array.of(0, 2, 2), sampleList(0, 1, 2), steps);
    expect(steps.toArray()).toEqual([
      { sample: 0, neuron: 0, direction: 1 },
      { sample: 0, neuron: 1, direction: -1 },
      { sample: 1, neuron: 2, direction: 1 },
      { sample: 1, neuron: 1, direction: -1 },
      { sample: 2, neuron: 2, direction: 1 },
      { sample: 2, neuron: 0, direction: -1 },
    ]);
  });
});

describe('applySteps', () => {
  it('adds, clips and counts flips by hand', () => {
    const hidden = new Int16Matrix(2, 4, Int16Array.of(1, -1, 7, -7, 1, 1, 1, 1));
    const visible = signsOf(hidden);
    const inputs = BitMatrix.fromSigns([
      [-1, 1, 1, 1],
      [1, 1, 1, -1],
    ]);
    const steps = stepList([
      { sample: 0, neuron: 0, direction: 1 },
      { sample: 1, neuron: 1, direction: -1 },
    ]);
    expect(applySteps(hidden, visible, inputs, steps, 7)).toBe(5);
    expect(Array.from(hidden.values)).toEqual([-1, 1, 7, -5, -1, -1, -1, 3]);
    expect(visible).toEqual(signsOf(hidden));
  });

  it('clips the sum, not each step', () => {
    const hidden = new Int16Matrix(1, 1, Int16Array.of(5));
    const inputs = BitMatrix.fromSigns([[1]]);
    const up = { sample: 0, neuron: 0, direction: 1 } as const;
    const down = { sample: 0, neuron: 0, direction: -1 } as const;
    expect(applySteps(hidden, signsOf(hidden), inputs, stepList([up, up, down]), 5)).toBe(0);
    expect(hidden.values[0]).toBe(5);
    applySteps(hidden, signsOf(hidden), inputs, stepList([up, up, down, down, down]), 5);
    expect(hidden.values[0]).toBe(3);
  });

  it('agrees with adding one bit at a time', () => {
    for (const [rows, columns, neurons] of SHAPES) {
      const random = RandomStream.named(2, `steps ${columns}`);
      const start = randomHidden(random, neurons, columns, 9);
      const inputs = random.signs(rows, columns);
      const steps = randomSteps(random, 30, rows, neurons);
      const hidden = new Int16Matrix(neurons, columns, start.values.slice());
      const visible = signsOf(start);
      const flips = applySteps(hidden, visible, inputs, stepList(steps), 9);
      const sums = Array.from(start.values, Number);
      for (const { sample, neuron, direction } of steps) {
        for (let n = 0; n < columns; n++) {
          sums[neuron * columns + n] += 2 * direction * inputs.get(sample, n);
        }
      }
      const expected = sums.map((sum) => Math.min(9, Math.max(-9, sum)));
      expect(Array.from(hidden.values)).toEqual(expected);
      expect(visible).toEqual(signsOf(hidden));
      expect(flips).toBe(expected.filter((h, i) => h * start.values[i] < 0).length);
    }
  });
});

describe('the reference', () => {
  it('leaves what it only reads alone', () => {
    const random = RandomStream.named(2, 'inputs');
    const inputs = random.signs(3, 70);
    const weights = random.signs(6, 70);
    const values = randomIntegers(random, 3, 6, 5);
    const labels = randomIndices(random, 3, 6);
    const samples = sampleList(2, 0);
    const steps = stepList(randomSteps(random, 9, 3, 6));
    const operands = { inputs, weights, values, labels, samples, steps };
    const before = structuredClone(operands);
    const hidden = randomHidden(random, 6, 70, 9);
    gatherRows(inputs, Uint32Array.of(1), new BitMatrix(1, 70));
    product(inputs, weights, new Int32Matrix(3, 6));
    packSigns(values, new BitMatrix(3, 6));
    packGates(values, 3, new BitMatrix(3, 6));
    packMajority(inputs, 7, new BitMatrix(3, 10));
    backProduct(random.signs(3, 6), random.signs(3, 6), weights, samples, new Int32Matrix(3, 70));
    findTriggers(values, labels, 3, sampleList(0, 0, 0));
    selectNeurons(values, samples, random.signs(6, 6), labels, 2, StepList.withCapacity(6));
    drawNeurons(values, samples, random.signs(6, 6), labels, 2, new Uint32Array(6), StepList.withCapacity(6));
    selectRivals(values, labels, samples, StepList.withCapacity(4));
    applySteps(hidden, signsOf(hidden), inputs, steps, 9);
    expect(structuredClone(operands)).toEqual(before);
  });
});

describe('a run', () => {
  it('comes out the same in every version', () => {
    const shape = { inputs: 100, neurons: 60, classes: 4, groupSize: 12, batchSize: 10, batches: 5 };
    expect(trainChain(referenceKernels, { ...shape, bound: 127, margin: 6, probability: 0.01 })).toEqual({
      digest: 'a87d8bb6e91f669ae677b6d7293e61924447322224a8361c059b1035684bcea9',
      wrong: 109,
      steps: 542,
      flips: 216,
    });
  });
});
