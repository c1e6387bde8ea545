import { BitMatrix } from '../../src/core/bit-matrix.js';
import { Int16Matrix, Int32Matrix } from '../../src/core/int-matrix.js';
import type { RandomStream } from '../../src/core/random.js';
import { Consolidation, LIMIT_COUNT } from '../../src/kernels/consolidation.js';
import { type Field, fieldsOf, needsCount, roomOf } from '../../src/kernels/fields.js';
import { GeometricGaps } from '../../src/kernels/geometric-gaps.js';
import type { IntegerOperand, MatrixOperand, Operand, Size } from '../../src/kernels/operand.js';
import {
  LEAST_SIZES,
  MAXIMUM_BOUND,
  OPERATIONS,
  type Operation,
  type OperationName,
} from '../../src/kernels/operations.js';
import { referenceKernels } from '../../src/kernels/reference.js';
import {
  Arena,
  randomHidden,
  randomIndices,
  randomIntegers,
  randomSteps,
  randomTernaryHidden,
  signsOfDrawn,
  zerosInDrawn,
} from './operands.js';

/** What the letters of an operation stand for. */
export type Sizes = Readonly<Record<string, number>>;

/** Operands of a call, in the order of the table. */
export type Operands = unknown[];

/** A flat call: the values of its fields by name, in their order. */
export type FlatCall = Record<string, unknown>;

/** What a letter is the number of. */
type SizeKind = 'rows' | 'columns' | 'count' | 'divisor' | 'side';

/** The letters of an operation in the order in which they are told, with what they are. */
export function lettersOf(operation: Operation): Record<string, SizeKind> {
  const letters: Record<string, SizeKind> = {};
  const tell = (size: Size, what: SizeKind) => {
    if (/^[A-Z]$/.test(size)) letters[size] ??= what;
  };
  for (const operand of operation.operands) {
    if ('rows' in operand) {
      tell(operand.rows, 'rows');
      // What is ever a number of columns is at least 1, and comes in all widths.
      if (/^[A-Z]$/.test(operand.columns)) letters[operand.columns] = 'columns';
    } else if ('length' in operand) tell(operand.length, 'rows');
    else if ('count' in operand) tell(operand.count, 'count');
    else if (operand.kind === 'divisor') tell(operand.letter, 'divisor');
    else if (operand.kind === 'windows') {
      for (const letter of 'YXWPQ') letters[letter] = 'side';
      letters.Z = 'columns';
    }
  }
  return letters;
}

/** Random sizes that go together, small ones unless they are given. */
export function randomSizes(operation: Operation, random: RandomStream, given: Sizes = {}): Sizes {
  const letters = lettersOf(operation);
  const sizes: Record<string, number> = {};
  for (const [letter, what] of Object.entries(letters)) {
    const least = LEAST_SIZES[letter] ?? 1;
    sizes[letter] = given[letter] ?? least + random.below({ columns: 150, side: 4 }[what as string] ?? 12);
  }
  for (const operand of operation.operands) {
    if (operand.kind !== 'divisor') continue;
    const { letter, of } = operand;
    const divisors = Array.from({ length: sizes[of] }, (_, i) => i + 1).filter((d) => sizes[of] % d === 0);
    sizes[letter] = given[letter] ?? divisors[random.below(divisors.length)];
  }
  // Nothing can be listed of nothing.
  for (const operand of operation.operands) {
    if (operand.kind === 'samples' && sizes[operand.below] === 0) sizes[operand.count] = 0;
    if (operand.kind === 'steps' && sizes[operand.samplesBelow] * sizes[operand.neuronsBelow] === 0) {
      sizes[operand.count] = 0;
    }
  }
  return sizes;
}

/** Random operands of these sizes. The same stream makes the same ones, wherever they are placed. */
export function randomOperands(
  operation: Operation,
  sizes: Sizes,
  random: RandomStream,
  place: Arena = new Arena(referenceKernels, 'own memory'),
): Operands {
  const numbers = new Map(
    operation.operands.flatMap((operand) =>
      operand.kind === 'integer' ? [[operand.name, randomInteger(operand, random)] as const] : [],
    ),
  );
  const bound = numbers.get('bound') ?? MAXIMUM_BOUND;
  const made = new Map<string, unknown>();
  for (const operand of operation.operands) {
    made.set(operand.name, make(operand));
  }
  return [...made.values()];

  function make(operand: Operand): unknown {
    const size = (of: Size) => evaluate(of, sizes);
    switch (operand.kind) {
      case 'bits':
      case 'int16s':
      case 'int32s':
      case 'integers':
        return operand.isOptional && random.below(3) === 0 ? undefined : matrix(operand);
      case 'indices':
        return Uint32Array.from(randomIndices(random, size(operand.length), size(operand.below)));
      case 'labels':
        return randomIndices(random, size(operand.length), size(operand.below));
      case 'samples': {
        const count = size(operand.count);
        return place.samples(count + random.below(3), randomIndices(random, count, size(operand.below)));
      }
      case 'steps': {
        const count = size(operand.count);
        const steps = randomSteps(random, count, size(operand.samplesBelow), size(operand.neuronsBelow));
        return place.steps(count + random.below(3), steps);
      }
      case 'sampleRoom':
        return place.samples(size(operand.room) + random.below(3));
      case 'stepRoom':
        return place.steps(size(operand.room) + random.below(3));
      case 'gaps': {
        const gaps = new GeometricGaps(random);
        gaps.setProbability([0, 1e-4, 0.01, 0.3, 1][random.below(5)]);
        return gaps;
      }
      case 'consolidation': {
        const chances = Array.from({ length: LIMIT_COUNT }, () => [0, 1, random.uniform()][random.below(3)]);
        const offset = [0, random.below(200), 32767][random.below(3)];
        return new Consolidation(random, { offset, shift: random.below(16), chances });
      }
      case 'windows': {
        const [height, width, channels, side] = ['Y', 'X', 'Z', 'W'].map(size);
        const sides = { height, width, channels, size: side, outHeight: size('P'), outWidth: size('Q') };
        // Any numbers will do: what is not on the map is outside.
        const paddingSign = random.below(2) === 0 ? 1 : -1;
        return { ...sides, stride: 1 + random.below(3), padding: random.below(4), paddingSign };
      }
      case 'integer':
        return numbers.get(operand.name);
      case 'divisor':
        return size(operand.letter);
      default:
        return operand satisfies never;
    }
  }

  function matrix(operand: MatrixOperand): BitMatrix | Int16Matrix | Int32Matrix {
    const [rows, columns] = [operand.rows, operand.columns].map((of) => evaluate(of, sizes));
    const source = operand.signsOf === undefined ? undefined : made.get(operand.signsOf);
    if (source instanceof Int16Matrix || source instanceof Int32Matrix)
      return place.bits(signsOfDrawn(random, source));
    const zeroed = operand.zerosOf === undefined ? undefined : made.get(operand.zerosOf);
    if (zeroed instanceof Int16Matrix) return place.bits(zerosInDrawn(random, zeroed));
    const isShort = operand.kind === 'int16s' || (operand.kind === 'integers' && random.below(2) === 0);
    if (operand.kind === 'bits') return place.bits(randomBits(random, rows, columns));
    if (isShort) {
      const mayBeZero = operation.operands.some((one) => 'zerosOf' in one && one.zerosOf === operand.name);
      return place.int16((mayBeZero ? randomTernaryHidden : randomHidden)(random, rows, columns, bound));
    }
    return place.int32(randomIntegers(random, rows, columns, [0, 1, 30, 2 ** 31 - 1][random.below(4)]));
  }
}

function randomBits(random: RandomStream, rows: number, columns: number): BitMatrix {
  return rows === 0 ? new BitMatrix(0, columns) : random.signs(rows, columns);
}

/** One of the ends of the range, or what is near its beginning. */
function randomInteger({ minimum, maximum, isOdd }: IntegerOperand, random: RandomStream): number {
  const candidates = [minimum, minimum + 1, minimum + random.below(60), Math.min(2 ** 31, maximum), maximum];
  const chosen = candidates[random.below(candidates.length)];
  return isOdd && chosen % 2 === 0 ? chosen - 1 : chosen;
}

function evaluate(size: Size, sizes: Sizes): number {
  const [product, divisor] = size.split('/');
  const value = (factor: string) => sizes[factor] ?? Number(factor);
  const whole = product.split('·').reduce((n, factor) => n * value(factor), 1);
  return divisor === undefined ? whole : whole / value(divisor);
}

/** The flat form of a call. */
export function flatten(operation: Operation, operands: Operands): FlatCall {
  const names = operation.operands.map(({ name }) => name);
  const values = fieldsOf(operation).map((field) => [
    field.name,
    valueIn(field, operands[names.indexOf(field.operandName)]),
  ]);
  return { ...Object.fromEntries(values), ...(needsCount(operation) && { count: new Uint32Array(1) }) };
}

function valueIn(field: Field, operand: unknown): unknown {
  if (field.property === undefined) return operand;
  if (operand === undefined) return new Uint32Array(0);
  return (operand as Readonly<Record<string, unknown>>)[field.property];
}

/** The operands of a call with fields of other values, whatever these are: objects that only look like matrices or lists. */
export function withValues(operation: Operation, operands: Operands, values: Readonly<FlatCall>): Operands {
  const fields = fieldsOf(operation);
  return operation.operands.map(({ name }, i) => {
    const own = fields.filter((field) => field.operandName === name && field.name in values);
    if (own.length === 0) return operands[i];
    if (own[0].property === undefined) return values[name];
    const changed = own.map((field) => [field.property, values[field.name]]);
    return { ...(operands[i] as object), ...Object.fromEntries(changed) };
  });
}

/** What a call left behind, by field. */
export function outcomeOf(
  operation: Operation,
  operands: Operands,
  result: unknown,
): Record<string, ArrayLike<number> | number> {
  const room = roomOf(operation);
  const list = room && (operands[operation.operands.indexOf(room)] as { count: number });
  const arrays = Object.entries(flatten(operation, operands)).flatMap(([name, value]) => {
    if (!ArrayBuffer.isView(value) || name === 'count') return [];
    const array = value as Int32Array;
    return [[name, name.startsWith(`${room?.name}.`) ? array.slice(0, list?.count) : array]];
  });
  return {
    ...Object.fromEntries(arrays),
    ...(list && { filled: list.count }),
    ...(typeof result === 'number' && { result }),
  };
}

/** A random call of an operation that is right, in its flat form. */
export function randomFlatCall(name: OperationName, random: RandomStream): FlatCall {
  const operation: Operation = OPERATIONS[name];
  return flatten(operation, randomOperands(operation, randomSizes(operation, random), random));
}
