import {
  bits,
  consolidation,
  divisor,
  gaps,
  indices,
  int16s,
  int32s,
  integer,
  integers,
  labels,
  type Operand,
  type OperandTypes,
  odd,
  optional,
  sampleRoom,
  samples,
  signsOf,
  stepRoom,
  steps,
  updated,
  windows,
  written,
  zerosOf,
} from './operand.js';

/** Largest |hidden weight| that a 16-bit integer holds symmetrically. */
export const MAXIMUM_BOUND = 32767;

/** Largest limit of a gate: that of a 32-bit integer. */
const MAXIMUM_LIMIT = 2 ** 31 - 1;

/** Most positions of a window that vote. */
const MAXIMUM_VOTES = 2 ** 20;

/** Least sizes that are more than those of any matrix: there are at least two classes. */
export const LEAST_SIZES: Readonly<Record<string, number>> = { C: 2 };

/** An operation: its operands in the order of the call, and whether it returns a number. */
export interface Operation<
  Operands extends readonly Operand[] = readonly Operand[],
  Counts extends boolean = boolean,
> {
  readonly operands: Operands;
  readonly counts: Counts;
}

/** An operation that returns nothing. */
function does<const Operands extends readonly Operand[]>(...operands: Operands): Operation<Operands, false> {
  return { operands, counts: false };
}

/** An operation that returns a number: of what, kernels.ts says. */
function counts<const Operands extends readonly Operand[]>(...operands: Operands): Operation<Operands, true> {
  return { operands, counts: true };
}

/**
 * The operations of the contract, a line for each. What they compute is said in kernels.ts and defined by reference.ts.
 * Checks, the marshalling of the native and wasm backends and the inputs of the conformance suite follow from here.
 *
 * Letters are sizes: B samples in a batch, N inputs, K neurons in groups of G, C classes, D rows of desired activations,
 * L listed samples, T listed steps, S samples of a data set, R rows. Of maps: Y their height, X their width, Z their channels, W the side of a
 * window, P and Q windows down and across. The first operand with a letter tells the size.
 */
// biome-ignore format: a table
export const OPERATIONS = {
  gatherRows: does(bits('source', 'S', 'N'), indices('rows', 'B', 'S'), written(bits('out', 'B', 'N'))),
  product: does(bits('inputs', 'B', 'N'), bits('weights', 'K', 'N'), written(int32s('out', 'B', 'K')), optional(written(bits('signs', 'B', 'K')))),
  ternaryProduct: does(bits('inputs', 'B', 'N'), bits('weights', 'K', 'N'), written(int32s('out', 'B', 'K')), optional(bits('inputZeros', 'B', 'N')), optional(bits('weightZeros', 'K', 'N'))),
  packSigns: does(integers('values', 'R', 'N'), written(bits('out', 'R', 'N'))),
  packGates: does(int32s('preActivations', 'B', 'K'), integer('limit', 0, MAXIMUM_LIMIT), written(bits('gates', 'B', 'K'))),
  packMajority: does(bits('activations', 'B', 'K'), divisor('groupSize', 'G', 'K'), written(bits('out', 'B', 'K/G'))),
  packReached: does(int32s('values', 'R', 'N'), int32s('thresholds', '1', 'N'), written(bits('out', 'R', 'N'))),
  patches: does(windows('windows', 'B·Y·X·Z', 'B·P·Q·W·W·Z'), bits('maps', 'B', 'Y·X·Z'), written(bits('out', 'B·P·Q', 'W·W·Z'))),
  pool: does(windows('windows', 'B·Y·X·Z', 'B·P·Q·Z'), bits('positions', 'B·Y·X', 'Z'), integer('votes', 1, MAXIMUM_VOTES), written(bits('out', 'B', 'P·Q·Z'))),
  backProduct: does(bits('desired', 'B', 'K'), bits('gates', 'B', 'K'), bits('weights', 'K', 'N'), samples('samples', 'L', 'B'), updated(int32s('out', 'B', 'N'))),
  findTriggers: counts(int32s('logits', 'B', 'C'), labels('labels', 'B', 'C'), integer('margin', 0), sampleRoom('triggers', 'B')),
  selectNeurons: does(int32s('preActivations', 'B', 'K'), samples('samples', 'L', 'B'), bits('desired', 'D', 'K'), labels('desiredRows', 'B', 'D'), divisor('groupSize', 'G', 'K'), stepRoom('steps', 'L·K/G'), optional(bits('desiredZeros', 'D', 'K'))),
  drawNeurons: does(int32s('preActivations', 'B', 'K'), samples('samples', 'L', 'B'), bits('desired', 'D', 'K'), labels('desiredRows', 'B', 'D'), divisor('groupSize', 'G', 'K'), indices('draws', 'L·K/G', '4294967296'), stepRoom('steps', 'L·K/G')),
  selectRivals: does(int32s('logits', 'B', 'C'), labels('labels', 'B', 'C'), samples('samples', 'L', 'B'), stepRoom('steps', '2·L')),
  applySteps: counts(updated(int16s('hidden', 'K', 'N')), updated(signsOf('hidden', bits('visible', 'K', 'N'))), bits('inputs', 'B', 'N'), steps('steps', 'T', 'B', 'K'), odd('bound', 1, MAXIMUM_BOUND)),
  applyTernarySteps: counts(updated(int16s('hidden', 'K', 'N')), updated(signsOf('hidden', bits('visible', 'K', 'N'))), bits('inputs', 'B', 'N'), steps('steps', 'T', 'B', 'K'), odd('bound', 1, MAXIMUM_BOUND), optional(updated(zerosOf('hidden', bits('zeros', 'K', 'N')))), optional(bits('inputZeros', 'B', 'N'))),
  applyConsolidatedSteps: counts(updated(int16s('hidden', 'K', 'N')), updated(signsOf('hidden', bits('visible', 'K', 'N'))), bits('inputs', 'B', 'N'), steps('steps', 'T', 'B', 'K'), consolidation('consolidation'), odd('bound', 1, MAXIMUM_BOUND)),
  reinforce: counts(updated(int16s('hidden', 'K', 'N')), gaps('gaps'), odd('bound', 1, MAXIMUM_BOUND)),
} as const;

/** Name of an operation. */
export type OperationName = keyof typeof OPERATIONS;

/** The names of all operations. */
export const OPERATION_NAMES = Object.keys(OPERATIONS) as readonly OperationName[];

type Call<Operands extends readonly Operand[]> = Operands extends readonly [
  infer First extends Operand,
  ...infer Rest extends readonly Operand[],
]
  ? First extends { readonly isOptional: true }
    ? [OperandTypes[First['kind']]?, ...Call<Rest>]
    : [OperandTypes[First['kind']], ...Call<Rest>]
  : [];

/** The operations as functions, with the operands of the table. */
export type Operations = {
  readonly [Name in OperationName]: (typeof OPERATIONS)[Name] extends Operation<infer Operands, infer Counts>
    ? (...operands: Call<Operands>) => Counts extends true ? number : void
    : never;
};

/** An operation on operands that are checked at run time, if at all. */
export type UntypedOperation = (...operands: readonly unknown[]) => unknown;

/** A function for each operation, made from its line in the table. */
export function mapOperations(
  make: (name: OperationName, operation: Operation) => UntypedOperation,
): Operations {
  return Object.fromEntries(
    OPERATION_NAMES.map((name) => [name, make(name, OPERATIONS[name])]),
  ) as Operations;
}
