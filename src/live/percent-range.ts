/** So many percent beyond 0 and 100, that lines at them are seen whole. */
const MARGIN = 2;

/**
 * What an axis in percent shows, for uPlot, which would make 0 to 200 of values that are all 100: little more than there is.
 * @param least - of the values; null before there are any
 */
export function percentRange(_: unknown, least: number | null, most: number | null): [number, number] {
  if (least === null || most === null) return [-MARGIN, 100 + MARGIN];
  const beyond = Math.max(MARGIN, 0.1 * (most - least));
  return [Math.max(-MARGIN, least - beyond), Math.min(100 + MARGIN, most + beyond)];
}
