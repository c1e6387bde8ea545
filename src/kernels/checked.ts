import { rowWordsFor } from '../core/bit-matrix.js';
import { checkInteger, checkLength } from '../core/check.js';
import { ArgumentError } from '../core/errors.js';
import { compileOperation, expression, isNews } from './compile.js';
import { checkedReading, flatCall } from './flat-call.js';
import type { Kernels } from './kernels.js';
import type { MatrixOperand, Operand } from './operand.js';
import { LEAST_SIZES, mapOperations, type Operation, type UntypedOperation } from './operations.js';

/** What operands are called in errors. */
const CLASSES = {
  bits: 'a BitMatrix',
  int16s: 'an Int16Matrix',
  int32s: 'an Int32Matrix',
  integers: 'an Int16Matrix or Int32Matrix',
  indices: 'a Uint32Array',
  labels: 'an Int32Array',
  samples: 'a SampleList',
  sampleRoom: 'a SampleList',
  steps: 'a StepList',
  stepRoom: 'a StepList',
  gaps: 'GeometricGaps',
  consolidation: 'a Consolidation',
  windows: 'Windows',
} as const;

/** What windows tell the sizes by. */
const WINDOW_SIZES = ['height', 'width', 'channels', 'size', 'outHeight', 'outWidth'];

/** What the text of the checks refers to. */
const SCOPE = { ArgumentError, checkInteger, checkLength, checkGroupSize, checkShape, checkThere, checkOdd };

/**
 * The same kernels with what the table says of shapes and ranges checked before each call. Backends then need not check
 * what the contract promises. Entries of lists, kinds of arrays and all else that could lead out of an operand's memory are checked
 * where fields are read (reading.ts): by native and wasm themselves, of the reference here. Once for each set of kernels, so that an
 * engine optimises the checks once.
 */
export function checkedKernels(kernels: Kernels): Kernels {
  const checked = CHECKED.get(kernels) ?? withChecks(kernels);
  CHECKED.set(kernels, checked);
  return checked;
}

const CHECKED = new WeakMap<Kernels, Kernels>();

function withChecks(kernels: Kernels): Kernels {
  const operations = mapOperations((name, operation) => {
    const parameters = operation.operands.map((operand) => operand.name);
    const lines = [...checksOf(operation), `return compute(${parameters.join(', ')});`];
    // The other backends check what they are handed themselves, where it comes in.
    const compute = kernels.backend === 'reference' ? checkedFlat(operation, kernels[name]) : kernels[name];
    return compileOperation(parameters, lines, { ...SCOPE, compute });
  });
  return { ...kernels, ...operations };
}

/** An operation that first reads its operands as a backend in another language does, and throws what that throws. */
function checkedFlat(operation: Operation, compute: unknown): UntypedOperation {
  const operands = operation.operands.map(({ name }) => `$${name}`);
  const lines = [...checkedReading(operation), `return compute(${operands.join(', ')});`];
  return flatCall(operation, lines, { compute });
}

/** @throws ArgumentError unless `groupSize` cuts `neurons` into whole groups */
export function checkGroupSize(argument: string, groupSize: number, neurons: number): void {
  if (Number.isInteger(groupSize) && groupSize >= 1 && neurons % groupSize === 0) return;
  throw new ArgumentError(argument, `a divisor of the layer's ${neurons} neurons`, groupSize);
}

function checksOf({ operands }: Operation): string[] {
  const told = new Set<string>();
  // What others tell the sizes of comes after them.
  const follows = (operand: Operand): number => Number('rows' in operand && operand.rows.includes('·'));
  return operands
    .toSorted((a, b) => follows(a) - follows(b))
    .flatMap((operand) => checksOfOperand(operand, told));
}

/** Lines that check an operand, and name the sizes that it tells. */
function checksOfOperand(operand: Operand, told: Set<string>): string[] {
  const { name } = operand;
  switch (operand.kind) {
    case 'bits':
    case 'int16s':
    case 'int32s':
    case 'integers':
      return matrixChecks(operand, told);
    case 'indices':
    case 'labels': {
      const kind = kindCheck(operand, `ArrayBuffer.isView(${name})`);
      return isNews(operand.length, told)
        ? [kind, `const ${operand.length} = ${name}.length;`]
        : [kind, `checkLength('${name}', ${name}, ${expression(operand.length)});`];
    }
    case 'samples':
    case 'steps':
      told.add(operand.count);
      return [kindCheck(operand, isNumber(name, 'count')), `const ${operand.count} = ${name}.count;`];
    case 'sampleRoom':
    case 'stepRoom':
      return [
        kindCheck(operand, isNumber(name, 'capacity')),
        `checkInteger('${name}.capacity', ${name}.capacity, ${expression(operand.room)});`,
      ];
    case 'gaps':
    case 'consolidation':
      return [kindCheck(operand, `ArrayBuffer.isView(${name}?.state)`)];
    case 'windows':
      for (const letter of 'YXZWPQ') told.add(letter);
      return [
        kindCheck(operand, WINDOW_SIZES.map((size) => isNumber(name, size)).join(' && ')),
        `const { height: Y, width: X, channels: Z, size: W, outHeight: P, outWidth: Q } = ${name};`,
      ];
    case 'integer': {
      const { minimum, maximum, isOdd } = operand;
      const range = `checkInteger('${name}', ${name}, ${minimum}, ${maximum});`;
      return isOdd ? [range, `checkOdd('${name}', ${name});`] : [range];
    }
    case 'divisor':
      told.add(operand.letter);
      return [
        `checkGroupSize('${name}', ${name}, ${expression(operand.of)});`,
        `const ${operand.letter} = ${name};`,
      ];
    default:
      return operand satisfies never;
  }
}

function matrixChecks(operand: MatrixOperand, told: Set<string>): string[] {
  const { name, rows, columns, isOptional } = operand;
  const tellsRows = isNews(rows, told);
  const tellsColumns = isNews(columns, told);
  const shape = `checkShape('${name}', ${name}, ${expression(rows)}, ${expression(columns)});`;
  const kind = kindCheck(operand, `${isNumber(name, 'rows')} && ${isNumber(name, 'columns')}`);
  if (isOptional) {
    return [`if (${name} !== undefined) {`, kind, shape, `checkThere('${name}', ${name});`, '}'];
  }
  const least = tellsColumns ? LEAST_SIZES[columns] : undefined;
  return [
    kind,
    ...(tellsRows ? [`const ${rows} = ${name}.rows;`] : []),
    ...(tellsColumns ? [`const ${columns} = ${name}.columns;`] : []),
    ...(least === undefined ? [] : [`checkInteger('${name}.columns', ${columns}, ${least});`]),
    ...(tellsRows && tellsColumns ? [] : [shape]),
  ];
}

/** Whether what is called `name` has a number of that name: in the text of a check. */
function isNumber(name: string, property: string): string {
  return `typeof ${name}?.${property} === 'number'`;
}

/** Refuses what is no operand at all, as it comes from JavaScript without types. @param isRight - in the text of the check */
function kindCheck(
  { kind, name }: Operand & { readonly kind: keyof typeof CLASSES },
  isRight: string,
): string {
  return `if (!(${isRight})) throw new ArgumentError('${name}', '${CLASSES[kind]}', ${name});`;
}

function checkShape(
  argument: string,
  matrix: { rows: number; columns: number },
  rows: number,
  columns: number,
): void {
  if (matrix.rows === rows && matrix.columns === columns) return;
  throw new ArgumentError(argument, `shape [${rows}, ${columns}]`, [matrix.rows, matrix.columns]);
}

/**
 * Words of bits that may be left out: none at all, as of a buffer that was transferred away, would count as left out further on.
 * @throws ArgumentError where there are others than the sizes say
 */
function checkThere(
  argument: string,
  { rows, columns, words }: { readonly rows: number; readonly columns: number; readonly words: unknown },
): void {
  if (!ArrayBuffer.isView(words)) throw new ArgumentError(`${argument}.words`, 'a Uint32Array', words);
  const expected = rows * rowWordsFor(columns);
  const { length } = words as Uint32Array;
  if (length !== expected) {
    throw new ArgumentError(`${argument}.words`, `${expected} entries`, `${length} entries`);
  }
}

function checkOdd(argument: string, value: number): void {
  if (value % 2 === 0) throw new ArgumentError(argument, 'an odd integer', value);
}
