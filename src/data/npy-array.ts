import { getFloat16 } from '@petamoriken/float16';
import { DataError } from '../core/errors.js';
import { type NpyHeader, parseNpyHeader } from './npy-header.js';
import type { SourceFile } from './source-file.js';

/** Elements of an array, in C order: as they are where JavaScript has the type, converted where it has not. */
export type NpyValues =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigUint64Array
  | BigInt64Array;

/** An array of a .npy file. */
export interface NpyArray {
  /** Outermost first. All at least 1. */
  readonly shape: readonly number[];
  readonly type: string;
  readonly values: NpyValues;
}

interface ElementType {
  readonly name: string;
  readonly sizeBytes: number;
  readonly read: (bytes: Uint8Array) => NpyValues;
}

/** A view on bytes, of a copy where they are not aligned. */
function viewAs<Values extends NpyValues>(Type: {
  new (buffer: ArrayBufferLike, offset: number, length: number): Values;
  readonly BYTES_PER_ELEMENT: number;
}): Pick<ElementType, 'sizeBytes' | 'read'> {
  const sizeBytes = Type.BYTES_PER_ELEMENT;
  return {
    sizeBytes,
    read: (bytes) => {
      const aligned = bytes.byteOffset % sizeBytes === 0 ? bytes : Uint8Array.from(bytes);
      return new Type(aligned.buffer, aligned.byteOffset, aligned.length / sizeBytes);
    },
  };
}

function halves(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / 2 }, (_, i) => getFloat16(view, 2 * i, true));
}

const TYPES: Readonly<Record<string, ElementType>> = {
  f4: { name: 'float32', ...viewAs(Float32Array) },
  f8: { name: 'float64', ...viewAs(Float64Array) },
  f2: { name: 'float16', sizeBytes: 2, read: halves },
  u1: { name: 'uint8', ...viewAs(Uint8Array) },
  i1: { name: 'int8', ...viewAs(Int8Array) },
  u2: { name: 'uint16', ...viewAs(Uint16Array) },
  i2: { name: 'int16', ...viewAs(Int16Array) },
  u4: { name: 'uint32', ...viewAs(Uint32Array) },
  i4: { name: 'int32', ...viewAs(Int32Array) },
  u8: { name: 'uint64', ...viewAs(BigUint64Array) },
  i8: { name: 'int64', ...viewAs(BigInt64Array) },
  b1: { name: 'bool', ...viewAs(Uint8Array) },
};

/** Types that are not taken, by the first letter of their short form. */
const OTHER_TYPES: Readonly<Record<string, string>> = {
  O: 'Python objects',
  U: 'texts',
  S: 'byte strings',
  a: 'byte strings',
  c: 'complex numbers',
  f: 'floats of another width',
  M: 'dates',
  m: 'time spans',
  V: 'raw bytes',
};

/** Types that features and labels may have. */
export const FEATURE_TYPES = [
  'f4',
  'f8',
  'f2',
  'u1',
  'i1',
  'u2',
  'i2',
  'u4',
  'i4',
  'u8',
  'i8',
  'b1',
] as const;
export const LABEL_TYPES = ['u1', 'i1', 'u2', 'i2', 'u4', 'i4', 'u8', 'i8'] as const;

/**
 * Checks what a header says, before anything large is read or allocated.
 * @throws DataError for a type that is not in `types`, big-endian or Fortran order, or empty dimensions
 */
export function checkNpyHeader(header: NpyHeader, types: readonly string[], file: string): void {
  const { type, isBigEndian, fortranOrder, shape } = header;
  if (!types.includes(type)) {
    const name = TYPES[type]?.name ?? OTHER_TYPES[type[0]] ?? 'an unknown type';
    const expected = types.map((known) => TYPES[known].name).join(', ');
    throw new DataError(file, `element type ${type} (${name}), expected one of ${expected}`);
  }
  if (isBigEndian && TYPES[type].sizeBytes > 1) {
    throw new DataError(file, `is big-endian (>${type}): save it little-endian, as array.astype("<${type}")`);
  }
  if (fortranOrder && shape.length > 1) {
    throw new DataError(file, 'is in Fortran order; save numpy.ascontiguousarray(array) instead');
  }
  if (shape.some((size) => size < 1))
    throw new DataError(file, `holds no samples: shape [${shape.join(', ')}]`);
}

/** Elements of a known type from their bytes. */
export function valuesOf(type: string, bytes: Uint8Array): NpyValues {
  return TYPES[type].read(bytes);
}

/** Elements that a shape has. */
export function elementsIn(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** @throws DataError unless `found` bytes follow the header */
export function checkPayload({ shape, type }: NpyHeader, found: number, file: string): void {
  const expected = elementsIn(shape) * TYPES[type].sizeBytes;
  if (found === expected) return;
  const verdict = found < expected ? 'truncated' : 'trailing bytes';
  const need = `shape [${shape.join(', ')}] of ${TYPES[type].name} needs ${expected} bytes`;
  throw new DataError(file, `${need}, ${found} follow: ${verdict}`);
}

/**
 * The array of a .npy file in little-endian C order.
 * @param types - that it may have
 * @throws DataError for anything else, and for damage
 */
export function parseNpy({ bytes, file }: SourceFile, types: readonly string[]): NpyArray {
  const header = parseNpyHeader(bytes, file);
  checkNpyHeader(header, types, file);
  const { shape, type, headerBytes } = header;
  checkPayload(header, bytes.length - headerBytes, file);
  return { shape, type, values: valuesOf(type, bytes.subarray(headerBytes)) };
}
