import { describe, expect, it } from 'vitest';
import { sequence } from './made-up-sequence.js';
import { classes, datasets, norms, parts } from './streams.js';

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

describe('parts', () => {
  const stream = { kind: 'parts', count: 2 };
  const records = [
    sequence({}, 1, [80, 60, 0], stream),
    sequence({}, 2, [82, 64, 0], stream),
    sequence({ consolidation: { m: 0.5 } }, 1, [78, 70, 0], { ...stream, order: 'interleaved' }),
  ].map((record) => {
    const [one, two] = record.epochs;
    // Two epochs for each part, of which the second counts.
    const epochs = [one, one, two, two].map((epoch, i) => ({
      ...epoch,
      epoch: i + 1,
      testAccuracy: 10 * i + record.seed,
    }));
    return { ...record, epochs };
  });
  const rows = parts.rows(records);

  it('are measured at the end of each', () => {
    expect(rows.map(({ protection, seed, part, accuracy }) => [protection, seed, part, accuracy])).toEqual([
      ['m', 1, 1, 11],
      ['m', 1, 2, 31],
      ['none', 1, 1, 11],
      ['none', 1, 2, 31],
      ['none', 2, 1, 12],
      ['none', 2, 2, 32],
    ]);
    expect(parts.rows(records.toReversed())).toEqual(rows);
  });

  it('are drawn one after the other, beside all at once', () => {
    const { data, layout } = parts.figures(rows)['accuracy-by-parts'];
    const lines = data.flatMap((trace) => ('mode' in trace && trace.mode === 'lines' ? [trace] : []));
    expect(lines).toMatchObject([
      { name: 'local-error, all at once, test', x: [1, 2], y: [11, 31] },
      { name: 'local-error, none, test', y: [11.5, 31.5] },
    ]);
    expect(layout?.xaxis).toMatchObject({ title: { text: 'parts shown' } });
    expect(parts.tables(rows).parts.headings).toEqual([
      'rule',
      'protection',
      'strength',
      'stream',
      'after part 1',
    ]);
  });
});

it('tasks of classes, and those with a normalization of their own, are sequences like others', () => {
  const records = [sequence({ name: 'qat' }, 1, [90, 0, 90]), sequence({ name: 'qat' }, 2, [92, 2, 92])];
  const consolidated = [1, 2].map((seed) =>
    sequence({ name: 'qat', consolidation: { m: 40 } }, seed, [90, 50, 80]),
  );
  const [shared] = [classes.rows([...records, ...consolidated])];
  expect(classes.tables(shared).settings.body.map((cells) => cells[8].text)).toEqual([
    '65.00 ± 0.00',
    '46.0 ± 1.4',
  ]);
  const { gains } = norms.tables(norms.rows([...records, ...consolidated]));
  expect(gains?.body[0].slice(0, 7).map(({ text }) => text)).toEqual([
    ...['qat', '512,512', '30', 'm = 40', '46.00', '65.00', '+19.00'],
  ]);
});
