import type { RunRecord } from '../../src/records/record.js';
import { sampleRecord } from '../sample-record.js';

export interface MadeUpRun {
  readonly dataset?: string;
  readonly rule: {
    readonly name: string;
    readonly layers: readonly number[];
    readonly [option: string]: unknown;
  };
  readonly binarizer?: object;
  readonly batchSize?: number;
  readonly seed?: number;
  readonly testAccuracy?: number;
  readonly validationAccuracy?: number;
  readonly parameters?: number;
}

/** A record as a run would leave it, of a network that was never trained. */
export function madeUpRun(run: MadeUpRun): RunRecord {
  const { dataset = 'fashion-mnist', rule, binarizer, batchSize, seed = 1 } = run;
  const { testAccuracy = 80, validationAccuracy = 71, parameters = 1000 } = run;
  return {
    ...sampleRecord,
    config: {
      dataset: { name: dataset },
      rule,
      ...(binarizer && { binarizer }),
      ...(batchSize && { batchSize }),
      seed,
    },
    rule: { name: rule.name, version: 1 },
    dataset: { ...sampleRecord.dataset, name: dataset },
    seed,
    testAccuracy,
    validationAccuracy,
    totals: { ...sampleRecord.totals, parameters },
  };
}

/** The same run with seeds 1, 2, … and these test accuracies. */
export function madeUpRuns(run: MadeUpRun, testAccuracies: readonly number[]): RunRecord[] {
  return testAccuracies.map((testAccuracy, i) => madeUpRun({ ...run, testAccuracy, seed: i + 1 }));
}
