import type { DataFrame } from 'danfojs-node';
import { describe, expect, it } from 'vitest';
import { ArgumentError } from '../../src/core/errors.js';
import type { Row } from '../../src/core/row.js';
import { loadDanfojs } from '../../src/tables/danfojs.js';
import { dataFrame, table } from '../../src/tables/frames.js';

const { NaN: missing } = Number;

/** Numbers are missing in both columns, a key is missing, and joined by hyphens two pairs of keys read the same. */
const ROWS: readonly Row[] = [
  { rule: 'a', size: 'b-c', v: 80, w: 1 },
  { rule: 'a', size: 'b-c', v: null, w: 2 },
  { rule: 'b', size: 'c', v: 10, w: 3 },
  { rule: 'b', size: 'c', v: 30, w: null },
  { rule: 'a-b', size: 'c', v: 7, w: null },
  { rule: null, size: 'c', v: 5, w: 6 },
];

/** Rows of a frame as lists, for comparing. */
function valuesOf(frame: { values: unknown }): unknown {
  return frame.values;
}

describe('rows as frames', () => {
  const other: readonly Row[] = [
    { rule: 'sgd', size: 10, accuracy: 80 },
    { size: 20, accuracy: 90, rule: 'bep' },
  ];

  it.each(['index', 'columns', 'values', 'shape', '$data', 'constructor'])(
    'have no column %s in danfojs, where it would take the place of what the frame works with',
    (name) => {
      const rows = [
        { rule: 'sgd', [name]: 1 },
        { rule: 'bep', [name]: 2 },
      ];
      expect(() => dataFrame(rows)).toThrow(
        `rows: expected columns of other names than a danfojs frame needs itself, got '${name}'`,
      );
      expect(table(rows).array(name)).toEqual([1, 2]);
    },
  );

  it.each(['size', 'count', 'mean', 'std', 'max', 'data'])('may have a column %s', (name) => {
    const frame = dataFrame([
      { rule: 'sgd', [name]: 1 },
      { rule: 'sgd', [name]: 3 },
    ]);
    expect(valuesOf(frame.column(name))).toEqual([1, 3]);
    expect(valuesOf(frame.groupby(['rule']).col([name]).mean())).toEqual([['sgd', 2]]);
  });

  it('find cells by name, in whatever order keys stand', () => {
    expect(dataFrame(other).columns).toEqual(['rule', 'size', 'accuracy']);
    expect(valuesOf(dataFrame(other))).toEqual([
      ['sgd', 10, 80],
      ['bep', 20, 90],
    ]);
    expect(table(other).objects()).toEqual([
      { rule: 'sgd', size: 10, accuracy: 80 },
      { rule: 'bep', size: 20, accuracy: 90 },
    ]);
  });

  it('have a column for what only some rows hold', () => {
    const rows: readonly Row[] = [{ rule: 'sgd', loss: 0.5 }, { rule: 'bep', flips: 3 }, { loss: 0.25 }];
    expect(valuesOf(dataFrame(rows))).toEqual([
      ['sgd', 0.5, missing],
      ['bep', missing, 3],
      [null, 0.25, missing],
    ]);
    expect(table(rows).objects()).toEqual([
      { rule: 'sgd', loss: 0.5, flips: null },
      { rule: 'bep', loss: null, flips: 3 },
      { rule: null, loss: 0.25, flips: null },
    ]);
  });

  it('know the type of a column from all of its cells', () => {
    const rows = Array.from(
      { length: 60 },
      (_, i): Row => ({ late: i < 59 ? null : 2.5, text: i < 59 ? 1 : 'x' }),
    );
    expect(dataFrame(rows).dtypes).toEqual(['float32', 'string']);
    expect(dataFrame([{ n: 1 }, { n: 2 }]).dtypes).toEqual(['int32']);
    expect(dataFrame([{ n: 1 }, { n: null }]).dtypes).toEqual(['float32']);
    expect(dataFrame([{ n: null }]).dtypes).toEqual(['float32']);
  });

  it.each([
    [[], 'rows: expected at least one row, got []'],
    [[{ a: 1 }, { a: { b: 1 } }], 'rows[1].a: expected a text, a number or null, got { b: 1 }'],
    [[{ a: [1] }], 'rows[0].a: expected a text, a number or null, got [ 1 ]'],
  ])('refuse %j', (rows, message) => {
    for (const make of [dataFrame, table]) {
      expect(() => make(rows as unknown as Row[])).toThrow(ArgumentError);
      expect(() => make(rows as unknown as Row[])).toThrow(message);
    }
  });
});

/** Expected values are those of pandas 2, with `sort=False` where it sorts. */
describe('a data frame with missing numbers', () => {
  const frame = (): DataFrame => dataFrame(ROWS);
  const column = (name: string) => frame().column(name);

  it.each([
    ['mean', [80, 20, 7]],
    ['sum', [80, 40, 7]],
    ['std', [missing, Math.SQRT2 * 10, missing]],
    ['var', [missing, 200, missing]],
    ['min', [80, 10, 7]],
    ['max', [80, 30, 7]],
    ['count', [1, 2, 1]],
  ] as const)('has the %s of each group', (operation, expected) => {
    const groups = frame().groupby(['rule']).col(['v'])[operation]();
    expect(groups.columns).toEqual(['rule', `v_${operation}`]);
    expect(groups.column('rule').values).toEqual(['a', 'b', 'a-b']);
    const values = groups.column(`v_${operation}`).values as number[];
    expect(values).toHaveLength(expected.length);
    for (const [i, value] of values.entries()) {
      if (Number.isNaN(expected[i])) expect(value).toBeNaN();
      else expect(value).toBeCloseTo(expected[i], 12);
    }
  });

  it('has several statistics of groups at once', () => {
    const groups = frame()
      .groupby(['rule'])
      .agg({ v: ['mean', 'median'], w: 'count' } as never);
    expect(groups.columns).toEqual(['rule', 'v_mean', 'v_median', 'w_count']);
    expect(valuesOf(groups)).toEqual([
      ['a', 80, 80, 2],
      ['b', 20, 20, 1],
      ['a-b', 7, 7, 0],
    ]);
  });

  it('keeps groups apart whose keys read the same when joined', () => {
    const groups = frame().groupby(['rule', 'size']).col(['v']).sum();
    expect(valuesOf(groups)).toEqual([
      ['a', 'b-c', 80],
      ['b', 'c', 40],
      ['a-b', 'c', 7],
    ]);
    const group = frame().groupby(['rule', 'size']).getGroup(['a-b', 'c']);
    expect(group.column('v').values).toEqual([7]);
  });

  it('refuses groups by a column, and a group, that there is not', () => {
    expect(() => frame().groupby(['rulle'])).toThrow(
      "groupby: expected some of the columns rule, size, v, w, got 'rulle'",
    );
    expect(() => frame().groupby(['rule']).getGroup(['c'])).toThrow(/^keys: expected one of the groups/);
  });

  it('adds up within groups', () => {
    expect(valuesOf(frame().groupby(['rule']).col(['v']).cumSum())).toEqual([
      ['a', 80],
      ['a', missing],
      ['b', 10],
      ['b', 40],
      ['a-b', 7],
    ]);
  });

  it('is described', () => {
    const described = frame().describe();
    expect(described.index).toEqual(['count', 'mean', 'std', 'min', 'median', 'max', 'variance']);
    const expected = [
      [5, 4],
      [26.4, 3],
      [31.580056998048626, 2.160246899469287],
      [5, 1],
      [10, 2.5],
      [80, 6],
      [997.3, 14 / 3],
    ];
    for (const [i, row] of (described.values as number[][]).entries()) {
      for (const [j, value] of row.entries()) expect(value).toBeCloseTo(expected[i][j], 10);
    }
  });

  it('has statistics of whole columns', () => {
    const numbers = frame().loc({ columns: ['v', 'w'] });
    expect(numbers.mean({ axis: 0 }).values).toEqual([26.4, 3]);
    expect(numbers.sum({ axis: 0 }).values).toEqual([132, 12]);
    expect([column('v').mean(), column('v').median(), column('v').min(), column('v').max()]).toEqual([
      26.4, 10, 5, 80,
    ]);
    expect([column('v').count(), column('v').nUnique(), column('rule').nUnique()]).toEqual([5, 5, 3]);
    expect(column('v').std()).toBeCloseTo(31.580056998048626, 12);
    const counts = column('rule').valueCounts();
    expect([counts.index, counts.values]).toEqual([
      ['a', 'b', 'a-b'],
      [2, 2, 1],
    ]);
  });

  it('counts values that share their integer part apart', () => {
    const counts = dataFrame([{ v: 85.5 }, { v: 85.2 }, { v: 85.5 }])
      .column('v')
      .valueCounts();
    expect([counts.index, counts.values]).toEqual([
      [85.5, 85.2],
      [2, 1],
    ]);
  });

  it('sorts missing values last, up and down', () => {
    expect(frame().sortValues('v').index).toEqual([5, 4, 2, 3, 0, 1]);
    expect(frame().sortValues('v', { ascending: false }).index).toEqual([0, 3, 2, 4, 5, 1]);
    expect(column('v').sortValues().index).toEqual([5, 4, 2, 3, 0, 1]);
    expect(column('v').sortValues({ ascending: false }).index).toEqual([0, 3, 2, 4, 5, 1]);
    const inPlace = frame();
    inPlace.sortValues('v', { inplace: true });
    expect(inPlace.index).toEqual([5, 4, 2, 3, 0, 1]);
  });

  it('sorts texts by all of their letters', () => {
    const names = dataFrame([{ n: 'sgd' }, { n: 'sbpi' }, { n: 'Adam' }, { n: null }]).column('n');
    expect(names.sortValues().values).toEqual(['Adam', 'sbpi', 'sgd', null]);
  });

  it('fills a copy, not the frame itself', () => {
    const before = frame();
    const filled = before.fillNa(0, { columns: ['v'] });
    expect(filled.column('v').values).toEqual([80, 0, 10, 30, 7, 5]);
    expect(filled.column('w').values).toEqual([1, 2, 3, missing, missing, 6]);
    expect(before.column('v').values).toEqual([80, missing, 10, 30, 7, 5]);
    expect(valuesOf(before.fillNa([1, 2], { columns: ['v', 'w'] }))).toContainEqual(['b', 'c', 30, 2]);
    before.fillNa('none', { inplace: true });
    expect(before.column('rule').values).toEqual(['a', 'a', 'b', 'b', 'a-b', 'none']);
  });

  it('adds up over missing values', () => {
    expect(column('v').cumSum().values).toEqual([80, missing, 90, 120, 127, 132]);
    expect(column('v').cumMax().values).toEqual([80, missing, 80, 80, 80, 80]);
    expect(column('v').cumMin().values).toEqual([80, missing, 10, 10, 7, 5]);
    expect(column('v').cumProd().values).toEqual([80, missing, 800, 24000, 168000, 840000]);
    const sums = frame()
      .loc({ columns: ['v', 'w'] })
      .cumSum({ axis: 0 });
    expect(sums.column('w').values).toEqual([1, 3, 6, missing, missing, 12]);
  });

  it('is merged', () => {
    const left = frame().loc({ columns: ['rule', 'v'] });
    const right = dataFrame([
      { rule: 'a', k: 1 },
      { rule: 'z', k: 2 },
    ]);
    const merged = (how: 'left' | 'inner' | 'outer') =>
      valuesOf(loadDanfojs().merge({ left, right, on: ['rule'], how }));
    const inner = [
      ['a', 80, 1],
      ['a', missing, 1],
    ];
    const rest = [
      ['b', 10, missing],
      ['b', 30, missing],
      ['a-b', 7, missing],
      [null, 5, missing],
    ];
    expect(merged('inner')).toEqual(inner);
    expect(merged('left')).toEqual([...inner, ...rest]);
    expect(merged('outer')).toEqual([...inner, ...rest, ['z', missing, 2]]);
  });
});
