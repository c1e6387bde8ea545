import { describeFields } from './fields.js';
import { labelOf, type PlannedRun, settingOf } from './planned-run.js';

/** A run that is being trained. */
export interface RunningRun {
  /** What tells it from the other runs: `rule.groupSize 15, seed 3`. */
  readonly label: string;
  /** The epoch being trained, from 1. */
  readonly epoch: number;
  readonly epochs: number;
}

/** How far a sweep is. */
export interface SweepProgress {
  /** Runs in all, those of later rungs included. */
  readonly runs: number;
  /** Runs that ended, now or in an earlier go: finished or failed. */
  readonly done: number;
  readonly failed: number;
  readonly running: readonly RunningRun[];
  /**
   * The best setting by mean validation accuracy over the seeds that have finished, in percent: of those with most of them;
   * absent before there is one.
   */
  readonly best?: { readonly label: string; readonly validationAccuracy: number; readonly n: number };
  readonly elapsedMs: number;
  /** Estimate from the work done so far; absent before there is any. */
  readonly remainingMs?: number;
}

interface Underway {
  readonly run: PlannedRun;
  /** Epochs that an earlier go trained. */
  resumedEpochs: number;
  /** Epochs trained, with the part of the present one. */
  epochs: number;
}

/** Counts what is done and estimates what is left. */
export class ProgressTracker {
  readonly #start = performance.now();
  readonly #underway = new Map<PlannedRun, Underway>();
  #plannedRuns = 0;
  #plannedCost = 0;
  #done = 0;
  #failed = 0;
  /** Cost of runs that ended; and of what this go trained for them. */
  #endedCost = 0;
  #workedCost = 0;
  /** Validation accuracies of finished runs, by their setting. */
  readonly #accuracies = new Map<string, number[]>();

  /** Says how much there is to come, besides what ended already. */
  plan({ runs, cost }: { readonly runs: number; readonly cost: number }): void {
    this.#plannedRuns = this.#done + runs;
    this.#plannedCost = this.#endedCost + cost;
  }

  started(run: PlannedRun): void {
    this.#underway.set(run, { run, resumedEpochs: 0, epochs: 0 });
  }

  /** It does not go on before the next `advanced`. */
  waits(run: PlannedRun): void {
    this.#underway.delete(run);
  }

  resumed(run: PlannedRun, epochs: number): void {
    this.#underway.set(run, { run, resumedEpochs: epochs, epochs });
  }

  /** @param epochs - epochs trained, with the part of the present one */
  advanced(run: PlannedRun, epochs: number): void {
    if (!this.#underway.has(run)) this.started(run);
    const underway = this.#underway.get(run);
    if (underway) underway.epochs = epochs;
  }

  /** @param validationAccuracy - undefined for a run that failed or has no validation data */
  ended(run: PlannedRun, hasFailed: boolean, validationAccuracy: number | undefined): void {
    const underway = this.#underway.get(run);
    this.#underway.delete(run);
    this.#done++;
    if (hasFailed) this.#failed++;
    this.#endedCost += run.cost;
    if (underway && !hasFailed)
      this.#workedCost += run.cost * (1 - underway.resumedEpochs / run.config.epochs);
    if (validationAccuracy === undefined) return;
    const label = describeFields(settingOf(run));
    this.#accuracies.set(label, [...(this.#accuracies.get(label) ?? []), validationAccuracy]);
  }

  #best(): Pick<SweepProgress, 'best'> {
    let best: SweepProgress['best'];
    for (const [label, accuracies] of this.#accuracies) {
      const n = accuracies.length;
      const validationAccuracy = accuracies.reduce((sum, value) => sum + value, 0) / n;
      const isBetter = n === best?.n ? validationAccuracy > best.validationAccuracy : n > (best?.n ?? 0);
      if (isBetter) best = { label, validationAccuracy, n };
    }
    return best ? { best } : {};
  }

  snapshot(): SweepProgress {
    const underway = [...this.#underway.values()];
    const share = ({ run, epochs }: Underway, from = 0): number =>
      (run.cost * (epochs - from)) / run.config.epochs;
    const worked = underway.reduce((sum, one) => sum + share(one, one.resumedEpochs), this.#workedCost);
    const settled = underway.reduce((sum, one) => sum + share(one), this.#endedCost);
    const elapsedMs = performance.now() - this.#start;
    return {
      runs: this.#plannedRuns,
      done: this.#done,
      failed: this.#failed,
      running: underway.map(({ run, epochs }) => ({
        label: labelOf(run),
        epoch: Math.min(run.config.epochs, Math.floor(epochs) + 1),
        epochs: run.config.epochs,
      })),
      ...this.#best(),
      elapsedMs,
      ...(worked > 0 && { remainingMs: (elapsedMs * Math.max(0, this.#plannedCost - settled)) / worked }),
    };
  }
}
