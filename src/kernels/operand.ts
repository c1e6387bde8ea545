import type { BitMatrix } from '../core/bit-matrix.js';
import type { Int16Matrix, Int32Matrix } from '../core/int-matrix.js';
import type { Consolidation } from './consolidation.js';
import type { GeometricGaps } from './geometric-gaps.js';
import type { SampleList, StepList } from './lists.js';
import type { Windows } from './windows.js';

/**
 * A size: a letter that an operand before has told, or tells here (`B`), or a product of letters and numbers, divided
 * by a letter (`L·K/G`). Written so that TypeScript and C++ can both compute it.
 */
export type Size = string;

/** What an operation does with an operand: reads it, overwrites it as a whole, or changes some of it. */
export type Access = 'read' | 'written' | 'updated';

/** What stands for each kind of operand in a call. */
export interface OperandTypes {
  readonly bits: BitMatrix;
  readonly int16s: Int16Matrix;
  readonly int32s: Int32Matrix;
  readonly integers: Int16Matrix | Int32Matrix;
  readonly indices: Uint32Array;
  readonly labels: Int32Array;
  readonly samples: SampleList;
  readonly sampleRoom: SampleList;
  readonly steps: StepList;
  readonly stepRoom: StepList;
  readonly gaps: GeometricGaps;
  readonly consolidation: Consolidation;
  readonly windows: Windows;
  readonly integer: number;
  readonly divisor: number;
}

/** Kinds of matrices. */
export type MatrixKind = 'bits' | 'int16s' | 'int32s' | 'integers';

/** A matrix [rows, columns]. */
export interface MatrixOperand<Kind extends MatrixKind = MatrixKind> {
  readonly kind: Kind;
  readonly name: string;
  readonly rows: Size;
  readonly columns: Size;
  readonly access: Access;
  readonly isOptional?: boolean;
  /** Name of the matrix whose signs this one holds: a promise of the caller, which is not checked. */
  readonly signsOf?: string;
  /** Name of the matrix whose zeros this one marks with +1: the same kind of promise. */
  readonly zerosOf?: string;
}

/** An array of `length` integers in [0, below): `indices` without a sign, `labels` with one. */
export interface IndexOperand<Kind extends 'indices' | 'labels' = 'indices' | 'labels'> {
  readonly kind: Kind;
  readonly name: string;
  readonly length: Size;
  readonly below: Size;
}

/** A list of `count` samples in [0, below). */
export interface SamplesOperand {
  readonly kind: 'samples';
  readonly name: string;
  readonly count: string;
  readonly below: Size;
}

/** A list of `count` steps: of samples in [0, samplesBelow) and neurons in [0, neuronsBelow), by +1 or −1. */
export interface StepsOperand {
  readonly kind: 'steps';
  readonly name: string;
  readonly count: string;
  readonly samplesBelow: Size;
  readonly neuronsBelow: Size;
}

/** A list that is overwritten, with room for `room` entries at least; the operation tells how many it lists. */
export interface RoomOperand<Kind extends 'sampleRoom' | 'stepRoom' = 'sampleRoom' | 'stepRoom'> {
  readonly kind: Kind;
  readonly name: string;
  readonly room: Size;
}

/** Draws of gaps; their state is changed. */
export interface GapsOperand {
  readonly kind: 'gaps';
  readonly name: string;
}

/** Which steps towards zero are taken; its state is changed. */
export interface ConsolidationOperand {
  readonly kind: 'consolidation';
  readonly name: string;
}

/** Windows of a map; tells the sizes Y, X, Z, W, P and Q. */
export interface WindowsOperand {
  readonly kind: 'windows';
  readonly name: string;
  /** What the numbers may not lead beyond: bits in all. */
  readonly totals: readonly Size[];
}

/** An integer in [minimum, maximum]. */
export interface IntegerOperand {
  readonly kind: 'integer';
  readonly name: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly isOdd: boolean;
}

/** A divisor of a size, which a letter stands for from then on. */
export interface DivisorOperand {
  readonly kind: 'divisor';
  readonly name: string;
  readonly letter: string;
  readonly of: Size;
}

/** An operand of an operation, as the table describes it. */
export type Operand =
  | MatrixOperand
  | IndexOperand
  | SamplesOperand
  | StepsOperand
  | RoomOperand
  | GapsOperand
  | ConsolidationOperand
  | WindowsOperand
  | IntegerOperand
  | DivisorOperand;

function matrix<Kind extends MatrixKind>(kind: Kind) {
  return (name: string, rows: Size, columns: Size): MatrixOperand<Kind> => ({
    kind,
    name,
    rows,
    columns,
    access: 'read',
  });
}

/** A BitMatrix. */
export const bits: (name: string, rows: Size, columns: Size) => MatrixOperand<'bits'> = matrix('bits');

/** An Int16Matrix. */
export const int16s: (name: string, rows: Size, columns: Size) => MatrixOperand<'int16s'> = matrix('int16s');

/** An Int32Matrix. */
export const int32s: (name: string, rows: Size, columns: Size) => MatrixOperand<'int32s'> = matrix('int32s');

/** An Int16Matrix or an Int32Matrix. */
export const integers: (name: string, rows: Size, columns: Size) => MatrixOperand<'integers'> =
  matrix('integers');

/** The same matrix, overwritten as a whole. */
export function written<Matrix extends MatrixOperand>(operand: Matrix): Matrix {
  return { ...operand, access: 'written' };
}

/** The same matrix, changed in place. */
export function updated<Matrix extends MatrixOperand>(operand: Matrix): Matrix {
  return { ...operand, access: 'updated' };
}

/** The same matrix, which may be left out. */
export function optional<Matrix extends MatrixOperand>(
  operand: Matrix,
): Matrix & { readonly isOptional: true } {
  return { ...operand, isOptional: true };
}

/** The same matrix, which holds the signs of another. */
export function signsOf<Matrix extends MatrixOperand>(other: string, operand: Matrix): Matrix {
  return { ...operand, signsOf: other };
}

/** The same matrix, which marks the zeros of another. */
export function zerosOf<Matrix extends MatrixOperand>(other: string, operand: Matrix): Matrix {
  return { ...operand, zerosOf: other };
}

/** A Uint32Array of `length` indices in [0, below). */
export function indices(name: string, length: Size, below: Size): IndexOperand<'indices'> {
  return { kind: 'indices', name, length, below };
}

/** An Int32Array of `length` indices in [0, below). */
export function labels(name: string, length: Size, below: Size): IndexOperand<'labels'> {
  return { kind: 'labels', name, length, below };
}

/** A SampleList of `count` samples in [0, below). */
export function samples(name: string, count: string, below: Size): SamplesOperand {
  return { kind: 'samples', name, count, below };
}

/** A SampleList to be filled, with room for `room` samples. */
export function sampleRoom(name: string, room: Size): RoomOperand<'sampleRoom'> {
  return { kind: 'sampleRoom', name, room };
}

/** A StepList of `count` steps. */
export function steps(name: string, count: string, samplesBelow: Size, neuronsBelow: Size): StepsOperand {
  return { kind: 'steps', name, count, samplesBelow, neuronsBelow };
}

/** A StepList to be filled, with room for `room` steps. */
export function stepRoom(name: string, room: Size): RoomOperand<'stepRoom'> {
  return { kind: 'stepRoom', name, room };
}

/** GeometricGaps. */
export function gaps(name: string): GapsOperand {
  return { kind: 'gaps', name };
}

/** Consolidation. */
export function consolidation(name: string): ConsolidationOperand {
  return { kind: 'consolidation', name };
}

/** Windows. @param totals - bits of the matrices whose sizes they tell */
export function windows(name: string, ...totals: readonly Size[]): WindowsOperand {
  return { kind: 'windows', name, totals };
}

/** An integer in [minimum, maximum]. */
export function integer(
  name: string,
  minimum: number,
  maximum: number = Number.MAX_SAFE_INTEGER,
): IntegerOperand {
  return { kind: 'integer', name, minimum, maximum, isOdd: false };
}

/** An odd integer in [minimum, maximum]. */
export function odd(name: string, minimum: number, maximum: number): IntegerOperand {
  return { kind: 'integer', name, minimum, maximum, isOdd: true };
}

/** A divisor of `of`. */
export function divisor(name: string, letter: string, of: Size): DivisorOperand {
  return { kind: 'divisor', name, letter, of };
}
