import { createHash } from 'node:crypto';
import { z } from 'zod';
import { BitMatrix } from '../../core/bit-matrix.js';
import type { LabelledInputs } from '../../rules/rule.js';
import type { PreparedData } from '../../training/prepared-data.js';
import type { TaskData } from '../../training/task-data.js';

/**
 * What the contents of a data set and a binarizer decide of prepared data: all but names. As bytes: a magic number, the SHA-256 of what
 * follows, the length of a header, the header as JSON, and the arrays one after another, each at a multiple of 8.
 */
export interface PackedSet {
  readonly description: PreparedData['description'];
  readonly task: TaskData;
  readonly binarizer: NonNullable<PreparedData['binarizer']>;
}

const MAGIC = 'xnorpck1';
const HASH_BYTES = 32;
const HASHED_FROM = MAGIC.length + HASH_BYTES;
const HEADER_FROM = HASHED_FROM + 8;
const SPLITS = ['train', 'validation', 'test'] as const;

const headerSchema = z.object({
  key: z.string(),
  description: z.looseObject({ name: z.string(), features: z.number() }),
  binarizer: z.looseObject({}),
  input: z.looseObject({}),
  transformation: z.looseObject({}),
  splits: z.array(z.object({ name: z.enum(SPLITS), rows: z.number(), columns: z.number() })),
  thresholds: z.number().nullable(),
});

/** What a packed set says of itself. */
export type PackedHeader = z.infer<typeof headerSchema>;

/** @param key - what decides its contents, for `decodePackedSet` */
export function encodePackedSet(key: string, { description, task, binarizer }: PackedSet): Uint8Array {
  const { transformation, input } = task;
  if (transformation.inputForm !== 'binarized') throw new TypeError('only packed bits are kept');
  const { thresholds, ...fitted } = transformation;
  const arrays: (Uint32Array | Int32Array | Float64Array)[] = thresholds ? [thresholds] : [];
  const splits: PackedHeader['splits'] = [];
  for (const name of SPLITS) {
    const split = task[name];
    if (!split) continue;
    if (!(split.inputs instanceof BitMatrix)) throw new TypeError('only packed bits are kept');
    splits.push({ name, rows: split.inputs.rows, columns: split.inputs.columns });
    arrays.push(split.inputs.words, split.labels);
  }
  const header = Buffer.from(
    JSON.stringify({
      key,
      description,
      binarizer,
      input,
      transformation: fitted,
      splits,
      thresholds: thresholds?.length ?? null,
    }),
  );
  const bytes = Buffer.alloc(
    arrays.reduce((sum, array) => sum + aligned(array.byteLength), HEADER_FROM + aligned(header.length)),
  );
  bytes.write(MAGIC, 'latin1');
  bytes.writeUInt32LE(header.length, HASHED_FROM);
  header.copy(bytes, HEADER_FROM);
  let at = HEADER_FROM + aligned(header.length);
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += aligned(array.byteLength);
  }
  bytes.set(hashOf(bytes), MAGIC.length);
  return bytes;
}

/**
 * The set that was encoded for the same key; its arrays are views on `bytes`.
 * @param bytes - at the start of their buffer, or at a multiple of 8 in it
 * @throws Error, saying what is wrong, for anything else
 */
export function decodePackedSet(key: string, bytes: Uint8Array): PackedSet {
  if (bytes.length < HEADER_FROM) throw new Error('it is cut off');
  if (!hashOf(bytes).equals(bytes.subarray(MAGIC.length, HASHED_FROM)))
    throw new Error('its checksum is wrong');
  const header = readPackedHeader(bytes);
  if (header.key !== key) throw new Error('it is of other data');
  let at = HEADER_FROM + aligned(headerLength(bytes));
  const take = <View>(
    Type: {
      new (buffer: ArrayBufferLike, offset: number, length: number): View;
      readonly BYTES_PER_ELEMENT: number;
    },
    length: number,
  ): View => {
    const view = new Type(bytes.buffer, bytes.byteOffset + at, length);
    at += aligned(length * Type.BYTES_PER_ELEMENT);
    return view;
  };
  const thresholds = header.thresholds === null ? undefined : take(Float64Array, header.thresholds);
  const splits = Object.fromEntries(
    header.splits.map(({ name, rows, columns }): [string, LabelledInputs] => {
      const { rowWords } = new BitMatrix(0, columns);
      const inputs = new BitMatrix(rows, columns, take(Uint32Array, rows * rowWords));
      return [name, { inputs, labels: take(Int32Array, rows) }];
    }),
  );
  const task = {
    ...splits,
    input: header.input,
    inputForm: 'binarized',
    transformation: { ...header.transformation, ...(thresholds && { thresholds }) },
  };
  // What the checksum vouches for was written by `encodePackedSet`.
  return { description: header.description, task, binarizer: header.binarizer } as unknown as PackedSet;
}

/** The header alone. @param bytes - the beginning of a packed set will do @throws Error for anything else */
export function readPackedHeader(bytes: Uint8Array): PackedHeader {
  if (bytes.length < HEADER_FROM || Buffer.from(bytes.subarray(0, MAGIC.length)).toString('latin1') !== MAGIC)
    throw new Error('it is no packed set');
  const text = Buffer.from(bytes.subarray(HEADER_FROM, HEADER_FROM + headerLength(bytes))).toString();
  return headerSchema.parse(JSON.parse(text));
}

function headerLength(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(HASHED_FROM, true);
}

function hashOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes.subarray(HASHED_FROM)).digest();
}

function aligned(length: number): number {
  return Math.ceil(length / 8) * 8;
}
