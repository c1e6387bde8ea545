import type { NewRun } from '../../../src/node/store/writer.js';
import type { EpochRecord, RunRecord } from '../../../src/records/record.js';
import { runKey } from '../../../src/records/run-key.js';
import { sampleRecord } from '../../sample-record.js';

/** A made-up run of two epochs that a seed tells from others. */
export function sampleRun(seed: number, sweep?: string): NewRun & { record: RunRecord } {
  const rule = { name: 'local-error', version: 1 };
  const config = {
    dataset: { name: 'prototypes' },
    rule: { name: 'local-error', layers: [4, 2], groupSize: seed % 2 ? 2 : 1 },
    epochs: 2,
    seed,
  };
  const epochs = sampleRecord.epochs.map((epoch) => ({ ...epoch, testAccuracy: epoch.testAccuracy + seed }));
  return {
    key: runKey(config, '00', rule),
    config,
    rule,
    datasetSha256: '00',
    sweep,
    record: { ...sampleRecord, config, seed, epochs, testAccuracy: sampleRecord.testAccuracy + seed },
  };
}

/** An epoch of a run without layers. */
export function plainEpoch(epoch: number): EpochRecord {
  return { epoch, trainAccuracy: 100 / 3, testAccuracy: 50, loss: 1 / epoch, trainMs: 1.25, elapsedMs: 2.5 };
}
