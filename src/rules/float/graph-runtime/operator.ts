import type { FloatKernels } from '../../../kernels/float-kernels.js';
import type { Attributes, Value } from './decode-model.js';

/** Gives the arrays of results, with anything in them. */
export interface Room {
  floats(length: number): Float32Array;
  integers(length: number): Int32Array;
  truths(length: number): Uint8Array;
}

/** What a node is computed with. */
export interface Machine {
  readonly kernels: FloatKernels;
  readonly room: Room;
}

/** Computes a node. */
export type Operator = (operands: readonly Value[], attributes: Attributes, machine: Machine) => Value;
