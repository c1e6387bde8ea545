import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigFile } from '../../src/node/config-file.js';
import { PACKAGE_ROOT } from '../../src/node/files/folders.js';
import type { RunRecord } from '../../src/records/record.js';
import { findReport } from '../../src/reports/catalog.js';
import type { Report } from '../../src/reports/report.js';
import type { FormattedTable } from '../../src/tables/formatted-table.js';
import type { TrainConfig } from '../../src/training/config.js';
import { expandSweep } from '../../src/training/sweep/expand.js';
import type { SweepSpec } from '../../src/training/sweep/spec.js';
import { madeUpRun } from './made-up-run.js';

const INPUTS: Readonly<Record<string, number>> = { 'fashion-mnist': 784, prototypes: 1000 };

/** What the sweeps of a report will leave, with test accuracies that only the seed tells apart. */
function records({ sweeps }: Report): RunRecord[] {
  const configs = sweeps.flatMap((sweep) => {
    const { content } = ConfigFile.read(path.join(PACKAGE_ROOT, 'configs', `${sweep}.yaml`));
    return expandSweep(content as unknown as SweepSpec);
  });
  return configs
    .map(({ dataset: { name: dataset }, binarizer, batchSize, seed, ...config }: TrainConfig) => {
      // All rules of the sweeps have them.
      const rule = { ...config.rule } as { readonly name: string; readonly layers: readonly number[] };
      return madeUpRun({
        dataset,
        rule,
        // What training fills in for images.
        binarizer: binarizer ?? { kind: 'median', per: 'channel' },
        batchSize,
        seed,
        testAccuracy: 70 + seed,
        parameters: parameters(rule.name, [INPUTS[dataset], ...rule.layers]),
      });
    })
    .map((record, i) => withTasks(record, configs[i].tasks?.count));
}

/** A record of as many tasks, each learned in an epoch. */
function withTasks(record: RunRecord, count: number | undefined): RunRecord {
  if (count === undefined) return record;
  const accuracies = Array.from({ length: count }, (_, i) => ({
    task: i + 1,
    validationAccuracy: 70,
    testAccuracy: 70 + record.seed,
  }));
  const [epoch] = record.epochs;
  return { ...record, epochs: accuracies.map((_, i) => ({ ...epoch, tasks: accuracies.slice(0, i + 1) })) };
}

/** Of hidden layers; of a committee, those of its perceptrons. */
function parameters(rule: string, sizes: readonly number[]): number {
  const products = sizes.slice(1).map((size, i) => size * sizes[i]);
  return rule === 'committee' ? products[0] : products.reduce((sum, product) => sum + product, 0);
}

function tablesOf(name: string): Readonly<Record<string, FormattedTable>> {
  const report = findReport(name);
  return report.tables(report.rows(records(report)));
}

describe('findReport', () => {
  it('refuses a name that no report has', () => {
    expect(() => findReport('comparisons')).toThrow(
      'name: expected one of comparison, ablations, metaplasticity, metaplasticity-flips, metaplasticity-depths, ' +
        "forgetting, beyond-the-papers, best, got 'comparisons'",
    );
  });
});

describe('the sweeps in configs/ fill', () => {
  it('every cell of the comparison that the papers have', () => {
    const tables = tablesOf('comparison');
    expect(Object.keys(tables)).toEqual(['fashion-mnist', 'prototypes', 'differences', 'tests']);
    for (const dataset of ['fashion-mnist', 'prototypes']) {
      const { headings, body, caption } = tables[dataset];
      expect(headings).toHaveLength(1 + 7);
      expect(body.map(([layers]) => layers.text)).toEqual(
        [2, 3].flatMap((depth) => [35, 75, 135, 255, 525].map((width) => Array(depth).fill(width).join())),
      );
      const shallow = body.slice(0, 5).flatMap((cells) => cells.slice(1).map(({ text }) => text));
      expect(shallow).toEqual(Array(5 * 7).fill('73.0 ± 1.6'));
      const deep = body.slice(5).map((cells) => cells.slice(1).map(({ text }) => text !== '–'));
      const runDeep = ['local-error', 'bep', 'qat with batchNorm', 'sgd'];
      expect(deep).toEqual(Array(5).fill(headings.slice(1).map((series) => runDeep.includes(series))));
      expect(caption).not.toContain('Not run');
      expect(caption).toContain('over 5 runs');
    }
    // Each of 2 data sets × 5 widths has published values of 4 rules with two layers, and of 2 with three.
    expect(tables.differences.rows).toHaveLength(2 * 5 * (4 + 2));
    expect(tables.tests.rows).toHaveLength(2 * 5 * (6 + 3));
    expect(tables.tests.caption).not.toContain('Left out');
  });

  it('every effect of an option beyond the papers', () => {
    const { accuracy, effects } = tablesOf('beyond-the-papers');
    expect(accuracy.rows).toHaveLength(2 * 9 + 4);
    expect(effects.rows).toHaveLength(2 * 8 + 4);
  });

  it('every effect of an ablation', () => {
    const { accuracy, effects } = tablesOf('ablations');
    expect(accuracy.rows).toHaveLength(43);
    expect(effects.rows).toHaveLength(42);
    expect(effects.caption).not.toContain('Left out');
  });

  it('every cell of the table of the secondary threshold', () => {
    const { secondary } = tablesOf('metaplasticity');
    expect(secondary.body).toHaveLength(1 + 3 * 3);
    expect(secondary.body.flatMap((cells) => cells.slice(2).map(({ text }) => text))).toEqual(
      Array(2 * 10).fill('72.0 ± 1.0'),
    );
  });

  it('the tables and figures of flips and depths', () => {
    const { flips, bound } = tablesOf('metaplasticity-flips');
    for (const { body, caption } of [flips, bound]) {
      expect(body).toHaveLength(11);
      expect(caption).toContain('over 3 runs');
    }
    expect(tablesOf('metaplasticity-depths').depths.headings).toHaveLength(1 + 2 * 2);
  });

  it('every setting of the table of forgetting', () => {
    const { body, caption } = tablesOf('forgetting').settings;
    expect(body).toHaveLength(33 + 4);
    expect(body.map((cells) => cells.slice(5).map(({ text }) => text))).toEqual(
      Array(37).fill(['72.0 ± 1.0', '72.0 ± 1.0', '0.00 ± 0.00', '70.00 ± 0.00']),
    );
    expect(caption).toContain('over 3 runs');
  });

  it('the table of the best', () => {
    expect(tablesOf('best').accuracy.body.map(([dataset]) => dataset.text)).toEqual([
      'fashion-mnist',
      'prototypes',
    ]);
  });
});
