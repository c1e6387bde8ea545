import { describe, expect, it } from 'vitest';
import { sequence } from '../../test/studies/made-up-sequence.js';
import { datasets } from './streams.js';

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
