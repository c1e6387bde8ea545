import { ArgumentError } from '../core/errors.js';
import { negativeExponential } from '../core/negative-exponential.js';
import { type ConsolidationTable, LARGEST_WORD, LIMIT_COUNT } from '../kernels/consolidation.js';

/** A number for all layers, or one for each, input side first. */
type PerLayer = number | readonly number[];

/** How depth protects weights: one of these. */
export interface ConsolidationOptions {
  /** m ≥ 0: a step towards zero is taken with probability 1 − tanh²(m·|h|). 0 takes all. */
  readonly m?: PerLayer | undefined;
  /** θ, an integer in [0, 32767]: it is taken where |h| ≤ θ. 32767 takes all. */
  readonly threshold?: PerLayer | undefined;
  /** A power of two in [1, 16384]: it is taken with probability 2^−⌊|h|/halving⌋. */
  readonly halving?: PerLayer | undefined;
  /** p in [0, 1]: it is taken with probability p at any depth; the control. 1 takes all. */
  readonly probability?: PerLayer | undefined;
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
  const [name] = chosen(options);
  const value = options[name];
  return TABLES[name](typeof value === 'object' ? value[layer] : (value ?? 0));
}

/**
 * @param layers - of the network
 * @throws ArgumentError when not exactly one option is given, or its list has another number of entries than there are layers
 */
export function checkConsolidation(options: ConsolidationOptions | undefined, layers: number): void {
  if (!options) return;
  const names = chosen(options);
  const path = ['rule', 'consolidation'];
  if (names.length !== 1) {
    const expected = `one of ${Object.keys(TABLES).join(', ')}`;
    throw new ArgumentError(path.join('.'), expected, options, path);
  }
  const value = options[names[0]];
  if (typeof value !== 'object' || value.length === layers) return;
  path.push(names[0]);
  throw new ArgumentError(path.join('.'), `${layers} entries, one for each layer`, value.length, path);
}

function chosen(options: ConsolidationOptions): (keyof ConsolidationOptions)[] {
  const names = Object.keys(TABLES) as (keyof ConsolidationOptions)[];
  return names.filter((name) => options[name] !== undefined);
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
