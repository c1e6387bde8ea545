import { z } from 'zod';
import { ArgumentError } from '../core/errors.js';
import { groupSizes, width } from './binary/options.js';
import type { TrainingPart } from './binary/part.js';
import type { LearnerState, Problem, RunOutline } from './rule.js';

const STATE = 'group-schedule';

/** The option of a group size schedule. */
export const groupScheduleOption = z
  .strictObject({
    patience: width.describe(
      'Epochs without a better validation accuracy after which γ grows to the next larger divisor of the width.',
    ),
  })
  .optional()
  .describe('Let γ grow while validation accuracy stagnates. Needs validation samples. Default: γ stays.');

/** Widths and group sizes of a rule's layers, and the schedule of the sizes if there is one. */
export interface GroupOptions {
  readonly layers: readonly number[];
  readonly groupSize: number | readonly number[];
  readonly groupSchedule?: { readonly patience: number } | undefined;
}

/**
 * @throws ArgumentError for group sizes that do not divide the widths of their layers, and for a schedule in a sequence of
 *   tasks
 */
export function checkGroups({ layers, groupSize, groupSchedule }: GroupOptions, { tasks }: RunOutline): void {
  try {
    groupSizes(layers, groupSize);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    const { argument, expected, received } = error;
    throw new ArgumentError(`rule.${argument}`, expected, received, ['rule', 'groupSize']);
  }
  if (groupSchedule && tasks > 1) {
    const expected = 'none, as it would compare accuracies on different tasks';
    throw new ArgumentError('rule.groupSchedule', expected, groupSchedule, ['rule', 'groupSchedule']);
  }
}

/**
 * Group sizes that grow while validation accuracy stagnates ([BEP]): after each `patience` epochs in a row without a
 * new best accuracy, the group size γ_l of every layer becomes the next larger divisor of its width K_l. Large groups
 * make fewer and finer corrections.
 */
export class GroupSchedule implements TrainingPart {
  #sizes: number[];
  #bestAccuracy = Number.NEGATIVE_INFINITY;
  #epochsWithoutBest = 0;

  /**
   * @param widths - K of every layer
   * @param sizes - γ of every layer to start from, divisors of the widths
   * @param patience - at least 1; infinite for group sizes that never grow
   */
  constructor(
    readonly widths: readonly number[],
    sizes: readonly number[],
    readonly patience: number,
  ) {
    this.#sizes = [...sizes];
  }

  /**
   * The schedule that a rule's options ask for; without one, group sizes that never grow.
   * @throws ArgumentError when a group size does not divide its layer, or a schedule meets a problem without validation
   */
  static configured({ layers, groupSize, groupSchedule }: GroupOptions, problem: Problem): GroupSchedule {
    if (groupSchedule && !problem.hasValidation) {
      throw new ArgumentError(
        'groupSchedule',
        'none, as the data has no validation samples whose accuracy could stagnate',
        groupSchedule,
      );
    }
    return new GroupSchedule(layers, groupSizes(layers, groupSize), groupSchedule?.patience ?? Infinity);
  }

  /** γ of every layer now. */
  get sizes(): readonly number[] {
    return this.#sizes;
  }

  /** Takes note of an epoch's validation accuracy, in percent; grows the groups if that is due. */
  afterValidation(accuracyPercent: number): void {
    if (accuracyPercent > this.#bestAccuracy) {
      this.#bestAccuracy = accuracyPercent;
      this.#epochsWithoutBest = 0;
      return;
    }
    this.#epochsWithoutBest++;
    if (this.#epochsWithoutBest < this.patience) return;
    this.#epochsWithoutBest = 0;
    this.#sizes = this.#sizes.map((size, l) => nextDivisor(size, this.widths[l]));
  }

  /** What the schedule remembers, as `group-schedule`: best accuracy, epochs since, γ of every layer. */
  saveState(): LearnerState {
    return { [STATE]: Float64Array.of(this.#bestAccuracy, this.#epochsWithoutBest, ...this.#sizes) };
  }

  /** Returns to a state that `saveState` gave. */
  loadState(state: LearnerState): void {
    const [best, epochsWithoutBest, ...sizes] = Array.from(state[STATE]);
    this.#bestAccuracy = best;
    this.#epochsWithoutBest = epochsWithoutBest;
    this.#sizes = sizes;
  }
}

/**
 * The state of a learner with other group sizes, for a run whose options change on the way. A state without groups stays as it is.
 * @throws ArgumentError for sizes that do not divide the widths
 */
export function withGroupSizes(
  state: LearnerState,
  { layers, groupSize }: Pick<GroupOptions, 'layers' | 'groupSize'>,
): LearnerState {
  const remembered = state[STATE];
  if (!remembered) return state;
  const [best, epochsWithoutBest] = remembered;
  const sizes = groupSizes(layers, groupSize);
  return { ...state, [STATE]: Float64Array.of(best, epochsWithoutBest, ...sizes) };
}

/** The smallest divisor of `width` above `size`; `width` itself when there is none. */
function nextDivisor(size: number, width: number): number {
  for (let divisor = size + 1; divisor < width; divisor++) if (width % divisor === 0) return divisor;
  return width;
}
