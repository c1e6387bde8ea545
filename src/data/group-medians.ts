import type { FeatureMatrix } from './dataset.js';
import { lowerQuantileRank, valuesAt } from './order-statistics.js';

/** Fewer values than this are copied and selected from: a sample of them would save nothing. */
export const FEWEST_TO_SAMPLE = 4096;

/** Columns looked through together, so that what is kept of them stays small. */
const COLUMNS_AT_ONCE = 128;

/** Rows looked through together: what is read of them stays in the cache of the processor. */
const ROWS_AT_ONCE = 64;

/** One value of so many is in the sample, within the bounds. */
const SHARE = 64;
const [SMALLEST_SAMPLE, LARGEST_SAMPLE] = [256, 65_536];

/** How far brackets reach to both sides of the median of the sample, in standard deviations of a rank; the second for those that missed. */
const REACHES = [3, 8];

/** What is kept may be so many times what the sample promises. */
const SLACK = 1.5;

/**
 * The lower medians of groups of columns over all rows, exact, in one pass: a sample brackets each median, the pass counts what lies below
 * the bracket and keeps what lies inside, and the median is selected from that. Where the counts show that a bracket has missed,
 * the whole group is selected from. A median of zero is +0.
 * @param features - finite
 * @param groups - columns of each, at least one; together at least `FEWEST_TO_SAMPLE` values
 * @returns a median for each group
 */
export function groupMedians(
  features: FeatureMatrix & { readonly values: Float32Array },
  groups: readonly Uint32Array[],
): Float64Array {
  const medians = new Float64Array(groups.length);
  for (let first = 0; first < groups.length; ) {
    let end = first;
    for (let columns = 0; end < groups.length && columns < COLUMNS_AT_ONCE; end++)
      columns += groups[end].length;
    medians.set(mediansTogether(features, groups.slice(first, end), REACHES), first);
    first = end;
  }
  return medians;
}

function mediansTogether(
  features: FeatureMatrix & { readonly values: Float32Array },
  groups: readonly Uint32Array[],
  [reach, ...wider]: readonly number[],
): number[] {
  if (reach === undefined) return groups.map((group) => medianOfCopy(features, group));
  const { values, rows, columns } = features;
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  const brackets = bracketsOf(features, groups, reach);
  for (let row = 0; row < rows; row += ROWS_AT_ONCE) {
    const [start, end] = [row * columns, Math.min(rows, row + ROWS_AT_ONCE) * columns];
    for (const bracket of brackets) bracket.count(bits, start, end, columns);
  }
  const medians = brackets.map((bracket) => bracket.median());
  const missed = groups.filter((_, g) => medians[g] === undefined);
  const second = missed.length === 0 ? [] : mediansTogether(features, missed, wider);
  return medians.map((median) => (median ?? second.shift() ?? Number.NaN) + 0);
}

/** The bits of a float32 as a whole number of the same order; −0 comes before +0. */
function orderOf(bits: number): number {
  return bits ^ ((bits >> 31) & 0x7fffffff);
}

/** Bounds that a median is expected between, and what was seen of the values: how many lie where, and those inside. */
class Bracket {
  readonly #low: number;
  readonly #high: number;
  readonly #kept: Int32Array;
  #belowCount = 0;
  #lowCount = 0;
  #insideCount = 0;
  #highCount = 0;

  /**
   * @param lowest - the lower bound, which counts as its own, and the upper one
   * @param total - values that will be counted
   * @param capacity - of them that may lie between the bounds
   */
  constructor(
    readonly columns: Uint32Array,
    private readonly lowest: number,
    private readonly highest: number,
    private readonly total: number,
    capacity: number,
  ) {
    const [low, high] = new Int32Array(Float32Array.of(lowest, highest).buffer);
    this.#low = orderOf(low);
    this.#high = orderOf(high);
    this.#kept = new Int32Array(capacity);
  }

  /** Counts the values of its columns in bits[start … end), whole rows of `rowLength`. */
  count(bits: Int32Array, start: number, end: number, rowLength: number): void {
    const { columns } = this;
    const low = this.#low;
    const high = this.#high;
    const kept = this.#kept;
    const width = (high - low) >>> 0;
    let below = 0;
    let atLow = 0;
    let inside = this.#insideCount;
    let atHigh = 0;
    for (let c = 0; c < columns.length; c++) {
      for (let i = start + columns[c]; i < end; i += rowLength) {
        const value = bits[i];
        const order = value ^ ((value >> 31) & 0x7fffffff); // orderOf
        // Without branches for what is as often so as not; values within the bracket are rare.
        below += Number(order < low);
        if ((order - low) >>> 0 > width) continue;
        if (order === low) atLow++;
        else if (order === high) atHigh++;
        else kept[inside++] = value; // past its end nothing is written, and `median` sees it
      }
    }
    this.#belowCount += below;
    this.#lowCount += atLow;
    this.#insideCount = inside;
    this.#highCount += atHigh;
  }

  /** The lower median of all that was counted; undefined where the bracket has missed it, or more lay inside than was kept. */
  median(): number | undefined {
    let rank = lowerQuantileRank(this.total, 1, 2) - this.#belowCount;
    if (rank < 0) return undefined;
    if (rank < this.#lowCount) return this.lowest;
    rank -= this.#lowCount;
    if (rank >= this.#insideCount)
      return rank < this.#insideCount + this.#highCount ? this.highest : undefined;
    if (this.#insideCount > this.#kept.length) return undefined;
    return valuesAt(new Float32Array(this.#kept.buffer, 0, this.#insideCount), [rank])[0];
  }
}

function bracketsOf(
  { values, rows, columns }: FeatureMatrix & { readonly values: Float32Array },
  groups: readonly Uint32Array[],
  deviations: number,
): Bracket[] {
  const smallest = groups.reduce((least, group) => Math.min(least, group.length), Number.POSITIVE_INFINITY);
  const size = Math.min(
    Math.max(Math.floor((rows * smallest) / SHARE), SMALLEST_SAMPLE),
    LARGEST_SAMPLE,
    rows * smallest,
  );
  const samples = new Float32Array(groups.length * size);
  for (let i = 0; i < size; i++) {
    // Spread evenly over rows and columns, but in no step that a pattern of the data could share.
    const row = Math.floor(((i + ((i * Math.SQRT2) % 1)) * rows) / size);
    const across = (i * Math.E) % 1;
    groups.forEach((group, g) => {
      samples[g * size + i] = values[row * columns + group[Math.floor(across * group.length)]];
    });
  }
  const middle = lowerQuantileRank(size, 1, 2);
  const reach = Math.ceil((deviations * Math.sqrt(size)) / 2);
  const ranks = [Math.max(0, middle - reach), Math.min(size - 1, middle + reach)];
  return groups.map((group, g) => {
    const [low, high] = valuesAt(samples.subarray(g * size, (g + 1) * size), ranks);
    const total = rows * group.length;
    const capacity = Math.ceil((SLACK * total * (2 * reach + 1)) / size);
    return new Bracket(group, low, high, total, Math.min(capacity, total));
  });
}

function medianOfCopy(
  { values, rows, columns }: FeatureMatrix & { readonly values: Float32Array },
  group: Uint32Array,
): number {
  const copy = new Float32Array(rows * group.length);
  let next = 0;
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < group.length; i++) copy[next++] = values[row * columns + group[i]];
  }
  return valuesAt(copy, [lowerQuantileRank(copy.length, 1, 2)])[0];
}
