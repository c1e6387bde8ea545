import { plasticity } from '../../layers/consolidation.js';
import { type Optimizer, writeSigns } from './optimizer.js';

/** Entries of a table of 1 − tanh² for each unit of its argument. */
const RESOLUTION = 256;

/** Beyond this 1 − tanh² counts as 0: it is below 10^−6. */
const LARGEST_ARGUMENT = 8;

/** How far away the weight is whose depth is taken for another's: a share of the layer's weights. */
const ELSEWHERE = 0.618;

/** 1 − tanh² at multiples of 1/RESOLUTION, and 0 at the end. */
const TABLE = Float64Array.from({ length: RESOLUTION * LARGEST_ARGUMENT + 2 }, (_, i) =>
  i < RESOLUTION * LARGEST_ARGUMENT ? plasticity(i / RESOLUTION) : 0,
);

/** Constants of metaplasticity; see `consolidatedStep`. */
export interface ConsolidatedConstants {
  /** m, at least 0. */
  readonly m: number;
  /** Whether a weight is protected by the depth of another one. */
  readonly isShuffled: boolean;
}

/**
 * A step of which the change of a weight towards zero is multiplied by 1 − tanh²(m·|W|), and one away from it is not (Laborieux et al.,
 * Nature Communications 12 (2021) 2549): with W' what `inner` makes of W,
 *
 *     W ← W + f·(W' − W),   f = 1 − tanh²(m·|W|) where W·(W' − W) < 0, else 1
 *
 * For Adam this is what the published code does, which multiplies the first moment in the update of W, and keeps the moment itself. f is
 * interpolated between multiples of 1/256 of m·|W|, so that it is the same on every engine.
 *
 * The control, `isShuffled`, takes for |W| that of the weight 61.8 % of the layer further on: plasticity is distributed as without, but
 * has nothing to do with a weight's own depth.
 */
export function consolidatedStep(inner: Optimizer, { m, isShuffled }: ConsolidatedConstants): Optimizer {
  const copies = new WeakMap<Float32Array, Float32Array>();
  const copyOf = (values: Float32Array): Float32Array => {
    const copy = copies.get(values) ?? new Float32Array(values.length);
    copies.set(values, copy);
    copy.set(values);
    return copy;
  };
  return {
    moments: inner.moments,
    // |W|·m, f of a table, the product, and the comparison.
    operationsPerWeight: inner.operationsPerWeight + 5,
    update({ signs, ...update }, kernels) {
      const { values } = update;
      const before = copyOf(values);
      inner.update(update, kernels);
      const distance = isShuffled ? Math.floor(ELSEWHERE * values.length) : 0;
      for (let i = 0; i < values.length; i++) {
        const change = values[i] - before[i];
        if (before[i] * change >= 0) continue;
        const j = i + distance < values.length ? i + distance : i + distance - values.length;
        values[i] = before[i] + factor(m * Math.abs(before[j])) * change;
      }
      if (signs) writeSigns(values, signs);
    },
  };
}

function factor(x: number): number {
  if (x >= LARGEST_ARGUMENT) return 0;
  const place = x * RESOLUTION;
  const below = Math.floor(place);
  return TABLE[below] + (place - below) * (TABLE[below + 1] - TABLE[below]);
}
