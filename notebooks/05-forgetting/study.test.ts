import { describe, expect, it } from 'vitest';
import { keptRows } from '../../src/node/studies/kept-rows.js';
import type { RunRecord } from '../../src/records/record.js';
import { madeUpRun } from '../../test/studies/made-up-run.js';
import { type Accuracies, epochsOf } from '../../test/studies/made-up-sequence.js';
import { madeUpSweep } from '../../test/studies/made-up-sweep.js';
import study from './study.js';

const { forgetting } = study.parts;

interface Rule {
  readonly name: string;
  readonly [option: string]: unknown;
}

function sequence(rule: Rule, seed: number, accuracies: Accuracies): RunRecord {
  return { ...madeUpRun({ rule: { layers: [255, 255], ...rule }, seed }), epochs: epochsOf(accuracies) };
}

function sequences(rule: Rule, ...all: readonly Accuracies[]): RunRecord[] {
  return all.map((accuracies, i) => sequence(rule, i + 1, accuracies));
}

const base = { name: 'local-error', hiddenBits: 16, initialDepth: 64, reinforcement: 0.5 };

const binary: readonly RunRecord[] = [
  ...sequences(base, [80, 60, 82], [82, 64, 84]),
  ...sequences({ ...base, initialDepth: 512, reinforcement: 1 }, [76, 70, 78], [78, 70, 78]),
  ...sequences({ ...base, hiddenBits: 6 }, [75, 30, 77], [77, 34, 79]),
];

const sgd: readonly RunRecord[] = [
  ...sequences({ name: 'sgd', learningRate: 0.1 }, [88, 60, 88], [88, 62, 90]),
  ...sequences({ name: 'sgd', learningRate: 0.01 }, [84, 80, 84], [84, 78, 84]),
];

const records = [...sgd, ...binary];
const rows = forgetting.rows(records);

interface Trace {
  readonly name?: string;
  readonly x: readonly unknown[];
  readonly y: readonly number[];
  readonly mode?: string;
}

/** Lines by name; bands have none. */
function linesOf(figure: string): [string | undefined, readonly number[]][] {
  const { data } = forgetting.figures(rows)[figure];
  return (data as unknown as Trace[]).filter(({ name }) => name).map(({ name, y }) => [name, y]);
}

describe('forgetting', () => {
  it('has a row for every task so far after each, settings in order', () => {
    expect(rows).toHaveLength(10 * 3);
    expect(rows[0]).toEqual({
      rule: 'local-error',
      hiddenBits: 6,
      initialDepth: 64,
      reinforcement: 0.5,
      learningRate: null,
      seed: 1,
      step: 1,
      task: 1,
      accuracy: 75,
      validationAccuracy: 74,
    });
    expect(rows[29]).toMatchObject({
      rule: 'sgd',
      hiddenBits: null,
      learningRate: 0.1,
      seed: 2,
      accuracy: 90,
    });
  });

  it('sums every setting up, mean over seeds', () => {
    expect(forgetting.tables(rows).settings.toMarkdown()).toBe(
      '| rule | hiddenBits | initialDepth | reinforcement | learningRate | average accuracy | just after learning | ' +
        'forgotten | average, validation |\n| --- | --- | --- | --- | --- | ---: | ---: | ---: | ---: |\n' +
        '| local-error | 6 | 64 | 0.5 |  | 55.0 ± 2.1 | 77.0 ± 1.4 | 44.0 ± 1.4 | 54.0 ± 2.1 |\n' +
        '| local-error | 16 | 64 | 0.5 |  | 72.5 ± 2.1 | 82.0 ± 1.4 | 19.0 ± 1.4 | 71.5 ± 2.1 |\n' +
        '| local-error | 16 | 512 | 1 |  | 74.00 ± 0.00 | 77.50 ± 0.71 | 7.0 ± 1.4 | 73.00 ± 0.00 |\n' +
        '| sgd |  |  |  | 0.01 | 81.50 ± 0.71 | 84.00 ± 0.00 | 5.0 ± 1.4 | 80.50 ± 0.71 |\n' +
        '| sgd |  |  |  | 0.1 | 75.0 ± 1.4 | 88.50 ± 0.71 | 27.0 ± 1.4 | 74.0 ± 1.4 |\n\n' +
        'Five tasks of FashionMNIST in turn: accuracies in percent, forgetting in points. ' +
        'Mean ± standard deviation over 2 runs.\n',
    );
  });

  it('draws tasks under the settings that were run; the best by validation accuracy', () => {
    const { layout, data } = forgetting.figures(rows).tasks;
    const titles = (layout as { annotations: { text: string }[] }).annotations.map(({ text }) => text);
    expect(titles).toEqual(expect.arrayContaining(['default', 'deep', '6 bits', 'sgd, rate 0.01']));
    expect(titles).not.toContain('plain');
    const first = (data as unknown as Trace[]).filter(({ name }) => name === 'task 1').map(({ y }) => y);
    expect(first).toEqual([
      [81, 62],
      [77, 70],
      [76, 32],
      [84, 79],
    ]);
  });

  it('draws measures by one option, the others as by default, beside the best of sgd', () => {
    expect(linesOf('average-accuracy-by-depth')).toEqual([
      ['sgd, rate 0.01', [81.5, 81.5]],
      ['reinforcement 0.5', [72.5]],
      ['reinforcement 1', [74]],
    ]);
    expect(linesOf('forgetting-by-depth')[1]).toEqual(['reinforcement 0.5', [19]]);
    expect(linesOf('learning-by-depth')[2]).toEqual(['reinforcement 1', [77.5]]);
    expect(linesOf('average-accuracy-by-bits')[1]).toEqual(['reinforcement 0.5', [55, 72.5]]);
    expect(linesOf('learning-by-bits')[1]).toEqual(['reinforcement 0.5', [77, 82]]);
  });

  it('draws what is learned over what is forgotten, with room for depth', () => {
    const { data } = forgetting.figures(rows)['learning-versus-forgetting'];
    const points = (data as unknown as Trace[])
      .filter(({ mode }) => mode?.includes('markers'))
      .flatMap(({ x, y }) => x.map((forgotten, i) => [forgotten, y[i]]));
    expect(points.sort()).toEqual([
      [19, 82],
      [27, 88.5],
      [5, 84],
      [7, 77.5],
    ]);
  });

  it('does not depend on the order of the runs', () => {
    expect(forgetting.rows(records.toReversed())).toEqual(rows);
    expect(forgetting.tables(rows.toReversed())).toEqual(forgetting.tables(rows));
    expect(forgetting.figures(rows.toReversed())).toEqual(forgetting.figures(rows));
  });

  it('leaves out what was not run', () => {
    const noSgd = forgetting.rows(binary);
    expect(Object.keys(forgetting.figures(noSgd))).toHaveLength(7);
    const noBinary = forgetting.rows(sgd);
    expect(Object.keys(forgetting.figures(noBinary))).toEqual(['tasks', 'learning-versus-forgetting']);
  });

  it('refuses what does not belong', () => {
    const refused: readonly [RunRecord, string][] = [
      [sequence({ name: 'bep' }, 1, [1, 2, 3]), "rule: expected one of local-error, sgd, got 'bep'"],
      [
        { ...sgd[0], dataset: { ...sgd[0].dataset, name: 'mnist' } },
        "dataset: expected one of fashion-mnist, got 'mnist'",
      ],
      [
        madeUpRun({ rule: { name: 'sgd', layers: [255, 255] } }),
        'records: expected sequences of tasks, got {',
      ],
      [
        sequence({ ...base, groupSize: 5 }, 1, [1, 2, 3]),
        'rows: expected one row for each rule, hiddenBits, ',
      ],
    ];
    for (const [other, message] of refused) {
      expect(() => forgetting.rows([...records, other])).toThrow(message);
    }
    expect(() => forgetting.tables([{ seed: 1 }])).toThrow("column: expected one of seed, got 'rule'");
    expect(() => forgetting.figures([{ seed: 1 }])).toThrow("column: expected one of seed, got 'rule'");
  });

  it('is redrawn from the rows that are stored', () => {
    const stored = keptRows(`${__dirname}/rows/forgetting.jsonl`);
    expect(Object.keys(stored[0])).toEqual(Object.keys(rows[0]));
    // 37 settings, 3 seeds; 5 tasks.
    expect(stored).toHaveLength(37 * 3 * (1 + 2 + 3 + 4 + 5));
    expect(Object.keys(forgetting.figures(stored))).toHaveLength(7);
    expect(forgetting.tables(stored).settings.body).toHaveLength(37);
  });
});

it('the sweep fills every setting of the table', () => {
  const { body, caption } = forgetting.tables(
    forgetting.rows(madeUpSweep(__dirname, forgetting.sweeps)),
  ).settings;
  expect(body).toHaveLength(33 + 4);
  expect(body.map((cells) => cells.slice(5).map(({ text }) => text))).toEqual(
    Array(37).fill(['72.0 ± 1.0', '72.0 ± 1.0', '0.00 ± 0.00', '70.00 ± 0.00']),
  );
  expect(caption).toContain('over 3 runs');
});
