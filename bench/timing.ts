/** Median and spread of repeated measurements, in the unit that was put in. */
export interface Spread {
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly repeats: number;
}

/** @param values - at least one */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, minimum: sorted[0], maximum: sorted[sorted.length - 1], repeats: sorted.length };
}

/** Milliseconds that `work` takes. */
export async function timeMs(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Milliseconds of processor time that `work` takes, in all threads: about the same however busy the machine is. */
export async function processorMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * Times several works in turn, A B C A B C …, so that a machine whose speed drifts treats them alike. Each runs
 * once before, uncounted.
 * @returns milliseconds by name
 */
export async function interleaved(
  works: Readonly<Record<string, () => unknown>>,
  repeats: number,
): Promise<Record<string, number[]>> {
  const times: Record<string, number[]> = {};
  for (const [name, work] of Object.entries(works)) {
    await work();
    times[name] = [];
  }
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [name, work] of Object.entries(works)) times[name].push(await timeMs(work));
  }
  return times;
}

/** `12.3 (11.9–14.0)`: median and range, `digits` after the point. */
export function show({ median, minimum, maximum }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${minimum.toFixed(digits)}–${maximum.toFixed(digits)})`;
}
