import { checkNumber } from './check.js';

/** Terms of the series after which the next is below the last bit. */
const TERMS = 14;

/**
 * e^−x to the same bit on every engine; JavaScript leaves the last bits of `Math.exp` open. Taylor's series of x/2^k ≤ 1/2, squared k
 * times; right to about 2^−52·(1 + x).
 * @param x - at least 0; from 700 on the result is 0
 * @throws ArgumentError for a number that is negative, infinite or none
 */
export function negativeExponential(x: number): number {
  checkNumber('x', x, 0, Number.MAX_VALUE);
  if (x >= 700) return 0;
  let halvings = 0;
  let rest = x;
  for (; rest > 0.5; rest /= 2) halvings++;
  let sum = 1;
  for (let n = TERMS; n >= 1; n--) sum = 1 - (rest / n) * sum;
  for (; halvings > 0; halvings--) sum *= sum;
  return sum;
}
