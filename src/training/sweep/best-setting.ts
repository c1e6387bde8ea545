import { describeFields } from './fields.js';
import { bestCandidates, candidatesOf } from './halving.js';
import { type PlannedRun, settingOf } from './planned-run.js';
import type { SweepBest, SweepRun } from './sweep-runs.js';

/**
 * The setting with the best mean validation accuracy over its seeds; of equal ones the first. One with a failed run is out, and
 * so is one without validation data.
 * @param planned - and how each of them ended, in the same order
 */
export function bestSetting(
  planned: readonly PlannedRun[],
  ended: readonly SweepRun[],
): SweepBest | undefined {
  const outcome = new Map(planned.map((run, i) => [run, ended[i]]));
  const accuracyOf = (run: PlannedRun): number | undefined => outcome.get(run)?.validationAccuracy;
  const [best] = bestCandidates(candidatesOf(planned), 1, accuracyOf);
  if (best === undefined) return undefined;
  const runs = best.flatMap((run) => outcome.get(run) ?? []);
  const accuracies = runs.flatMap(({ validationAccuracy }) => validationAccuracy ?? []);
  const mean = accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length;
  const settings = settingOf(best[0]);
  return {
    settings: Object.fromEntries(settings),
    label: describeFields(settings),
    n: runs.length,
    validationAccuracy: mean,
    standardDeviation: spreadOf(accuracies, mean),
    runs,
  };
}

function spreadOf(values: readonly number[], mean: number): number | null {
  if (values.length < 2) return null;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
