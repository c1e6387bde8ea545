import { describe, expect, it } from 'vitest';
import { dataFrame, table } from '../../src/analysis/frames.js';
import { markdownTable } from '../../src/analysis/markdown.js';
import { epochRows, runRows } from '../../src/analysis/rows.js';
import { sampleRecord } from '../sample-record.js';

describe('rows', () => {
  it('flattens epochs, null where a rule has no such quantity', () => {
    const { layers: _, flips: __, ...bare } = sampleRecord.epochs[0];
    const other = { ...sampleRecord, rule: { name: 'sgd', version: 1 }, epochs: [{ ...bare, loss: 0.5 }] };
    expect(epochRows([sampleRecord, other])).toEqual([
      {
        rule: 'local-error',
        seed: 1,
        epoch: 1,
        trainAccuracy: 70,
        validationAccuracy: 68,
        testAccuracy: 67,
        loss: null,
        flips: 30,
        trainMs: 10,
      },
      expect.objectContaining({ epoch: 2, testAccuracy: 72, flips: 12 }),
      expect.objectContaining({ rule: 'sgd', loss: 0.5, flips: null }),
    ]);
  });

  it('sums runs up in units for reading', () => {
    expect(runRows([sampleRecord])).toEqual([
      {
        rule: 'local-error',
        dataset: 'prototypes',
        layers: '4,2',
        seed: 1,
        epochs: 2,
        testAccuracy: 72,
        validationAccuracy: 71,
        trainAccuracy: 75,
        parameters: 20,
        memoryMegabytes: 1.5,
        booleanGates: 1e6,
        trainSeconds: 0.02,
      },
    ]);
  });
});

describe('tables', () => {
  const rows = [
    { name: 'a|b', value: 1.5, missing: null },
    { name: 'c', value: 2, missing: null },
  ];

  it('become danfojs frames and arquero tables with the same cells', () => {
    const frame = dataFrame(rows);
    expect(frame.columns).toEqual(['name', 'value', 'missing']);
    expect(frame.values).toEqual([
      ['a|b', 1.5, null],
      ['c', 2, null],
    ]);
    expect(table(rows).objects()).toEqual(rows);
  });

  it('become Markdown, numbers to the right and bars escaped', () => {
    expect(markdownTable(rows)).toBe(
      '| name | value | missing |\n| --- | ---: | --- |\n| a\\|b | 1.5 | – |\n| c | 2 | – |\n',
    );
  });

  it('are refused without rows', () => {
    for (const make of [dataFrame, table, markdownTable]) {
      expect(() => make([])).toThrow('rows: expected at least one row, got []');
    }
  });
});
