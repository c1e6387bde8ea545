import { describe, expect, it } from 'vitest';
import { epochRows } from '../../src/analysis/rows.js';
import { depthHistogram } from '../../src/figures/depth-histogram.js';
import { learningCurves } from '../../src/figures/learning-curves.js';
import { sampleRecord } from '../sample-record.js';

describe('learning curves', () => {
  it('draw a test and a training line per run', () => {
    const sgd = { ...sampleRecord, rule: { name: 'sgd', version: 1 } };
    const { data } = learningCurves(epochRows([sampleRecord, sgd]));
    expect(data).toMatchObject([
      { name: 'local-error, test', x: [1, 2], y: [67, 72], line: { dash: 'solid' } },
      { name: 'local-error, training', x: [1, 2], y: [70, 75], line: { dash: 'dot' } },
      { name: 'sgd, test' },
      { name: 'sgd, training' },
    ]);
  });

  it('tell seeds apart when there are several', () => {
    const { data } = learningCurves(epochRows([sampleRecord, { ...sampleRecord, seed: 2 }]));
    expect(data.map(({ name }) => name)).toEqual([
      'local-error, test (seed 1)',
      'local-error, training (seed 1)',
      'local-error, test (seed 2)',
      'local-error, training (seed 2)',
    ]);
  });

  it('are refused without rows', () => {
    expect(() => learningCurves([])).toThrow('rows: expected at least one epoch, got []');
  });
});

describe('depth histogram', () => {
  it('shows percentages of each layer by depth', () => {
    const { data, layout } = depthHistogram(sampleRecord.epochs[0]);
    expect(data).toMatchObject([
      { name: 'layer 1', x: ['1', '2–3', '4–7'], y: [50, 25, 25] },
      { name: 'layer 2', y: [100, 0, 0] },
    ]);
    expect(layout).toMatchObject({
      title: { text: 'Depth of hidden weights after epoch 1' },
      barmode: 'group',
    });
  });

  it('is refused for a rule without hidden weights', () => {
    const { layers: _, ...epoch } = sampleRecord.epochs[0];
    expect(() => depthHistogram(epoch)).toThrow(
      'epoch.layers: expected an epoch of a rule with hidden weights, got undefined',
    );
  });
});
