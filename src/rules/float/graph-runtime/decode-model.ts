import protobuf from 'protobufjs/minimal.js';
import { ArgumentError } from '../../../core/errors.js';

/** A value of a graph. Truth values are bytes of 0 and 1; integers of any length are held in 32 bits. */
export interface Value {
  readonly dims: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** Attributes of a node by name. */
export type Attributes = ReadonlyMap<string, number | readonly number[]>;

/** One operation of a graph. */
export interface GraphNode {
  readonly operator: string;
  readonly operands: readonly string[];
  readonly output: string;
  readonly attributes: Attributes;
}

/** A graph as onnx-encoding.ts writes it. */
export interface DecodedGraph {
  /** Each after those that it reads. */
  readonly nodes: readonly GraphNode[];
  readonly constants: ReadonlyMap<string, Value>;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

const FLOAT32 = 1;
const LENGTH_DELIMITED = 2;

/** A message's fields by number, each as often as it is there. */
type Fields = ReadonlyMap<number, readonly (number | Uint8Array)[]>;

/**
 * Reads an ONNX model: the counterpart of onnx-encoding.ts, which names the messages. What our graphs do not use is not read.
 * @throws ArgumentError for bytes that are no model
 */
export function decodeModel(bytes: Uint8Array): DecodedGraph {
  const graph = part(fieldsOf(bytes), 7);
  if (graph === undefined) throw new ArgumentError('model', 'the bytes of an ONNX model', bytes);
  const fields = fieldsOf(graph);
  return {
    nodes: parts(fields, 1).map(decodeNode),
    constants: new Map(parts(fields, 5).map(decodeTensor)),
    inputs: parts(fields, 11).map(nameOf),
    outputs: parts(fields, 12).map(nameOf),
  };
}

/** NodeProto. */
function decodeNode(bytes: Uint8Array): GraphNode {
  const fields = fieldsOf(bytes);
  return {
    operator: text(fields, 4),
    operands: parts(fields, 1).map(decodeText),
    output: text(fields, 2),
    attributes: new Map(parts(fields, 5).map(decodeAttribute)),
  };
}

/** AttributeProto. */
function decodeAttribute(bytes: Uint8Array): [string, number | readonly number[]] {
  const fields = fieldsOf(bytes);
  const list = numbers(fields, 8);
  return [text(fields, 1), list.length > 0 ? list : [...numbers(fields, 2), ...numbers(fields, 3)][0]];
}

/** TensorProto. */
function decodeTensor(bytes: Uint8Array): [string, Value] {
  const fields = fieldsOf(bytes);
  const isFloat = numbers(fields, 2)[0] === FLOAT32;
  const data = isFloat
    ? Float32Array.from(numbers(fields, 4))
    : Int32Array.of(...numbers(fields, 5), ...numbers(fields, 7));
  return [text(fields, 8), { dims: numbers(fields, 1), data }];
}

/** ValueInfoProto. */
function nameOf(bytes: Uint8Array): string {
  return text(fieldsOf(bytes), 1);
}

function fieldsOf(bytes: Uint8Array): Fields {
  const fields = new Map<number, (number | Uint8Array)[]>();
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    const key = reader.uint32();
    const values = fields.get(key >>> 3) ?? [];
    values.push(read(reader, key & 7));
    fields.set(key >>> 3, values);
  }
  return fields;
}

function read(reader: protobuf.Reader, wireType: number): number | Uint8Array {
  if (wireType === LENGTH_DELIMITED) return reader.bytes();
  return wireType === 0 ? Number(reader.int64()) : reader.float();
}

function parts(fields: Fields, field: number): Uint8Array[] {
  return (fields.get(field) ?? []).filter((value) => value instanceof Uint8Array);
}

function part(fields: Fields, field: number): Uint8Array | undefined {
  return parts(fields, field)[0];
}

function numbers(fields: Fields, field: number): number[] {
  return (fields.get(field) ?? []).filter((value) => typeof value === 'number');
}

function text(fields: Fields, field: number): string {
  return decodeText(part(fields, field) ?? new Uint8Array());
}

function decodeText(bytes: Uint8Array): string {
  return protobuf.util.utf8.read(bytes, 0, bytes.length);
}
