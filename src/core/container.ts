import { z } from 'zod';
import { CheckpointError } from './errors.js';
import { largest } from './extremes.js';
import type { NamedArrays } from './named-arrays.js';
import { createSha256 } from './sha256.js';

type NumberArray = NamedArrays[string];
type ArrayType = keyof typeof ARRAY_TYPES;

const ARRAY_TYPES = {
  int16: Int16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/** What a file is for. */
export type ContainerKind = 'run' | 'network';

/** What is told when one kind is met in place of the other. */
const KIND_NAMES: Readonly<Record<ContainerKind, string>> = {
  run: 'a run in progress',
  network: 'a trained network',
};

/** What a file holds. */
export interface Contents {
  /** Plain data, as JSON can hold it. */
  readonly content: unknown;
  readonly arrays: NamedArrays;
}

/** What a file holds, and the version of the layout that it was written in. */
export interface VersionedContents extends Contents {
  readonly version: number;
}

/** Version of the layout of each kind; raised when a reader of older files would misread newer ones. */
const FORMAT_VERSIONS: Readonly<Record<ContainerKind, number>> = { run: 1, network: 2 };

/** Begins and ends like PNG's: a transfer that takes the file for text damages it visibly. */
const MAGIC = Uint8Array.of(0x89, 0x58, 0x4e, 0x4f, 0x52, 0x0d, 0x0a, 0x1a);
const VERSION_OFFSET = 8;
const HEADER_LENGTH_OFFSET = 12;
const FILE_LENGTH_OFFSET = 16;
const HEADER_OFFSET = 24;
const DIGEST_BYTES = 32;

const headerSchema = z.strictObject({
  kind: z.enum(['run', 'network']),
  content: z.unknown(),
  arrays: z.array(
    z.strictObject({
      name: z.string(),
      type: z.enum(['int16', 'int32', 'uint32', 'float32', 'float64']),
      length: z.int().min(0),
    }),
  ),
});
type Header = z.output<typeof headerSchema>;

/**
 * The bytes of a file with a run in progress or a trained network. Numbers are little-endian:
 *
 *     offset   bytes
 *     0        8      magic: 89 58 4E 4F 52 0D 0A 1A
 *     8        4      uint32   version of the format: 1 for runs, 2 for networks
 *     12       4      uint32   H, length of the header
 *     16       8      uint64   length of the whole file
 *     24       H      header, JSON in UTF-8: {"kind": "run" | "network", "content": …,
 *                     "arrays": [{"name": …, "type": "int16" | "int32" | "uint32" | "float32" | "float64", "length": …}, …]}
 *     24 + H          elements of the arrays, one array right after the other, in the order of the header
 *     end − 32 32     SHA-256 of all bytes before
 *
 * What `content` and `arrays` are for each kind: node/checkpoint/run-checkpoint.ts and models/model-bytes.ts.
 */
export function encodeContainer(kind: ContainerKind, { content, arrays }: Contents): Uint8Array {
  const entries = Object.entries(arrays);
  const header: Header = {
    kind,
    content,
    arrays: entries.map(([name, values]) => ({ name, type: typeOf(values), length: values.length })),
  };
  const headerBytes = new TextEncoder().encode(JSON.stringify(header));
  const arrayBytes = entries.reduce((sum, [, { byteLength }]) => sum + byteLength, 0);
  const bytes = new Uint8Array(HEADER_OFFSET + headerBytes.length + arrayBytes + DIGEST_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(VERSION_OFFSET, FORMAT_VERSIONS[kind], true);
  view.setUint32(HEADER_LENGTH_OFFSET, headerBytes.length, true);
  view.setBigUint64(FILE_LENGTH_OFFSET, BigInt(bytes.length), true);
  bytes.set(headerBytes, HEADER_OFFSET);
  let offset = HEADER_OFFSET + headerBytes.length;
  for (const [, values] of entries) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
  bytes.set(digestOf(bytes.subarray(0, offset)), offset);
  return bytes;
}

/**
 * Reads what `encodeContainer` wrote; the arrays are copies.
 * @param kind - what the file must be
 * @param source - the file, to be named in errors
 * @throws CheckpointError for another file, one that is truncated or damaged, a newer version, or another kind
 */
export function decodeContainer(bytes: Uint8Array, kind: ContainerKind, source: string): VersionedContents {
  checkWhole(bytes, source);
  const version = viewOf(bytes).getUint32(VERSION_OFFSET, true);
  checkVersion(version, largest(Object.values(FORMAT_VERSIONS)), source);
  const header = readHeader(bytes, source);
  if (header.kind !== kind) {
    throw new CheckpointError(
      source,
      `holds ${KIND_NAMES[header.kind]}, expected one with ${KIND_NAMES[kind]}`,
    );
  }
  checkVersion(version, FORMAT_VERSIONS[kind], source);
  return { version, content: header.content, arrays: readArrays(bytes, header, source) };
}

/** The magic, the length and the digest are where they are in every version. */
function checkWhole(bytes: Uint8Array, source: string): void {
  const magic = bytes.subarray(0, MAGIC.length);
  if (bytes.length === 0 || !magic.every((byte, i) => byte === MAGIC[i])) {
    throw new CheckpointError(source, 'is not a file that xnorlab saved a network or a run in');
  }
  const view = viewOf(bytes);
  const isWhole = bytes.length >= HEADER_OFFSET + DIGEST_BYTES;
  const length = isWhole ? view.getBigUint64(FILE_LENGTH_OFFSET, true) : undefined;
  if (length === undefined || bytes.length < length) {
    throw new CheckpointError(source, `is truncated: ${bytes.length} of ${length ?? 'its'} bytes are there`);
  }
  if (bytes.length > length) {
    throw new CheckpointError(source, `has ${BigInt(bytes.length) - length} bytes too many`);
  }
  const end = bytes.length - DIGEST_BYTES;
  const digest = digestOf(bytes.subarray(0, end));
  if (!digest.every((byte, i) => byte === bytes[end + i])) {
    throw new CheckpointError(source, 'is damaged: its SHA-256 is not the one that was written with it');
  }
}

function checkVersion(version: number, newest: number, source: string): void {
  if (version <= newest) return;
  const known = `this xnorlab reads versions up to ${newest}`;
  throw new CheckpointError(source, `is of version ${version} of the format; ${known}: use a newer xnorlab`);
}

function readHeader(bytes: Uint8Array, source: string): Header {
  const length = viewOf(bytes).getUint32(HEADER_LENGTH_OFFSET, true);
  const text = new TextDecoder().decode(bytes.subarray(HEADER_OFFSET, HEADER_OFFSET + length));
  try {
    return headerSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new CheckpointError(source, 'has a header that no xnorlab writes', { cause: error });
  }
}

function readArrays(bytes: Uint8Array, { arrays }: Header, source: string): NamedArrays {
  const headerLength = viewOf(bytes).getUint32(HEADER_LENGTH_OFFSET, true);
  const read: Record<string, NumberArray> = {};
  let offset = HEADER_OFFSET + headerLength;
  for (const { name, type, length } of arrays) {
    const end = offset + length * ARRAY_TYPES[type].BYTES_PER_ELEMENT;
    // A copy, because an array must begin at a multiple of its element's size.
    const copy = new Uint8Array(bytes.subarray(offset, end));
    if (copy.length < end - offset) break;
    read[name] = new ARRAY_TYPES[type](copy.buffer);
    offset = end;
  }
  if (offset === bytes.length - DIGEST_BYTES && Object.keys(read).length === arrays.length) return read;
  throw new CheckpointError(source, 'has a header that promises other arrays than follow');
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function digestOf(bytes: Uint8Array): Uint8Array {
  const hash = createSha256();
  hash.update(bytes);
  return hash.digest();
}

function typeOf(values: NumberArray): ArrayType {
  if (values instanceof Int16Array) return 'int16';
  if (values instanceof Int32Array) return 'int32';
  if (values instanceof Uint32Array) return 'uint32';
  return values instanceof Float32Array ? 'float32' : 'float64';
}
