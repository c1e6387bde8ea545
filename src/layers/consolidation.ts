import { negativeExponential } from '../core/negative-exponential.js';
import { type ConsolidationTable, LARGEST_WORD, LIMIT_COUNT } from '../kernels/consolidation.js';

/** How depth protects weights: one of these, a number for all layers, or one for each, input side first. */
export interface ConsolidationOptions {
  /** m ≥ 0: a step towards zero is taken with probability 1 − tanh²(m·|h|). 0 takes all. */
  readonly m?: number | readonly number[] | undefined;
  /** θ, an integer in [0, 32767]: it is taken where |h| ≤ θ. 32767 takes all. */
  readonly threshold?: number | readonly number[] | undefined;
  /** A power of two in [1, 16384]: it is taken with probability 2^−⌊|h|/halving⌋. */
  readonly halving?: number | readonly number[] | undefined;
  /** p in [0, 1]: it is taken with probability p at any depth; the control. 1 takes all. */
  readonly probability?: number | readonly number[] | undefined;
}

/** Below this a probability of 15 bits is 0: where 1 − tanh²(x) = 4·e^−2x/(1 + e^−2x)² falls below 2^−16. */
const LARGEST_ARGUMENT = 6.24;

/** The table of each option. */
const TABLES: Readonly<
  Record<keyof ConsolidationOptions, (value: number) => ConsolidationTable | undefined>
> = {
  m: (m) => (m > 0 ? smoothTable(m) : undefined),
  threshold: (threshold) =>
    threshold < LARGEST_WORD
      ? { offset: threshold, shift: 0, chances: entries((i) => Number(i === 0)) }
      : undefined,
  // Less than a word of 15 bits can tell is never.
  halving: (halving) => ({
    offset: 0,
    shift: Math.log2(halving),
    chances: entries((i) => (i < 16 ? 2 ** -i : 0)),
  }),
  probability: (p) => (p < 1 ? { offset: 0, shift: 15, chances: entries(() => p) } : undefined),
};

/** Their names. */
export const CONSOLIDATIONS = Object.keys(TABLES) as readonly (keyof ConsolidationOptions)[];

/**
 * What decides over steps towards zero in a layer (kernels/consolidation.ts): not in the papers on networks without gradients; the form
 * of `m` is that of Laborieux et al. [META].
 * @param layer - from 0
 * @returns undefined where all steps are taken
 */
export function consolidationTable(
  options: ConsolidationOptions,
  layer: number,
): ConsolidationTable | undefined {
  const [name] = chosenConsolidation(options);
  const value = options[name];
  return TABLES[name](typeof value === 'object' ? value[layer] : (value ?? 0));
}

/** The options of a layer among those of a network. @param layer - from 0 */
export function optionsOfLayer<Options extends { readonly consolidation?: ConsolidationOptions | undefined }>(
  options: Options,
  layer: number,
): Omit<Options, 'consolidation'> & { readonly consolidation: ConsolidationTable | undefined } {
  const { consolidation } = options;
  return { ...options, consolidation: consolidation && consolidationTable(consolidation, layer) };
}

/** Those that are given. */
export function chosenConsolidation(options: ConsolidationOptions): (keyof ConsolidationOptions)[] {
  return CONSOLIDATIONS.filter((name) => options[name] !== undefined);
}

function entries(chance: (i: number) => number): number[] {
  return Array.from({ length: LIMIT_COUNT }, (_, i) => chance(i));
}

/**
 * 1 − tanh²(m·|h|), averaged over the odd depths of each of 64 equal ranges that reach as far as it is not 0: at most 0.2/m wide.
 */
function smoothTable(m: number): ConsolidationTable {
  let shift = 1;
  while (shift < 15 && (LIMIT_COUNT - 1) * 2 ** shift * m < LARGEST_ARGUMENT) shift++;
  const depths = 2 ** (shift - 1);
  const mean = (first: number): number => {
    let sum = 0;
    for (let i = 0; i < depths; i++) sum += plasticity(m * (first + 2 * i));
    return sum / depths;
  };
  return { offset: 0, shift, chances: entries((i) => mean(i * 2 ** shift + 1)) };
}

/** 1 − tanh²(x) for x ≥ 0. */
export function plasticity(x: number): number {
  const decay = negativeExponential(2 * x);
  return (4 * decay) / ((1 + decay) * (1 + decay));
}
