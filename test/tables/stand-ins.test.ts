import type { DataFrame } from 'danfojs-node';
import { describe, expect, it } from 'vitest';
import { loadDanfojs } from '../../src/tables/danfojs.js';
import { dataFrame } from '../../src/tables/frames.js';

const frame = (): DataFrame =>
  dataFrame([
    { a: 1, b: 2 },
    { a: 3, b: 0.1 },
    { a: 3, b: 8 },
  ]);

/** What TensorFlow.js and mathjs would do, by stand-ins; expected values are worked out by hand. */
describe('arithmetic of whole frames', () => {
  it.each([
    [
      'add',
      1,
      [
        [2, 3],
        [4, 1.1],
        [4, 9],
      ],
    ],
    [
      'sub',
      1,
      [
        [0, 1],
        [2, -0.9],
        [2, 7],
      ],
    ],
    [
      'mul',
      2,
      [
        [2, 4],
        [6, 0.2],
        [6, 16],
      ],
    ],
    [
      'div',
      2,
      [
        [0.5, 1],
        [1.5, 0.05],
        [1.5, 4],
      ],
    ],
    [
      'pow',
      2,
      [
        [1, 4],
        [9, 0.010000000000000002],
        [9, 64],
      ],
    ],
    [
      'mod',
      2,
      [
        [1, 0],
        [1, 0.1],
        [1, 0],
      ],
    ],
  ] as const)('%s a number, in double precision', (operation, number, expected) => {
    expect((frame()[operation](number) as DataFrame).values).toEqual(expected);
  });

  it('takes a list along columns or rows, and another frame', () => {
    expect((frame().mul([1, 10, 100], { axis: 0 }) as DataFrame).values).toEqual([
      [1, 2],
      [30, 1],
      [300, 800],
    ]);
    expect((frame().mul([1, 10], { axis: 1 }) as DataFrame).values).toEqual([
      [1, 20],
      [3, 1],
      [3, 80],
    ]);
    expect((frame().sub(frame()) as DataFrame).values).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    expect(() => frame().mul([1, 10, 100], { axis: 1 })).toThrow(
      'operands of 2 and 3 values side by side do not fit',
    );
  });

  it('compares', () => {
    expect(frame().gt(2).values).toEqual([
      [false, false],
      [true, false],
      [true, true],
    ]);
    expect(frame().le(2).values).toEqual([
      [true, true],
      [false, true],
      [false, false],
    ]);
    expect(frame().eq(3).values).toEqual([
      [false, false],
      [true, false],
      [true, false],
    ]);
  });

  it('takes differences, and divides by 0 when told so', () => {
    expect((frame().diff(1) as DataFrame).values).toEqual([
      [Number.NaN, Number.NaN],
      [2, -1.9],
      [0, 7.9],
    ]);
    expect((frame().divNoNan(0) as DataFrame).values).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  it('draws other rows for another seed, and the same for the same', async () => {
    const rows = dataFrame(Array.from({ length: 50 }, (_, i) => ({ i })));
    const drawn = async (seed: number): Promise<unknown> => (await rows.sample(5, { seed })).values;
    expect(await drawn(1)).toEqual(await drawn(1));
    expect(await drawn(1)).not.toEqual(await drawn(2));
    expect(new Set(((await drawn(1)) as number[][]).map(([i]) => i)).size).toBe(5);
  });
});

describe('statistics of a column', () => {
  const column = (...values: number[]) => dataFrame(values.map((v) => ({ v }))).column('v');

  it('are those of the sample', () => {
    expect([column(1, 2, 3, 6).mean(), column(1, 2, 3, 6).median(), column(3, 1, 2).median()]).toEqual([
      3, 2.5, 2,
    ]);
    expect([column(2, 4, 6, 8).var(), column(2, 4, 4, 6).std()]).toEqual([20 / 3, Math.sqrt(8 / 3)]);
    expect([column(1, 2, 2, 3, 3).mode(), column(5).var()]).toEqual([[2, 3], 0]);
    expect([column(1, 9, 4).argMax(), column(4, 1, 9).argMin()]).toEqual([1, 1]);
  });
});

describe('what is left out', () => {
  it('says so', async () => {
    const { StandardScaler, readExcel, toExcel, tensorflow } = loadDanfojs();
    expect(() => new StandardScaler().fit(frame())).toThrow(
      "which this needs for 'moments': install danfojs-node for it",
    );
    expect(() => tensorflow.sequential()).toThrow('xnorlab leaves TensorFlow.js out');
    expect(() => toExcel(frame(), { filePath: 'never.xlsx' })).toThrow('that reads and writes Excel');
    await expect(readExcel('https://example.org/a.xlsx')).rejects.toThrow('reads from the web');
  });
});
