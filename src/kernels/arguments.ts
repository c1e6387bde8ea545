import { checkInteger } from '../core/check.js';
import { ArgumentError } from '../core/errors.js';

// Reads and checks the values of a flat call in JavaScript, as arguments.cpp does in C++: the lines that call these
// functions follow from the table of operations (reading.ts).

/** Bits of the largest matrix whose sizes are told as a product of many. */
const MOST_BITS = 2 ** 40;

export function uint32s(name: string, value: unknown): Uint32Array {
  if (tagOf(value) === 'Uint32Array') return value as Uint32Array;
  throw new ArgumentError(name, 'a Uint32Array', value);
}

export function int32s(name: string, value: unknown): Int32Array {
  if (tagOf(value) === 'Int32Array') return value as Int32Array;
  throw new ArgumentError(name, 'an Int32Array', value);
}

export function int16s(name: string, value: unknown): Int16Array {
  if (tagOf(value) === 'Int16Array') return value as Int16Array;
  throw new ArgumentError(name, 'an Int16Array', value);
}

export function int8s(name: string, value: unknown): Int8Array {
  if (tagOf(value) === 'Int8Array') return value as Int8Array;
  throw new ArgumentError(name, 'an Int8Array', value);
}

export function integers(name: string, value: unknown): Int16Array | Int32Array {
  const tag = tagOf(value);
  if (tag === 'Int16Array' || tag === 'Int32Array') return value as Int16Array | Int32Array;
  throw new ArgumentError(name, 'an Int16Array or Int32Array', value);
}

/** Name of a typed array's class, also of one from another window or context. */
function tagOf(value: unknown): string | undefined {
  // Anything may have a tag: only that of a view is believed.
  return ArrayBuffer.isView(value) ? (value as Uint8Array)[Symbol.toStringTag] : undefined;
}

/** An integer in [minimum, maximum]. */
export function integer(name: string, value: unknown, minimum: number, maximum: number): number {
  checkInteger(name, value as number, minimum, maximum);
  return value as number;
}

/** The same for what a letter stands for. */
export const size: typeof integer = integer;

/** An odd integer in [minimum, maximum]. */
export function oddInteger(name: string, value: unknown, minimum: number, maximum: number): number {
  const read = integer(name, value, minimum, maximum);
  if (read % 2 === 0) throw new ArgumentError(name, 'an odd integer', read);
  return read;
}

export function checkLength(name: string, length: number, expected: number): void {
  if (length === expected) return;
  throw new ArgumentError(name, `${expected} entries`, `${length} entries`);
}

export function checkCapacity(name: string, length: number, expected: number): void {
  if (length >= expected) return;
  throw new ArgumentError(name, `at least ${expected} entries`, `${length} entries`);
}

export function checkDivisor(name: string, divisor: number, of: number): void {
  if (of % divisor === 0) return;
  throw new ArgumentError(name, 'a divisor of the number of neurons', divisor);
}

/** Bits of a matrix that follow from several sizes. */
export function checkTotal(name: string, bits: number): void {
  if (bits <= MOST_BITS) return;
  throw new ArgumentError(name, `sizes of at most ${MOST_BITS} bits in all`, bits);
}

export function checkDirections(name: string, directions: Int8Array, count: number): void {
  for (let i = 0; i < count; i++) {
    if (directions[i] !== 1 && directions[i] !== -1) {
      throw new ArgumentError(name, 'entries +1 or -1', directions[i]);
    }
  }
}

/** @returns the list, whose first `count` entries are in [0, limit) */
export function indices<List extends Uint32Array | Int32Array>(
  name: string,
  list: List,
  count: number,
  limit: number,
): List {
  for (let i = 0; i < count; i++) {
    // A negative entry counts as a large one.
    if (list[i] >>> 0 >= limit) {
      throw new ArgumentError(name, `entries in [0, ${limit})`, `${list[i] | 0} at ${i}`);
    }
  }
  return list;
}
