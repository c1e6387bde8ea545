import { describe, expect, it } from 'vitest';
import { GroupSchedule } from '../../../src/rules/group-schedule.js';

function sizesAfter(schedule: GroupSchedule, accuracies: readonly number[]): number[][] {
  return accuracies.map((accuracy) => {
    schedule.afterValidation(accuracy);
    return [...schedule.sizes];
  });
}

describe('group schedule', () => {
  it('grows to the next divisor after `patience` epochs without a new best accuracy', () => {
    const schedule = new GroupSchedule([12, 15], [2, 15], 2);
    // 50 is best; 50 and 49 are two epochs without a better one; 51 is; then the count starts again.
    expect(sizesAfter(schedule, [50, 50, 49, 48, 51, 51, 51, 1, 1])).toEqual([
      [2, 15],
      [2, 15],
      [3, 15],
      [3, 15],
      [3, 15],
      [3, 15],
      [4, 15],
      [4, 15],
      [6, 15],
    ]);
  });

  it('stops at the width, also when that is prime', () => {
    const schedule = new GroupSchedule([7, 6, 1], [1, 3, 1], 1);
    expect(sizesAfter(schedule, [9, 9, 9])).toEqual([
      [1, 3, 1],
      [7, 6, 1],
      [7, 6, 1],
    ]);
  });

  it('never grows without patience', () => {
    expect(sizesAfter(new GroupSchedule([4], [1], Infinity), [5, 4, 3, 2, 1]).flat()).toEqual([
      1, 1, 1, 1, 1,
    ]);
  });

  it('continues from a saved state', () => {
    const whole = new GroupSchedule([12], [2], 3);
    sizesAfter(whole, [50, 40, 40]);
    const resumed = new GroupSchedule([12], [2], 3);
    resumed.loadState(whole.saveState());
    const rest = [49, 50, 60, 60, 60, 60];
    expect(sizesAfter(resumed, rest)).toEqual(sizesAfter(whole, rest));
    expect(resumed.saveState()).toEqual(whole.saveState());
  });
});
