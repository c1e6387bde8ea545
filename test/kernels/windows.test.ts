import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { Int32Matrix } from '../../src/core/int-matrix.js';
import { RandomStream } from '../../src/core/random.js';
import { checkedKernels } from '../../src/kernels/checked.js';
import type { Kernels } from '../../src/kernels/kernels.js';
import { referenceKernels } from '../../src/kernels/reference.js';
import { Windows } from '../../src/kernels/windows.js';
import { selectKernels } from '../../src/node/kernels/select.js';

const backends: readonly Kernels[] = [
  checkedKernels(referenceKernels),
  ...(['wasm', 'native'] as const).map((name) => selectKernels(name)),
];

/** A map of one channel, # for +1. */
function mapOf(...lines: readonly string[]): BitMatrix {
  return BitMatrix.fromSigns([[...lines.join('')].map((mark) => (mark === '#' ? 1 : -1))]);
}

function textOf(bits: BitMatrix): string[] {
  return Array.from({ length: bits.rows }, (_, row) =>
    Array.from(bits.signs(row), (sign) => (sign === 1 ? '#' : '.')).join(''),
  );
}

describe.each(backends)('windows ($backend)', (kernels) => {
  it('are cut out of a map, with what is outside as padding', () => {
    const map = mapOf('##.', '.#.', '..#');
    const inside = new Windows({ height: 3, width: 3, channels: 1, size: 2 });
    const out = kernels.bitMatrix(4, 4);
    kernels.patches(inside, map, out);
    expect(textOf(out)).toEqual(['##.#', '#.#.', '.#..', '#..#']);

    const dark = new Windows({ height: 3, width: 3, channels: 1, size: 3, stride: 2, padding: 1 });
    const padded = kernels.bitMatrix(4, 9);
    kernels.patches(dark, map, padded);
    expect(textOf(padded)).toEqual(['....##..#', '...#..#..', '..#......', '#...#....']);
    kernels.patches(new Windows({ ...dark, paddingSign: 1 }), map, padded);
    expect(textOf(padded)).toEqual(['#######.#', '####.##.#', '#.##..###', '#.#.#####']);
  });

  it('make a convolution of a product, worked out by hand', () => {
    // Two channels side by side at each of 2 × 2 positions: (+ −) (+ +) / (− −) (− +).
    const map = BitMatrix.fromSigns([[1, -1, 1, 1, -1, -1, -1, 1]]);
    const windows = new Windows({ height: 2, width: 2, channels: 2, size: 2, padding: 1, stride: 2 });
    // Of each window one position is on the map: the last, the third, the second, the first.
    const filters = BitMatrix.fromSigns([
      [1, 1, 1, 1, 1, 1, 1, 1],
      [-1, -1, -1, -1, -1, -1, 1, -1],
    ]);
    const rows = kernels.bitMatrix(windows.count, windows.patchSize);
    kernels.patches(windows, map, rows);
    const z = kernels.int32Matrix(4, 2);
    kernels.product(rows, filters, z);
    // The first filter counts +1 less −1; the second agrees with the first window as a whole.
    expect([...z.values]).toEqual([-6, 8, -4, 2, -8, 6, -6, 4]);
    const thresholds = new Int32Matrix(1, 2, Int32Array.of(-6, 5));
    const reached = kernels.bitMatrix(4, 2);
    kernels.packReached(z, thresholds, reached);
    expect(textOf(reached)).toEqual(['##', '#.', '.#', '#.']);
    const whole = new Windows({ height: 2, width: 2, channels: 2, size: 2 });
    const pooled = kernels.bitMatrix(1, 2);
    const votes = [1, 2, 3, 4].map((count) => {
      kernels.pool(whole, reached, count, pooled);
      return textOf(pooled)[0];
    });
    expect(votes).toEqual(['##', '##', '#.', '..']);
  });

  it('of the size of the map are the map', () => {
    const random = RandomStream.named(3, 'windows');
    const maps = random.signs(5, 4 * 4 * 7);
    const windows = new Windows({ height: 4, width: 4, channels: 7, size: 4 });
    const rows = kernels.bitMatrix(5, windows.patchSize);
    kernels.patches(windows, maps, rows);
    expect(rows.words).toEqual(maps.words);
  });

  it('of one position make maps of rows', () => {
    const rows = RandomStream.named(4, 'windows').signs(2 * 6, 5);
    const windows = new Windows({ height: 2, width: 3, channels: 5, size: 1 });
    const maps = kernels.bitMatrix(2, 30);
    kernels.pool(windows, rows, 1, maps);
    expect(textOf(maps).join('')).toBe(textOf(rows).join(''));
  });

  it('count many votes, those of the padding too', () => {
    const rows = RandomStream.named(5, 'windows').signs(40 * 40, 70);
    const counts = Array.from({ length: 70 }, (_, c) => {
      let count = 0;
      for (let r = 0; r < rows.rows; r++) if (rows.get(r, c) === 1) count++;
      return count;
    });
    const options = { height: 40, width: 40, channels: 70, size: 42, padding: 1 };
    for (const paddingSign of [1, -1] as const) {
      const outside = paddingSign === 1 ? 42 * 42 - 40 * 40 : 0;
      for (const votes of [1, outside, outside + 1, outside + 795, outside + 800, 1764, 1765]) {
        if (votes < 1) continue;
        const out = kernels.bitMatrix(1, 70);
        kernels.pool(new Windows({ ...options, paddingSign }), rows, votes, out);
        expect(Array.from(out.signs(0))).toEqual(counts.map((n) => (n + outside >= votes ? 1 : -1)));
      }
    }
  });

  it('compare values at the ends of their range', () => {
    const values = new Int32Matrix(1, 4, Int32Array.of(2147483647, -2147483648, 5, 4));
    const thresholds = new Int32Matrix(1, 4, Int32Array.of(-2147483648, 2147483647, 5, 5));
    const out = kernels.bitMatrix(1, 4);
    kernels.packReached(values, thresholds, out);
    expect(textOf(out)).toEqual(['#.#.']);
  });

  it('refuse what does not fit', () => {
    const windows = new Windows({ height: 3, width: 3, channels: 2, size: 2 });
    const maps = kernels.bitMatrix(2, 18);
    const checked = checkedKernels(kernels);
    expect(() => checked.patches(windows, kernels.bitMatrix(2, 17), kernels.bitMatrix(8, 8))).toThrow(
      'maps: expected shape [2, 18], got [ 2, 17 ]',
    );
    expect(() => checked.patches(windows, maps, kernels.bitMatrix(8, 9))).toThrow(
      'out: expected shape [8, 8], got [ 8, 9 ]',
    );
    expect(() => checked.pool(windows, kernels.bitMatrix(9, 2), 1, kernels.bitMatrix(2, 8))).toThrow(
      'positions: expected shape [18, 2], got [ 9, 2 ]',
    );
    expect(() => checked.pool(windows, kernels.bitMatrix(18, 2), 0, kernels.bitMatrix(2, 8))).toThrow(
      'votes: expected an integer in [1, 1048576], got 0',
    );
    for (const size of ['height', 'width', 'channels', 'size', 'outHeight', 'outWidth']) {
      const broken = { ...windows, [size]: Symbol('9') } as unknown as Windows;
      expect(() => checked.patches(broken, kernels.bitMatrix(2, 18), kernels.bitMatrix(8, 8))).toThrow(
        'windows: expected Windows, got',
      );
    }
  });
});

describe('Windows', () => {
  const of = { height: 5, width: 4, channels: 3, size: 3 };

  it('are as many as lie on the padded map as a whole', () => {
    const sizes = ({ outHeight, outWidth, count, mapSize, patchSize }: Windows): number[] => {
      return [outHeight, outWidth, count, mapSize, patchSize];
    };
    expect(sizes(new Windows(of))).toEqual([3, 2, 6, 60, 27]);
    expect(sizes(new Windows({ ...of, padding: 1 }))).toEqual([5, 4, 20, 60, 27]);
    expect(sizes(new Windows({ ...of, padding: 1, stride: 2 }))).toEqual([3, 2, 6, 60, 27]);
  });

  it('are checked', () => {
    const refused: readonly [object, string][] = [
      [{ size: 5 }, 'size: expected at most 4, the side of the padded map, got 5'],
      [{ height: 0 }, 'height: expected an integer in [1, 1024], got 0'],
      [{ stride: 0 }, 'stride: expected an integer in [1, 1024], got 0'],
      [{ channels: 1.5 }, 'channels: expected an integer in [1, 65536], got 1.5'],
      [{ padding: -1 }, 'padding: expected an integer in [0, 1024], got -1'],
      [{ paddingSign: 0 as 1 }, 'paddingSign: expected 1 or -1, got 0'],
    ];
    for (const [change, message] of refused) {
      expect(() => new Windows({ ...of, ...change })).toThrow(message);
    }
  });
});
