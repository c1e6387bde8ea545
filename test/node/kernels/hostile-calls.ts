import type { RandomStream } from '../../../src/core/random.js';
import type { FlatCall } from '../../kernels/table-calls.js';

/** The typed arrays that the addon takes. */
export type Numbers = Uint32Array | Int32Array | Int16Array | Int8Array;

/** Whether a value is a typed array. */
export function isArray(value: unknown): value is Numbers {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

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
export function spoil(call: FlatCall, random: RandomStream): void {
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
