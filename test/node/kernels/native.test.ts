import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Int16Matrix, Int32Matrix } from '../../../src/core/int-matrix.js';
import { RandomStream } from '../../../src/core/random.js';
import { Consolidation } from '../../../src/kernels/consolidation.js';
import { GeometricGaps } from '../../../src/kernels/geometric-gaps.js';
import type { Kernels } from '../../../src/kernels/kernels.js';
import { SampleList, StepList } from '../../../src/kernels/lists.js';
import { referenceKernels } from '../../../src/kernels/reference.js';
import {
  type InstructionSet,
  instructionSets,
  nativeKernels,
} from '../../../src/node/kernels/native/backend.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { describeConformance } from '../../kernels/conformance.js';
import {
  randomHidden,
  randomIndices,
  randomIntegers,
  randomSteps,
  randomTernaryHidden,
  signsOf,
  zerosIn,
} from '../../kernels/operands.js';
import { type ChainResult, type ChainShape, trainChain } from '../../kernels/training-chain.js';

/** Set where the addon has to be there: then a missing one is a failure, not something to skip. */
const isExpected = process.env.XNORLAB_EXPECT_NATIVE === '1';

const available = instructionSets();

function makeNative(instructionSet: InstructionSet, threads: number): Kernels {
  const load = nativeKernels({ instructionSet, threads, alwaysShares: true });
  if ('unavailable' in load) throw new Error(`native (${instructionSet}): ${load.unavailable}`);
  return load.kernels;
}

if (available.length === 0) {
  const load = nativeKernels();
  const reason = 'unavailable' in load ? load.unavailable : 'it has no instruction set for this machine';
  if (!isExpected) console.warn(`The native backend is NOT TESTED: ${reason}`);
  it.skipIf(!isExpected)(`the native backend was NOT TESTED, ${reason}`, () => {
    expect.fail(`XNORLAB_EXPECT_NATIVE=1, but the native backend is ${reason}`);
  });
}

for (const [i, instructionSet] of available.entries()) {
  // The threads share only the code that hands out work: one instruction set is enough for the whole suite, and a number of threads
  // that divides nothing. Others do what is large, below.
  for (const threads of i === 0 ? [1, 3] : [1]) {
    describeConformance(`native (${instructionSet}, ${threads})`, () => makeNative(instructionSet, threads));
  }
}

describe.each(available)('native (%s) on work that is large enough to share', (instructionSet) => {
  it.each([1, 2, 3, 8])('trains to the same hidden weights with %i threads', (threads) => {
    const sizes = { inputs: 784, neurons: 700, classes: 10, groupSize: 35, batchSize: 200, batches: 2 };
    const shape = { ...sizes, bound: 127, margin: 100, probability: 0.01 };
    expect(trainChain(makeNative(instructionSet, threads), shape)).toEqual(expectedChain(shape));
  });

  it.each([1, 2, 3, 8])('multiplies and steps where there are zeros with %i threads', (threads) => {
    const random = RandomStream.named(1, 'zeros');
    const [samples, neurons, inputs] = [203, 90, 784];
    const bits = (rows: number) => random.signs(rows, inputs);
    const [shown, shownZeros, weights, weightZeros] = [
      bits(samples),
      bits(samples),
      bits(neurons),
      bits(neurons),
    ];
    const start = randomTernaryHidden(random, neurons, inputs, 127);
    const steps = StepList.withCapacity(3000);
    for (const { sample, neuron, direction } of randomSteps(random, 3000, samples, neurons)) {
      steps.push(sample, neuron, direction);
    }
    const computed = [makeNative(instructionSet, threads), referenceKernels].map((kernels) => {
      const out = new Int32Matrix(samples, neurons);
      kernels.ternaryProduct(shown, weights, out, shownZeros, weightZeros);
      const hidden = new Int16Matrix(neurons, inputs, start.values.slice());
      const [visible, zeros] = [signsOf(start), zerosIn(start)];
      const changes = kernels.applyTernarySteps(hidden, visible, shown, steps, 127, zeros, shownZeros);
      return { out: out.values, hidden: hidden.values, visible: visible.words, zeros: zeros.words, changes };
    });
    expect(computed[0]).toEqual(computed[1]);
    expect(computed[0].changes).toBeGreaterThan(1000);
  });

  it.each([1, 2, 3, 8])('refuses the same steps with %i threads', (threads) => {
    const random = RandomStream.named(1, 'refused');
    // Twice 300·9000 weights are more than one thread is left alone with.
    const [samples, neurons, inputs] = [9, 20, 9000];
    const start = randomHidden(random, neurons, inputs, 127);
    const shown = random.signs(samples, inputs);
    const listed = randomSteps(random, 300, samples, neurons);
    const computed = [makeNative(instructionSet, threads), referenceKernels].map((kernels) => {
      const steps = StepList.withCapacity(listed.length);
      for (const { sample, neuron, direction } of listed) steps.push(sample, neuron, direction);
      const chances = Array.from({ length: 64 }, (_, i) => 1 - i / 64);
      const consolidation = new Consolidation(random, { offset: 0, shift: 1, chances });
      const hidden = new Int16Matrix(neurons, inputs, start.values.slice());
      const visible = signsOf(start);
      const flips = [0, 1].map(() =>
        kernels.applyConsolidatedSteps(hidden, visible, shown, steps, consolidation, 127),
      );
      return { hidden: hidden.values, visible: visible.words, flips, state: consolidation.state };
    });
    expect(computed[0]).toEqual(computed[1]);
    expect(computed[0].flips[1]).toBeGreaterThan(1000);
  });

  it.each([1, 2, 3, 8])('selects where nothing is desired of some neurons with %i threads', (threads) => {
    const random = RandomStream.named(1, 'undesired');
    const [samples, neurons] = [300, 525];
    const preActivations = randomIntegers(random, samples, neurons, 90);
    const [desired, zeros] = [random.signs(10, neurons), random.signs(10, neurons)];
    const rows = randomIndices(random, samples, 10);
    const all = new SampleList(Uint32Array.from({ length: samples }, (_, b) => b));
    all.count = samples;
    const selected = [makeNative(instructionSet, threads), referenceKernels].map((kernels) => {
      const steps = StepList.withCapacity(samples * 15);
      kernels.selectNeurons(preActivations, all, desired, rows, 35, steps, zeros);
      return steps.toArray();
    });
    expect(selected[0]).toEqual(selected[1]);
    expect(selected[0].length).toBeGreaterThan(4000);
  });

  it.each([1, 2, 3, 8])('multiplies many samples by few neurons with %i threads', (threads) => {
    const random = RandomStream.named(1, 'few neurons');
    const inputs = random.signs(2003, 784);
    const weights = random.signs(11, 784);
    const [out, expected] = [new Int32Matrix(2003, 11), new Int32Matrix(2003, 11)];
    makeNative(instructionSet, threads).product(inputs, weights, out);
    referenceKernels.product(inputs, weights, expected);
    expect(out.values).toEqual(expected.values);
  });
});

describe.each(available)(
  'native (%s) on a backward product that is large enough to share',
  (instructionSet) => {
    it.each([1, 2, 3, 8])('multiplies with %i threads', (threads) => {
      const random = RandomStream.named(1, 'backwards');
      const [rows, neurons, columns] = [40, 700, 1003];
      const [desired, gates] = [random.signs(rows, neurons), random.signs(rows, neurons)];
      const weights = random.signs(neurons, columns);
      const samples = new SampleList(Uint32Array.from({ length: rows }, (_, b) => b));
      samples.count = rows;
      const out = new Int32Matrix(rows, columns);
      makeNative(instructionSet, threads).backProduct(desired, gates, weights, samples, out);
      if (!expectedBackwards) {
        expectedBackwards = new Int32Matrix(rows, columns);
        referenceKernels.backProduct(desired, gates, weights, samples, expectedBackwards);
      }
      expect(out.values).toEqual(expectedBackwards.values);
    });
  },
);

describe.skipIf(available.length === 0)('native kernels', () => {
  it('are the same for all runs on one thread, and made anew where threads wait for work', () => {
    expect(selectKernels('native', { threads: 1 })).toBe(selectKernels('native'));
    expect(selectKernels('native', { threads: 2 })).not.toBe(selectKernels('native', { threads: 2 }));
  });
});

describe.skipIf(available.length === 0)('native reinforcement, which is drawn in stretches', () => {
  // Every weight, so that it takes rounds of stretches; ends within a stretch, at one; more draws and fewer than are expected; next to none.
  it.each([1, 0.3, 0.01, 0.004, 1e-6])('hits what the reference hits with probability %d', (probability) => {
    const random = RandomStream.named(1, 'reinforcement');
    const start = randomHidden(random, 700, 1003, 127);
    const reinforced = (kernels: Kernels) => {
      const hidden = new Int16Matrix(700, 1003, start.values.slice());
      const gaps = new GeometricGaps(random);
      gaps.setProbability(probability);
      // More than once: the stream goes on where it was left.
      const hits = [0, 1, 2].map(() => kernels.reinforce(hidden, gaps, 127));
      return { hits, state: gaps.state, hidden: createHash('sha256').update(hidden.values).digest('hex') };
    };
    const expected = reinforced(referenceKernels);
    for (const threads of [1, 2, 3, 8]) {
      expect(reinforced(makeNative(available[0], threads)), `${threads} threads`).toEqual(expected);
    }
  });
});

let expectedBackwards: Int32Matrix | undefined;

let reference: ChainResult | undefined;

function expectedChain(shape: ChainShape): ChainResult {
  reference ??= trainChain(referenceKernels, shape);
  return reference;
}
