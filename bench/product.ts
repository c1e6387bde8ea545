import { randomStreams } from '../dist/core/random.js';
import type { Kernels } from '../dist/kernels/kernels.js';
import { interleaved, type Spread, spread } from './timing.js';

/** The shape that the project measures itself by: samples, inputs, neurons. */
const SHAPE = [100, 784, 1024] as const;

const TURN_MS = 40;

/** Speed of the binary product 100×784 · 1024×784 in Gbit/s, by backend. */
export async function productSpeeds(all: Readonly<Record<string, Kernels>>): Promise<Record<string, Spread>> {
  const works = Object.fromEntries(
    Object.entries(all).map(([name, kernels]) => [name, productTurn(kernels, SHAPE)]),
  );
  const times = await interleaved(
    Object.fromEntries(names(works).map((name) => [name, works[name].run])),
    15,
  );
  return Object.fromEntries(
    names(works).map((name) => {
      const speeds = times[name].map((ms) => gigabits(SHAPE, works[name].products) / (ms / 1000));
      return [name, spread(speeds)];
    }),
  );
}

/** One ±1 product and sum is a bit. */
export function gigabits(
  [samples, inputs, neurons]: readonly [number, number, number],
  products: number,
): number {
  return (samples * inputs * neurons * products) / 1e9;
}

interface Turn {
  /** Products in one turn. */
  readonly products: number;
  run(): void;
}

/** Repeats the product, by default for about `TURN_MS`, far longer than the clock's resolution. */
export function productTurn(
  kernels: Kernels,
  [samples, inputs, neurons]: readonly [number, number, number],
  products?: number,
): Turn {
  const stream = randomStreams(1).stream('bench/product');
  const x = kernels.bitMatrix(samples, inputs);
  const weights = kernels.bitMatrix(neurons, inputs);
  x.words.set(stream.signs(samples, inputs).words);
  weights.words.set(stream.signs(neurons, inputs).words);
  const out = kernels.int32Matrix(samples, neurons);
  const once = (): void => kernels.product(x, weights, out);
  for (let warmUp = 0; warmUp < 3; warmUp++) once();
  const start = performance.now();
  once();
  const count = products ?? Math.max(1, Math.round(TURN_MS / (performance.now() - start)));
  return {
    products: count,
    run: () => {
      for (let i = 0; i < count; i++) once();
    },
  };
}

function names(works: object): string[] {
  return Object.keys(works);
}
