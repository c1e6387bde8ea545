import { type GroupOptions, withGroupSizes } from '../group-schedule.js';
import type { LearnerState } from '../rule.js';

/** Options of rules on hidden weights that may change between two epochs: none decides which arrays a network has. */
export const CHANGEABLE = ['groupSize', 'robustness', 'reinforcement'] as const;

/** One of `CHANGEABLE`. */
export type ChangeableOption = (typeof CHANGEABLE)[number];

type Options = Readonly<Record<string, unknown>>;

/** The state that a learner goes on from when its options have become others, of which only `CHANGEABLE` differ. */
export function withChangedOptions(state: LearnerState, before: Options, after: Options): LearnerState {
  if (JSON.stringify(before.groupSize) === JSON.stringify(after.groupSize)) return state;
  return withGroupSizes(state, after as unknown as Pick<GroupOptions, 'layers' | 'groupSize'>);
}
