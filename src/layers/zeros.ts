import type { BitMatrix } from '../core/bit-matrix.js';
import type { Kernels } from '../kernels/kernels.js';
import { ternaryKernels, ternaryMatrix } from '../kernels/ternary-kernels.js';

/**
 * Where a network of ±1 may have zeros as well, as the published code of [LBES] has them in all three places: sign(0) = 0 of hidden
 * weights, of pre-activations, and of the integers that a classifier is the signs of.
 */
export const ZERO_PLACES = ['weights', 'activations', 'classifier'] as const;

/** One of these places. */
export type ZeroPlace = (typeof ZERO_PLACES)[number];

/** Options with places that may have zeros; none where they are left out. */
interface WithZeros {
  readonly zeros?: readonly ZeroPlace[] | undefined;
}

/** Whether there may be zeros in a place. */
export function hasZeros({ zeros = [] }: WithZeros, place: ZeroPlace): boolean {
  return zeros.includes(place);
}

/** A matrix of −1 that holds what is in a place: with zeros if there may be some. */
export function matrixFor(
  place: ZeroPlace,
  kernels: Kernels,
  options: WithZeros,
  rows: number,
  columns: number,
): BitMatrix {
  return hasZeros(options, place) ? ternaryMatrix(kernels, rows, columns) : kernels.bitMatrix(rows, columns);
}

/** The kernels that a network computes with: those given, if it has no zeros. */
export function kernelsFor(kernels: Kernels, { zeros = [] }: WithZeros): Kernels {
  return zeros.length > 0 ? ternaryKernels(kernels) : kernels;
}
