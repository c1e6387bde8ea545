import type { BitMatrix } from '../../core/bit-matrix.js';
import { type ArrayField, type Field, fieldsOf, needsCount, roomOf } from '../fields.js';
import { checkedReading, endOfCall, entriesFilled, flatCall } from '../flat-call.js';
import { mapOperations, type Operation, type OperationName, type Operations } from '../operations.js';
import { variableOf } from '../reading.js';
import type { WasmExports } from './exports.js';
import type { LinearMemory } from './linear-memory.js';

/** Lines before a call that may make it needless. */
const SHORTCUTS: Partial<Record<OperationName, string>> = {
  // A data set elsewhere is not copied for the few rows of a batch.
  gatherRows: 'if (!memory.holds(sourceWords)) return copyRows($source, $rows, $out);',
};

/** The operations in WebAssembly, on operands in `memory` or, copied in and out, anywhere else. */
export function wasmOperations(memory: LinearMemory, wasm: WasmExports): Operations {
  const count = memory.array(Uint32Array, 1);
  return mapOperations((name, operation) =>
    flatCall(operation, [...checkedReading(operation), SHORTCUTS[name] ?? '', ...callLines(operation)], {
      compute: wasm[name],
      memory,
      count,
      copyRows,
    }),
  );
}

/** Lines that put arrays where WebAssembly can reach them, call it, and bring back what was written. */
function callLines(operation: Operation): string[] {
  const fields = fieldsOf(operation);
  const arrays = fields.filter((field) => field.type === 'array');
  const count = needsCount(operation) ? ['count.byteOffset'] : [];
  return [
    'memory.begin();',
    ...arrays.map(placing),
    `const result = compute(${[...fields.flatMap(passed), ...count].join(', ')});`,
    ...arrays.filter(({ access }) => access !== 'read').map((field) => finishing(field, operation)),
    ...endOfCall(operation),
  ];
}

const addressOf = (field: Field): string => `${variableOf(field)}At`;

function placing(field: ArrayField): string {
  const array = variableOf(field);
  const place = `memory.${field.access === 'written' ? 'output' : 'input'}(${array})`;
  return `const ${addressOf(field)} = ${field.isOptional ? `${array}.length === 0 ? 0 : ` : ''}${place};`;
}

/**
 * What WebAssembly gets for a field. An array whose length nothing else tells is followed by its length, one of 16-bit or
 * 32-bit integers by the bytes of an entry.
 */
function passed(field: Field): string[] {
  if (field.type === 'number') return [variableOf(field)];
  if (field.length.kind === 'free') return [addressOf(field), field.length.letter];
  if (field.entries === 'int16 or int32') return [addressOf(field), `${variableOf(field)}.BYTES_PER_ELEMENT`];
  return [addressOf(field)];
}

function finishing(field: ArrayField, operation: Operation): string {
  const array = variableOf(field);
  const isRoom = field.operandName === roomOf(operation)?.name;
  const length = isRoom ? entriesFilled(operation) : `${array}.length`;
  const finish = `memory.finish(${array}, ${addressOf(field)}, ${length});`;
  return field.isOptional ? `if (${addressOf(field)} !== 0) ${finish}` : finish;
}

function copyRows({ words, rowWords }: BitMatrix, rows: Uint32Array, out: BitMatrix): void {
  // A loop by length: forEach throws on rows that were transferred away, which are none.
  for (let i = 0; i < rows.length; i++) {
    out.words.set(words.subarray(rows[i] * rowWords, (rows[i] + 1) * rowWords), i * rowWords);
  }
}
