import { describe, expect, it } from 'vitest';
import { bestSetting } from '../../../src/training/sweep/best-setting.js';
import type { PlannedRun } from '../../../src/training/sweep/planned-run.js';
import type { SweepRun } from '../../../src/training/sweep/sweep-runs.js';

/** A run of a sweep over group sizes, where each seed has prototypes of its own. */
function planned(groupSize: number, seed: number): PlannedRun {
  const config = { rule: { groupSize }, seed, dataset: { name: 'prototypes', prototypes: { seed } } };
  const settings = new Map<string, unknown>([
    ['rule.groupSize', groupSize],
    ['seed', seed],
    ['dataset.prototypes.seed', seed],
  ]);
  return { config, settings } as unknown as PlannedRun;
}

const RUNS = [15, 35, 45].flatMap((groupSize) => [1, 2, 3].map((seed) => planned(groupSize, seed)));

function ended(accuracies: readonly (number | undefined)[]): SweepRun[] {
  return accuracies.map(
    (validationAccuracy) =>
      ({ status: validationAccuracy === undefined ? 'failed' : 'finished', validationAccuracy }) as SweepRun,
  );
}

describe('the best setting of a sweep', () => {
  it('has the best mean over seeds, not the best single run', () => {
    const runs = ended([90, 60, 60, 79, 80, 81, 70, 70, 70]);
    expect(bestSetting(RUNS, runs)).toEqual({
      settings: { 'rule.groupSize': 35 },
      label: 'rule.groupSize 35',
      n: 3,
      validationAccuracy: 80,
      standardDeviation: 1,
      runs: runs.slice(3, 6),
    });
  });

  it('is none of those with a failed run, the first of equal ones, and none at all without validation data', () => {
    expect(bestSetting(RUNS, ended([70, 70, 70, 99, 99, undefined, 70, 70, 70]))?.label).toBe(
      'rule.groupSize 15',
    );
    expect(bestSetting(RUNS, ended(RUNS.map(() => undefined)))).toBeUndefined();
  });

  it('of a single run has no spread', () => {
    expect(bestSetting(RUNS.slice(0, 1), ended([70]))).toMatchObject({ n: 1, standardDeviation: null });
  });
});
