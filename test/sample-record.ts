import type { RunRecord } from '../src/records/record.js';

/** A small made-up record: two epochs of a network with layers of 4 and 2 neurons. */
export const sampleRecord: RunRecord = {
  recordVersion: 1,
  config: { rule: { name: 'local-error', layers: [4, 2] } },
  rule: { name: 'local-error', version: 1 },
  seed: 1,
  dataset: {
    name: 'prototypes',
    sha256: '00',
    classes: 2,
    features: 3,
    inputs: 3,
    trainSamples: 10,
    validationSamples: 5,
    testSamples: 5,
  },
  backend: { name: 'reference', description: 'reference' },
  software: { xnorlab: '0.1.0', commit: 'unknown', node: '20.19.0' },
  startedAt: '2026-01-01T00:00:00.000Z',
  epochs: [
    {
      epoch: 1,
      trainAccuracy: 70,
      validationAccuracy: 68,
      testAccuracy: 67,
      flips: 30,
      layers: [
        { triggerPercent: 60, flips: 20, boundPercent: 0, depthHistogram: [6, 3, 3, 0] },
        { triggerPercent: 50, flips: 10, boundPercent: 0, depthHistogram: [8, 0, 0, 0] },
      ],
      trainMs: 10,
      elapsedMs: 12,
    },
    {
      epoch: 2,
      trainAccuracy: 75,
      validationAccuracy: 71,
      testAccuracy: 72,
      flips: 12,
      layers: [
        { triggerPercent: 40, flips: 8, boundPercent: 0, depthHistogram: [3, 3, 3, 3] },
        { triggerPercent: 30, flips: 4, boundPercent: 25, depthHistogram: [4, 4, 0, 0] },
      ],
      trainMs: 10,
      elapsedMs: 12,
    },
  ],
  selectedEpoch: 2,
  trainAccuracy: 75,
  validationAccuracy: 71,
  testAccuracy: 72,
  totals: {
    parameters: 20,
    memoryBits: 12_000_000,
    modelBits: 11_000_000,
    activationBits: 500_000,
    dataBits: 500_000,
    booleanGates: 1_000_000,
    trainMs: 20,
    elapsedMs: 30,
  },
};
