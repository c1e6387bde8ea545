import type { EpochRecord } from '../records/record.js';
import type { EpochObservation } from '../rules/rule.js';

/** What is measured around the training of an epoch. */
interface Measured {
  readonly validationAccuracy: number | undefined;
  readonly testAccuracy: number;
  readonly trainMs: number;
  readonly elapsedMs: number;
}

/** The record of an epoch, shares as percentages. */
export function epochRecord(
  epoch: number,
  { trainAccuracy, loss, layers }: EpochObservation,
  { validationAccuracy, testAccuracy, trainMs, elapsedMs }: Measured,
): EpochRecord {
  return {
    epoch,
    trainAccuracy,
    ...(validationAccuracy !== undefined && { validationAccuracy }),
    testAccuracy,
    ...(loss !== undefined && { loss }),
    ...(layers && {
      flips: layers.reduce((sum, { flips }) => sum + flips, 0),
      layers: layers.map(({ triggerShare, flips, boundShare, depthHistogram }) => ({
        triggerPercent: 100 * triggerShare,
        flips,
        boundPercent: 100 * boundShare,
        depthHistogram,
      })),
    }),
    trainMs,
    elapsedMs,
  };
}
