/** An interval of numbers, both ends included. */
export type Interval = readonly [low: number, high: number];

/** x̄ = Σ x_i / n. @param values - at least one */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of the sample, s = √(Σ (x_i − x̄)² / (n − 1)); null for a single value, which says nothing of the spread. */
export function standardDeviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  // Rounding of the mean would leave something.
  if (values.every((value) => value === values[0])) return 0;
  const center = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/**
 * 95 % interval of the mean by Student's t: x̄ ± t₀.₉₇₅(n − 1)·s/√n. Of normal values it covers the true mean in 95 % of all samples,
 * however few they are.
 * @returns null for a single value; the mean alone where all are equal
 */
export function tInterval(values: readonly number[]): Interval | null {
  const spread = standardDeviation(values);
  if (spread === null) return null;
  if (spread === 0) return [values[0], values[0]];
  const [low, high] = tTest(values).ci;
  return [low, high];
}

/** Student's t test of whether the mean is 0, two-sided, with the 95 % interval of the mean. @param values - at least two, not all equal */
export function tTest(values: readonly number[]): {
  readonly pValue: number;
  readonly ci: ArrayLike<number> & Iterable<number>;
} {
  // Loaded on first use: it takes a third of a second.
  const ttest = require('@stdlib/stats-ttest') as typeof import('@stdlib/stats-ttest');
  return ttest([...values]);
}

/** Linear between the order statistics (type 7 of Hyndman and Fan, the default of NumPy and R). */
export function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.ceil(position);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}
