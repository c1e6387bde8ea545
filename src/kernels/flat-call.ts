import { rowWordsFor } from '../core/bit-matrix.js';
import * as from from './arguments.js';
import { compileOperation } from './compile.js';
import { type Field, fieldsOf, needsCount, roomOf } from './fields.js';
import type { Operation, UntypedOperation } from './operations.js';
import { type Dialect, readingLines } from './reading.js';

/** What the text of a flat call may refer to. */
const SCOPE = { from: { ...from }, rowWordsFor, NOTHING: new Uint32Array(0) };

/** Reads a field from an operand, `$name`; what is no object has no properties, so that the reader names what is missing. */
export function sourceOf({ operandName, property, ...field }: Field): string {
  const operand = `$${operandName}`;
  if (property === undefined) return operand;
  const value = `${operand}?.${property}`;
  return field.type === 'array' && field.isOptional ? `${operand} === undefined ? NOTHING : ${value}` : value;
}

const DIALECT: Dialect = { declare: 'const', source: (field) => `, ${sourceOf(field)}` };

/** Lines that read and check the operands of an operation, as they come from JavaScript. */
export function checkedReading(operation: Operation): string[] {
  return readingLines(fieldsOf(operation), DIALECT);
}

/**
 * Compiles how an operation is handed to a backend in another language.
 * @param lines - of which the last returns `result`; operands are called `$name`
 * @param scope - what the lines refer to besides
 */
export function flatCall(
  operation: Operation,
  lines: readonly string[],
  scope: Readonly<Record<string, unknown>>,
): UntypedOperation {
  const parameters = operation.operands.map(({ name }) => `$${name}`);
  return compileOperation(parameters, lines, { ...SCOPE, ...scope });
}

/** Lines after a call: tell how long a list has become that was filled, and return what the operation counts. */
export function endOfCall(operation: Operation): string[] {
  const room = roomOf(operation);
  return [
    ...(room === undefined ? [] : [`$${room.name}.count = ${entriesFilled(operation)};`]),
    ...(operation.counts ? ['return result;'] : []),
  ];
}

/** How many entries of a list have been filled: the result, or the entry of an array where the result is another count. */
export function entriesFilled(operation: Operation): string {
  return needsCount(operation) ? 'count[0]' : 'result';
}
