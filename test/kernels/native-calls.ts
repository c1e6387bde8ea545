import type { RandomStream } from '../../src/bits/random.js';
import { GeometricGaps } from '../../src/kernels/geometric-gaps.js';
import type { RawKernels } from '../../src/kernels/native/addon.js';

/** An operation of the raw addon. */
export type Operation = keyof RawKernels;

/** Arguments of a call, by name, in the order of the call. */
export type Call = Record<string, unknown>;

/** The typed arrays that the addon takes. */
export type Numbers = Uint32Array | Int32Array | Int16Array | Int8Array;

/** Whether a value is a typed array. */
export function isArray(value: unknown): value is Numbers {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

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

function copyTo(array: Numbers, buffer: ArrayBufferLike, byteOffset: number): Numbers {
  const copy = Reflect.construct(array.constructor, [buffer, byteOffset, array.length]) as Numbers;
  copy.set(array);
  return copy;
}

/** A copy of an array in shared memory. */
export function inSharedMemory(array: Numbers): Numbers {
  return copyTo(array, new SharedArrayBuffer(array.byteLength), 0);
}

/** Ways to place an array elsewhere: in shared, misaligned and resizable memory. */
export const PLACES: readonly ((array: Numbers) => Numbers)[] = [
  inSharedMemory,
  (array) => copyTo(array, new ArrayBuffer(array.byteLength + 4), array.BYTES_PER_ELEMENT),
  (array) => {
    const options = { maxByteLength: 2 * array.byteLength + 8 };
    return copyTo(array, Reflect.construct(ArrayBuffer, [array.byteLength, options]) as ArrayBuffer, 0);
  },
];

const HOSTILE_NUMBERS = [-1, 0, 1, 2, 3, 63, 64, 65, 1.5, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53, 1e308];

const HOSTILE_VALUES = [
  undefined,
  null,
  true,
  'text',
  7n,
  Symbol('symbol'),
  {},
  [1],
  () => 1,
  new DataView(new ArrayBuffer(8)),
];

const ARRAY_TYPES = [
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
];

/** Makes up to three arguments of a call wrong, or at least strange. */
export function spoil(call: Call, random: RandomStream): void {
  const names = Object.keys(call);
  for (const i of random.permutation(names.length).slice(0, 1 + random.below(3))) {
    const value = call[names[i]];
    if (random.below(8) === 0) call[names[i]] = HOSTILE_VALUES[random.below(HOSTILE_VALUES.length)];
    else if (isArray(value)) call[names[i]] = spoilArray(value, random);
    else call[names[i]] = HOSTILE_NUMBERS[random.below(HOSTILE_NUMBERS.length)];
  }
}

function spoilArray(array: Numbers, random: RandomStream): unknown {
  const Type = array.constructor as Int32ArrayConstructor;
  switch (random.below(8)) {
    case 0:
      return array.subarray(0, random.below(array.length + 1));
    case 1:
      return new Type(array.length + 1 + random.below(9));
    case 2:
      return new ARRAY_TYPES[random.below(ARRAY_TYPES.length)](array.length);
    case 3:
      return structuredClone(array, { transfer: [array.buffer as ArrayBuffer] }) && array;
    case 4:
      return new Proxy(array, {});
    case 5: {
      const buffer = Reflect.construct(ArrayBuffer, [array.byteLength, { maxByteLength: array.byteLength }]);
      const tracking = new Type(buffer as ArrayBuffer);
      (buffer as { resize(byteLength: number): void }).resize(array.byteLength >>> 1);
      return tracking;
    }
    case 6:
      return PLACES[random.below(PLACES.length)](array);
    default:
      // Any bits at all: list entries out of range, padding that is not 0, thresholds in disorder.
      for (let i = random.below(4); i >= 0 && array.length > 0; i--) {
        const worst = [random.uint32(), array.length, -1, Math.max(...array) + 1];
        array[random.below(array.length)] = worst[random.below(worst.length)];
      }
      return array;
  }
}
