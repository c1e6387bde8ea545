import type { RandomStream } from '../../../src/core/random.js';
import { GeometricGaps } from '../../../src/kernels/geometric-gaps.js';
import type { RawKernels } from '../../../src/node/kernels/native/addon.js';

/** An operation of the raw addon. */
export type Operation = keyof RawKernels;

/** Arguments of a call, by name, in the order of the call. */
export type Call = Record<string, unknown>;

function rowWords(columns: number): number {
  return Math.ceil(columns / 64) * 2;
}

function indices(random: RandomStream, length: number, bound: number): Uint32Array {
  return Uint32Array.from({ length }, () => random.below(bound));
}

function integers(random: RandomStream, length: number, limit: number): Int32Array {
  return Int32Array.from({ length }, () => random.below(2 * limit + 1) - limit);
}

function signWords(random: RandomStream, rows: number, columns: number): Uint32Array {
  return rows === 0 ? new Uint32Array(0) : random.signs(rows, columns).words;
}

/** Makes calls that are right, of random shapes. */
export const CALLS: Record<Operation, (random: RandomStream) => Call> = {
  gatherRows: (random) => {
    const [sourceRows, columns, rows] = [1 + random.below(9), 1 + random.below(200), random.below(9)];
    return {
      sourceWords: signWords(random, sourceRows, columns),
      sourceRows,
      columns,
      rows: indices(random, rows, sourceRows),
      outWords: new Uint32Array(rows * rowWords(columns)),
    };
  },
  product: (random) => {
    const [samples, neurons, columns] = [random.below(12), random.below(70), 1 + random.below(300)];
    return {
      inputWords: signWords(random, samples, columns),
      samples,
      weightWords: signWords(random, neurons, columns),
      neurons,
      columns,
      out: new Int32Array(samples * neurons),
      signWords: new Uint32Array(random.below(2) ? samples * rowWords(neurons) : 0),
    };
  },
  packSigns: (random) => {
    const [rows, columns] = [random.below(5), 1 + random.below(200)];
    const values = integers(random, rows * columns, 100);
    return {
      values: random.below(2) ? values : Int16Array.from(values),
      rows,
      columns,
      outWords: new Uint32Array(rows * rowWords(columns)),
    };
  },
  packGates: (random) => {
    const [samples, neurons] = [random.below(5), 1 + random.below(200)];
    return {
      preActivations: integers(random, samples * neurons, 20),
      samples,
      neurons,
      limit: random.below(20),
      gateWords: new Uint32Array(samples * rowWords(neurons)),
    };
  },
  packMajority: (random) => {
    const [samples, groups, groupSize] = [random.below(5), 1 + random.below(80), 1 + random.below(80)];
    const neurons = groups * groupSize;
    return {
      activationWords: signWords(random, samples, neurons),
      samples,
      neurons,
      groupSize,
      outWords: new Uint32Array(samples * rowWords(groups)),
    };
  },
  backProduct: (random) => {
    const [samples, neurons, columns] = [1 + random.below(9), 1 + random.below(200), 1 + random.below(200)];
    const listedCount = 1 + random.below(samples);
    return {
      desiredWords: signWords(random, samples, neurons),
      gateWords: signWords(random, samples, neurons),
      samples,
      neurons,
      weightWords: signWords(random, neurons, columns),
      columns,
      listed: indices(random, listedCount, samples),
      listedCount,
      out: integers(random, samples * columns, 100),
    };
  },
  findTriggers: (random) => {
    const [samples, classes] = [random.below(30), 2 + random.below(40)];
    return {
      logits: integers(random, samples * classes, 20),
      samples,
      classes,
      labels: Int32Array.from(indices(random, samples, classes)),
      margin: random.below(10),
      triggers: new Uint32Array(samples + random.below(2)),
      counts: new Uint32Array(1),
    };
  },
  selectNeurons: (random) => {
    const [samples, groups, groupSize, targets] = [
      1 + random.below(9),
      1 + random.below(6),
      1 + random.below(40),
      1 + random.below(4),
    ];
    const neurons = groups * groupSize;
    const listedCount = random.below(samples + 1);
    const capacity = listedCount * groups + random.below(2);
    return {
      preActivations: integers(random, samples * neurons, [3, 100, 2 ** 31 - 1][random.below(3)]),
      samples,
      neurons,
      listed: indices(random, listedCount, samples),
      listedCount,
      desiredWords: signWords(random, targets, neurons),
      targets,
      desiredRows: Int32Array.from(indices(random, samples, targets)),
      groupSize,
      stepSamples: new Uint32Array(capacity),
      stepNeurons: new Uint32Array(capacity),
      stepDirections: new Int8Array(capacity),
    };
  },
  selectRivals: (random) => {
    const [samples, classes] = [1 + random.below(30), 2 + random.below(40)];
    const listedCount = random.below(samples + 1);
    return {
      logits: integers(random, samples * classes, 20),
      samples,
      classes,
      labels: Int32Array.from(indices(random, samples, classes)),
      listed: indices(random, listedCount, samples),
      listedCount,
      stepSamples: new Uint32Array(2 * listedCount),
      stepNeurons: new Uint32Array(2 * listedCount),
      stepDirections: new Int8Array(2 * listedCount),
    };
  },
  applySteps: (random) => {
    const [neurons, columns, samples, stepCount] = [
      1 + random.below(20),
      1 + random.below(700),
      1 + random.below(9),
      1 + random.below(200),
    ];
    return {
      hidden: Int16Array.from(integers(random, neurons * columns, 100), (h) => 2 * h + 1),
      neurons,
      columns,
      visibleWords: signWords(random, neurons, columns),
      inputWords: signWords(random, samples, columns),
      samples,
      stepSamples: indices(random, stepCount, samples),
      stepNeurons: indices(random, stepCount, neurons),
      stepDirections: Int8Array.from({ length: stepCount }, () => 2 * random.below(2) - 1),
      stepCount,
      bound: 2 * random.below(100) + 1,
    };
  },
  reinforce: (random) => {
    const gaps = new GeometricGaps(random);
    gaps.setProbability([0, 0.001, 0.1, 1][random.below(4)]);
    return {
      hidden: Int16Array.from(integers(random, random.below(3000), 100), (h) => 2 * h + 1),
      state: gaps.state,
      thresholds: gaps.thresholds,
      guide: gaps.guide,
      bound: 2 * random.below(100) + 1,
    };
  },
};
