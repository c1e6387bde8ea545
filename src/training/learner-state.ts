import { CheckpointError } from '../core/errors.js';
import type { Learner, LearnerState } from '../rules/rule.js';

/**
 * Checks a state that was read from a file before a learner loads it.
 * @param source - the file, to be named in errors
 * @throws CheckpointError when the learner's own state has other arrays, or arrays of another type or length
 */
export function checkStateFits(learner: Learner, state: LearnerState, source: string): void {
  const own = learner.saveState();
  for (const name of new Set([...Object.keys(own), ...Object.keys(state)])) {
    const [expected, found] = [kindOf(own[name]), kindOf(state[name])];
    if (expected === found) continue;
    throw new CheckpointError(
      source,
      `is of another network: its ${name} is ${found}, here it is ${expected}`,
    );
  }
}

function kindOf(values: LearnerState[string] | undefined): string {
  return values ? `a ${values.constructor.name} of ${values.length}` : 'absent';
}
