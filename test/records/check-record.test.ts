import { describe, expect, it } from 'vitest';
import { ArgumentError } from '../../src/core/errors.js';
import { checkRecord } from '../../src/records/check-record.js';
import type { RunRecord } from '../../src/records/record.js';
import { sampleRecord } from '../sample-record.js';

const record: RunRecord = {
  ...sampleRecord,
  config: {
    rule: { name: 'local-error', layers: [4, 2] },
    dataset: { name: 'prototypes' },
    epochs: 2,
    seed: 1,
  },
};
const [first, second] = record.epochs;

/** With something else in its epochs. */
function withEpochs(...epochs: readonly object[]): object {
  return { ...record, epochs };
}

describe('a record that came from elsewhere', () => {
  it('is given back as it is when it is one', () => {
    expect(checkRecord(record)).toBe(record);
    const tasks = [
      { task: 1, validationAccuracy: 60, testAccuracy: 70 },
      { task: 2, validationAccuracy: 82, testAccuracy: 74 },
    ];
    expect(
      checkRecord({ ...withEpochs(first, { ...second, tasks }), validationAccuracy: 71, testAccuracy: 72 }),
    ).toBeDefined();
    // Of xnorlab 0.2: no architecture and no shapes; later ones have them.
    const shape = { kind: 'sequence', steps: 3, of: { kind: 'image', channels: 1, height: 2, width: 2 } };
    expect(
      checkRecord({
        ...record,
        architecture: '4,2',
        dataset: { ...record.dataset, shape, inputShape: shape },
      }),
    ).toBeDefined();
  });

  const { totals: _, ...withoutTotals } = record;
  const long = 'x'.repeat(30_000_000);
  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'record: expected an object, got undefined'],
    ['no totals', withoutTotals, 'record.totals: expected an object, got undefined'],
    [
      'text for a number',
      { ...record, testAccuracy: '72' },
      "record.testAccuracy: expected a number, got '72'",
    ],
    [
      'more than all',
      { ...record, trainAccuracy: 101 },
      'record.trainAccuracy: expected a number of at most 100',
    ],
    [
      'less than none',
      withEpochs(first, { ...second, trainMs: -1 }),
      'record.epochs.1.trainMs: expected a number of at least 0',
    ],
    ['not a number', { ...record, seed: Number.NaN }, 'record.seed: expected a number, got NaN'],
    ['something besides', { ...record, html: '<script>' }, 'record: expected no key html'],
    ['something in an epoch', withEpochs({ ...first, x: 1 }, second), 'record.epochs.0: expected no key x'],
    [
      '30 MB in a text',
      { ...record, backend: { name: 'native', description: long } },
      'record.backend.description: expected a text whose length is at most 2000',
    ],
    [
      '30 MB in a configuration',
      { ...record, config: { ...record.config, note: long } },
      'record: expected at most 1131072 characters of JSON',
    ],
    [
      'too few epochs',
      withEpochs(first),
      'record.epochs.length: expected 2, as its configuration says, got 1',
    ],
    [
      'epochs out of order',
      withEpochs(second, first),
      'record.epochs.0.epoch: expected 1, as epochs follow each other, got 2',
    ],
    [
      'an epoch that is not there',
      { ...record, selectedEpoch: 3 },
      'record.selectedEpoch: expected at most 2, got 3',
    ],
    [
      'accuracies of another epoch',
      { ...record, selectedEpoch: 1 },
      'record.trainAccuracy: expected 70, that of the selected epoch, got 75',
    ],
    [
      'a better test',
      { ...record, testAccuracy: 99 },
      'record.testAccuracy: expected 72, that of the selected epoch, got 99',
    ],
    [
      'another rule',
      { ...record, rule: { name: 'bep', version: 1 } },
      "record.rule.name: expected local-error, as its configuration says, got 'bep'",
    ],
    ['another seed', { ...record, seed: 2 }, 'record.seed: expected 1, as its configuration says, got 2'],
    [
      'flips of nobody',
      withEpochs(first, { ...second, flips: 13 }),
      'record.epochs.1.flips: expected 12, the sum over its layers, got 13',
    ],
    [
      'memory of nothing',
      { ...record, totals: { ...record.totals, memoryBits: 1 } },
      'record.totals.memoryBits: expected 12000000, the sum of its parts, got 1',
    ],
    [
      'time of nowhere',
      { ...record, totals: { ...record.totals, trainMs: 21 } },
      'record.totals.trainMs: expected 20, the sum over epochs, got 21',
    ],
  ])('is refused with %s', (_name, value, message) => {
    expect(() => checkRecord(value)).toThrow(ArgumentError);
    expect(() => checkRecord(value)).toThrow(message);
  });
});
