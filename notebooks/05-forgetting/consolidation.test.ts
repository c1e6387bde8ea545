import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/records/record.js';
import { sampleRecord } from '../../test/sample-record.js';
import { madeUpRun } from '../../test/studies/made-up-run.js';
import { consolidation, consolidationFigureRows, datasets } from './consolidation.js';

const BASE = { name: 'local-error', layers: [512, 512], initialDepth: 64, reinforcement: 0.5 };

/** Two tasks in turn: accuracy on the first when it was learned, on the first at the end, and on the second; validation 1 less. */
type Accuracies = readonly [number, number, number];

function sequence(
  rule: object,
  seed: number,
  [learned, kept, second]: Accuracies,
  stream: object = {},
): RunRecord {
  const tasks = (...tests: readonly number[]): object[] =>
    tests.map((testAccuracy, i) => ({ task: i + 1, testAccuracy, validationAccuracy: testAccuracy - 1 }));
  const [one, two] = sampleRecord.epochs;
  const epochs = [
    { ...one, tasks: tasks(learned) },
    { ...two, tasks: tasks(kept, second) },
  ] as RunRecord['epochs'];
  const run = madeUpRun({ rule: { ...BASE, ...rule }, seed });
  const config = { ...run.config, epochs: 30, tasks: { count: 2, ...stream } };
  return { ...run, config, architecture: '512,512', epochs };
}

const RECORDS = [
  sequence({}, 1, [90, 70, 90]),
  sequence({}, 2, [90, 72, 88]),
  sequence({ consolidation: { threshold: 127 } }, 1, [90, 82, 88]),
  sequence({ consolidation: { threshold: 127 } }, 2, [90, 84, 86]),
  sequence({ consolidation: { threshold: 255 } }, 1, [90, 71, 90]),
  sequence({ consolidation: { threshold: 255 } }, 2, [90, 71, 90]),
  sequence({}, 1, [90, 85, 90], { replay: 10 }),
  sequence({}, 1, [90, 89, 90], { order: 'interleaved' }),
  sequence({ name: 'qat', consolidation: { m: 40, shuffled: true } }, 1, [94, 40, 94]),
  sequence({ name: 'qat', elastic: { lambda: 5, shuffled: false } }, 1, [94, 50, 94]),
];

const ROWS = consolidation.rows(RECORDS);

describe('consolidation', () => {
  it('tells what protects weights, by how much, and how tasks come', () => {
    const settings = new Set(
      ROWS.map(({ rule, protection, strength, stream }) => `${rule}: ${protection} ${strength}, ${stream}`),
    );
    expect([...settings].sort()).toEqual([
      'local-error: none null, in turn',
      'local-error: none null, interleaved',
      'local-error: none null, replay 10',
      'local-error: threshold 127, in turn',
      'local-error: threshold 255, in turn',
      'qat: elastic 5, in turn',
      'qat: m, shuffled 40, in turn',
    ]);
    expect(() => consolidation.rows([sequence({ name: 'bep' }, 1, [1, 1, 1])])).toThrow(
      /^rule: expected one of local-error, qat, got 'bep'/,
    );
    const both = { consolidation: { m: 1 }, elastic: { lambda: 1 } };
    expect(() => consolidation.rows([sequence({ ...both, name: 'qat' }, 1, [1, 1, 1])])).toThrow(
      /expected runs with one protection/,
    );
  });

  it('compares the strength that validation accuracy likes best with none, by seed', () => {
    const { gains } = consolidation.tables(ROWS) as unknown as {
      gains: { rows: readonly Record<string, unknown>[] };
    };
    expect(gains.rows).toHaveLength(1);
    expect(gains.rows[0]).toMatchObject({ setting: 'θ = 127', n: 2, none: 80, best: 85, averageAccuracy: 5 });
    // 90 − 70, 90 − 72 against 90 − 82, 90 − 84; learned 90, 89 against 89, 88.
    expect(gains.rows[0]).toMatchObject({ averageForgetting: -12, learningAccuracy: -1 });
  });

  it('puts all of local-error at one width into one plane, what replays and interleaves aside', () => {
    const { traded, byThreshold, byWidth } = consolidationFigureRows(ROWS);
    expect(new Set(traded.map(({ kind }) => kind))).toEqual(
      new Set(['none, reinforcement 0.5', 'consolidated, threshold']),
    );
    expect(byThreshold.map(({ strength }) => strength)).toEqual([32767, 32767, 127, 127, 255, 255]);
    expect(byWidth.map(({ kind, held }) => [kind, held])).toEqual([
      ['none, 5 epochs each', 1],
      ['none, 5 epochs each', 1],
      ['best, 5 epochs each', 2],
      ['best, 5 epochs each', 2],
    ]);
  });
});

describe('datasets', () => {
  it('says what was learned of the first set, what is left of it, and what is known of the second', () => {
    const record = sequence({}, 1, [95, 20, 85], { kind: 'datasets', others: ['fashion-mnist'] });
    const [first, second] = record.epochs;
    const rows = datasets.rows([
      {
        ...record,
        epochs: [
          { ...first, epoch: 1 },
          { ...second, epoch: 2 },
        ],
      },
    ]);
    expect(
      rows.map(({ first: of, second: then, step, task, accuracy }) => [of, then, step, task, accuracy]),
    ).toEqual([
      [record.dataset.name, 'fashion-mnist', 1, 1, 95],
      [record.dataset.name, 'fashion-mnist', 2, 1, 20],
      [record.dataset.name, 'fashion-mnist', 2, 2, 85],
    ]);
    const means = datasets.tables(rows).outcomes.rows.map(({ measure, mean }) => [measure, mean]);
    expect(Object.fromEntries(means)).toEqual({ learned: 95, kept: 20, secondAccuracy: 85 });
  });
});
