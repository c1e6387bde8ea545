import { isNews } from './compile.js';
import { LIMIT_COUNT } from './consolidation.js';
import { GUIDE_LENGTH, STATE_LENGTH } from './geometric-gaps.js';
import type { Access, MatrixOperand, Operand, RoomOperand, Size } from './operand.js';
import { LEAST_SIZES, MAXIMUM_BOUND, type Operation } from './operations.js';
import { LARGEST_SIDE, MOST_CHANNELS } from './windows.js';

/** Largest number of rows or entries: that of a 32-bit integer. */
const MAXIMUM_SIZE = 2 ** 31 - 1;

/** Largest number of columns: sums over them stay within 32 bits. */
const MAXIMUM_COLUMNS = 2 ** 30;

/** What a typed array holds. */
export type Entries = 'uint32' | 'int32' | 'int16' | 'int8' | 'int16 or int32';

/** How many entries a typed array has. */
export type Length =
  /** Those of a matrix; where it is packed, a row takes a multiple of 64 bits. */
  | { readonly kind: 'matrix'; readonly rows: Size; readonly columns: Size; readonly isPacked: boolean }
  | { readonly kind: 'exactly'; readonly size: Size }
  | { readonly kind: 'atLeast'; readonly size: Size }
  /** Any number from `minimum` on, which `letter` stands for from then on. */
  | { readonly kind: 'free'; readonly letter: string; readonly minimum: number };

interface Named {
  /** As errors call it: `inputs.words`. */
  readonly name: string;
  /** The operand that it belongs to. */
  readonly operandName: string;
  /** Property of the operand; none where it is the operand itself. */
  readonly property?: string | undefined;
}

/** A typed array in a flat call. */
export interface ArrayField extends Named {
  readonly type: 'array';
  readonly entries: Entries;
  readonly length: Length;
  readonly access: Access;
  readonly isOptional?: boolean;
  /** What the entries have to be. */
  readonly holds?: { readonly below: Size } | 'directions';
}

/** A number in a flat call. */
export interface NumberField extends Named {
  readonly type: 'number';
  readonly minimum: number;
  readonly maximum: number;
  readonly isOdd?: boolean;
  /** The letter that stands for it. */
  readonly letter?: string;
  /** What it divides. */
  readonly divides?: Size;
  /** Products with it, which may not be larger than matrices are. */
  readonly totals?: readonly Size[];
}

/** A value in a flat call. */
export type Field = ArrayField | NumberField;

/**
 * The flat form of an operation: typed arrays and numbers, as native code and WebAssembly take them. Every operand puts
 * its arrays, then the sizes that no operand before has told; an optional array that is left out is an empty one.
 */
export function fieldsOf(operation: Operation): readonly Field[] {
  const told = new Set<string>();
  return operation.operands.flatMap((operand) => fieldsOfOperand(operand, told));
}

/** The operand, if any, that is a list to be filled. */
export function roomOf({ operands }: Operation): RoomOperand | undefined {
  return operands.find((operand): operand is RoomOperand => 'room' in operand);
}

/**
 * Whether a flat call has a last value, a Uint32Array of one entry, that gets the number of entries of a list to be filled:
 * where the result is another count. Elsewhere the result is that number.
 */
export function needsCount(operation: Operation): boolean {
  return operation.counts && roomOf(operation) !== undefined;
}

type ArrayDetails = Pick<ArrayField, 'entries' | 'length'> & Partial<ArrayField>;

function fieldsOfOperand(operand: Operand, told: Set<string>): Field[] {
  const { name } = operand;
  const at = (property?: string): Named => ({
    name: property === undefined ? name : `${name}.${property}`,
    operandName: name,
    property,
  });
  const array = (property: string | undefined, details: ArrayDetails): ArrayField => ({
    type: 'array',
    access: 'read',
    ...at(property),
    ...details,
  });
  /** A size, unless it is known. */
  const size = (property: string, letter: Size, minimum: number, maximum: number): NumberField[] => {
    if (!isNews(letter, told)) return [];
    return [{ type: 'number', ...at(property), minimum: LEAST_SIZES[letter] ?? minimum, maximum, letter }];
  };
  const listed = (
    property: string,
    letter: string,
    entries: Entries,
    holds: ArrayField['holds'],
  ): ArrayField =>
    array(property, { entries, length: { kind: 'atLeast', size: letter }, ...(holds && { holds }) });
  const room = (property: string, entries: Entries, least: Size): ArrayField =>
    array(property, { entries, length: { kind: 'atLeast', size: least }, access: 'written' });

  switch (operand.kind) {
    case 'bits':
    case 'int16s':
    case 'int32s':
    case 'integers':
      return [
        array(operand.kind === 'bits' ? 'words' : 'values', matrixArray(operand)),
        ...size('rows', operand.rows, 0, MAXIMUM_SIZE),
        ...size('columns', operand.columns, 1, MAXIMUM_COLUMNS),
      ];
    case 'indices':
    case 'labels': {
      const { length, below } = operand;
      return [
        array(undefined, {
          entries: operand.kind === 'indices' ? 'uint32' : 'int32',
          length: isNews(length, told)
            ? { kind: 'free', letter: length, minimum: 0 }
            : { kind: 'exactly', size: length },
          holds: { below },
        }),
      ];
    }
    case 'samples':
      return [
        listed('indices', operand.count, 'uint32', { below: operand.below }),
        ...size('count', operand.count, 0, MAXIMUM_SIZE),
      ];
    case 'steps':
      return [
        listed('samples', operand.count, 'uint32', { below: operand.samplesBelow }),
        listed('neurons', operand.count, 'uint32', { below: operand.neuronsBelow }),
        listed('directions', operand.count, 'int8', 'directions'),
        ...size('count', operand.count, 0, MAXIMUM_SIZE),
      ];
    case 'sampleRoom':
      return [room('indices', 'uint32', operand.room)];
    case 'stepRoom':
      return [
        room('samples', 'uint32', operand.room),
        room('neurons', 'uint32', operand.room),
        room('directions', 'int8', operand.room),
      ];
    case 'gaps': {
      const thresholds: Length = { kind: 'free', letter: `${name}ThresholdCount`, minimum: 1 };
      return [
        array('state', {
          entries: 'int32',
          length: { kind: 'exactly', size: `${STATE_LENGTH}` },
          access: 'updated',
        }),
        array('thresholds', { entries: 'uint32', length: thresholds }),
        array('guide', { entries: 'uint32', length: { kind: 'exactly', size: `${GUIDE_LENGTH}` } }),
      ];
    }
    case 'consolidation':
      return [
        array('state', {
          entries: 'int32',
          length: { kind: 'exactly', size: `${STATE_LENGTH}` },
          access: 'updated',
        }),
        array('limits', { entries: 'int16', length: { kind: 'exactly', size: `${LIMIT_COUNT}` } }),
        { type: 'number', ...at('offset'), minimum: 0, maximum: MAXIMUM_BOUND },
        { type: 'number', ...at('shift'), minimum: 0, maximum: 15 },
      ];
    case 'windows': {
      const number = (property: string, minimum: number, maximum: number, letter?: string): NumberField => {
        if (letter) told.add(letter);
        return { type: 'number', ...at(property), minimum, maximum, ...(letter && { letter }) };
      };
      return [
        number('height', 1, LARGEST_SIDE, 'Y'),
        number('width', 1, LARGEST_SIDE, 'X'),
        number('channels', 1, MOST_CHANNELS, 'Z'),
        number('size', 1, LARGEST_SIDE, 'W'),
        number('stride', 1, LARGEST_SIDE),
        number('padding', 0, LARGEST_SIDE),
        number('paddingSign', -1, 1),
        number('outHeight', 1, LARGEST_SIDE, 'P'),
        { ...number('outWidth', 1, LARGEST_SIDE, 'Q'), totals: operand.totals },
      ];
    }
    case 'integer': {
      const { minimum, maximum, isOdd } = operand;
      return [{ type: 'number', ...at(), minimum, maximum, isOdd }];
    }
    case 'divisor': {
      const { letter, of } = operand;
      told.add(letter);
      return [{ type: 'number', ...at(), minimum: 1, maximum: MAXIMUM_COLUMNS, letter, divides: of }];
    }
    default:
      return operand satisfies never;
  }
}

function matrixArray({ kind, rows, columns, access, isOptional = false }: MatrixOperand): ArrayDetails {
  const entries = { bits: 'uint32', int16s: 'int16', int32s: 'int32', integers: 'int16 or int32' } as const;
  const length: Length = { kind: 'matrix', rows, columns, isPacked: kind === 'bits' };
  return { entries: entries[kind], length, access, isOptional };
}
