import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/records/record.js';
import { depthRows, epochRows, layerRows, runRows } from '../../src/records/rows.js';
import { dataFrame, table } from '../../src/tables/frames.js';
import { sampleRecord } from '../sample-record.js';

const identity = { rule: 'local-error', dataset: 'prototypes', layers: '4,2', seed: 1 };

describe('rows', () => {
  it('flatten epochs, null where a rule has no such quantity', () => {
    const { layers: _, flips: __, ...bare } = sampleRecord.epochs[0];
    const other = { ...sampleRecord, rule: { name: 'sgd', version: 1 }, epochs: [{ ...bare, loss: 0.5 }] };
    expect(epochRows([sampleRecord, other])).toEqual([
      {
        ...identity,
        epoch: 1,
        trainAccuracy: 70,
        validationAccuracy: 68,
        testAccuracy: 67,
        loss: null,
        flips: 30,
        flipPercent: 150,
        trainMs: 10,
      },
      expect.objectContaining({ epoch: 2, testAccuracy: 72, flips: 12, flipPercent: 60 }),
      expect.objectContaining({ rule: 'sgd', loss: 0.5, flips: null, flipPercent: null }),
    ]);
  });

  it('sum runs up in units for reading', () => {
    expect(runRows([sampleRecord])).toEqual([
      {
        ...identity,
        protocol: 'official',
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

  it('say what each epoch did to each layer', () => {
    const rows = layerRows([sampleRecord]);
    expect(rows.map(({ epoch, layer }) => [epoch, layer])).toEqual([
      [1, 1],
      [1, 2],
      [2, 1],
      [2, 2],
    ]);
    expect(rows[3]).toEqual({
      ...identity,
      epoch: 2,
      layer: 2,
      triggerPercent: 30,
      flips: 4,
      flipPercent: 50,
      boundPercent: 25,
    });
  });

  it('say how deep the weights of each layer lie', () => {
    const rows = depthRows([sampleRecord]);
    expect(rows.length).toBe(2 * 2 * 4);
    expect(rows.slice(0, 4).map(({ depth, weights, percent }) => [depth, weights, percent])).toEqual([
      [1, 6, 50],
      [2, 3, 25],
      [4, 3, 25],
      [8, 0, 0],
    ]);
  });

  it('leave out layers of rules that have none', () => {
    const epochs = sampleRecord.epochs.map(({ layers: _, ...epoch }) => epoch);
    expect(layerRows([{ ...sampleRecord, epochs }])).toEqual([]);
    expect(depthRows([{ ...sampleRecord, epochs }])).toEqual([]);
  });
});

describe('columns of the configuration', () => {
  const record = (rule: object): RunRecord => ({ ...sampleRecord, config: { rule, epochs: 2 } });
  const records = [
    record({ layers: [4], groupSize: 2, secondary: { threshold: 3, probability: 0.5 }, batchNorm: false }),
    record({ layers: [4], groupSize: [2, 1] }),
  ];
  const columns = {
    groupSize: 'rule.groupSize',
    threshold: 'rule.secondary.threshold',
    batchNorm: 'rule.batchNorm',
  };

  it('follow the others: lists joined, truth values as text, null where a run has none', () => {
    const rows = runRows(records, { columns });
    expect(Object.keys(rows[0]).slice(-3)).toEqual(['groupSize', 'threshold', 'batchNorm']);
    expect(rows.map(({ groupSize, threshold, batchNorm }) => [groupSize, threshold, batchNorm])).toEqual([
      [2, 3, 'false'],
      ['2,1', null, null],
    ]);
  });

  it('come with every kind of row', () => {
    for (const rows of [epochRows, layerRows, depthRows]) {
      expect(rows(records, { columns }).at(-1)).toMatchObject({ groupSize: '2,1', threshold: null });
    }
  });

  it('are refused where no run has them', () => {
    expect(() => runRows(records, { columns: { gate: 'rule.gate' } })).toThrow(
      "columns.gate: expected a field of some run's configuration, got 'rule.gate'",
    );
    expect(runRows([], { columns })).toEqual([]);
  });

  it('are refused where they hold more than one cell', () => {
    expect(() => runRows(records, { columns: { secondary: 'rule.secondary' } })).toThrow(
      'rule.secondary: expected one field (rule.secondary.threshold, rule.secondary.probability), got {',
    );
  });

  it('are refused where they would replace another', () => {
    expect(() => runRows(records, { columns: { epochs: 'epochs' } })).toThrow(
      "columns.epochs: expected a column that rows do not have anyway, got 'epochs'",
    );
  });
});

describe('frames', () => {
  const rows = [
    { name: 'a|b', value: 1.5, missing: null },
    { name: 'c', value: 2, missing: null },
  ];

  it('are danfojs frames and arquero tables with the same cells, missing numbers of a frame being NaN', () => {
    const frame = dataFrame(rows);
    expect(frame.columns).toEqual(['name', 'value', 'missing']);
    expect(frame.values).toEqual([
      ['a|b', 1.5, Number.NaN],
      ['c', 2, Number.NaN],
    ]);
    expect(table(rows).objects()).toEqual(rows);
  });

  it('are refused without rows', () => {
    for (const make of [dataFrame, table]) {
      expect(() => make([])).toThrow('rows: expected at least one row, got []');
    }
  });
});
