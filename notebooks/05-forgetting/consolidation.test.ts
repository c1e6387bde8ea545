import { describe, expect, it } from 'vitest';
import { sequence } from '../../test/studies/made-up-sequence.js';
import { consolidation, consolidationFigureRows } from './consolidation.js';

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

  it('holds the best against the curve of what is not consolidated', () => {
    const { curve } = consolidation.tables([
      ...ROWS,
      // Deeper starts: forgets less and learns less, and one that is worse in both.
      ...consolidation.rows(
        [1, 2].flatMap((seed) => [
          sequence({ initialDepth: 512 }, seed, [80, 70 + seed, 80]),
          sequence({ initialDepth: 1024 }, seed, [79, 66 + seed, 79]),
        ]),
      ),
    ]) as unknown as { curve: { body: readonly { text: string }[][] } };
    // θ = 127 learns 89 and 88 and forgets 8 and 6; the start at 512 learns 80 and forgets 9 and 8.
    expect(curve.body.map((cells) => cells.map(({ text }) => text).slice(0, 6))).toEqual([
      ['forgets next more', '512 and 0.5', 'just after learning', '80.00', '88.50', '+8.50'],
      ['learns next less', '512 and 0.5', 'forgotten', '8.50', '7.00', '−1.50'],
    ]);
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
