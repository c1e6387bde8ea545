/** Differences of decimal numbers that should tie differ in about the 14th digit. */
const SIGNIFICANT_DIGITS = 10;

/**
 * Two-sided p of Wilcoxon's signed-rank test (Biometrics Bulletin 1, 1945) that differences lie symmetrically around 0:
 * the share of the 2^n ways to put signs to the ranks of |d| whose sum of positive ranks is at least as far from its
 * mean as the one found. Exact for every n, also with ties, which share their mean rank, where the usual tables are
 * not; differences of 0 are left out, as Wilcoxon did.
 *
 * It cannot be below 2 / 2^n: with five seeds never below 0.0625.
 * @param differences - finite
 * @returns a number in (0, 1]; 1 when all differences are 0
 */
export function signedRankP(differences: readonly number[]): number {
  const nonzero = differences
    .map((difference) => Number(difference.toPrecision(SIGNIFICANT_DIGITS)))
    .filter((difference) => difference !== 0);
  const doubledRanks = nonzero.map((difference) => doubledRank(difference, nonzero));
  const total = doubledRanks.reduce((sum, rank) => sum + rank, 0);
  const positive = doubledRanks.reduce((sum, rank, i) => sum + (nonzero[i] > 0 ? rank : 0), 0);
  const distance = Math.abs(2 * positive - total);
  return sumProbabilities(doubledRanks, total).reduce(
    (p, probability, sum) => (Math.abs(2 * sum - total) >= distance ? p + probability : p),
    0,
  );
}

/** Twice the mean rank of |d|, an integer: 2·(number below) + (number equal) + 1. */
function doubledRank(difference: number, all: readonly number[]): number {
  const size = Math.abs(difference);
  const below = all.filter((other) => Math.abs(other) < size).length;
  const equal = all.filter((other) => Math.abs(other) === size).length;
  return 2 * below + equal + 1;
}

/** Entry s: probability that ranks, each counted with probability ½, sum to s. */
function sumProbabilities(ranks: readonly number[], total: number): Float64Array {
  const probabilities = new Float64Array(total + 1);
  probabilities[0] = 1;
  for (const rank of ranks) {
    for (let sum = total; sum >= 0; sum--) {
      probabilities[sum] = (probabilities[sum] + (sum >= rank ? probabilities[sum - rank] : 0)) / 2;
    }
  }
  return probabilities;
}
