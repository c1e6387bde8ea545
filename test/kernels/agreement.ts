import { RandomStream } from '../../src/core/random.js';
import type { Kernels } from '../../src/kernels/kernels.js';
import type { SampleList, StepList } from '../../src/kernels/lists.js';
import { referenceKernels } from '../../src/kernels/reference.js';
import { sameBytes } from '../equality.js';
import { Arena, PLACEMENTS } from './operands.js';
import { replayed } from './replay.js';

/** Columns of packed rows around every boundary of 64, 128 and 512 bits, and those of real data. */
export const WIDTHS = [1, 63, 64, 65, 127, 128, 129, 511, 512, 513, 784, 1000, 9216];

/** Samples in a batch. */
export const BATCHES = [1, 3, 100, 257];

/** Classes of a classifier. */
export const CLASSES = [2, 3, 10, 100];

/** Bounds of hidden weights: 2, 3, 8 and 16 bits. */
export const BOUNDS = [1, 3, 127, 32767];

/** Every width with small batches, and every batch with few widths. */
export const SHAPES = [
  ...WIDTHS.flatMap((columns) => [1, 3].map((rows) => ({ rows, columns }))),
  ...BATCHES.flatMap((rows) => [65, 784].map((columns) => ({ rows, columns }))),
];

/** What a call left behind: every operand, inputs included, and what it returned. */
export type Outcome = Readonly<Record<string, ArrayLike<number> | number>>;

/** One call on operands that it places itself; the same stream makes the same operands. */
export type Operation = (place: Arena, random: RandomStream) => Outcome;

/** Fails unless an operation leaves the same behind as with the reference, wherever its operands live. */
export type Agrees = (caseName: string, operation: Operation) => void;

/**
 * Runs an operation with the reference and, for every placement of its operands, with `kernels`.
 * @returns the first difference found, for an error message
 */
export function findDisagreement(
  kernels: Kernels,
  caseName: string,
  operation: Operation,
): string | undefined {
  // With its text, as two cases may have the same name.
  const key = `${caseName}: ${operation}`;
  const known = knownCases.get(key);
  const drawn = known?.drawn ?? [];
  const run = (arena: Arena) => operation(arena, replayed(RandomStream.named(1, caseName), drawn));
  const expected = known?.expected ?? run(new Arena(referenceKernels, 'plain arrays'));
  knownCases.set(key, { drawn, expected });
  for (const placement of PLACEMENTS) {
    const arena = new Arena(kernels, placement);
    const difference = firstDifference(run(arena), expected) ?? arena.firstDamage();
    if (difference) return `${caseName}, ${placement}: ${difference}`;
  }
  return undefined;
}

/** What is drawn for a case, and what the reference leaves behind of it: the same for all backends that one file tests. */
const knownCases = new Map<string, { readonly drawn: unknown[]; readonly expected: Outcome }>();

/** The meaningful part of a list of samples. */
export function ofSamples({ count, indices }: SampleList): Outcome {
  return { sampleCount: count, samples: indices.slice(0, count) };
}

/** The meaningful part of a list of steps. */
export function ofSteps({ count, samples, neurons, directions }: StepList): Outcome {
  return {
    stepCount: count,
    stepSamples: samples.slice(0, count),
    stepNeurons: neurons.slice(0, count),
    stepDirections: directions.slice(0, count),
  };
}

function firstDifference(actual: Outcome, expected: Outcome): string | undefined {
  for (const [key, wanted] of Object.entries(expected)) {
    const found = actual[key];
    if (typeof wanted === 'number' || typeof found === 'number') {
      if (found !== wanted) return `${key} is ${found}, expected ${wanted}`;
      continue;
    }
    if (sameBytes(found, wanted)) continue;
    if (found.length !== wanted.length) return `${key} has ${found.length} entries, not ${wanted.length}`;
    for (let i = 0; i < wanted.length; i++) {
      if (found[i] !== wanted[i]) return `${key}[${i}] is ${found[i]}, expected ${wanted[i]}`;
    }
  }
  return undefined;
}
