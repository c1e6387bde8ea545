import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { RandomStream } from '../../../src/core/random.js';
import { Windows } from '../../../src/kernels/windows.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { compete, thresholdsOf, WindowDraws } from '../../../src/rules/local-error-conv/filters.js';

const kernels = selectKernels('reference');
const windows = new Windows({ height: 3, width: 3, channels: 1, size: 2 });
const stream = (name: string): RandomStream => RandomStream.named(1, name);

/** A picture of 3 × 3, # for +1. */
function pictures(...texts: readonly string[]): BitMatrix {
  return BitMatrix.fromSigns(texts.map((text) => [...text].map((mark) => (mark === '#' ? 1 : -1))));
}

function draws(
  images: BitMatrix,
  rows = Uint32Array.from({ length: images.rows }, (_, row) => row),
): WindowDraws {
  return new WindowDraws(kernels, windows, { images, rows });
}

describe('windows that are drawn', () => {
  it('are windows of the images that may be looked at, and not all the same', () => {
    const images = pictures('.........', '#........', '#########', '........#');
    const out = new BitMatrix(40, 4);
    const drawn = stream('draws');
    for (let row = 0; row < 40; row++) draws(images, Uint32Array.of(0, 1, 2)).draw(drawn, out, row);
    const texts = new Set(Array.from({ length: 40 }, (_, row) => out.signs(row).join()));
    // The one window of the second picture that is not empty.
    expect([...texts]).toEqual(['1,-1,-1,-1']);
  });

  it('have pixels that differ, not bits of a pixel alone', () => {
    const wide = new Windows({ height: 2, width: 3, channels: 2, size: 2 });
    // Three pixels of (+ −), and one of (− −) at the end of the second row.
    const row = [1, -1, 1, -1, 1, -1];
    const image = BitMatrix.fromSigns([[...row, 1, -1, 1, -1, -1, -1]]);
    const shown = { images: image, rows: Uint32Array.of(0) };
    const out = new BitMatrix(20, 8);
    const drawn = stream('levels');
    for (let i = 0; i < 20; i++) new WindowDraws(kernels, wide, shown).draw(drawn, out, i);
    for (let i = 0; i < 20; i++) expect([...out.signs(i)]).toEqual([1, -1, 1, -1, 1, -1, -1, -1]);
  });

  it('may be windows of one place', () => {
    const images = pictures('#.##.#...');
    const out = new BitMatrix(1, 4);
    draws(images).draw(stream('place'), out, 0, 3);
    expect([...out.signs(0)]).toEqual([-1, 1, -1, -1]);
  });

  it('are all the same where there are no others', () => {
    const out = new BitMatrix(1, 4);
    draws(pictures('#########')).draw(stream('same'), out, 0);
    expect([...out.signs(0)]).toEqual([1, 1, 1, 1]);
  });
});

describe('thresholds', () => {
  // Windows: # . # #, . # # ., # # . ., # . . . – products with # # # #: 2, 0, 0, −2; with # . . .: 0, −4 + 2·1 …
  const images = pictures('#.###.#..');

  it('are the lowest with which a filter fires at no more than a share of the windows', () => {
    const filters = BitMatrix.fromSigns([
      [1, 1, 1, 1],
      [1, -1, -1, -1],
    ]);
    // Windows are (# . / # #), (. # / # .), (# # / # .), (# . / . .): products 2, 0, 2, −2 and 0, −2, 0, 4.
    const at = (share: number): number[] => {
      return [...thresholdsOf(filters, draws(images), { share, stream: stream('firing') })];
    };
    expect(at(0)).toEqual([4, 6]);
    expect(at(0.25)).toEqual([4, 2]);
    expect(at(0.5)).toEqual([2, 2]);
    expect(at(0.75)).toEqual([0, 0]);
    expect(at(1)).toEqual([-4, -4]);
  });

  it('of local receptive fields count one window of each image', () => {
    const filters = BitMatrix.fromSigns([
      [1, 1, 1, 1],
      [1, -1, -1, -1],
    ]);
    const fields = Uint32Array.of(3, 3);
    const of = draws(pictures('#.###.#..', '....#..#.', '....#####', '.........'));
    // The last windows: # . . ., # . # ., # # # #, . . . .: products −2, 0, 4, −4 and 4, 2, −2, 2.
    const at = (share: number): number[] => [
      ...thresholdsOf(filters, of, { share, stream: stream('firing'), fields }),
    ];
    expect(at(0.25)).toEqual([2, 4]);
    expect(at(0.5)).toEqual([0, 4]);
    expect(at(0.75)).toEqual([-2, 0]);
  });
});

describe('competition', () => {
  it('moves the filter that matches best towards each window, the first of several', () => {
    // Every window that is drawn is # . . ., 7 times for the first filter: −15 + 14 < 0, and 8 times: > 0.
    const images = pictures('#........');
    const start = [
      [-1, -1, -1, 1],
      [-1, -1, 1, 1],
    ];
    const moved = (count: number): number[][] => {
      const filters = BitMatrix.fromSigns(start);
      compete(filters, draws(images), { windows: count, hiddenBits: 16, stream: stream('competition') });
      return [0, 1].map((row) => [...filters.signs(row)]);
    };
    expect(moved(0)).toEqual(start);
    expect(moved(7)).toEqual(start);
    expect(moved(8)).toEqual([[1, -1, -1, -1], start[1]]);
  });
});
