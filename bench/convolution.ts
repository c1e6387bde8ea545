import { randomStreams } from '../dist/core/random.js';
import type { Kernels } from '../dist/kernels/kernels.js';
import { Windows } from '../dist/kernels/windows.js';
import { gigabits, productTurn } from './product.js';
import { interleaved, type Spread, spread } from './timing.js';

const SIDE = 28;
const CHANNELS = 64;
const FILTERS = 64;

/** Maps at once: their windows stay in the cache. */
const MAPS = 4;

const TURN_MS = 40;

/** Speed of a convolution of 3×3 windows, 64 → 64 channels on 28×28 positions, windows cut out included, beside that of the product, in Gbit/s. */
export interface ConvolutionSpeed {
  readonly convolution: Spread;
  /** Of the product that the convolution is, on rows that are there already. */
  readonly sameProduct: Spread;
  /** Of the product that the project measures itself by. */
  readonly product: Spread;
}

/** Measures all three in turn. */
export async function convolutionSpeed(kernels: Kernels): Promise<ConvolutionSpeed> {
  const windows = new Windows({ height: SIDE, width: SIDE, channels: CHANNELS, size: 3, padding: 1 });
  const stream = randomStreams(1).stream('bench/convolution');
  const maps = kernels.bitMatrix(MAPS, windows.mapSize);
  const filters = kernels.bitMatrix(FILTERS, windows.patchSize);
  maps.words.set(stream.signs(MAPS, windows.mapSize).words);
  filters.words.set(stream.signs(FILTERS, windows.patchSize).words);
  const rows = kernels.bitMatrix(MAPS * windows.count, windows.patchSize);
  const z = kernels.int32Matrix(rows.rows, FILTERS);
  const signs = kernels.bitMatrix(rows.rows, FILTERS);
  const shape = [rows.rows, windows.patchSize, FILTERS] as const;
  const once = (): void => {
    kernels.patches(windows, maps, rows);
    kernels.product(rows, filters, z, signs);
  };
  for (let warmUp = 0; warmUp < 3; warmUp++) once();
  const start = performance.now();
  once();
  const count = Math.max(1, Math.round(TURN_MS / (performance.now() - start)));
  const same = productTurn(kernels, shape);
  const usual = productTurn(kernels, [100, 784, 1024]);
  const times = await interleaved(
    {
      convolution: () => {
        for (let i = 0; i < count; i++) once();
      },
      sameProduct: same.run,
      product: usual.run,
    },
    15,
  );
  const speed = (ms: readonly number[], bits: number): Spread =>
    spread(ms.map((time) => bits / (time / 1000)));
  return {
    convolution: speed(times.convolution, gigabits(shape, count)),
    sameProduct: speed(times.sameProduct, gigabits(shape, same.products)),
    product: speed(times.product, gigabits([100, 784, 1024], usual.products)),
  };
}
