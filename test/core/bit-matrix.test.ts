import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitMatrix, columnMask, rowWordsFor, WORD_BITS } from '../../src/core/bit-matrix.js';
import { RandomStream } from '../../src/core/random.js';

const SEEDED = { seed: 1, numRuns: 200 };

const sign = fc.constantFrom<1 | -1>(1, -1);

/** Rows of ±1 of equal length, around one or two words wide. */
const rowsOfSigns = fc
  .integer({ min: 1, max: 140 })
  .chain((columns) =>
    fc.array(fc.array(sign, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 4 }),
  );

/** Whether the bits past the last column are 0 in every row. */
function hasCleanTails({ rows, columns, rowWords, words }: BitMatrix): boolean {
  return Array.from({ length: rows }, (_, row) => words.subarray(row * rowWords, (row + 1) * rowWords)).every(
    (row) => row.every((word, w) => (word & ~columnMask(columns, w)) === 0),
  );
}

describe('BitMatrix', () => {
  it('starts as −1 with rows of an even number of words', () => {
    const matrix = new BitMatrix(3, 65);
    expect(matrix.rowWords).toBe(4);
    expect(matrix.words).toHaveLength(12);
    expect(Array.from(matrix.signs(2))).toEqual(new Array(65).fill(-1));
  });

  it('keeps column c in bit c % 32 of word c >>> 5', () => {
    const matrix = new BitMatrix(2, 70);
    matrix.set(1, 33, 1);
    matrix.set(1, 31, 1);
    matrix.set(0, 69, 1);
    expect(Array.from(matrix.words)).toEqual([0, 0, 1 << 5, 0, 0x80000000, 2, 0, 0]);
    expect([matrix.get(1, 33), matrix.get(1, 32), matrix.get(0, 69)]).toEqual([1, -1, 1]);
  });

  it('packs and unpacks rows of ±1, and keeps the tails clean', () => {
    fc.assert(
      fc.property(rowsOfSigns, (rows) => {
        const matrix = BitMatrix.fromSigns(rows);
        expect(rows.map((_, row) => Array.from(matrix.signs(row)))).toEqual(rows);
        expect(hasCleanTails(matrix)).toBe(true);
      }),
      SEEDED,
    );
  });

  it('changes one entry at a time', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(), sign), { maxLength: 60 });
    fc.assert(
      fc.property(rowsOfSigns, changes, (rows, listed) => {
        const matrix = BitMatrix.fromSigns(rows);
        const expected = rows.map((row) => [...row]);
        for (const [r, c, value] of listed) {
          const [row, column] = [r % matrix.rows, c % matrix.columns];
          matrix.set(row, column, value);
          expected[row][column] = value;
        }
        expect(expected.map((_, row) => Array.from(matrix.signs(row)))).toEqual(expected);
        expect(hasCleanTails(matrix)).toBe(true);
      }),
      SEEDED,
    );
  });

  it('differs from another in as many bits as columns differ: popcount needs no mask', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(), (columns, seed) => {
        const random = RandomStream.named(seed, 'difference');
        const [a, b] = [random.signs(1, columns), random.signs(1, columns)];
        const bits = a.words.reduce((sum, word, w) => {
          return sum + ((word ^ b.words[w]) >>> 0).toString(2).replaceAll('0', '').length;
        }, 0);
        expect(bits).toBe(Array.from(a.signs(0)).filter((value, c) => value !== b.get(0, c)).length);
      }),
      SEEDED,
    );
  });

  it('shares its words with a range of rows', () => {
    const matrix = RandomStream.named(1, 'range').signs(5, 100);
    const range = matrix.rowRange(1, 4);
    expect([range.rows, range.columns]).toEqual([3, 100]);
    expect(range.signs(2)).toEqual(matrix.signs(3));
    range.set(0, 99, matrix.get(1, 99) === 1 ? -1 : 1);
    expect(range.get(0, 99)).toBe(matrix.get(1, 99));
    expect(matrix.rowRange(2, 2).rows).toBe(0);
  });

  it('views words that are already packed', () => {
    const words = Uint32Array.of(0b101, 0, 0b010, 0);
    const matrix = new BitMatrix(2, 3, words);
    expect([Array.from(matrix.signs(0)), Array.from(matrix.signs(1))]).toEqual([
      [1, -1, 1],
      [-1, 1, -1],
    ]);
    matrix.set(0, 1, 1);
    expect(words[0]).toBe(0b111);
  });

  it('may have no rows', () => {
    expect(new BitMatrix(0, 5).words).toHaveLength(0);
    expect(BitMatrix.fromSigns([])).toMatchObject({ rows: 0, columns: 1 });
  });

  it('rejects sizes, words and entries that are wrong', () => {
    const matrix = new BitMatrix(2, 3);
    const cases: [() => unknown, string][] = [
      [() => new BitMatrix(-1, 3), 'rows: expected an integer of at least 0, got -1'],
      [() => new BitMatrix(1.5, 3), 'rows: expected an integer of at least 0, got 1.5'],
      [() => new BitMatrix(2, 0), 'columns: expected an integer of at least 1, got 0'],
      [() => new BitMatrix(2, 3, new Uint32Array(3)), 'words: expected 4 entries, got 3'],
      [() => BitMatrix.fromSigns([[1], [1, 1]]), 'signs[1]: expected 1 entries, got 2'],
      [() => BitMatrix.fromSigns([[1, 0]]), 'signs[0][1]: expected +1 or −1, got 0'],
      [() => matrix.get(2, 0), 'row: expected an integer in [0, 1], got 2'],
      [() => matrix.get(0, 3), 'column: expected an integer in [0, 2], got 3'],
      [() => matrix.set(-1, 0, 1), 'row: expected an integer in [0, 1], got -1'],
      [() => matrix.set(0, 0.5, 1), 'column: expected an integer in [0, 2], got 0.5'],
      [() => matrix.rowRange(3, 3), 'start: expected an integer in [0, 2], got 3'],
      [() => matrix.rowRange(1, 0), 'end: expected an integer in [1, 2], got 0'],
    ];
    for (const [call, message] of cases) expect(call).toThrow(expect.objectContaining({ message }));
  });
});

describe('rowWordsFor', () => {
  it('rounds up to 64 bits', () => {
    expect([1, 32, 33, 64, 65, 128, 129, 784, 9216].map(rowWordsFor)).toEqual([2, 2, 2, 2, 4, 4, 6, 26, 288]);
  });
});

describe('columnMask', () => {
  it('covers real columns only', () => {
    expect([0, 1].map((word) => columnMask(1, word))).toEqual([1, 0]);
    expect([0, 1].map((word) => columnMask(32, word))).toEqual([0xffffffff, 0]);
    expect([0, 1, 2, 3].map((word) => columnMask(65, word))).toEqual([0xffffffff, 0xffffffff, 1, 0]);
    expect(columnMask(31, 0)).toBe(0x7fffffff);
  });

  it('has one bit for each column of a row', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (columns) => {
        const masks = Array.from({ length: rowWordsFor(columns) }, (_, word) => columnMask(columns, word));
        expect(masks.join('')).not.toContain('-');
        const ones = masks.map((mask) => mask.toString(2).replaceAll('0', '').length);
        expect(ones.reduce((sum, n) => sum + n, 0)).toBe(columns);
        expect(ones[0]).toBe(Math.min(columns, WORD_BITS));
      }),
      SEEDED,
    );
  });
});
