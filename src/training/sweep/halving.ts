import { ArgumentError } from '../../core/errors.js';
import { parseTrainConfig, type TrainConfig } from '../config.js';
import { type PlannedRun, withEpochs } from './planned-run.js';
import type { SuccessiveHalving } from './spec.js';

/** A round of successive halving. */
export interface Rung {
  /** Epochs of each of its runs. */
  readonly epochs: number;
  /** How many candidates take part. */
  readonly candidates: number;
}

/** Runs that differ in their seed only, and are judged together. */
export type Candidate = readonly PlannedRun[];

/** Equal for configurations that differ in nothing but seeds, those of generated data among them. */
function withoutSeeds(config: TrainConfig): string {
  return JSON.stringify(config, (name, value: unknown) => (name === 'seed' ? undefined : value));
}

/**
 * Successive halving (Jamieson, Talwalkar 2016, arXiv:1502.07943): of n candidates trained for `minEpochs`, the best
 * ⌊n/η⌋ are trained for η times as many epochs, and so on until the epochs of the configurations are reached or one
 * candidate is left, which gets them at once.
 * @throws ArgumentError when `minEpochs` is more than `epochs`
 */
export function rungs(candidates: number, epochs: number, { eta, minEpochs }: SuccessiveHalving): Rung[] {
  if (minEpochs > epochs) {
    throw new ArgumentError('search.minEpochs', `at most the ${epochs} epochs of the runs`, minEpochs, [
      'search',
      'minEpochs',
    ]);
  }
  const plan: Rung[] = [];
  let left = candidates;
  for (let rungEpochs = minEpochs; rungEpochs < epochs && left > 1; rungEpochs *= eta) {
    plan.push({ epochs: rungEpochs, candidates: left });
    left = Math.max(1, Math.floor(left / eta));
  }
  return [...plan, { epochs, candidates: left }];
}

/** Brings runs together that differ in seeds only, also in one of generated data; in the order of their first runs. */
export function candidatesOf(runs: readonly PlannedRun[]): Candidate[] {
  const candidates = new Map<string, PlannedRun[]>();
  for (const run of runs) {
    const key = withoutSeeds(run.config);
    candidates.set(key, [...(candidates.get(key) ?? []), run]);
  }
  return [...candidates.values()];
}

/**
 * The best candidates by mean validation accuracy over their seeds; of equal ones, the earlier. One with a failed run
 * has no mean and is out.
 * @param accuracy - validation accuracy of a run in percent, undefined for one that failed
 */
export function bestCandidates(
  candidates: readonly Candidate[],
  count: number,
  accuracy: (run: PlannedRun) => number | undefined,
): Candidate[] {
  const ranked = candidates.flatMap((candidate) => {
    const accuracies = candidate.map(accuracy).filter((value) => value !== undefined);
    if (accuracies.length < candidate.length) return [];
    return [{ candidate, mean: accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length }];
  });
  ranked.sort((a, b) => b.mean - a.mean);
  return ranked.slice(0, count).map(({ candidate }) => candidate);
}

/** A search by successive halving that goes on step by step. */
export class HalvingSearch {
  readonly #rungs: readonly Rung[];
  readonly #planned: readonly PlannedRun[];
  #candidates: Candidate[];
  #rung = 0;

  /**
   * @throws ArgumentError unless all runs have the same number of epochs, of at least `minEpochs`, and validation data,
   *   and can be trained for the epochs of every rung
   */
  constructor(planned: readonly PlannedRun[], settings: SuccessiveHalving) {
    const { epochs } = planned[0].config;
    for (const { config, dataset } of planned) {
      if (config.epochs !== epochs) {
        throw new ArgumentError(
          'epochs',
          `the same in all runs for successive halving, ${epochs}`,
          config.epochs,
          ['search'],
        );
      }
      if (dataset.validationSamples === 0) {
        const expected = `a data set with validation samples for successive halving, unlike ${dataset.name}`;
        throw new ArgumentError('dataset', expected, config.dataset, ['search']);
      }
    }
    this.#planned = planned;
    this.#candidates = candidatesOf(planned);
    this.#rungs = rungs(this.#candidates.length, epochs, settings);
    for (const { config } of planned) for (const rung of this.#rungs) checkTrainable(config, rung);
  }

  /**
   * The next runs to train, a candidate's one after the other; undefined when the search is over. Every rung trains
   * from the start: its runs are runs like any other.
   */
  next(): PlannedRun[] | undefined {
    const rung = this.#rungs[this.#rung];
    if (!rung || this.#candidates.length === 0) return undefined;
    return this.#candidates.flat().map((run) => withEpochs(run, rung.epochs));
  }

  /** Takes note of the validation accuracies of the runs that `next` gave, in their order. */
  judge(accuracies: readonly (number | undefined)[]): void {
    const accuracyOf = new Map(this.#candidates.flat().map((run, i) => [run, accuracies[i]]));
    this.#rung++;
    const count = this.#rungs[this.#rung]?.candidates ?? 1;
    this.#candidates = bestCandidates(this.#candidates, count, (run) => accuracyOf.get(run));
  }

  /** What rungs after the next runs will bring, about: candidates are taken for equally large. */
  later(): { runs: number; cost: number } {
    const all = candidatesOf(this.#planned).length;
    const cost = this.#planned.reduce((sum, run) => sum + run.cost, 0);
    const sum = { runs: 0, cost: 0 };
    for (const rung of this.#rungs.slice(this.#rung + 1)) {
      const share = rung.candidates / all;
      sum.runs += Math.round(share * this.#planned.length);
      sum.cost += share * cost * (rung.epochs / this.#planned[0].config.epochs);
    }
    return sum;
  }
}

/** @throws ArgumentError for a run that cannot be trained for as few epochs as in a rung */
function checkTrainable(config: TrainConfig, { epochs }: Rung): void {
  try {
    parseTrainConfig({ ...config, epochs });
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    const { argument, expected, received } = error;
    throw new ArgumentError(argument, `${expected}, in every rung`, received, ['search']);
  }
}
