import protobuf from 'protobufjs/minimal.js';

/*
 * The messages of an ONNX model, operator set 17. Names and field numbers are those of
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */

/** Element types that the graphs here use, with their numbers in ONNX' TensorProto.DataType. */
const ELEMENT_TYPES = { float32: 1, int8: 3, int32: 6, int64: 7, float64: 11 } as const;

/** Element type of a value of a graph. */
export type ElementType = keyof typeof ELEMENT_TYPES;

/** Sizes of a value's axes: a number, or the name of a size that is known only at run time. */
export type ValueShape = readonly (number | string)[];

/** An attribute of a node. A float and an integer differ on the wire, so that the kind must be said. */
export type NodeAttribute =
  | { readonly float: number }
  | { readonly int: number }
  | { readonly ints: readonly number[] };

/** Attributes of a node by name. */
export type NodeAttributes = Readonly<Record<string, NodeAttribute>>;

/** The number of an element type, as `Cast` takes it. */
export function elementTypeNumber(type: ElementType): number {
  return ELEMENT_TYPES[type];
}

/** Arrays that a tensor can be made of, by its element type. */
export interface TensorValues {
  readonly float32: Float32Array;
  readonly int8: Int8Array;
  readonly int32: Int32Array;
  readonly int64: BigInt64Array;
  readonly float64: Float64Array;
}

const IR_VERSION = 8;
const OPERATOR_SET_VERSION = 17;
const LENGTH_DELIMITED = 2;
const FLOAT_ATTRIBUTE = 1;
const INT_ATTRIBUTE = 2;
const INTS_ATTRIBUTE = 7;

type Writer = protobuf.Writer;

/** The encoded parts of a graph. */
interface GraphParts {
  readonly name: string;
  /** NodeProto, each after those that it reads. */
  readonly nodes: readonly Uint8Array[];
  /** TensorProto. */
  readonly constants: readonly Uint8Array[];
  /** ValueInfoProto. */
  readonly inputs: readonly Uint8Array[];
  /** ValueInfoProto. */
  readonly outputs: readonly Uint8Array[];
  /** Texts by name, for whoever opens the file. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** ModelProto > GraphProto: the bytes of an ONNX file. */
export function encodeModel({ name, nodes, constants, inputs, outputs, metadata }: GraphParts): Uint8Array {
  const graph = message((writer) => {
    for (const node of nodes) bytesField(writer, 1, node);
    stringField(writer, 2, name);
    for (const constant of constants) bytesField(writer, 5, constant);
    for (const input of inputs) bytesField(writer, 11, input);
    for (const output of outputs) bytesField(writer, 12, output);
  });
  const operatorSet = message((writer) => intField(writer, 2, OPERATOR_SET_VERSION));
  return message((writer) => {
    intField(writer, 1, IR_VERSION);
    bytesField(writer, 7, graph);
    bytesField(writer, 8, operatorSet);
    for (const [field, value] of Object.entries(metadata)) bytesField(writer, 14, encodeEntry(field, value));
  });
}

/** StringStringEntryProto. */
function encodeEntry(field: string, value: string): Uint8Array {
  return message((writer) => {
    stringField(writer, 1, field);
    stringField(writer, 2, value);
  });
}

/**
 * NodeProto, with the name of its first output.
 * @param outputs - more than one where the operator has results that nobody asks for
 */
export function encodeNode(
  operator: string,
  operands: readonly string[],
  outputs: readonly string[],
  attributes: NodeAttributes,
): Uint8Array {
  return message((writer) => {
    for (const operand of operands) stringField(writer, 1, operand);
    for (const output of outputs) stringField(writer, 2, output);
    stringField(writer, 3, outputs[0]);
    stringField(writer, 4, operator);
    for (const [name, value] of Object.entries(attributes)) {
      bytesField(writer, 5, encodeAttribute(name, value));
    }
  });
}

/** AttributeProto. */
function encodeAttribute(name: string, value: NodeAttribute): Uint8Array {
  return message((writer) => {
    stringField(writer, 1, name);
    if ('float' in value) {
      floatField(writer, 2, value.float);
      intField(writer, 20, FLOAT_ATTRIBUTE);
    } else if ('int' in value) {
      intField(writer, 3, value.int);
      intField(writer, 20, INT_ATTRIBUTE);
    } else {
      for (const entry of value.ints) intField(writer, 8, entry);
      intField(writer, 20, INTS_ATTRIBUTE);
    }
  });
}

/** TensorProto of any axes, as raw bytes. */
export function encodeRawTensor<Type extends ElementType>(
  name: string,
  type: Type,
  shape: readonly number[],
  { buffer, byteOffset, byteLength }: TensorValues[Type],
): Uint8Array {
  return message((writer) => {
    for (const size of shape) intField(writer, 1, size);
    intField(writer, 2, ELEMENT_TYPES[type]);
    stringField(writer, 8, name);
    bytesField(writer, 9, new Uint8Array(buffer, byteOffset, byteLength));
  });
}

/** TensorProto: of no axes for a number, of one axis for a list. */
export function encodeTensor(
  name: string,
  type: 'float32' | 'int32' | 'int64',
  values: number | readonly number[],
): Uint8Array {
  const list = typeof values === 'number' ? [values] : values;
  return message((writer) => {
    if (typeof values !== 'number') intField(writer, 1, values.length);
    intField(writer, 2, ELEMENT_TYPES[type]);
    for (const value of list) {
      if (type === 'float32') floatField(writer, 4, value);
      else intField(writer, type === 'int32' ? 5 : 7, value);
    }
    stringField(writer, 8, name);
  });
}

/** ValueInfoProto > TypeProto > TypeProto.Tensor > TensorShapeProto. */
export function encodeValueInfo(name: string, type: ElementType, shape: ValueShape): Uint8Array {
  const shapeProto = message((writer) => {
    for (const size of shape) bytesField(writer, 1, encodeDimension(size));
  });
  const tensorType = message((writer) => {
    intField(writer, 1, ELEMENT_TYPES[type]);
    bytesField(writer, 2, shapeProto);
  });
  return message((writer) => {
    stringField(writer, 1, name);
    bytesField(
      writer,
      2,
      message((typeProto) => bytesField(typeProto, 1, tensorType)),
    );
  });
}

/** TensorShapeProto.Dimension. */
function encodeDimension(size: number | string): Uint8Array {
  return message((writer) => {
    if (typeof size === 'number') intField(writer, 1, size);
    else stringField(writer, 2, size);
  });
}

function message(write: (writer: Writer) => void): Uint8Array {
  const writer = protobuf.Writer.create();
  write(writer);
  return writer.finish();
}

/** A field's key: its number and its wire type. */
function key(writer: Writer, field: number, wireType: number): Writer {
  return writer.uint32((field << 3) | wireType);
}

function intField(writer: Writer, field: number, value: number): void {
  key(writer, field, 0).int64(value);
}

function floatField(writer: Writer, field: number, value: number): void {
  key(writer, field, 5).float(value);
}

function stringField(writer: Writer, field: number, value: string): void {
  key(writer, field, LENGTH_DELIMITED).string(value);
}

function bytesField(writer: Writer, field: number, value: Uint8Array): void {
  key(writer, field, LENGTH_DELIMITED).bytes(value);
}
