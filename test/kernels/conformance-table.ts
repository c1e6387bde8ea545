import { it } from 'vitest';
import type { RandomStream } from '../../src/core/random.js';
import {
  OPERATION_NAMES,
  OPERATIONS,
  type Operation,
  type UntypedOperation,
} from '../../src/kernels/operations.js';
import { type Agrees, BATCHES, CLASSES, WIDTHS } from './agreement.js';
import { lettersOf, outcomeOf, randomOperands, randomSizes, type Sizes } from './table-calls.js';

/** Calls of each choice of sizes: contents, numbers and what may be left out differ. */
const CALLS = 3;

/**
 * The part of the conformance suite that follows from the table of operations: random operands with sizes around every
 * boundary, values at the ends of their ranges, lists with repetitions, empty batches.
 */
export function describeTable(agrees: Agrees): void {
  it.each(OPERATION_NAMES)('computes %s on random operands of all sizes', (name) => {
    const operation: Operation = OPERATIONS[name];
    for (const [i, given] of choicesOfSizes(operation).entries()) {
      for (let call = 0; call < CALLS; call++) {
        const sizesOf = (random: RandomStream): Sizes => randomSizes(operation, random, given);
        agrees(`${name} ${JSON.stringify(given)}, ${i}.${call}`, (place, random) => {
          const operands = randomOperands(operation, sizesOf(random), random, place);
          const result = (place.kernels[name] as UntypedOperation)(...operands);
          return outcomeOf(operation, operands, result);
        });
      }
    }
  });
}

/** One letter after the other takes the sizes that matter for it; the others are small and random. */
function choicesOfSizes(operation: Operation): Sizes[] {
  const choices = Object.entries(lettersOf(operation)).flatMap(([letter, what]) => {
    if (letter === 'C') return CLASSES.map((size) => ({ [letter]: size }));
    if (what === 'columns') return WIDTHS.map((size) => ({ [letter]: size }));
    if (what === 'rows') return [0, ...BATCHES].map((size) => ({ [letter]: size }));
    if (what === 'count') return [0, 1, 2, 300].map((size) => ({ [letter]: size }));
    return [];
  });
  return choices.filter((sizes) => isSound(operation, sizes));
}

/** Entries are taken from a list or matrix that is not empty. */
function isSound(operation: Operation, sizes: Sizes): boolean {
  return operation.operands.every((operand) => {
    if (!('below' in operand)) return true;
    const isEmptySource = sizes[operand.below] === 0;
    return !(isEmptySource && operand.kind !== 'samples');
  });
}
