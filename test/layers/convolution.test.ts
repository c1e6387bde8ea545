import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { Int32Matrix } from '../../src/core/int-matrix.js';
import { joinBits } from '../../src/core/join-bits.js';
import { RandomStream } from '../../src/core/random.js';
import { vector } from '../../src/core/shape.js';
import { type Convolution, ConvolutionUnits, mapShape } from '../../src/layers/convolution.js';
import { selectKernels } from '../../src/node/kernels/select.js';
import { PRESENT_BACKENDS } from '../rules/binary/problem.js';

const random = RandomStream.named(1, 'convolution');

/** Features of one image, one pixel after the other. */
function plainly(of: Convolution, image: Int8Array): number[] {
  const { channels, height, width, interleaved } = of.input;
  const pixel = (y: number, x: number, c: number): number => {
    if (y < 0 || y >= height || x < 0 || x >= width) return -1;
    const group = Math.floor(c / interleaved);
    return image[((group * height + y) * width + x) * interleaved + (c % interleaved)];
  };
  const across = width + 2 * of.padding - of.size + 1;
  const down = height + 2 * of.padding - of.size + 1;
  const fires = (f: number, i: number, j: number): boolean => {
    let z = 0;
    for (let v = 0; v < of.size; v++) {
      for (let u = 0; u < of.size; u++) {
        for (let c = 0; c < channels; c++) {
          const weight = of.filters.get(f, (v * of.size + u) * channels + c);
          z += weight * pixel(i - of.padding + v, j - of.padding + u, c);
        }
      }
    }
    return z >= of.thresholds[f];
  };
  const features: number[] = [];
  if (of.fields) {
    of.fields.forEach((field, f) => {
      features.push(fires(f, Math.floor(field / across), field % across) ? 1 : -1);
    });
  } else {
    for (let p = 0; p < down; p += of.pool) {
      for (let q = 0; q < across; q += of.pool) {
        for (let f = 0; f < of.filters.rows; f++) {
          let votes = 0;
          for (let i = p; i < Math.min(p + of.pool, down); i++) {
            for (let j = q; j < Math.min(q + of.pool, across); j++) votes += Number(fires(f, i, j));
          }
          features.push(votes >= of.votes ? 1 : -1);
        }
      }
    }
  }
  return of.keepsInputs ? [...features, ...image] : features;
}

function convolution(change: Partial<Convolution> & { readonly count: number }): Convolution {
  const { count, ...rest } = change;
  const shape = { channels: 3, height: 6, width: 5, interleaved: 3 };
  const of = { input: shape, size: 3, padding: 1, pool: 2, votes: 1, keepsInputs: true, ...rest };
  const filters = random.signs(count, of.size * of.size * of.input.channels);
  const thresholds = Int32Array.from({ length: count }, () => random.below(9) - 4);
  return { filters, thresholds, ...of };
}

const cases: Readonly<Record<string, Convolution>> = {
  'shared, or': convolution({ count: 7 }),
  'shared, majority, no inputs': convolution({ count: 70, votes: 2, keepsInputs: false }),
  'shared, no pooling': convolution({ count: 5, pool: 1, padding: 0 }),
  'channels in planes': convolution({
    count: 4,
    input: { channels: 4, height: 4, width: 7, interleaved: 2 },
  }),
  'local receptive fields': convolution({
    count: 6,
    padding: 0,
    pool: 1,
    fields: Uint32Array.of(0, 11, 5, 3, 3, 8),
  }),
};

describe.each(PRESENT_BACKENDS)('filters on windows (%s)', (backend) => {
  const kernels = selectKernels(backend);

  it.each(Object.entries(cases))('compute what their formula says: %s', (_name, of) => {
    const units = new ConvolutionUnits(of, kernels);
    const images = random.signs(300, of.input.channels * of.input.height * of.input.width);
    const features = units.features(images);
    for (const row of [0, 1, 7, 299]) {
      expect(Array.from(features.signs(row))).toEqual(plainly(of, images.signs(row)));
    }
    expect(units.columns).toBe(features.columns);
    expect(units.features(images.rowRange(7, 8)).words).toEqual(features.rowRange(7, 8).words);
  });

  it('as large as the image are a dense layer, bit for bit', () => {
    const of = convolution({
      count: 90,
      input: { channels: 2, height: 6, width: 6, interleaved: 2 },
      size: 6,
      padding: 0,
      pool: 1,
      keepsInputs: false,
    });
    const images = random.signs(211, 72);
    const z = new Int32Matrix(211, 90);
    kernels.product(images, of.filters, z);
    const dense = new BitMatrix(211, 90);
    kernels.packReached(z, new Int32Matrix(1, 90, of.thresholds), dense);
    expect(new ConvolutionUnits(of, kernels).features(images).words).toEqual(dense.words);
    const fields = new Uint32Array(90);
    expect(new ConvolutionUnits({ ...of, fields }, kernels).features(images).words).toEqual(dense.words);
  });
});

it('data that is no image is one pixel', () => {
  expect(mapShape(vector(12))).toEqual({ channels: 12, height: 1, width: 1, interleaved: 12 });
  expect(mapShape({ kind: 'image', channels: 3, height: 4, width: 5 })).toEqual({
    channels: 3,
    height: 4,
    width: 5,
    interleaved: 1,
  });
});

it('rows are joined at any column', () => {
  for (const [left, right] of [
    [64, 64],
    [1, 31],
    [31, 1],
    [33, 95],
    [96, 5],
    [5, 130],
  ]) {
    const [a, b] = [random.signs(3, left), random.signs(3, right)];
    const joined = new BitMatrix(3, left + right);
    joined.words.fill(-1);
    joinBits(a, b, joined);
    for (let row = 0; row < 3; row++)
      expect([...joined.signs(row)]).toEqual([...a.signs(row), ...b.signs(row)]);
    expect(joined.words).toEqual(BitMatrix.fromSigns([0, 1, 2].map((row) => joined.signs(row))).words);
  }
});
