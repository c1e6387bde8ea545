/**
 * Operations by kind, counted exactly from shapes and trigger counts (algorithms.md §8, [BEP] cost model).
 *
 * The unit of the Boolean kinds is one bit of operand: an XNOR of two rows of 784 weights adds 784.
 */
export interface OperationCounts {
  /** Bits compared by XNOR. */
  readonly xnorBits: number;
  /** Bits added up by popcount. */
  readonly popcountBits: number;
  /** Bits of the integers that were incremented or decremented. */
  readonly stepBits: number;
  /** Additions and multiplications of 32-bit floats. */
  readonly floatOperations: number;
}

/** None of any kind. */
export const NO_OPERATIONS: OperationCounts = {
  xnorBits: 0,
  popcountBits: 0,
  stepBits: 0,
  floatOperations: 0,
};

/** Both together. */
export function addOperations(one: OperationCounts, other: OperationCounts): OperationCounts {
  return {
    xnorBits: one.xnorBits + other.xnorBits,
    popcountBits: one.popcountBits + other.popcountBits,
    stepBits: one.stepBits + other.stepBits,
    floatOperations: one.floatOperations + other.floatOperations,
  };
}

/** Counts of nothing but float operations. */
export function floatOperations(count: number): OperationCounts {
  return { ...NO_OPERATIONS, floatOperations: count };
}

const GATES_PER_OPERAND_BIT = 10;
const GATES_PER_FLOAT_OPERATION = 1e4;

/** Equivalent Boolean gates: 10 for each operand bit, 10⁴ for each float operation (algorithms.md §8). */
export function booleanGates(counts: OperationCounts): number {
  const operandBits = counts.xnorBits + counts.popcountBits + counts.stepBits;
  return GATES_PER_OPERAND_BIT * operandBits + GATES_PER_FLOAT_OPERATION * counts.floatOperations;
}
