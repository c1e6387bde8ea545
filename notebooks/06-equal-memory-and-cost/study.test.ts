import { describe, expect, it } from 'vitest';
import type { Row } from '../../src/core/row.js';
import { keptRows } from '../../src/node/studies/kept-rows.js';
import { readSweep } from '../../src/node/sweep/read-sweep.js';
import { configRow } from '../../src/records/config-columns.js';
import type { RunRecord } from '../../src/records/record.js';
import { expandSweep } from '../../src/training/sweep/expand.js';
import { madeUpRun } from '../../test/studies/made-up-run.js';
import study from './study.js';

const { 'equal-memory': memory, 'epoch-costs': costs } = study.parts;
const keptMemory = keptRows(`${__dirname}/rows/equal-memory.jsonl`);
const keptCosts = keptRows(`${__dirname}/rows/epoch-costs.jsonl`);

const textOf = (rows: readonly object[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

describe('the same memory', () => {
  /** A run of SGD for so many epochs, as many as tell its bits per pixel. */
  function sgd(layers: readonly number[], epochs: number, seed: number): RunRecord {
    const run = madeUpRun({ rule: { name: 'sgd', layers, learningRate: 0.1 }, seed });
    const dataset = { name: 'fashion-mnist', limitTrain: 100 * epochs };
    return {
      ...run,
      config: { ...run.config, dataset },
      epochs: Array.from({ length: epochs }, () => run.epochs[0]),
    };
  }
  const records = [
    sgd([75, 75], 40, 1),
    sgd([35, 35], 4, 1),
    sgd([35, 35], 40, 2),
    sgd([35, 35], 40, 1),
    sgd([35, 35], 12, 1),
  ];

  it('has rows with the bits of a pixel, narrow networks and many bits first', () => {
    const rows = memory.rows(records);
    expect(rows.map(({ layers, pixelBits, seed }) => [layers, pixelBits, seed])).toEqual([
      ['35,35', 32, 1],
      ['35,35', 32, 2],
      ['35,35', 8, 1],
      ['35,35', 1, 1],
      ['75,75', 32, 1],
    ]);
    expect(memory.rows(records.toReversed())).toEqual(rows);
    expect(Object.keys(rows[0])).toEqual(Object.keys(keptMemory[0]));
  });

  it('refuses a run of another sweep', () => {
    expect(() => memory.rows([sgd([35, 35], 20, 1)])).toThrow('epochs: expected one of 40, 12, 4, got 20');
  });

  it('has a sweep of the runs whose rows are kept', () => {
    const fields = { layers: 'rule.layers', learningRate: 'rule.learningRate', inputs: 'rule.inputs' };
    const runs = expandSweep(readSweep(`${__dirname}/sweep.yaml`)).map((config) => {
      const { layers, learningRate, inputs } = configRow(config, fields);
      const { dataset, epochs, seed } = config;
      const bits = inputs === 'binarized' ? 1 : 32;
      return { layers, learningRate, samples: dataset.limitTrain, epochs, seed, bits };
    });
    const rows = keptMemory.map(({ layers, learningRate, samples, epochs, seed, pixelBits }: Row) => ({
      ...{ layers, learningRate, samples, epochs, seed },
      bits: pixelBits === 1 ? 1 : 32,
    }));
    expect(textOf(runs)).toEqual(textOf(rows));
  });

  it('sets SGD beside the binary run of the same widths', () => {
    const { accuracy, differences } = memory.tables(keptMemory);
    expect(accuracy.headings).toEqual([
      'layers',
      'local-error, 1 bit',
      'sgd, 32 bits',
      'sgd, 8 bits',
      'sgd, 1 bit',
    ]);
    expect(accuracy.body).toHaveLength(5);
    expect(differences.rows).toHaveLength(5 * 3);
  });
});

describe('what an accuracy costs', () => {
  const timed = (rule: object, times: readonly number[], booleanGates: number): RunRecord => {
    const run = madeUpRun({ rule: { name: 'sgd', layers: [35, 35], ...rule } });
    const epochs = times.map((trainMs) => ({ ...run.epochs[0], trainMs }));
    return { ...run, epochs, totals: { ...run.totals, booleanGates } };
  };

  it('has the fastest epoch after the first two, and the gates of one', () => {
    const records = [
      timed({ name: 'sgd' }, [10, 20, 50, 40], 800),
      timed({ name: 'qat', batchNorm: true }, [900, 800, 70, 90, 80], 1000),
    ];
    expect(costs.rows(records)).toEqual([
      { rule: 'qat', batchNorm: 'true', layers: '35,35', epochGates: 200, epochSeconds: 0.07 },
      { rule: 'sgd', batchNorm: null, layers: '35,35', epochGates: 200, epochSeconds: 0.04 },
    ]);
    expect(Object.keys(costs.rows(records)[0])).toEqual(Object.keys(keptCosts[0]));
  });

  it('has a sweep of the networks whose costs are kept', () => {
    const networks = costs.sweeps
      .flatMap((sweep) => expandSweep(sweep))
      .map((config) => {
        const { rule, epochs, seed } = config;
        expect([seed, epochs]).toEqual([1, ['sgd', 'qat'].includes(rule.name) ? 4 : 10]);
        return configRow(config, { rule: 'rule.name', batchNorm: 'rule.batchNorm', layers: 'rule.layers' });
      });
    const rows = keptCosts.map(({ rule, batchNorm, layers }) => ({ rule, batchNorm, layers }));
    expect(textOf(networks)).toEqual(textOf(rows));
  });

  it('gives multiples of local-error', () => {
    const rows: Row[] = [
      { rule: 'local-error', batchNorm: null, layers: '35,35', epochGates: 2, epochSeconds: 0.5 },
      { rule: 'qat', batchNorm: 'false', layers: '35,35', epochGates: 5, epochSeconds: 2 },
      { rule: 'sgd', batchNorm: null, layers: '99,99', epochGates: 5, epochSeconds: 2 },
    ];
    const made = costs.tables(rows);
    expect(made['gates-of-an-epoch'].toMarkdown()).toContain(
      '| layers | local-error | qat without batchNorm |\n| --- | ---: | ---: |\n| 35,35 | 1.00 | 2.50 |\n\n',
    );
    expect(made['time-of-an-epoch'].toMarkdown()).toContain('| 35,35 | 1.00 | 4.00 |\n\n');
  });

  it('takes the time of an epoch times the epochs of the run, of images as many as it sees', () => {
    const rows: Row[] = [{ rule: 'sgd', batchNorm: null, layers: '35,35', epochGates: 1, epochSeconds: 2 }];
    const made = costs.tables(rows);
    expect(Object.keys(made)).toEqual(['front-gates', 'front-time']);
    const { rows: front } = made['front-time'];
    // 50 epochs of all images; 4 of 48,766, which is cheaper and less accurate.
    expect(front.map(({ series, trainSeconds }) => [series, trainSeconds])).toEqual([
      ['sgd, memory of A, 1 bit', expect.closeTo((2 * 4 * 48_766) / 50_000, 9)],
      ['sgd', 100],
    ]);
  });

  it('is drawn in gates and in time', () => {
    expect(Object.keys(costs.figures(keptCosts))).toEqual(['gates', 'gates-closer', 'time']);
  });
});
