/** A bin of depths, `low` ≤ |h| < 2·`low`, in words. */
export function depthRange(low: number): string {
  return low === 1 ? '1' : `${low}–${2 * low - 1}`;
}
